// ksym-self-test.ts: the tracer's test of itself at start-up.
//
// Watches a variable that nobody else knows for reads and writes, compares it and increments it, as kernel code does:
// exactly two entries must follow. The slot is free again afterwards.
// Truth: shared reference "hw-breakpoint-spec", C.1 ("Startup self-test").

import type { Cpu, TaskRef } from '../../sched/task';
import type { BreakpointLayer } from '../breakpoint-layer';
import { KsymTracer } from './ksym-tracer';

const DUMMY = { name: 'ksym_selftest_dummy', address: 0xffffffff82a00000n, lengthBytes: 4 } as const;
const EXPECTED_ENTRIES = 2;

export type SelfTestOutcome = 'PASSED' | 'no free debug register' | 'FAILED';

/** Run while the CPU stands still; `task` is the one on whose time the kernel does it. */
export function ksymSelfTest(layer: BreakpointLayer<number>, cpu: Cpu, task: TaskRef): SelfTestOutcome {
  const tracer = new KsymTracer(layer.api, {
    symbols: {
      addressOf: (name) => (name === DUMMY.name ? DUMMY.address : undefined),
      describe: () => DUMMY.name,
    },
    log: () => undefined,
  });
  tracer.setCurrent(true);
  const armed = tracer.writeFilter(`${DUMMY.name}:rw-`);
  if (!armed.ok) return 'no free debug register';
  const { address, lengthBytes } = DUMMY;
  layer.handleKernelAccess(cpu, task, { access: 'read', address, lengthBytes });
  layer.handleKernelAccess(cpu, task, { access: 'write', address, lengthBytes });
  const entries = tracer.trace.length;
  tracer.setCurrent(false);
  return entries === EXPECTED_ENTRIES ? 'PASSED' : 'FAILED';
}

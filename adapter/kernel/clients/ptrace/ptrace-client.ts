// ptrace-client.ts: each thread's virtual DR0–DR7, as PTRACE_PEEKUSER and PTRACE_POKEUSER show them.
//
// u_debugreg[n] lies at 848 + 8·n in struct user. An address takes a slot even while disabled; only exec and exit give
// it back. A failed DR7 write is undone from the breakpoints that were enabled, which has side effects (below).
// Whether the caller may touch the thread (a stopped tracee: else ESRCH) is ptrace's business.
//
//   POKE 0–3   none yet: a disabled one-byte write breakpoint there; else its address changes
//   POKE 7     per register: neither bit set and none there: skip; none there: register at address 0; else modify
//              (the nibble must be valid even when not enabled)
//   failed 7   1. disabled breakpoints become type X   2. those newly registered stay, disabled, with their slot
//
// Truth: shared reference "hw-breakpoint-spec", B.8, B.9.

import { dr7Nibble, dr7Shift, genericOfNibble, globalEnable } from '../../hw-breakpoint/breakpoint-info';
import type { BreakpointApi } from '../../hw-breakpoint/core-api';
import type { ThreadDebugState, ThreadDebugStates } from '../../hw-breakpoint/thread-debug-state';
import type { PerfEvent } from '../../perf/event';
import { BREAKPOINT_WRITE, breakpointAttributes, type PerfAttributes } from '../../perf/event-attributes';
import { failure, success, type PerfErrno, type Result } from '../../perf/result';
import type { TaskRef } from '../../sched/task';

const REGISTERS = 4;
/** DR6 as it reads with nothing to tell. */
const DR6_IDLE = 0xffff0ff0n;
const U64 = (1n << 64n) - 1n;
/** Bits of DR7 that a write drops: GD, 10–15, 32–63. */
const DR7_DROPPED = 0xffffffff0000fc00n;

export class PtraceClient {
  constructor(
    private readonly api: BreakpointApi,
    private readonly threads: ThreadDebugStates,
  ) {}

  /** `register` is u_debugreg's number, 0–7. */
  peek(task: TaskRef, register: number): Result<bigint> {
    const thread = this.threads.of(task);
    if (!Number.isInteger(register) || register < 0 || register > 7) return failure('EIO');
    if (register < REGISTERS) return success(thread.ptraceBreakpoints[register]?.attributes.breakpointAddress ?? 0n);
    if (register === 6) return success((thread.virtualDr6 ^ DR6_IDLE) & U64);
    return success(register === 7 ? thread.ptraceDr7 : 0n);
  }

  /** Undefined: done. `label`: who asks, where the ledger names holders. */
  poke(task: TaskRef, register: number, value: bigint, label = ''): PerfErrno | undefined {
    const errno = this.write(task, register, value);
    for (const event of this.threads.of(task).ptraceBreakpoints) if (event?.label === '') event.label = label;
    return errno;
  }

  private write(task: TaskRef, register: number, value: bigint): PerfErrno | undefined {
    const thread = this.threads.of(task);
    const wanted = value & U64;
    if (Number.isInteger(register) && register >= 0 && register < REGISTERS) {
      return this.writeAddress(task, thread, register, wanted);
    }
    if (register === 6) {
      thread.virtualDr6 = wanted ^ DR6_IDLE;
      return undefined;
    }
    if (register !== 7) return 'EIO';
    const errno = this.writeDr7(task, thread, wanted & ~DR7_DROPPED);
    if (errno === undefined) thread.ptraceDr7 = wanted;
    return errno;
  }

  /** The virtual register whose breakpoint the event is. */
  registerOf(task: TaskRef, event: PerfEvent): number | undefined {
    const index = this.threads.of(task).ptraceBreakpoints.indexOf(event);
    return index < 0 ? undefined : index;
  }

  /** execve: nothing armed, status idle, DR7 0. */
  executed(task: TaskRef): void {
    this.release(task);
    const thread = this.threads.of(task);
    thread.virtualDr6 = 0n;
    thread.ptraceDr7 = 0n;
  }

  /** The thread ends: its slots are free again. */
  release(task: TaskRef): void {
    const { ptraceBreakpoints } = this.threads.of(task);
    ptraceBreakpoints.forEach((event) => {
      this.api.unregister(event);
    });
    ptraceBreakpoints.fill(undefined);
  }

  private writeAddress(task: TaskRef, thread: ThreadDebugState, index: number, address: bigint): PerfErrno | undefined {
    const existing = thread.ptraceBreakpoints[index];
    if (existing !== undefined) {
      return this.api.modifyUser(existing, { ...existing.attributes, breakpointAddress: address });
    }
    return this.register(task, thread, index, {
      breakpointType: BREAKPOINT_WRITE,
      breakpointLength: 1n,
      breakpointAddress: address,
      disabled: true,
    });
  }

  private writeDr7(task: TaskRef, thread: ThreadDebugState, wanted: bigint): PerfErrno | undefined {
    const before = this.rebuildDr7(thread);
    const errno = this.applyDr7(task, thread, wanted);
    if (errno !== undefined) this.applyDr7(task, thread, before);
    return errno;
  }

  private applyDr7(task: TaskRef, thread: ThreadDebugState, dr7: bigint): PerfErrno | undefined {
    for (let index = 0; index < REGISTERS; index += 1) {
      const disabled = ((dr7 >> BigInt(2 * index)) & 3n) === 0n;
      const existing = thread.ptraceBreakpoints[index];
      if (existing === undefined && disabled) continue;
      const generic = genericOfNibble(Number((dr7 >> dr7Shift(index)) & 0xfn));
      if (generic === undefined) return 'EINVAL';
      const change = { breakpointType: generic.type, breakpointLength: generic.length, disabled };
      const errno =
        existing === undefined
          ? this.register(task, thread, index, { ...change, breakpointAddress: 0n })
          : this.api.modifyUser(existing, { ...existing.attributes, ...change });
      if (errno !== undefined) return errno;
    }
    return undefined;
  }

  /** DR7 as the enabled breakpoints would have it; a disabled one reads as zeros. */
  private rebuildDr7(thread: ThreadDebugState): bigint {
    return thread.ptraceBreakpoints.reduce((dr7, event, index) => {
      if (event === undefined || event.attributes.disabled) return dr7;
      const nibble = BigInt(dr7Nibble(this.api.pmu.breakpointOf(event)));
      return dr7 | (nibble << dr7Shift(index)) | globalEnable(index);
    }, 0n);
  }

  private register(
    task: TaskRef,
    thread: ThreadDebugState,
    index: number,
    request: Partial<PerfAttributes>,
  ): PerfErrno | undefined {
    const attributes = breakpointAttributes({ excludeKernel: true, ...request });
    const made = this.api.registerUser(attributes, task, 'ptrace', (event, sample) => {
      if (sample.task !== undefined) this.hit(sample.task, event);
    });
    if (!made.ok) return made.errno;
    thread.ptraceBreakpoints[index] = made.value;
    return undefined;
  }

  /** The status shows the virtual register, not the hardware's. */
  private hit(task: TaskRef, event: PerfEvent): void {
    const index = this.registerOf(task, event);
    if (index !== undefined) this.threads.of(task).virtualDr6 |= 1n << BigInt(index);
  }
}

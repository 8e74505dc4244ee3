// debugger-client.ts: through this the debugger arms its data breakpoints, thread by thread.
//
// The debugger's own set of virtual registers, beside those that a tracer among the guest's programs sees: the same
// slots, but its hits are told to the debugger and never become a signal. Register numbers 0–3 as on x86; more where
// the launch asked for more. Disarming frees the slot at once.
//
// Truth: shared reference "hw-breakpoint-spec", B.3, B.5; docs/architecture.md, "One ledger".

import type { BreakpointApi } from '../../hw-breakpoint/core-api';
import type { BreakpointHit } from '../../hw-breakpoint/debug-exception';
import { dr7Nibble, dr7Shift, globalEnable, type HitFilter } from '../../hw-breakpoint/breakpoint-info';
import {
  BREAKPOINT_EXECUTE,
  BREAKPOINT_READ_WRITE,
  BREAKPOINT_WRITE,
  breakpointAttributes,
} from '../../perf/event-attributes';
import type { PerfErrno } from '../../perf/result';
import type { TaskRef } from '../../sched/task';
import { ThreadRegisters, type ArmedRegister, type WatchedPiece } from './thread-registers';

export type { ArmedRegister, WatchedPiece };

export type Arming<Tag> =
  | { readonly kind: 'armed'; readonly register: ArmedRegister<Tag> }
  | { readonly kind: 'refused'; readonly errno: PerfErrno };

const GENERIC_TYPE: Readonly<Record<WatchedPiece['access'], number>> = {
  write: BREAKPOINT_WRITE,
  readWrite: BREAKPOINT_READ_WRITE,
  execute: BREAKPOINT_EXECUTE,
};
const DR6_IDLE = 0xffff0ff0n;
const DR6_BS = 1n << 14n;
const DR7_IDLE = 0x400n;
const ARCHITECTURAL_REGISTERS = 4;

export class DebuggerClient<Tag> {
  private readonly threads = new Map<TaskRef, ThreadRegisters<Tag>>();
  private readonly status = new WeakMap<TaskRef, bigint>();

  constructor(private readonly api: BreakpointApi) {}

  /** Takes the lowest free register of the thread. */
  arm(task: TaskRef, piece: WatchedPiece, tag: Tag): Arming<Tag> {
    const attributes = breakpointAttributes({
      excludeKernel: true,
      breakpointType: GENERIC_TYPE[piece.access],
      breakpointAddress: piece.address,
      breakpointLength: piece.access === 'execute' ? 8n : BigInt(piece.lengthBytes),
    });
    const made = this.api.registerUser(attributes, task, 'ptrace', () => undefined);
    if (!made.ok) return { kind: 'refused', errno: made.errno };
    let registers = this.threads.get(task);
    if (registers === undefined) this.threads.set(task, (registers = new ThreadRegisters()));
    return { kind: 'armed', register: registers.take(piece, tag, made.value) };
  }

  /** Frees the slot; nothing happens if the register is free already. */
  disarm(task: TaskRef, index: number): void {
    const registers = this.threads.get(task);
    const register = registers?.at(index);
    if (registers === undefined || register === undefined) return;
    this.api.unregister(register.event);
    registers.free(register);
    if (registers.isEmpty) this.threads.delete(task);
  }

  /** Decide the register's hits before they are told; none: all are told. */
  setFilters(task: TaskRef, index: number, filters: readonly HitFilter[]): void {
    const event = this.threads.get(task)?.at(index)?.event;
    if (event !== undefined) this.api.setFilters(event, filters);
  }

  /** Takes the register out of the hardware, or back in, and keeps its slot either way. */
  setEnabled(task: TaskRef, index: number, enabled: boolean): PerfErrno | undefined {
    const event = this.threads.get(task)?.at(index)?.event;
    if (event === undefined) return 'EINVAL';
    return this.api.modifyUser(event, { ...event.attributes, disabled: !enabled });
  }

  /** What the debugger holds in the thread, in order of registers. */
  registers(task: TaskRef): readonly ArmedRegister<Tag>[] {
    return this.threads.get(task)?.all() ?? [];
  }

  /** Those of the thread with that tag. */
  tagged(task: TaskRef, tag: Tag): readonly ArmedRegister<Tag>[] {
    return this.threads.get(task)?.tagged(tag) ?? [];
  }

  /** Which of its registers these hits belong to; updates the thread's DR6. */
  hitsOf(task: TaskRef, hits: readonly BreakpointHit[], singleStep: boolean): readonly DebuggerHit<Tag>[] {
    const own = this.threads.get(task);
    const found = hits.flatMap((hit) => {
      const register = own?.holding(hit.event);
      return register === undefined ? [] : [{ register, hit }];
    });
    const bits = found.reduce((all, { register }) => all | statusBit(register.index), singleStep ? DR6_BS : 0n);
    this.status.set(task, bits);
    return found;
  }

  /** DR6 as the thread's last #DB left it for the debugger. */
  dr6(task: TaskRef): bigint {
    return (this.status.get(task) ?? 0n) ^ DR6_IDLE;
  }

  /** DR7 with what the debugger has enabled in the thread. */
  dr7(task: TaskRef): bigint {
    return this.registers(task).reduce((dr7, { index, event }) => {
      if (index >= ARCHITECTURAL_REGISTERS || event.attributes.disabled) return dr7;
      const nibble = BigInt(dr7Nibble(this.api.pmu.breakpointOf(event)));
      return dr7 | (nibble << dr7Shift(index)) | globalEnable(index);
    }, DR7_IDLE);
  }

  /** The thread ends, or executes another program: its registers are free. */
  release(task: TaskRef): void {
    for (const { index } of this.registers(task)) this.disarm(task, index);
  }
}

export interface DebuggerHit<Tag> {
  readonly register: ArmedRegister<Tag>;
  readonly hit: BreakpointHit;
}

function statusBit(index: number): bigint {
  return index < ARCHITECTURAL_REGISTERS ? 1n << BigInt(index) : 0n;
}

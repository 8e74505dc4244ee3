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
import type { PerfEvent } from '../../perf/event';
import {
  BREAKPOINT_EXECUTE,
  BREAKPOINT_READ_WRITE,
  BREAKPOINT_WRITE,
  breakpointAttributes,
} from '../../perf/event-attributes';
import type { PerfErrno } from '../../perf/result';
import type { TaskRef } from '../../sched/task';

export type WatchedAccess = 'write' | 'readWrite' | 'execute';

/** One aligned piece of memory; an execute piece has length 1. */
export interface WatchedPiece {
  readonly address: bigint;
  readonly lengthBytes: 1 | 2 | 4 | 8;
  readonly access: WatchedAccess;
}

/** A debug register that the debugger holds in a thread. `tag` is its own, handed back with hits. */
export interface ArmedRegister<Tag> {
  readonly index: number;
  readonly piece: WatchedPiece;
  readonly tag: Tag;
  readonly event: PerfEvent;
}

export type Arming<Tag> =
  | { readonly kind: 'armed'; readonly register: ArmedRegister<Tag> }
  | { readonly kind: 'refused'; readonly errno: PerfErrno };

const GENERIC_TYPE: Readonly<Record<WatchedAccess, number>> = {
  write: BREAKPOINT_WRITE,
  readWrite: BREAKPOINT_READ_WRITE,
  execute: BREAKPOINT_EXECUTE,
};
const DR6_IDLE = 0xffff0ff0n;
const DR6_BS = 1n << 14n;
const DR7_IDLE = 0x400n;
const ARCHITECTURAL_REGISTERS = 4;

export class DebuggerClient<Tag> {
  private readonly threads = new Map<TaskRef, (ArmedRegister<Tag> | undefined)[]>();
  private readonly status = new WeakMap<TaskRef, bigint>();

  constructor(private readonly api: BreakpointApi) {}

  /** Takes the lowest free register of the thread. */
  arm(task: TaskRef, piece: WatchedPiece, tag: Tag): Arming<Tag> {
    const registers = this.threads.get(task) ?? [];
    const attributes = breakpointAttributes({
      excludeKernel: true,
      breakpointType: GENERIC_TYPE[piece.access],
      breakpointAddress: piece.address,
      breakpointLength: piece.access === 'execute' ? 8n : BigInt(piece.lengthBytes),
    });
    const made = this.api.registerUser(attributes, task, 'ptrace', () => undefined);
    if (!made.ok) return { kind: 'refused', errno: made.errno };
    const free = registers.indexOf(undefined);
    const index = free < 0 ? registers.length : free;
    const register = { index, piece, tag, event: made.value };
    registers[index] = register;
    this.threads.set(task, registers);
    return { kind: 'armed', register };
  }

  /** Frees the slot; nothing happens if the register is free already. */
  disarm(task: TaskRef, index: number): void {
    const registers = this.threads.get(task);
    const register = registers?.[index];
    if (registers === undefined || register === undefined) return;
    this.api.unregister(register.event);
    registers[index] = undefined;
    if (registers.every((other) => other === undefined)) this.threads.delete(task);
  }

  /** Decides the register's hits before they are told; undefined: all are told. */
  setFilter(task: TaskRef, index: number, filter: HitFilter | undefined): void {
    const event = this.threads.get(task)?.[index]?.event;
    if (event !== undefined) this.api.setFilter(event, filter);
  }

  /** Takes the register out of the hardware, or back in, and keeps its slot either way. */
  setEnabled(task: TaskRef, index: number, enabled: boolean): PerfErrno | undefined {
    const event = this.threads.get(task)?.[index]?.event;
    if (event === undefined) return 'EINVAL';
    return this.api.modifyUser(event, { ...event.attributes, disabled: !enabled });
  }

  /** What the debugger holds in the thread, in order of registers. */
  registers(task: TaskRef): readonly ArmedRegister<Tag>[] {
    return (this.threads.get(task) ?? []).filter((register) => register !== undefined);
  }

  /** Which of its registers these hits belong to; updates the thread's DR6. */
  hitsOf(task: TaskRef, hits: readonly BreakpointHit[], singleStep: boolean): readonly DebuggerHit<Tag>[] {
    const own = this.registers(task);
    const found = hits.flatMap((hit) => {
      const register = own.find((candidate) => candidate.event === hit.event);
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

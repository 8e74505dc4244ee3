// debug-exception.ts: what the kernel does with a #DB.
//
// DR6 is read and reset at once. Each register that was hit is looked up in the CPU's shadow; its event counts and
// may overflow. What is left over becomes one forced SIGTRAP: a single step, a ptrace breakpoint, INT1.
//
//   user mode    thread.virtualDr6 := BS only, so every #DB wipes the old status
//   kernel mode  (copies to and from the user's memory) counts where the event allows; never a signal, status untouched
//
// Truth: shared reference "hw-breakpoint-spec", A.3, B.7, B.10.5.

import { DR6_BS, DR6_IDLE } from '../../machine/debug-registers';
import type { PerfEvent } from '../perf/event';
import type { DueSignal } from '../perf/pending-work';
import type { PerfCore } from '../perf/perf-core';
import type { Cpu, TaskRef } from '../sched/task';
import type { ArchBreakpoint } from './breakpoint-info';
import type { BreakpointPmu } from './breakpoint-pmu';
import type { ThreadDebugStates } from './thread-debug-state';

const TRAP_BITS = 0xfn;
const ARCHITECTURAL_REGISTERS = 4;
/** RF: the next instruction does not raise its execute breakpoint again. */
const RFLAGS_RF = 1n << 16n;
const EXECUTE = 0;

/** One register that matched, as the machine tells it: with the bytes before and after. */
export interface HitDetail {
  readonly index: number;
  readonly access: 'read' | 'write' | 'execute';
  readonly address: bigint;
  readonly lengthBytes: number;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** The part of the machine's debug exit that this needs. */
export interface DebugExit {
  readonly hits: readonly HitDetail[];
  readonly singleStep: boolean;
  readonly instruction: bigint;
  readonly icebp: boolean;
}

/** A breakpoint event that was hit and not filtered. */
export interface BreakpointHit {
  readonly event: PerfEvent;
  readonly breakpoint: ArchBreakpoint;
  readonly detail: HitDetail | undefined;
}

export interface DebugOutcome {
  /** To be sent in this order. */
  readonly signals: readonly DueSignal[];
  readonly hits: readonly BreakpointHit[];
  /** The task was single-stepped (BS). */
  readonly singleStep: boolean;
}

/** A memory access of the kernel on behalf of a task. */
export interface KernelAccess {
  readonly access: 'read' | 'write';
  readonly address: bigint;
  readonly lengthBytes: number;
  /** A copy (`rep movsb`): a trap for each byte that is watched. Otherwise one access, one trap. */
  readonly bytewise?: boolean | undefined;
  /** An address in the kernel, for samples; 0 where none makes sense. */
  readonly instructionPointer?: bigint;
}

export class DebugExceptions {
  constructor(
    private readonly perf: PerfCore,
    private readonly pmu: BreakpointPmu,
    private readonly threads: ThreadDebugStates,
  ) {}

  /** #DB in user mode. The machine has set DR6; the task's registers are as the CPU would have saved them. */
  handleUser(cpu: Cpu, task: TaskRef, exit: DebugExit): DebugOutcome {
    this.perf.scheduler.refreshCountsOn(cpu);
    let dr6 = cpu.debugRegisters.dr6 ^ DR6_IDLE;
    cpu.debugRegisters.dr6 = DR6_IDLE;
    const thread = this.threads.of(task);
    thread.virtualDr6 = dr6 & DR6_BS;
    const triggered = triggeredRegisters(dr6, exit);
    const icebp = dr6 === 0n && triggered.length === 0;

    const hits: BreakpointHit[] = [];
    for (const index of triggered) {
      const event = this.pmu.installedAt(cpu, index);
      if (event === undefined) continue;
      const breakpoint = this.pmu.breakpointOf(event);
      // A step is told first; the execute breakpoint comes as its own exception.
      if (breakpoint.type === EXECUTE && (dr6 & DR6_BS) !== 0n) continue;
      if (index < ARCHITECTURAL_REGISTERS) dr6 &= ~(1n << BigInt(index));
      const detail = exit.hits.find((hit) => hit.index === index);
      if (this.hit(event, cpu, task, true, task.registers.rip)) hits.push({ event, breakpoint, detail });
      if (breakpoint.type === EXECUTE) task.registers.rflags |= RFLAGS_RF;
    }
    this.perf.runInterruptWork();

    const done = triggered.length === 0 || (thread.virtualDr6 & TRAP_BITS) !== 0n || (dr6 & ~TRAP_BITS) !== 0n;
    dr6 |= thread.virtualDr6;
    if (done && (icebp || (dr6 & (TRAP_BITS | DR6_BS)) !== 0n)) {
      this.perf.pending.push({ kind: 'debugTrap', task, address: task.registers.rip, code: trapCode(dr6) });
    }
    return { signals: this.perf.returnToUser(task), hits, singleStep: (dr6 & DR6_BS) !== 0n };
  }

  /** False: no breakpoint on this CPU could see a kernel access now; asking costs next to nothing. */
  watchesKernel(cpu: Cpu): boolean {
    for (let index = 0; index < this.pmu.registerCount; index += 1) {
      const event = this.pmu.installedAt(cpu, index);
      if (event !== undefined && !event.attributes.excludeKernel) return true;
    }
    return false;
  }

  /** An access by kernel code to the task's memory; signals of `sigtrap` events wait for the return to user mode. */
  handleKernelAccess(cpu: Cpu, task: TaskRef, access: KernelAccess): readonly BreakpointHit[] {
    if (access.bytewise !== true) return this.oneKernelAccess(cpu, task, access);
    return this.watchedBytes(cpu, access).flatMap((address) =>
      this.oneKernelAccess(cpu, task, { ...access, address, lengthBytes: 1 }),
    );
  }

  /** The bytes of a copy that some breakpoint on the CPU watches, in the order of the copy. */
  private watchedBytes(cpu: Cpu, access: KernelAccess): readonly bigint[] {
    const bytes = new Set<bigint>();
    for (let index = 0; index < this.pmu.registerCount; index += 1) {
      const event = this.pmu.installedAt(cpu, index);
      if (event === undefined) continue;
      const breakpoint = this.pmu.breakpointOf(event);
      for (let offset = 0n; offset < BigInt(breakpoint.length); offset += 1n) {
        const address = breakpoint.address + offset;
        if (matches(breakpoint, access) && inside(address, access)) bytes.add(address);
      }
    }
    return [...bytes].sort((a, b) => (a < b ? -1 : 1));
  }

  private oneKernelAccess(cpu: Cpu, task: TaskRef, access: KernelAccess): readonly BreakpointHit[] {
    const hits: BreakpointHit[] = [];
    for (let index = 0; index < this.pmu.registerCount; index += 1) {
      const event = this.pmu.installedAt(cpu, index);
      if (event === undefined) continue;
      const breakpoint = this.pmu.breakpointOf(event);
      if (!matches(breakpoint, access)) continue;
      const ip = access.instructionPointer ?? 0n;
      if (this.hit(event, cpu, task, false, ip)) hits.push({ event, breakpoint, detail: undefined });
    }
    this.perf.runInterruptWork();
    return hits;
  }

  private hit(event: PerfEvent, cpu: Cpu, task: TaskRef, userMode: boolean, instructionPointer: bigint): boolean {
    if (event.stopped) return false;
    if (userMode ? event.attributes.excludeUser : event.attributes.excludeKernel) return false;
    const address = event.attributes.breakpointAddress;
    this.perf.hit(event, { task, cpu, time: this.perf.clock(), userMode, instructionPointer, address });
    return true;
  }
}

/** DR6's bits, and those of registers that DR6 has no bit for; in order. */
function triggeredRegisters(dr6: bigint, exit: DebugExit): readonly number[] {
  const indices: number[] = [];
  for (let index = 0; index < ARCHITECTURAL_REGISTERS; index += 1) {
    if ((dr6 & (1n << BigInt(index))) !== 0n) indices.push(index);
  }
  const beyond = exit.hits.map((hit) => hit.index).filter((index) => index >= ARCHITECTURAL_REGISTERS);
  return [...indices, ...beyond.sort((a, b) => a - b)];
}

function trapCode(dr6: bigint): 1 | 2 | 4 {
  if ((dr6 & DR6_BS) !== 0n) return 2;
  return (dr6 & TRAP_BITS) !== 0n ? 4 : 1;
}

function matches(breakpoint: ArchBreakpoint, access: KernelAccess): boolean {
  if (breakpoint.type === EXECUTE || (breakpoint.type === 1 && access.access === 'read')) return false;
  const end = breakpoint.address + BigInt(breakpoint.length);
  return access.address < end && access.address + BigInt(access.lengthBytes) > breakpoint.address;
}

function inside(address: bigint, access: KernelAccess): boolean {
  return address >= access.address && address < access.address + BigInt(access.lengthBytes);
}

// slot-holders.ts: the one ledger, asked: who holds a debug-register slot, and for what.
//
// For refusals and for the view. Whatever the client, the same slots.

import type { BreakpointPmu } from '../hw-breakpoint/breakpoint-pmu';
import { EventState, type EventOwner, type PerfEvent } from '../perf/event';
import type { Cpu, TaskRef } from '../sched/task';

export interface SlotHolder {
  readonly owner: EventOwner;
  /** Who it is, for people: `kgdb`, `perf event of pid 12, fd 3`, `ksym counter:rw-`. */
  readonly label: string;
  readonly event: PerfEvent;
  readonly address: bigint;
  /** 1 for execute. */
  readonly lengthBytes: 1 | 2 | 4 | 8;
  readonly access: 'execute' | 'write' | 'readWrite';
  /** False: it keeps its slot, but watches nothing. */
  readonly enabled: boolean;
  /** undefined: CPU-wide. */
  readonly task: TaskRef | undefined;
  /** -1: on every CPU. */
  readonly cpu: number;
}

/** Those that take a slot from the task: its own, and the CPU-wide ones. Oldest first. */
export function holdersForTask(pmu: BreakpointPmu, task: TaskRef): readonly SlotHolder[] {
  return allHolders(pmu).filter((holder) => holder.task === undefined || holder.task === task);
}

/** The CPU-wide ones of a CPU. */
export function holdersOfCpu(pmu: BreakpointPmu, cpu: number): readonly SlotHolder[] {
  return allHolders(pmu).filter((holder) => holder.task === undefined && (holder.cpu === cpu || holder.cpu < 0));
}

export function allHolders(pmu: BreakpointPmu): readonly SlotHolder[] {
  return [...pmu.events].map((event) => holder(pmu, event));
}

/** What the hardware of a CPU holds at this moment, by register. */
export function installedHolders(pmu: BreakpointPmu, cpu: Cpu): readonly (SlotHolder | undefined)[] {
  const all = Array.from({ length: pmu.registerCount }, (_, index) => pmu.installedAt(cpu, index));
  const used = 1 + all.findLastIndex((event) => event !== undefined);
  const shown = all.slice(0, Math.max(used, pmu.constraints.slotsPerCpu));
  return shown.map((event) => (event === undefined ? undefined : holder(pmu, event)));
}

/** Breakpoints of several CPUs that are one to a person. */
export interface ShownHolder {
  /** The first of them. */
  readonly holder: SlotHolder;
  /** The CPUs it takes a slot of; undefined: a thread's own. */
  readonly cpus: readonly number[] | undefined;
}

/** CPU-wide ones that differ in their CPU alone become one; the others stay as they are. Oldest first. */
export function holdersShown(holders: readonly SlotHolder[]): readonly ShownHolder[] {
  const shown: { readonly holder: SlotHolder; readonly cpus: number[] | undefined }[] = [];
  for (const holder of holders) {
    const twin = shown.find(
      ({ holder: first, cpus }) => cpus?.includes(holder.cpu) === false && sameButCpu(first, holder),
    );
    if (holder.task === undefined && twin !== undefined) twin.cpus?.push(holder.cpu);
    else shown.push({ holder, cpus: holder.task === undefined ? [holder.cpu] : undefined });
  }
  return shown;
}

/** `kgdb (all CPUs)`, `perf event of pid 12, fd 3 (CPU 0)`, `ptrace`. */
export function holderLabel({ holder, cpus }: ShownHolder, cpuCount: number): string {
  if (cpus === undefined) return holder.label;
  const where = cpus.length === cpuCount ? 'all CPUs' : `CPU ${cpus.join(', ')}`;
  return `${holder.label} (${where})`;
}

function sameButCpu(one: SlotHolder, other: SlotHolder): boolean {
  return (
    one.task === undefined &&
    other.task === undefined &&
    one.owner === other.owner &&
    one.label === other.label &&
    one.address === other.address &&
    one.lengthBytes === other.lengthBytes &&
    one.access === other.access
  );
}

const ACCESS = { 0: 'execute', 1: 'write', 3: 'readWrite' } as const;

function holder(pmu: BreakpointPmu, event: PerfEvent): SlotHolder {
  const { address, length, type } = pmu.breakpointOf(event);
  return {
    owner: event.owner,
    label: event.label === '' ? event.owner : event.label,
    event,
    address,
    lengthBytes: length,
    access: ACCESS[type],
    // kgdb arms by hand: perf sees its events as off.
    enabled: event.owner === 'kgdb' || Math.min(event.state, event.leader.state) >= EventState.inactive,
    task: event.target,
    cpu: event.cpu,
  };
}

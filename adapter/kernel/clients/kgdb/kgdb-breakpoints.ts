// kgdb-breakpoints.ts: the breakpoints of a debugger of the whole machine: four entries, each wide over all CPUs.
//
// Events are made once and hold no slot while idle; `set` takes a slot on every CPU without waiting, `remove` gives them
// back. While the debugger runs the registers are out of the hardware (`disableHardware`), on leaving they and everybody
// else's go back (`correctHardware`).
//
// Quirk: Linux's kgdb does not take hits in user mode; here the debugged programs are user programs, so it does, and
// the hit is no signal.
// Truth: shared reference "hw-breakpoint-spec", D.1; mail 002 of the seeds.

import type { ArchBreakpoint, HardwareLength, HardwareType } from '../../hw-breakpoint/breakpoint-info';
import type { BreakpointApi } from '../../hw-breakpoint/core-api';
import type { BreakpointHit } from '../../hw-breakpoint/debug-exception';
import { BREAKPOINT_WRITE, breakpointAttributes } from '../../perf/event-attributes';
import type { PerfEvent } from '../../perf/event';
import type { Cpu } from '../../sched/task';

/** gdb's Z packet types for hardware: 1 execute, 2 write, 3 read, 4 access. */
export type GdbBreakpointType = 1 | 2 | 3 | 4;

const ENTRIES = 4;
/** A harmless address in the kernel for entries that were never set. */
const IDLE_ADDRESS = 0xffffffff81000000n;

interface Entry {
  enabled: boolean;
  address: bigint;
  /** One per CPU. */
  readonly events: readonly PerfEvent[];
  /** CPUs whose registers hold it. */
  readonly installedOn: Set<number>;
}

export class KgdbBreakpoints {
  private readonly entries: Entry[] = [];

  constructor(
    private readonly api: BreakpointApi,
    private readonly cpus: readonly Cpu[],
  ) {}

  /** Makes the idle entries. False: "could not allocate hw breakpoints", and there is no kernel debugger. */
  init(): boolean {
    if (this.entries.length > 0) return true;
    const attributes = breakpointAttributes({
      breakpointType: BREAKPOINT_WRITE,
      breakpointAddress: IDLE_ADDRESS,
      breakpointLength: 1n,
      disabled: true,
    });
    for (let number = 0; number < Math.min(ENTRIES, this.api.pmu.registerCount); number += 1) {
      const made = this.api.registerWide(attributes, 'kgdb', () => undefined);
      if (!made.ok) break;
      for (const event of made.value) this.api.pmu.surrenderSlot(event);
      this.entries.push({
        enabled: false,
        address: IDLE_ADDRESS,
        events: made.value,
        installedOn: new Set(),
      });
    }
    return this.entries.length > 0;
  }

  /** Takes the first free entry and a slot on every CPU. False: no entry, no slot, or x86 cannot do it (reads). */
  set(address: bigint, lengthBytes: number, type: GdbBreakpointType): boolean {
    const entry = this.entries.find((candidate) => !candidate.enabled);
    const breakpoint = translate(address, lengthBytes, type);
    if (entry === undefined || breakpoint === undefined || !this.reserve(entry)) return false;
    entry.enabled = true;
    entry.address = address;
    for (const event of entry.events) this.api.pmu.setUnchecked(event, breakpoint);
    return true;
  }

  /** By address alone: type and length are not compared. False: there is none, or the ledger is in use. */
  remove(address: bigint): boolean {
    const entry = this.entries.find((candidate) => candidate.enabled && candidate.address === address);
    return entry !== undefined && this.release(entry);
  }

  /** The CPU enters the debugger: nothing is armed on it, whoever armed it. */
  disableHardware(cpu: Cpu): void {
    for (const entry of this.entries) this.uninstall(entry, cpu);
    this.api.pmu.disarm(cpu);
  }

  /** The CPU leaves the debugger: kgdb's entries go in, then everything is put back from the shadows. */
  correctHardware(cpu: Cpu): void {
    for (const entry of this.entries) {
      if (!entry.enabled || entry.installedOn.has(cpu.id)) continue;
      const event = entry.events.find((candidate) => candidate.cpu === cpu.id);
      if (event === undefined) continue;
      if (this.api.pmu.installOn(event, cpu)) entry.installedOn.add(cpu.id);
    }
    this.api.pmu.restore(cpu);
  }

  /** gdb detached or killed: all entries are free, and nothing of them is armed. */
  removeAll(): void {
    for (const entry of this.entries) {
      for (const cpu of this.cpus) this.uninstall(entry, cpu);
      if (entry.enabled) this.release(entry);
    }
  }

  /** Addresses of those entries that these hits belong to. */
  hitsOf(hits: readonly BreakpointHit[]): readonly bigint[] {
    return this.entries
      .filter((entry) => entry.enabled && hits.some(({ event }) => entry.events.includes(event)))
      .map((entry) => entry.address);
  }

  private reserve(entry: Entry): boolean {
    const taken: PerfEvent[] = [];
    for (const event of entry.events) {
      if (!this.api.pmu.tryTakeSlot(event)) {
        for (const done of taken) this.api.pmu.surrenderSlot(done);
        return false;
      }
      taken.push(event);
    }
    return true;
  }

  private release(entry: Entry): boolean {
    for (const cpu of this.cpus) this.uninstall(entry, cpu);
    if (!entry.events.every((event) => this.api.pmu.surrenderSlot(event))) return false;
    entry.enabled = false;
    return true;
  }

  private uninstall(entry: Entry, cpu: Cpu): void {
    if (!entry.installedOn.delete(cpu.id)) return;
    const event = entry.events.find((candidate) => candidate.cpu === cpu.id);
    if (event !== undefined) this.api.pmu.uninstallFrom(event, cpu);
  }
}

const TYPES: Readonly<Partial<Record<GdbBreakpointType, HardwareType>>> = { 1: 0, 2: 1, 4: 3 };

function translate(address: bigint, lengthBytes: number, gdbType: GdbBreakpointType): ArchBreakpoint | undefined {
  const type = TYPES[gdbType];
  if (type === undefined) return undefined;
  const length = ([1, 2, 4, 8] as const).find((known): known is HardwareLength => known === lengthBytes);
  if (type === 0) return { address, type, length: 1 };
  return length === undefined ? undefined : { address, type, length };
}

// kgdb-breakpoints.ts: the breakpoints of a debugger of the whole machine: four entries, each wide over all CPUs.
//
// Events are made once and hold no slot while idle; `set` takes a slot on every CPU without waiting, `remove` gives them
// back. While the debugger runs the registers are out of the hardware (`disableHardware`), on leaving they and everybody
// else's go back (`correctHardware`). Two users of the very same breakpoint share an entry, told apart by their tags.
//
// Quirk: Linux's kgdb does not take hits in user mode; here the debugged programs are user programs, so it does, and
// the hit is no signal. What the kernel touches on a program's behalf is counted and stops nobody, as under ptrace.
// Quirk: Linux's kgdb removes a breakpoint by its address alone; here type and length count too, since gdb may have a
// write watch and an access watch at one address.
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

/** One breakpoint as the debugger asked for it. */
export interface KgdbRequest {
  readonly address: bigint;
  readonly lengthBytes: number;
  readonly type: GdbBreakpointType;
}

export interface KgdbHit<Tag> {
  /** The entry's number, 0–3. */
  readonly index: number;
  /** Everybody who set it. */
  readonly tags: readonly Tag[];
  readonly request: KgdbRequest;
  readonly hit: BreakpointHit;
}

interface Entry<Tag> {
  readonly index: number;
  /** Undefined: idle. */
  request: KgdbRequest | undefined;
  readonly tags: Tag[];
  /** One per CPU. */
  readonly events: readonly PerfEvent[];
  /** CPUs whose registers hold it. */
  readonly installedOn: Set<number>;
}

export class KgdbBreakpoints<Tag = unknown> {
  private readonly entries: Entry<Tag>[] = [];

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
    for (let index = 0; index < Math.min(ENTRIES, this.api.pmu.constraints.slotsPerCpu); index += 1) {
      const made = this.api.registerWide(attributes, 'kgdb', () => undefined);
      if (!made.ok) break;
      for (const event of made.value) this.api.pmu.surrenderSlot(event);
      this.entries.push({ index, request: undefined, tags: [], events: made.value, installedOn: new Set() });
    }
    return this.entries.length > 0;
  }

  /** Some entry is set. */
  get inUse(): boolean {
    return this.entries.some(({ request }) => request !== undefined);
  }

  /**
   * Takes the first free entry and a slot on every CPU, or shares the entry that is just like it. False: no entry, no
   * slot, or x86 cannot do it (reads). No address is checked: it watches what the registers can.
   */
  set(request: KgdbRequest, tag: Tag): boolean {
    const breakpoint = translate(request);
    if (breakpoint === undefined) return false;
    const shared = this.entries.find((entry) => entry.request !== undefined && sameRequest(entry.request, request));
    if (shared !== undefined) {
      shared.tags.push(tag);
      return true;
    }
    const entry = this.entries.find((candidate) => candidate.request === undefined);
    if (entry === undefined || !this.reserve(entry)) return false;
    entry.request = request;
    entry.tags.push(tag);
    for (const event of entry.events) this.api.pmu.setUnchecked(event, breakpoint);
    return true;
  }

  /** False: this user has no such breakpoint, or the ledger is in use. */
  remove(request: KgdbRequest, tag: Tag): boolean {
    const entry = this.entries.find(
      (candidate) =>
        candidate.request !== undefined && sameRequest(candidate.request, request) && candidate.tags.includes(tag),
    );
    if (entry === undefined) return false;
    if (entry.tags.length === 1) return this.release(entry);
    entry.tags.splice(entry.tags.indexOf(tag), 1);
    return true;
  }

  /** The CPU enters the debugger: nothing is armed on it, whoever armed it. */
  disableHardware(cpu: Cpu): void {
    for (const entry of this.entries) this.uninstall(entry, cpu);
    this.api.pmu.disarm(cpu);
  }

  /** The CPU leaves the debugger: kgdb's entries go in, then everything is put back from the shadows. */
  correctHardware(cpu: Cpu): void {
    for (const entry of this.entries) {
      if (entry.request === undefined || entry.installedOn.has(cpu.id)) continue;
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
      if (entry.request !== undefined) this.release(entry);
    }
  }

  /** The entries that these hits belong to. */
  hitsOf(hits: readonly BreakpointHit[]): readonly KgdbHit<Tag>[] {
    return this.entries.flatMap(({ index, request, tags, events }) => {
      const hit = hits.find(({ event }) => events.includes(event));
      return request === undefined || hit === undefined ? [] : [{ index, tags: [...tags], request, hit }];
    });
  }

  private reserve(entry: Entry<Tag>): boolean {
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

  private release(entry: Entry<Tag>): boolean {
    for (const cpu of this.cpus) this.uninstall(entry, cpu);
    if (!entry.events.every((event) => this.api.pmu.surrenderSlot(event))) return false;
    entry.request = undefined;
    entry.tags.length = 0;
    return true;
  }

  private uninstall(entry: Entry<Tag>, cpu: Cpu): void {
    if (!entry.installedOn.delete(cpu.id)) return;
    const event = entry.events.find((candidate) => candidate.cpu === cpu.id);
    if (event !== undefined) this.api.pmu.uninstallFrom(event, cpu);
  }
}

const TYPES: Readonly<Partial<Record<GdbBreakpointType, HardwareType>>> = { 1: 0, 2: 1, 4: 3 };

function translate({ address, lengthBytes, type: gdbType }: KgdbRequest): ArchBreakpoint | undefined {
  const type = TYPES[gdbType];
  if (type === undefined) return undefined;
  const length = ([1, 2, 4, 8] as const).find((known): known is HardwareLength => known === lengthBytes);
  if (type === 0) return { address, type, length: 1 };
  return length === undefined ? undefined : { address, type, length };
}

function sameRequest(one: KgdbRequest, other: KgdbRequest): boolean {
  return one.address === other.address && one.type === other.type && one.lengthBytes === other.lengthBytes;
}

// breakpoint-pmu.ts: puts breakpoint events into the debug registers of a CPU, and takes them out.
//
// Installs in the lowest free register, address before DR7; removes from DR7 before anything else. Keeps a shadow of
// what each CPU should hold, from which `restore` puts everything back after a guest or a debugger used the
// registers. Events that only count are marked so that the machine counts their hits without a #DB.
//
// Truth: shared reference "hw-breakpoint-spec", B.3–B.6, E.

import { assert } from '../../util/assert';
import {
  DR6_IDLE,
  DR7_IDLE,
  type DebugCondition,
  type HitFilter,
  type RegisterContents,
} from '../../machine/debug-registers';
import type { PerfEvent } from '../perf/event';
import { BREAKPOINT_EMPTY, BREAKPOINT_INVALID, sameAttributes, type PerfAttributes } from '../perf/event-attributes';
import { EVENT_TYPE_BREAKPOINT, SampleType } from '../perf/constants.table';
import { startPeriod } from '../perf/overflow';
import type { Pmu, Privileges } from '../perf/pmu';
import type { PerfErrno } from '../perf/result';
import type { Cpu } from '../sched/task';
import { CpuShadow } from './cpu-shadow';
import { DR7_GE, dr7Nibble, dr7Shift, globalEnable, type ArchBreakpoint } from './breakpoint-info';
import { SlotConstraints, type SlotLease } from './slot-constraints';
import { parseBreakpoint } from './validation';

/** Registers that DR6 and DR7 have bits for; those beyond are the emulation's own. */
const ARCHITECTURAL_REGISTERS = 4;

/** What a CPU's registers held, and what the kernel remembers of it. */
class HeldRegisters {
  constructor(
    readonly shadow: CpuShadow,
    readonly contents: RegisterContents | undefined,
  ) {}
}

interface KnownCondition {
  readonly on: DebugCondition;
  readonly off: DebugCondition;
}

export class BreakpointPmu implements Pmu<PerfEvent> {
  readonly type = EVENT_TYPE_BREAKPOINT;
  readonly constraints: SlotConstraints;
  /** Of each CPU, those that nobody may use yet included. */
  readonly registerCount: number;
  private readonly shadows = new Map<number, CpuShadow>();
  private readonly leases = new Map<PerfEvent, SlotLease>();
  private readonly parsed = new Map<PerfEvent, ArchBreakpoint>();
  private readonly filters = new WeakMap<PerfEvent, readonly HitFilter[]>();
  /** Nothing watches there until it is restored. */
  private readonly disarmed = new Set<number>();
  /** Of registers that hold nothing. */
  private readonly empty: HeldRegisters[] = [];
  /** What registers are told of an event, until it changes: each switch of tasks tells them again. */
  private readonly conditions = new WeakMap<PerfEvent, KnownCondition>();

  /**
   * `onCounted`: the task on that CPU had hits which were counted without a #DB. `slots`: how many of the registers
   * may be used; the others wait for `constraints.grow`.
   */
  constructor(
    cpus: readonly Cpu[],
    private readonly onCounted: (cpu: Cpu) => void = () => undefined,
    slots?: number,
  ) {
    const registers = Math.min(...cpus.map((cpu) => cpu.debugRegisters.count));
    this.registerCount = registers;
    this.constraints = new SlotConstraints(cpus.length, Math.min(slots ?? registers, registers));
    for (const cpu of cpus) this.shadows.set(cpu.id, new CpuShadow(registers));
  }

  /** All breakpoint events that hold a slot. */
  get events(): Iterable<PerfEvent> {
    return this.leases.keys();
  }

  breakpointOf(event: PerfEvent): ArchBreakpoint {
    const breakpoint = this.parsed.get(event);
    assert(breakpoint !== undefined, 'a breakpoint event was validated', event.id);
    return breakpoint;
  }

  init(event: PerfEvent, privileges: Privileges): PerfErrno | undefined {
    const { attributes } = event;
    if ((attributes.sampleType & SampleType.branchStack) !== 0n) return 'EOPNOTSUPP';
    return this.constraints.exclusively(() => {
      const kind = attributes.breakpointType;
      if (kind === BREAKPOINT_EMPTY || kind === BREAKPOINT_INVALID) return 'EINVAL';
      const reservation = this.constraints.reserve({ task: event.target, cpu: event.cpu }, event.owner);
      if (reservation.kind === 'refused') return reservation.errno;
      const parsed = parseBreakpoint(attributes, privileges);
      if (!parsed.ok) {
        this.constraints.release(reservation.lease);
        return parsed.errno;
      }
      this.leases.set(event, reservation.lease);
      this.parsed.set(event, parsed.value);
      return undefined;
    });
  }

  destroy(event: PerfEvent): void {
    const lease = this.leases.get(event);
    assert(lease !== undefined, 'a breakpoint event is destroyed exactly once', event.id);
    this.leases.delete(event);
    this.parsed.delete(event);
    this.constraints.exclusively(() => {
      this.constraints.release(lease);
    });
  }

  /** For kgdb, whose idle breakpoints hold no slot: gives it back; false if the ledger is in use. */
  surrenderSlot(event: PerfEvent): boolean {
    const lease = this.leases.get(event);
    if (lease === undefined || !this.constraints.tryRelease(lease)) return false;
    this.leases.delete(event);
    return true;
  }

  /** Takes a slot again, without waiting; false if there is none, or the ledger is in use. */
  tryTakeSlot(event: PerfEvent): boolean {
    const reservation = this.constraints.tryReserve({ task: event.target, cpu: event.cpu }, event.owner);
    if (reservation?.kind !== 'held') return false;
    this.leases.set(event, reservation.lease);
    return true;
  }

  /** For kgdb, which asks for what it likes: no check, and nothing moves in the hardware. */
  setUnchecked(event: PerfEvent, breakpoint: ArchBreakpoint): void {
    event.attributes.breakpointAddress = breakpoint.address;
    this.parsed.set(event, breakpoint);
    this.conditions.delete(event);
  }

  add(event: PerfEvent, cpu: Cpu): boolean {
    event.stopped = false;
    if (event.isSampling) {
      event.lastPeriod = event.samplePeriod;
      startPeriod(event);
    }
    return this.installOn(event, cpu);
  }

  del(event: PerfEvent, cpu: Cpu): void {
    this.read(event, cpu);
    this.uninstallFrom(event, cpu);
  }

  read(event: PerfEvent, cpu: Cpu): void {
    const shadow = this.shadow(cpu);
    const index = shadow.registerOf(event);
    if (index === undefined) return;
    const counted = cpu.debugRegisters.readCount(index);
    const fresh = counted - shadow.counted[index];
    if (fresh === 0) return;
    shadow.counted[index] = counted;
    event.count += fresh;
    this.onCounted(cpu);
  }

  /** Hits of what only counts raise no #DB. */
  countsUnseen(event: PerfEvent): boolean {
    return onlyCounts(event);
  }

  /** Registers are given from the lowest on, so that a gap would be filled by whoever comes back first. */
  addsLast(cpu: Cpu): boolean {
    return this.shadow(cpu).isPacked;
  }

  setAside(cpu: Cpu, events: number): object | undefined {
    const { debugRegisters, id } = cpu;
    const shadow = this.shadow(cpu);
    if (debugRegisters.exchange === undefined || shadow.size !== events || this.disarmed.has(id)) return undefined;
    const empty = this.empty.pop() ?? new HeldRegisters(new CpuShadow(this.registerCount), undefined);
    this.shadows.set(id, empty.shadow);
    const held = new HeldRegisters(shadow, debugRegisters.exchange(empty.contents));
    // It stays, as where they are taken off one by one.
    empty.shadow.dr7 = shadow.dr7 & DR7_GE;
    debugRegisters.dr7 = empty.shadow.dr7 | DR7_IDLE;
    return held;
  }

  putBack(cpu: Cpu, held: object): boolean {
    const { debugRegisters, id } = cpu;
    const shadow = this.shadow(cpu);
    if (debugRegisters.exchange === undefined || !(held instanceof HeldRegisters)) return false;
    if (!shadow.isEmpty || this.disarmed.has(id)) return false;
    this.shadows.set(id, held.shadow);
    this.empty.push(new HeldRegisters(shadow, debugRegisters.exchange(held.contents)));
    return true;
  }

  /**
   * Takes over type, address, length and `disabled`; everything else must be as it is (`check`). The caller has taken
   * the event off its CPU.
   */
  modify(event: PerfEvent, wanted: PerfAttributes, privileges: Privileges): PerfErrno | undefined {
    return this.change(event, wanted, privileges, true);
  }

  change(event: PerfEvent, wanted: PerfAttributes, privileges: Privileges, check: boolean): PerfErrno | undefined {
    const parsed = parseBreakpoint(wanted, privileges);
    if (!parsed.ok) return parsed.errno;
    const { attributes } = event;
    const { breakpointType, breakpointAddress, breakpointLength, disabled } = wanted;
    const changed = { breakpointType, breakpointAddress, breakpointLength, disabled };
    if (check && !sameAttributes({ ...attributes, ...changed }, wanted)) return 'EINVAL';
    Object.assign(attributes, changed);
    this.parsed.set(event, parsed.value);
    this.conditions.delete(event);
    event.context?.noteChange();
    return undefined;
  }

  /**
   * Quirk: the debugger decides most hits of its own breakpoints in the machine, before there is a #DB; a real CPU would
   * raise one for each. It is raised where any of the filters says so, and where there is none.
   */
  setFilters(event: PerfEvent, filters: readonly HitFilter[], cpus: readonly Cpu[]): void {
    this.conditions.delete(event);
    event.context?.noteChange();
    if (filters.length === 0) this.filters.delete(event);
    else this.filters.set(event, filters);
    for (const cpu of cpus) {
      const index = this.shadow(cpu).registerOf(event);
      if (index !== undefined) cpu.debugRegisters.setCondition(index, this.conditionOf(event).on);
    }
  }

  /** The event in a register of the CPU. */
  installedAt(cpu: Cpu, index: number): PerfEvent | undefined {
    return this.shadow(cpu).installed[index];
  }

  /** True if some breakpoint is armed on the CPU (hw_breakpoint_active). */
  isActive(cpu: Cpu): boolean {
    return !this.shadow(cpu).isEmpty;
  }

  /** Nothing watches on the CPU until `restore`, whoever armed it; the shadow keeps what was there. */
  disarm(cpu: Cpu): void {
    this.disarmed.add(cpu.id);
    cpu.debugRegisters.dr7 = DR7_IDLE;
    this.shadow(cpu).installed.forEach((event, index) => {
      if (event === undefined || index < ARCHITECTURAL_REGISTERS) return;
      cpu.debugRegisters.setCondition(index, this.conditionOf(event).off);
    });
  }

  /** Puts DR0…, DR6 and DR7 back from the shadow, DR7 last. Cheap to skip: ask `isActive` first. */
  restore(cpu: Cpu): void {
    this.disarmed.delete(cpu.id);
    const shadow = this.shadow(cpu);
    const { debugRegisters } = cpu;
    shadow.addresses.forEach((address, index) => {
      if (index < ARCHITECTURAL_REGISTERS) debugRegisters.writeAddress(index, address);
    });
    debugRegisters.dr6 = DR6_IDLE;
    debugRegisters.dr7 = shadow.dr7 | DR7_IDLE;
    shadow.installed.forEach((event, index) => {
      if (event !== undefined) debugRegisters.setCondition(index, this.conditionOf(event).on);
    });
  }

  /** hw_breakpoint installed by hand (kgdb), without perf's scheduling. */
  installOn(event: PerfEvent, cpu: Cpu): boolean {
    const shadow = this.shadow(cpu);
    const breakpoint = this.breakpointOf(event);
    const index = shadow.take(event, breakpoint.address);
    if (index === undefined) return false;
    const { debugRegisters } = cpu;
    if (index < ARCHITECTURAL_REGISTERS) {
      debugRegisters.writeAddress(index, breakpoint.address);
      const nibble = BigInt(dr7Nibble(breakpoint)) << dr7Shift(index);
      shadow.dr7 |= nibble | globalEnable(index) | DR7_GE;
      debugRegisters.dr7 = shadow.dr7 | DR7_IDLE;
    }
    debugRegisters.setCondition(index, this.conditionOf(event).on);
    shadow.counted[index] = debugRegisters.readCount(index);
    return true;
  }

  uninstallFrom(event: PerfEvent, cpu: Cpu): void {
    const shadow = this.shadow(cpu);
    const index = shadow.registerOf(event);
    if (index === undefined) return;
    const { debugRegisters } = cpu;
    if (index < ARCHITECTURAL_REGISTERS) {
      shadow.dr7 &= ~((0xfn << dr7Shift(index)) | globalEnable(index));
      debugRegisters.dr7 = shadow.dr7 | DR7_IDLE;
    } else {
      debugRegisters.setCondition(index, this.conditionOf(event).off);
    }
    shadow.free(index);
  }

  private conditionOf(event: PerfEvent): KnownCondition {
    const known = this.conditions.get(event);
    if (known !== undefined) return known;
    const { address, length, type } = this.breakpointOf(event);
    const filters = this.filters.get(event);
    const what = { address, lengthBytes: length, type, countOnly: onlyCounts(event), filters };
    const condition = { on: { enabled: true, ...what }, off: { enabled: false, ...what } };
    this.conditions.set(event, condition);
    return condition;
  }

  private shadow(cpu: Cpu): CpuShadow {
    const shadow = this.shadows.get(cpu.id);
    assert(shadow !== undefined, 'the CPU is one of those the layer was made for', cpu.id);
    return shadow;
  }
}

/** Nothing happens at a hit but counting, in user mode: the machine can do that alone. */
function onlyCounts(event: PerfEvent): boolean {
  return !event.isSampling && !event.attributes.excludeUser;
}

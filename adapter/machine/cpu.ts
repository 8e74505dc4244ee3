// cpu.ts: runs a task in an address space until something happens that the floors above must see.
//
// Fast: translated regions, entered through the helper `enter`. Exact: one instruction alone, with its accesses logged,
// for everything that the probe refuses: hits, faults, writes over code. Both count instructions exactly.
// Truth: Intel SDM vol. 3A 6.7–6.9 (traps and faults), vol. 3B 18.3 (debug exceptions).

import { assert, assertNever } from '../util/assert';
import type { DebugRegisters } from './debug-registers';
import { DR6_BS } from './debug-registers';
import type { Instruction } from './decode/instruction';
import { accessFault, exceptionAt, fetchFault, unimplemented } from './fault-exits';
import type { GuestMemory } from './guest-memory';
import { FrequentHits } from './judge/frequent-hits';
import { loggedAccesses } from './logged-accesses';
import { ACCESS_READ, ACCESS_WRITE, AT } from './layout';
import type { DebugHit, Exit, MachineOptions, RegisterFile, RunOptions, RunResult } from './machine';
import type { RegionCache } from './region-cache';
import type { LiveRegisters } from './registers';
import type { ExitSite } from './translate/exit-site';
import { LONGEST_UNCHECKED } from './translate/instruction-count';
import { execute as executeService } from './cpuid';
import type { WatchConditions } from './watch-conditions';

/** (guest address, instructions, call depth): runs regions until an exit site. */
export type Enter = (address: number, count: number, depth: number) => void;

interface Alone {
  /** TF was set before it. */
  readonly isStepping: boolean;
  readonly held: readonly DebugHit[];
  /** What becomes of its hits is known. */
  readonly isDecided: boolean;
}

/** Guest calls nest in WebAssembly calls so deep; V8's stack holds a multiple. */
const CALL_DEPTH = 200;
/** Now and then translated code is left, so that better code can take its place: often at first, seldom later. */
const SHORTEST_QUANTUM = 20_000;
const LONGEST_QUANTUM = 2_000_000;
/** A run ends after so many hits that were passed over: about a millisecond. */
const MOST_FILTERED = 4_000;
/** The last instructions of a budget are stepped: an exact count, and exact flags at its end. */
const RESERVE = LONGEST_UNCHECKED;
const TF = 0x100;
const RF = 0x10000n;
const FAR = 0x1_0000_0000n;
const RCX = 1;
const RSP = 4;
const R11 = 11;
const STACK_SEGMENT = 2;
const LOW_32 = 0xffffffffn;

export interface CpuParts {
  readonly memory: GuestMemory;
  readonly live: LiveRegisters;
  readonly regions: RegionCache;
  readonly watches: WatchConditions;
  readonly enter: Enter;
  readonly options: MachineOptions;
  /** The debugger's stops. */
  readonly codeStops: () => ReadonlySet<number>;
  /** Tells the stops that the CPU's execute conditions have changed. */
  readonly onExecuteConditions: () => void;
}

export class Cpu {
  private rip = 0n;
  private remaining = 0;
  /** What `remaining` was at first. */
  private budget = 0;
  private filtersLeft = 0;
  private readonly frequent: FrequentHits;
  private quantum = SHORTEST_QUANTUM;
  private debug!: DebugRegisters;

  constructor(private readonly parts: CpuParts) {
    this.frequent = new FrequentHits((instructions) => {
      parts.regions.judgeAfter(instructions);
    });
  }

  run(registers: RegisterFile, debug: DebugRegisters, options: RunOptions): RunResult {
    const { live, watches, regions, onExecuteConditions } = this.parts;
    assert(options.maxInstructions >= 1, 'a run has instructions');
    regions.clearIfLarge();
    this.debug = debug;
    this.rip = registers.rip;
    this.remaining = options.maxInstructions;
    this.budget = options.maxInstructions;
    this.filtersLeft = MOST_FILTERED;
    live.load(registers);
    if (watches.follow(debug)) onExecuteConditions();
    else watches.begin();
    const exit = this.begin(registers, options) ?? this.loop();
    watches.report(debug);
    live.store(registers);
    registers.rip = this.rip;
    return { exit, instructions: options.maxInstructions - this.remaining };
  }

  /** The first instruction, where something is to be passed over. */
  private begin(registers: RegisterFile, options: RunOptions): Exit | undefined {
    const passes = options.skipCodeStopAtStart === true && this.parts.codeStops().has(Number(this.rip));
    const resumes = (registers.rflags & RF) !== 0n;
    if (!passes && !resumes) return undefined;
    const stop = resumes ? undefined : this.executeHit();
    return stop ?? this.stepAlone();
  }

  private loop(): Exit {
    const { live, options } = this.parts;
    for (;;) {
      if (this.remaining === 0) return { kind: 'budget' };
      if (this.rip >= FAR) return this.fetchFault();
      if ((live.systemFlags & TF) !== 0 || options.trace !== undefined) {
        const exit = this.stopHere() ?? this.stepAlone();
        if (exit !== undefined) return exit;
        continue;
      }
      const exit = this.remaining <= RESERVE ? this.stepBlock() : this.runRegions();
      if (exit !== undefined) return exit;
    }
  }

  /** Up to a quantum of translated regions; the budget's last instructions are left over. */
  private runRegions(): Exit | undefined {
    const { enter, memory, watches } = this.parts;
    let at = Number(this.rip);
    for (;;) {
      const count = Math.min(this.remaining - RESERVE, this.quantum);
      this.quantum = Math.min(this.quantum + (count >> 3), LONGEST_QUANTUM);
      this.setJudgeBase(this.budget - this.remaining + count);
      enter(at, count, CALL_DEPTH);
      const left = memory.view.getInt32(AT.count, true);
      const next = watches.isQuick ? this.passFiltered(count, left) : 0;
      if (next === 0) return this.afterRun(count, left);
      if (typeof next !== 'number') return next.exit;
      at = next;
    }
  }

  /** Instructions retired in this run when `left` are left = this − left. */
  private setJudgeBase(retired: number): void {
    this.parts.memory.view.setFloat64(AT.judgeBase, retired, true);
  }

  /**
   * The short way of what most hits with a filter are: the instruction alone, a no of the filter, and on. Answers where
   * to go on; 0 where nothing was done yet; else the exit (undefined: `rip` says where to go on).
   */
  private passFiltered(count: number, left: number): number | { readonly exit: Exit | undefined } {
    const { memory, regions, watches, live } = this.parts;
    const site = regions.sites.get(memory.view.getInt32(AT.site, true));
    if (site?.reason !== 'access' || (live.systemFlags & (TF | Number(RF))) !== 0) return 0;
    if (site.flagKind >= 0) live.flagKind = site.flagKind;
    this.remaining -= count - left - site.uncounted;
    const run = regions.knownAlone(site.rip);
    if (run === undefined) {
      this.rip = BigInt(site.rip);
      return { exit: this.stepAlone() };
    }
    this.beginAlone();
    const next = Number(BigInt.asUintN(32, run(site.rip, 1, 0)));
    const isDecided = next !== 0;
    if (!isDecided || this.decide(site.rip, this.budget - this.remaining) || watches.writesCode()) {
      const instruction = regions.code.decode(site.rip);
      assert(instruction !== undefined, 'what has run can be decoded');
      return { exit: this.finishAlone(next, instruction, { isStepping: false, held: [], isDecided }) };
    }
    this.remaining--;
    this.frequent.note(site.rip, site.instruction);
    if (this.remaining > RESERVE && (live.systemFlags & TF) === 0 && --this.filtersLeft > 0) return next;
    this.rip = BigInt(next);
    return { exit: this.filtersLeft > 0 ? undefined : { kind: 'budget' } };
  }

  /** The rest of a block, counted one by one; flags are exact. */
  private stepBlock(): Exit | undefined {
    const { regions, memory } = this.parts;
    const address = Number(this.rip);
    if (!regions.code.canRun(address)) return this.fetchFault();
    const count = this.remaining;
    const result = regions.steppingAt(address)(address, count, CALL_DEPTH);
    const left = Number(BigInt.asIntN(64, result) >> 32n);
    const next = Number(result & LOW_32);
    if (next === 0) return this.afterRun(count, left);
    memory.view.setInt32(AT.count, left, true);
    this.remaining = left;
    this.rip = BigInt(next);
    return undefined;
  }

  /** Translated code has left through a site. */
  private afterRun(count: number, left: number): Exit | undefined {
    const { memory, regions } = this.parts;
    const site = regions.sites.get(memory.view.getInt32(AT.site, true));
    this.remaining -= count - left - (site?.uncounted ?? 0);
    return site === undefined ? this.failedFetch() : this.leftAt(site);
  }

  /** A fault only where there is budget to meet it. */
  private failedFetch(): Exit | undefined {
    this.rip = this.parts.memory.view.getBigUint64(AT.faultAddress, true);
    return this.remaining === 0 ? undefined : this.fetchFault();
  }

  private fetchFault(): Exit {
    const { memory, regions } = this.parts;
    return fetchFault(this.rip, memory, regions.code);
  }

  // Exit sites ---------------------------------------------------------------------------------------------------

  private leftAt(site: ExitSite): Exit | undefined {
    const { live, memory } = this.parts;
    if (site.flagKind >= 0) live.flagKind = site.flagKind;
    this.rip = BigInt.asUintN(64, BigInt(site.rip));
    switch (site.reason) {
      case 'next':
      case 'repetition':
        return undefined;
      case 'access':
        return this.stepAlone();
      case 'judged':
        return this.judged(site);
      case 'count':
        return this.countedOut(site);
      case 'stop':
        return this.remaining === 0 ? undefined : (this.stopHere() ?? this.stepAlone());
      case 'syscall':
        live.setGpr(RCX, this.rip);
        live.setGpr(R11, live.rflags);
        return { kind: 'syscall', gate: 'syscall' };
      case 'int80':
        return { kind: 'syscall', gate: 'int80' };
      case 'int3':
        return { kind: 'int3' };
      case 'icebp':
        return this.debugExit([], false, true, site.instruction);
      case 'exception':
        return exceptionAt(site, memory);
      case 'service':
        this.service(site.instruction);
        return undefined;
      case 'unimplemented':
        return unimplemented(site.instruction, memory);
      case 'fetch':
        return this.failedFetch();
      case 'fault':
        return accessFault(memory);
      default:
        return assertNever(site.reason);
    }
  }

  /**
   * A quantum ends; near the end of the budget the next block is stepped. Cold code that used a quantum up is a loop,
   * and gets hot. Hot code was left anywhere: cold code leads from there to where it can be entered again, since
   * entries in each of a function's blocks would mean as many translations of the function.
   */
  private countedOut(site: ExitSite): Exit | undefined {
    const left = this.remaining - RESERVE;
    if (left <= 0) return undefined;
    if (site.promotes) this.parts.regions.promote(site.rip);
    return undefined;
  }

  /** The judge, asked right after the instruction, has not passed over all of its hits. */
  private judged({ instruction }: ExitSite): Exit | undefined {
    assert(instruction !== undefined, 'an instruction was judged');
    const { watches } = this.parts;
    this.setJudgeBase(this.budget - this.remaining - 1);
    if (!watches.settle(instruction.address)) return undefined;
    return this.debugExit(watches.takeTold(), false, false, instruction);
  }

  private service(instruction: Instruction | undefined): void {
    assert(instruction !== undefined, 'a service has its instruction');
    executeService(instruction.mnemonic, this.parts.live, this.parts.options, this.budget - this.remaining);
  }

  // Stops --------------------------------------------------------------------------------------------------------

  /** A stop before the instruction at rip: the CPU's own conditions come before the debugger's. */
  private stopHere(): Exit | undefined {
    const hit = this.executeHit();
    if (hit !== undefined) return hit;
    return this.parts.codeStops().has(Number(this.rip)) ? { kind: 'codeStop' } : undefined;
  }

  /** All execute conditions at rip are met at once: one #DB, whose DR6 names each. */
  private executeHit(held: readonly DebugHit[] = []): Exit | undefined {
    const hits: DebugHit[] = [];
    for (const index of this.parts.watches.execute.get(Number(this.rip)) ?? []) {
      if (this.debug.condition(index).countOnly) {
        this.debug.addCount(index, 1);
        continue;
      }
      if (index < 4) this.debug.dr6 |= 1n << BigInt(index);
      const nothing = new Uint8Array(0);
      hits.push({ index, access: 'execute', address: this.rip, lengthBytes: 1, before: nothing, after: nothing });
    }
    if (hits.length === 0) return undefined;
    for (const { index } of held) if (index < 4) this.debug.dr6 |= 1n << BigInt(index);
    return { kind: 'debug', hits: [...held, ...hits], singleStep: false, instruction: this.rip, icebp: false };
  }

  // One instruction alone ----------------------------------------------------------------------------------------

  /**
   * Runs the instruction at rip; an exit if it faults, hits or steps. `held`: what the instruction before, which loaded
   * SS, has met; it is told together with what this one meets, and lost where this one enters the kernel.
   */
  private stepAlone(held: readonly DebugHit[] = []): Exit | undefined {
    const { regions, live } = this.parts;
    const address = this.rip;
    const instruction = address >= FAR ? undefined : regions.code.decode(Number(address));
    if (instruction === undefined) return this.fetchFault();
    const isStepping = (live.systemFlags & TF) !== 0;
    this.beginAlone();
    const result = regions.aloneAt(instruction)(instruction.address, 1, 0);
    return this.finishAlone(Number(result & LOW_32), instruction, { isStepping, held, isDecided: false });
  }

  private beginAlone(): void {
    const { watches, memory } = this.parts;
    watches.forgetPending();
    memory.view.setInt32(AT.logCount, 0, true);
  }

  /** What becomes of the hits of an instruction that ran alone; true: some are told. */
  private decide(instruction: number, retired: number): boolean {
    this.setJudgeBase(retired);
    return this.parts.watches.decide(instruction);
  }

  /** What has become of an instruction that ran alone. */
  private finishAlone(
    next: number,
    instruction: Instruction,
    { isStepping, held, isDecided }: Alone,
  ): Exit | undefined {
    const { regions, memory, live, watches } = this.parts;
    const site = next === 0 ? regions.sites.get(memory.view.getInt32(AT.site, true)) : undefined;
    const isFault = site !== undefined && FAULTS.has(site.reason);
    if (isFault) return this.leftAt(site);
    const isUnfinished = site?.reason === 'repetition';
    if (!isUnfinished) this.remaining--;
    this.rip = BigInt(next);
    live.systemFlags &= ~Number(RF);
    this.takeAccesses(instruction);
    const exit = site === undefined ? undefined : this.leftAt(site);
    if (!isDecided) this.decide(instruction.address, this.budget - this.remaining - 1);
    const hits = [...held, ...watches.takeTold()];
    if (exit !== undefined) return exit;
    if (hits.length === 0 && !isStepping) return undefined;
    if (loadsStackSegment(instruction)) return this.executeHit(hits) ?? this.stepAlone(hits);
    return this.debugExit(hits, isStepping, false, instruction);
  }

  /** What it wrote over is code no more; a trace is told. */
  private takeAccesses({ address }: Instruction): void {
    const { regions, memory, live, options } = this.parts;
    const accesses = loggedAccesses(
      memory.view,
      options.trace === undefined ? ACCESS_WRITE : ACCESS_WRITE | ACCESS_READ,
    );
    for (const { first, end, writes } of accesses) {
      if (writes && first < FAR) regions.invalidate(Number(first), Number(end));
    }
    options.trace?.({
      address: BigInt(address),
      stackPointer: live.gpr(RSP),
      accesses,
      debug: this.debug,
      read: (at, lengthBytes) => memory.read(Number(at), lengthBytes),
    });
  }

  private debugExit(
    hits: readonly DebugHit[],
    singleStep: boolean,
    icebp: boolean,
    instruction: Instruction | undefined,
  ): Exit {
    let status = this.debug.dr6;
    for (const { index } of hits) if (index < 4) status |= 1n << BigInt(index);
    if (singleStep) status |= DR6_BS;
    this.debug.dr6 = status;
    return { kind: 'debug', hits, singleStep, instruction: BigInt(instruction?.address ?? 0), icebp };
  }
}

/** MOV SS holds traps back until the next instruction is done. */
function loadsStackSegment({ mnemonic, operands }: Instruction): boolean {
  const target = operands.at(0);
  return (
    mnemonic === 'mov' && target?.kind === 'register' && target.file === 'segment' && target.index === STACK_SEGMENT
  );
}

/** Reasons for which an instruction has had no effect. */
const FAULTS: ReadonlySet<string> = new Set(['fault', 'exception', 'unimplemented']);

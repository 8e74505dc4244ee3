// region-cache.ts: the translated code of an address space: found by guest address, dropped when its bytes change.
//
// Translated code finds regions through a hash table in WebAssembly memory; entries that collide displace each other
// and come back through `resolve`. Direct calls bind callers to callees: a callee that goes takes its callers along.
// Regions go only while no translated code runs: every change of code leaves it first.

import type { Instruction } from './decode/instruction';
import { MicroMemory } from './evaluate/micro-memory';
import type { GuestMemory } from './guest-memory';
import { GuestCode, type CodeStops } from './guest-code';
import { GRANULE_SHIFT } from './layout';
import { RegionHash } from './region-hash';
import type { ExitSites } from './translate/exit-site';
import type { TranslationStore } from './translate/translation-store';
import type { RegionShape } from './translate/region-shape';
import { Translator, type BatchLimits, type RegionFunction, type Tier } from './translate/translator';

const COLD: BatchLimits = {
  isHot: false,
  exactFlags: false,
  instructions: 30,
  blockInstructions: 30,
  batchInstructions: 30,
  followsTables: false,
  leavesForHot: true,
  inlinedCallee: 0,
  inlinedInstructions: 0,
};
const HOT: BatchLimits = {
  isHot: true,
  exactFlags: false,
  instructions: 1200,
  blockInstructions: 60,
  batchInstructions: 1200,
  followsTables: true,
  leavesForHot: false,
  inlinedCallee: 60,
  inlinedInstructions: 400,
};
/** MachineOptions.hotEntries and evaluatedEntries by default. */
const HOT_ENTRIES = 200;
const EVALUATED_ENTRIES = 30;
const NEVER = 0x7fffffff;
/** The slot of every region that is evaluated. */
const EVALUATOR_SLOT = 1;
/** Past so many exit sites everything is dropped, so that self-modifying programs do not fill the memory. */
const MOST_SITES = 2_000_000;

interface CachedRegion {
  readonly shape: RegionShape;
  readonly tier: Tier;
  /** Where it is evaluated: the function is the evaluator's. */
  readonly run: RegionFunction | undefined;
  readonly slot: number;
  /** Where its micro-code is; 0: it has none. */
  readonly micro: number;
  readonly granules: readonly number[];
  /** Regions that this one calls directly. */
  readonly linked: ReadonlySet<number>;
  /** Regions that call this one directly. */
  readonly callers: Set<number>;
}

export class RegionCache {
  readonly code: GuestCode;
  readonly translator: Translator;
  private readonly regions = new Map<number, CachedRegion>();
  private readonly byGranule = new Map<number, Set<number>>();
  private readonly alone = new Map<number, RegionFunction>();
  private readonly stepping = new Map<number, RegionFunction>();
  /** Instructions after which the judge is asked; they stay so for good. */
  private readonly judged = new Set<number>();
  private showsFlags = false;
  /** The guest looks at flags across calls and returns (translate/flags-across-calls.ts). */
  private looksAtFlags = false;
  private cold = COLD;
  private hot = HOT;
  private readonly freeSlots: number[] = [];
  private slots = EVALUATOR_SLOT + 1;
  private readonly micro: MicroMemory;
  private readonly hash: RegionHash;

  constructor(
    private readonly memory: GuestMemory,
    private readonly table: WebAssembly.Table,
    environment: Readonly<Record<string, WebAssembly.ExportValue>>,
    stops: CodeStops,
    private readonly store: TranslationStore,
    private readonly hotEntries = HOT_ENTRIES,
    private readonly evaluatedEntries = EVALUATED_ENTRIES,
  ) {
    store.join(this);
    this.code = new GuestCode(memory, stops, (address) => this.isHotEntry(address));
    this.micro = new MicroMemory(memory.bytes);
    this.hash = new RegionHash(memory.view);
    table.set(EVALUATOR_SLOT, environment['evaluate']);
    this.translator = new Translator({
      source: this.code,
      store,
      environment,
      limitBits: () => memory.limitBits,
      judged: this.judged,
      onLooksAtFlags: () => {
        this.looksAtFlags = true;
        this.updateFlags();
      },
      existing: (address) => {
        const cached = this.regions.get(address);
        if (cached === undefined) return undefined;
        return { tier: cached.tier, run: cached.tier === 'hot' ? cached.run : undefined };
      },
    });
  }

  get sites(): ExitSites {
    return this.store.sites;
  }

  private isHotEntry(address: number): boolean {
    return this.regions.get(address)?.tier === 'hot';
  }

  // Finding ------------------------------------------------------------------------------------------------------

  /** The table slot of the region at the address, translating it if need be; 0 where nothing can be executed. */
  resolve(address: number): number {
    let cached = this.regions.get(address);
    if (cached === undefined) cached = this.meet(address);
    else if (cached.tier !== 'hot' && this.hash.isUsedUp(address)) cached = this.improve(address, cached);
    if (cached === undefined) return 0;
    this.writeHash(address, cached);
    return cached.slot;
  }

  /** Code that runs for the first time. */
  private meet(address: number): CachedRegion | undefined {
    if (!this.code.canRun(address)) return undefined;
    if (this.hotEntries === 0) return this.add(address, this.hot);
    if (this.evaluatedEntries === 0) return this.add(address, this.cold);
    const region = this.translator.translateEvaluated(address, this.cold, this.cold.exactFlags);
    const micro = region === undefined ? undefined : this.micro.keep(region.micro);
    if (region === undefined || micro === undefined) return this.add(address, this.cold);
    return this.keep(region.shape, 'evaluated', undefined, new Set(), micro);
  }

  private improve(address: number, cached: CachedRegion): CachedRegion {
    return this.add(address, cached.tier === 'evaluated' ? this.cold : this.hot) ?? cached;
  }

  private add(address: number, limits: BatchLimits): CachedRegion | undefined {
    if (!this.code.canRun(address)) return undefined;
    const translated = this.translator
      .translate([address], limits)
      .filter(({ shape: { entry } }) => entry === address || !this.isHotEntry(entry));
    for (const { shape, run, linked } of translated) {
      const cached = this.keep(shape, limits.isHot ? 'hot' : 'cold', run, linked, 0);
      if (this.hash.has(shape.entry)) this.writeHash(shape.entry, cached);
    }
    for (const { shape, linked } of translated) {
      for (const callee of linked) this.regions.get(callee)?.callers.add(shape.entry);
    }
    return this.regions.get(address);
  }

  /** A loop at the address used a whole quantum up. */
  promote(address: number): void {
    if (this.isHotEntry(address)) return;
    const cached = this.add(address, this.hot);
    if (cached !== undefined) this.writeHash(address, cached);
  }

  private keep(
    shape: RegionShape,
    tier: Tier,
    run: RegionFunction | undefined,
    calls: ReadonlySet<number>,
    micro: number,
  ): CachedRegion {
    const { entry } = shape;
    const previous = this.regions.get(entry);
    const slot = run === undefined ? EVALUATOR_SLOT : this.ownSlot(previous);
    if (run !== undefined) this.table.set(slot, run);
    // Callers may still be bound to the previous function: what that one depends on counts on.
    const granules = [...new Set([...granulesOf(shape), ...(previous?.granules ?? [])])];
    const linked = new Set([...calls, ...(previous?.linked ?? [])]);
    const callers = previous?.callers ?? new Set();
    const cached: CachedRegion = { shape, tier, run, slot, micro, granules, linked, callers };
    this.regions.set(entry, cached);
    for (const granule of granules) {
      let entries = this.byGranule.get(granule);
      if (entries === undefined) {
        entries = new Set();
        this.byGranule.set(granule, entries);
        this.memory.granules.setCode(granule, true);
      }
      entries.add(entry);
    }
    return cached;
  }

  private ownSlot(previous: CachedRegion | undefined): number {
    if (previous !== undefined && previous.slot !== EVALUATOR_SLOT) return previous.slot;
    return this.freeSlots.pop() ?? this.newSlot();
  }

  private newSlot(): number {
    if (this.slots === this.table.length) this.table.grow(this.table.length);
    return this.slots++;
  }

  private writeHash(address: number, { slot, tier, micro }: CachedRegion): void {
    this.hash.write(address, slot, this.entriesOf(tier), micro);
  }

  /** How often a region is entered before it is worth better code. */
  private entriesOf(tier: Tier): number {
    return tier === 'hot' ? NEVER : tier === 'cold' ? this.hotEntries : this.evaluatedEntries;
  }

  /** The instruction's own function; its accesses are logged and its string repetitions done one by one. */
  aloneAt(instruction: Instruction): RegionFunction {
    let run = this.alone.get(instruction.address);
    if (run === undefined) {
      run = this.translator.translateAlone(instruction);
      this.alone.set(instruction.address, run);
      this.markCode(instruction);
    }
    return run;
  }

  /** The same where it is translated already. */
  knownAlone(address: number): RegionFunction | undefined {
    return this.alone.get(address);
  }

  /** From now on the judge is asked right after these, so that their hits need not leave translated code. */
  judgeAfter(instructions: readonly Instruction[]): void {
    const fresh = instructions.filter((each) => !this.judged.has(each.address) && !loadsSegment(each));
    for (const { address } of fresh) this.judged.add(address);
    for (const { address } of fresh) this.invalidate(address, address + 1);
  }

  /** Makes a function callable by its slot in the table. */
  addFunction(run: WebAssembly.ExportValue): number {
    const slot = this.newSlot();
    this.table.set(slot, run);
    return slot;
  }

  /** The function that stops after an exact number of instructions, and at the end of the block. */
  steppingAt(address: number): RegionFunction {
    const known = this.stepping.get(address);
    if (known !== undefined) return known;
    const { run, shape } = this.translator.translateStepping(address, COLD);
    for (const block of shape.blocks.values()) {
      if (block.isStop) this.stepping.set(block.address, run);
      for (const instruction of block.instructions) {
        this.stepping.set(instruction.address, run);
        this.markCode(instruction);
      }
    }
    return run;
  }

  /** Regions of single instructions and blocks are found by their first granule; they are dropped together. */
  private markCode(instruction: Instruction): void {
    for (const granule of [
      instruction.address >>> GRANULE_SHIFT,
      (instruction.address + instruction.length - 1) >>> GRANULE_SHIFT,
    ]) {
      if (this.byGranule.has(granule)) continue;
      this.byGranule.set(granule, new Set());
      this.memory.granules.setCode(granule, true);
    }
  }

  // Dropping -----------------------------------------------------------------------------------------------------

  /** Code in [first, end) changed, or a stop was put there or taken away. */
  invalidate(first: number, end: number): void {
    const from = Math.floor(first / 64);
    const to = Math.floor((end - 1) / 64);
    const isWide = to - from > this.byGranule.size;
    const granules = isWide
      ? [...this.byGranule.keys()].filter((granule) => granule >= from && granule <= to)
      : Array.from({ length: to - from + 1 }, (_, n) => from + n).filter((granule) => this.byGranule.has(granule));
    if (granules.length === 0) return;
    for (const granule of granules) {
      for (const entry of this.byGranule.get(granule) ?? []) this.drop(entry);
      this.byGranule.delete(granule);
      this.memory.granules.setCode(granule, false);
    }
    this.code.forget();
    this.alone.clear();
    this.stepping.clear();
  }

  private drop(entry: number): void {
    const cached = this.regions.get(entry);
    if (cached === undefined) return;
    this.regions.delete(entry);
    if (cached.slot !== EVALUATOR_SLOT) {
      this.table.set(cached.slot, null);
      this.freeSlots.push(cached.slot);
    }
    this.hash.forget(entry);
    for (const granule of cached.granules) this.byGranule.get(granule)?.delete(entry);
    for (const callee of cached.linked) this.regions.get(callee)?.callers.delete(entry);
    for (const caller of cached.callers) this.drop(caller);
  }

  /** Forgets everything. */
  clear(): void {
    for (const entry of [...this.regions.keys()]) this.drop(entry);
    for (const granule of this.byGranule.keys()) this.memory.granules.setCode(granule, false);
    this.byGranule.clear();
    this.code.forget();
    this.alone.clear();
    this.stepping.clear();
  }

  /** Whether stops anywhere show exact flags; a change drops everything. Call where no translated code runs. */
  setExactFlags(exact: boolean): void {
    this.showsFlags = exact;
    this.updateFlags();
  }

  private updateFlags(): void {
    const exactFlags = this.showsFlags || this.looksAtFlags;
    if (this.cold.exactFlags === exactFlags) return;
    this.cold = { ...COLD, exactFlags };
    this.hot = { ...HOT, exactFlags };
    this.clear();
  }

  /** Call where no translated code runs. */
  clearIfLarge(): void {
    if (this.sites.count > MOST_SITES) this.store.clear();
    if (!this.micro.isLarge) return;
    this.clear();
    this.micro.clear();
  }

  dispose(): void {
    this.clear();
    this.store.leave(this);
  }
}

/** MOV SS holds traps back. */
function loadsSegment({ operands }: Instruction): boolean {
  const target = operands.at(0);
  return target?.kind === 'register' && target.file === 'segment';
}

function granulesOf({ blocks }: RegionShape): number[] {
  const granules = new Set<number>();
  for (const block of blocks.values()) {
    if (block.isStop) granules.add(block.address >>> GRANULE_SHIFT);
    for (const { address, length } of block.instructions) {
      granules.add(address >>> GRANULE_SHIFT);
      granules.add((address + length - 1) >>> GRANULE_SHIFT);
    }
  }
  return [...granules];
}

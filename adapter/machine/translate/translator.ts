// translator.ts: turns guest code into WebAssembly functions, several at a time.
//
// A module costs something whatever is in it (tens of microseconds; fast code, which imports functions, ten times that),
// so a region brings the functions that it calls along.

import { assert } from '../../util/assert';
import { encodeModule, type FunctionType } from '../wasm/module';
import type { FunctionBody } from '../wasm/code';
import type { Instruction } from '../decode/instruction';
import { evaluatedHelpers } from '../evaluate/evaluated-region';
import { lookAhead } from './flags-across-calls';
import { HELPERS, REGION_SIGNATURE, REGION_TYPE, importedHelpers, slowArms, tabledHelpers } from './helper-imports';
import { RegionEmitter } from './region-emitter';
import type { RegionPurpose } from './region-options';
import {
  shapeRegion,
  shapeSingle,
  shapeStepping,
  type CodeSource,
  type RegionShape,
  type ShapeLimits,
} from './region-shape';
import type { CodeBytes, TranslationStore } from './translation-store';

/** A translated region: (guest address, count, depth) → count << 32 | next address. */
export type RegionFunction = (address: number, count: number, depth: number) => bigint;

export interface TranslatedRegion {
  readonly shape: RegionShape;
  readonly run: RegionFunction;
  /** Entries of regions that this one calls without asking. */
  readonly linked: ReadonlySet<number>;
}

/** A block for the evaluator. */
export interface EvaluatedRegion {
  readonly shape: RegionShape;
  readonly micro: Uint8Array;
}

/** How far a region has come. */
export type Tier = 'evaluated' | 'cold' | 'hot';

export interface TranslatorOptions {
  readonly source: CodeSource & CodeBytes;
  readonly store: TranslationStore;
  /** `e` of the imports: memory and helpers. */
  readonly environment: Readonly<Record<string, WebAssembly.ExportValue>>;
  readonly limitBits: () => number;
  /** See RegionOptions. */
  readonly judged: ReadonlySet<number>;
  /** The guest looks at flags across calls and returns: from now on flags must be exact. */
  readonly onLooksAtFlags: () => void;
  /** A region translated before; the function is there where it is hot, and worth a direct call. */
  readonly existing: (address: number) => { readonly tier: Tier; readonly run: RegionFunction | undefined } | undefined;
}

export interface BatchLimits extends ShapeLimits {
  readonly isHot: boolean;
  /** See RegionOptions. */
  readonly exactFlags: boolean;
  /** Stop bringing callees along after so many instructions. */
  readonly batchInstructions: number;
}

const TYPES: readonly FunctionType[] = [REGION_SIGNATURE, ...HELPERS];

export class Translator {
  /** Guest instructions translated so far. */
  instructions = 0;

  constructor(private readonly options: TranslatorOptions) {}

  /** The regions at the entries, then those brought along. */
  translate(entries: readonly number[], limits: BatchLimits): readonly TranslatedRegion[] {
    const { isHot, exactFlags } = limits;
    if (isHot || exactFlags) return this.compile(this.shape(entries, limits), 'run', isHot, exactFlags).regions;
    const { source, store } = this.options;
    const limitBits = this.options.limitBits();
    const [first] = entries;
    const stored = store.findModule(first, limitBits, source);
    if (stored !== undefined) return this.regionsOf(stored.shapes, this.instantiate(stored.code, []), new Set());
    const shapes = this.shape(entries, limits);
    const { looks, seen } = lookAhead(source, shapes);
    if (looks) {
      this.options.onLooksAtFlags();
      return this.compile(shapes, 'run', false, true).regions;
    }
    const { regions, module } = this.compile(shapes, 'run', false);
    store.keep(first, { code: module, shapes, limitBits, seen }, source);
    return regions;
  }

  /** The block at the entry as micro-code: soon made, slow to run. Undefined: not worth evaluating. */
  translateEvaluated(entry: number, limits: ShapeLimits, exactFlags: boolean): EvaluatedRegion | undefined {
    const { source, store } = this.options;
    const limitBits = this.options.limitBits();
    const stored = exactFlags ? undefined : store.findMicro(entry, limitBits, source);
    if (stored !== undefined) return { shape: stored.shapes[0], micro: stored.code };
    const shape = shapeStepping(source, entry, limits);
    if (hasLongRepetition(shape)) return undefined;
    if (exactFlags) return { shape, micro: this.evaluated(shape, true) };
    const { looks, seen } = lookAhead(source, [shape]);
    if (looks) {
      this.options.onLooksAtFlags();
      return { shape, micro: this.evaluated(shape, true) };
    }
    const code = this.evaluated(shape, false);
    store.keep(entry, { code, shapes: [shape], limitBits, seen }, source);
    return { shape, micro: code };
  }

  private evaluated(shape: RegionShape, exactFlags: boolean): Uint8Array {
    this.instructions += countInstructions(shape);
    return new RegionEmitter(shape, {
      purpose: 'run',
      limitBits: this.options.limitBits(),
      isHot: false,
      isEvaluated: true,
      judged: this.options.judged,
      helpers: evaluatedHelpers,
      exactFlags,
      sites: this.options.store.sites,
      calleeIndex: () => undefined,
    }).emit().bytes;
  }

  private shape(entries: readonly number[], limits: BatchLimits): RegionShape[] {
    const { source } = this.options;
    const shapes: RegionShape[] = [];
    const queue = [...entries];
    const seen = new Set(queue);
    const asked = new Set(queue);
    let size = 0;
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (!asked.has(next) && (size >= limits.batchInstructions || source.isStop(next))) break;
      if (!asked.has(next) && source.decode(next) === undefined) continue;
      const shape = shapeRegion(source, next, limits);
      shapes.push(shape);
      size += countInstructions(shape);
      for (const callee of shape.callees) {
        if (seen.has(callee) || !this.isWorthBringing(callee, limits.isHot)) continue;
        seen.add(callee);
        queue.push(callee);
      }
    }
    return shapes;
  }

  /** Callees that have run already, and are not as far yet. */
  private isWorthBringing(callee: number, isHot: boolean): boolean {
    const known = this.options.existing(callee);
    return known?.tier === 'evaluated' || (isHot && known?.tier === 'cold');
  }

  /** The region that counts each instruction from the address to the end of its block. */
  translateStepping(entry: number, limits: ShapeLimits): TranslatedRegion {
    return this.compile([shapeStepping(this.options.source, entry, limits)], 'step', false).regions[0];
  }

  /** One instruction, to be run alone. */
  translateAlone(instruction: Instruction): RegionFunction {
    return this.compile([shapeSingle(instruction)], 'alone', false).regions[0].run;
  }

  private compile(shapes: readonly RegionShape[], purpose: RegionPurpose, isHot: boolean, exactFlags = false) {
    const positions = new Map(shapes.map((shape, n) => [shape.entry, n]));
    // Code that runs seldom calls through `go`, which finds out what is hot.
    const imported = isHot ? this.existingCallees(shapes, positions) : new Map<number, RegionFunction>();
    const importedIndex = new Map([...imported.keys()].map((address, n) => [address, HELPERS.length + n]));
    const helpers = isHot ? HELPERS : [];
    const firstOwn = helpers.length + imported.size;
    const calleeIndex = (address: number): number | undefined => {
      const position = isHot ? positions.get(address) : undefined;
      return position === undefined ? importedIndex.get(address) : firstOwn + position;
    };
    const { sites } = this.options.store;
    const calls = isHot ? importedHelpers(firstOwn + shapes.length) : tabledHelpers;
    const limitBits = this.options.limitBits();
    const bodies: FunctionBody[] = shapes.map((shape) => {
      this.instructions += countInstructions(shape);
      return new RegionEmitter(shape, {
        purpose,
        limitBits,
        isHot,
        isEvaluated: false,
        exactFlags,
        sites,
        judged: this.options.judged,
        helpers: calls,
        calleeIndex,
      }).emit();
    });
    const bytes = encodeModule({
      types: TYPES,
      table: !isHot,
      functionImports: [
        ...helpers.map(({ name }, n) => ({ module: 'e', name, type: n + 1 })),
        ...[...imported.keys()].map((_, n) => ({ module: 'r', name: `f${n}`, type: REGION_TYPE })),
      ],
      functions: [...bodies.map((body) => ({ type: REGION_TYPE, body })), ...(isHot ? slowArms() : [])],
    });
    const module = new WebAssembly.Module(
      bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer,
    );
    const bound = new Set(
      shapes.flatMap(({ callees }) => [...callees].filter((callee) => calleeIndex(callee) !== undefined)),
    );
    return { module, regions: this.regionsOf(shapes, this.instantiate(module, [...imported.values()]), bound) };
  }

  private regionsOf(
    shapes: readonly RegionShape[],
    exported: WebAssembly.Exports,
    bound: ReadonlySet<number>,
  ): TranslatedRegion[] {
    return shapes.map((shape, n) => {
      const run = exported[`f${n}`];
      assert(typeof run === 'function', 'a region is exported');
      const linked = new Set([...shape.callees].filter((callee) => bound.has(callee)));
      return { shape, run: run as RegionFunction, linked };
    });
  }

  private instantiate(module: WebAssembly.Module, regions: readonly RegionFunction[]): WebAssembly.Exports {
    const imports: WebAssembly.Imports = {
      e: this.options.environment,
      r: Object.fromEntries(regions.map((region, n) => [`f${n}`, region])),
    };
    return new WebAssembly.Instance(module, imports).exports;
  }

  private existingCallees(
    shapes: readonly RegionShape[],
    positions: ReadonlyMap<number, number>,
  ): Map<number, RegionFunction> {
    const found = new Map<number, RegionFunction>();
    for (const shape of shapes) {
      for (const callee of shape.callees) {
        const known = positions.has(callee) ? undefined : this.options.existing(callee);
        if (known?.run !== undefined) found.set(callee, known.run);
      }
    }
    return found;
  }
}

/** Compares of whole strings are loops in one instruction. */
function hasLongRepetition({ blocks }: RegionShape): boolean {
  for (const { instructions } of blocks.values()) {
    if (instructions.some(({ rep, mnemonic }) => rep !== 'none' && (mnemonic === 'scas' || mnemonic === 'cmps')))
      return true;
  }
  return false;
}

function countInstructions(shape: RegionShape): number {
  let count = 0;
  for (const block of shape.blocks.values()) count += block.instructions.length;
  return count;
}

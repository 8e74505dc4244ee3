// watch-judge.ts: what an access to watched bytes means: nothing, a count, or a stop.
//
// Called between two instructions of the running program, perhaps millions of times: an access that does not matter
// costs no symbol lookup. Changes only the watch's own counters; arms and disarms nothing.

import type { EvaluationContext, Frame, ProgramSymbols, TypeInfo, Value } from '../symbols/program-symbols';
import type { ThreadId, WatchHit } from '../target/target';
import { evaluateCondition } from './condition';
import { actsAtHit, parseHitCondition } from './hit-condition';
import { changedBytes, type TouchedByte } from './hit-part';
import { hex } from '../util/hex';
import { ACCESS_NAMES, accessPlace } from './access-place';
import type { AccessName } from './access-place';
import type { Watch } from './watch';
import { rawType } from './raw-type';
import { placeIn } from './thread-pointer';
import { framesOf } from './watch-target';
import type { WatchPlace, WatchWorld } from './watch-world';
import { baseName } from '../util/base-name';

export interface WatchStop {
  readonly watch: Watch;
  readonly thread: ThreadId;
  readonly instruction: bigint;
  readonly access: 'read' | 'write';
  /** All bytes of the watched place. */
  readonly old: Uint8Array;
  readonly new: Uint8Array;
  readonly changed: boolean;
  /** Of the place's bytes those that changed; where none did, those of the pieces that saw the access. */
  readonly touched: readonly TouchedByte[];
  /** The kernel did it: `read(3, 0x4040a0, 64)`. */
  readonly systemCall?: string;
  /** A condition that could not be evaluated, the first time. */
  readonly trouble?: string;
}

const BACKTRACE_DEPTH = 32;

/** The innermost frames at the access, at most so many; unwound when asked for. */
export type FrameSource = (depth: number) => readonly Frame[];

/** The hits of one instruction on the pieces of one watch. Undefined: go on. */
export function judge(
  watch: Watch,
  thread: ThreadId,
  hits: readonly WatchHit[],
  world: WatchWorld,
  frames: FrameSource,
): WatchStop | undefined {
  const first = hits.at(0);
  if (watch.place === undefined || first === undefined) return undefined;
  const wrote = hits.some(({ access }) => access === 'write');
  const wantsWrites = watch.wish.access === 'change' || watch.wish.access === 'write';
  if (wantsWrites && !wrote) return undefined;
  if (watch.wish.access === 'read' && !hits.some(({ access }) => access === 'read')) return undefined;
  const place = placeIn(thread, watch.place, world);
  const isPast = world.isPast?.(watch) === true;
  if (!isPast) count(watch, thread, first.instruction);
  const changed = wrote && hits.some((hit) => changesPlace(hit, place));
  if (watch.wish.access === 'change' && !changed) return undefined;
  const now = world.memory.read(place.address, place.lengthBytes);
  const old = wrote ? before(now, hits, place) : now;
  if (changed && !isPast) watch.tally.setChange(old, now);
  const stop: WatchStop = {
    watch,
    thread,
    instruction: first.instruction,
    access: wrote ? 'write' : 'read',
    old,
    new: now,
    changed,
    touched: changed ? changedBytes(old, now) : seenBytes(hits, place),
    ...(first.systemCall === undefined ? {} : { systemCall: first.systemCall }),
  };
  return isPast ? metThen(stop, world, frames) : meetsConditions(stop, world, frames);
}

function count(watch: Watch, thread: ThreadId, instruction: bigint): void {
  watch.tally.hits++;
  watch.fast?.noteCounted();
  watch.history.count(thread, Number(instruction));
}

/** In the past nothing is counted: what depends on counts is looked up, and passed over where it is not known. */
function metThen(stop: WatchStop, world: WatchWorld, frames: FrameSource): WatchStop | undefined {
  const { watch } = stop;
  const { condition, hitCondition } = watch.wish;
  if (hitCondition !== undefined || condition?.includes('$hits') === true) {
    const known = watch.history.at(world.target.timeNs);
    return known !== undefined && actsAtHit(parseHitCondition(hitCondition ?? ''), known.sequence) ? stop : undefined;
  }
  const isMet = condition === undefined || conditionOf(condition, stop, world, frames(1).at(0)).kind !== 'false';
  return isMet ? stop : undefined;
}

function meetsConditions(stop: WatchStop, world: WatchWorld, frames: FrameSource): WatchStop | undefined {
  const { watch } = stop;
  const { condition, hitCondition } = watch.wish;
  if (condition !== undefined) {
    const truth = conditionOf(condition, stop, world, frames(1).at(0));
    if (truth.kind === 'false') return undefined;
    if (truth.kind === 'error') {
      met(stop, world, frames);
      const isNew = watch.tally.conditionTrouble !== truth.why;
      watch.tally.conditionTrouble = truth.why;
      return isNew ? { ...stop, trouble: truth.why } : stop;
    }
  }
  met(stop, world, frames);
  return actsAtHit(parseHitCondition(hitCondition ?? ''), watch.matches) ? stop : undefined;
}

/** It counts, and is remembered. */
function met(stop: WatchStop, world: WatchWorld, frames: FrameSource): void {
  const { watch } = stop;
  const { thread, instruction, access, old } = stop;
  watch.tally.matches++;
  const call = stop.systemCall === undefined ? {} : { systemCall: stop.systemCall };
  const entry = {
    timeNs: world.target.timeNs,
    thread,
    instruction: Number(instruction),
    access,
    old,
    new: stop.new,
    ...call,
  };
  watch.history.record(entry, () => frames(BACKTRACE_DEPTH).map((frame) => frameText(frame, world.symbols)));
}

/** `bump at race.c:12`, as far as it is known. */
function frameText(frame: Frame, symbols: ProgramSymbols): string {
  const name = frame.function?.name ?? symbols.symbolize(frame.lookupPc) ?? hex(frame.pc);
  const { location } = frame;
  if (location === undefined) return name;
  return `${name} at ${baseName(location.path)}:${location.line}`;
}

/** In the frame that accessed; names that only the watched local's own frame knows are looked up there. */
function conditionOf(condition: string, stop: WatchStop, world: WatchWorld, frame: Frame | undefined) {
  const context = accessContext(stop, world, frame);
  const truth = evaluateCondition(world.symbols, condition, context);
  const life = stop.watch.place?.frame;
  if (truth.kind !== 'error' || life?.thread !== stop.thread || frame?.cfa === life.cfa) return truth;
  const own = framesOf(world, stop.thread).find((candidate) => !candidate.inlined && candidate.cfa === life.cfa);
  if (own === undefined) return truth;
  const second = evaluateCondition(world.symbols, condition, { ...context, frame: own });
  return second.kind === 'error' ? truth : second;
}

/** Where a condition or a log message of the access is evaluated. */
export function accessContext(stop: WatchStop, world: WatchWorld, frame: Frame | undefined): EvaluationContext {
  return {
    memory: world.memory,
    ...(frame === undefined ? {} : { frame }),
    fsBase: world.target.registers(stop.thread).fsBase,
    convenience: new AccessValues(stop, world.symbols),
  };
}

/** `$old`, … of one access, made when they are asked for. */
class AccessValues extends Map<string, Value> {
  constructor(
    private readonly stop: WatchStop,
    private readonly symbols: ProgramSymbols,
  ) {
    super();
  }

  override get(name: string): Value | undefined {
    const { stop, symbols } = this;
    const { watch, thread, instruction } = stop;
    switch (name as AccessName) {
      case 'old':
        return valueOf(watch, stop.old, symbols);
      case 'new':
        return valueOf(watch, stop.new, symbols);
      case 'thread':
        return integer(BigInt(thread));
      case 'hits':
        return integer(BigInt(watch.hits));
      case 'writer':
        return textValue(stop.systemCall ?? accessPlace(instruction, symbols).writer);
      case 'location':
        return textValue(accessPlace(instruction, symbols).location);
    }
    return undefined;
  }

  override keys(): MapIterator<string> {
    return ACCESS_NAMES.values();
  }
}

function textValue(text: string): Value {
  const bytes = new TextEncoder().encode(`${text}\0`);
  const target: TypeInfo = { kind: 'base', name: 'char', sizeBytes: 1, encoding: 'signedChar' };
  const { length } = bytes;
  const type: TypeInfo = { kind: 'array', name: `char [${length}]`, sizeBytes: length, target, dimensions: [length] };
  return { type, location: { kind: 'value', bytes }, bytes };
}

/** Bytes of the watched place as a value of its type: unsigned where none is known. */
export function valueOf(watch: Watch, bytes: Uint8Array, symbols: ProgramSymbols): Value {
  const { place } = watch;
  const size = place?.lengthBytes ?? bytes.length;
  return {
    type: place?.type ?? rawType(size, symbols),
    location: { kind: 'value', bytes },
    bytes,
    ...(place?.bitOffset === undefined ? {} : { bitOffset: place.bitOffset }),
    ...(place?.bitSize === undefined ? {} : { bitSize: place.bitSize }),
  };
}

function integer(value: bigint): Value {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, value, true);
  return {
    type: { kind: 'base', name: 'long', sizeBytes: 8, encoding: 'signed' },
    location: { kind: 'value', bytes },
    bytes,
  };
}

/** Does the access change a byte (of a bit-field: a bit) of the place? */
function changesPlace(hit: WatchHit, place: WatchPlace): boolean {
  for (let at = 0; at < hit.before.length; at++) {
    const offset = Number(hit.piece.address - place.address) + at;
    if (offset < 0 || offset >= place.lengthBytes) continue;
    const difference = (hit.before[at] ?? 0) ^ (hit.after[at] ?? 0);
    if ((difference & bitsOfByte(place, offset)) !== 0) return true;
  }
  return false;
}

/** The bits of the place's byte that belong to its bit-field; all where it is none. */
function bitsOfByte(place: WatchPlace, offset: number): number {
  if (place.bitSize === undefined) return 0xff;
  const bits = ((1n << BigInt(place.bitSize)) - 1n) << BigInt(place.bitOffset ?? 0);
  return Number((bits >> BigInt(8 * offset)) & 0xffn);
}

/** The bytes of the place that the pieces cover. */
function seenBytes(hits: readonly WatchHit[], place: WatchPlace): readonly TouchedByte[] {
  const offsets = new Set<number>();
  for (const { piece } of hits) {
    for (let at = 0; at < piece.lengthBytes; at++) {
      const offset = Number(piece.address - place.address) + at;
      if (offset >= 0 && offset < place.lengthBytes) offsets.add(offset);
    }
  }
  return [...offsets].sort((a, b) => a - b).map((offset) => ({ offset, bits: 0xff }));
}

/** The place's bytes before the instruction: what is there now with each piece's earlier bytes put back. */
function before(now: Uint8Array, hits: readonly WatchHit[], place: WatchPlace): Uint8Array {
  const old = now.slice();
  for (const hit of hits) {
    for (let at = 0; at < hit.before.length; at++) {
      const offset = Number(hit.piece.address - place.address) + at;
      if (offset >= 0 && offset < old.length) old[offset] = hit.before[at] ?? 0;
    }
  }
  return old;
}

// report-rows.ts: hits put together by line, thread and function.
//
// A hit in code without source (a library's, the kernel's) belongs to the innermost line of source that led there:
// `memcpy ← serve` is who did it and on whose behalf. Pure; the texts are report-text.ts's.

import type { RecordedHit, RecordedPlace, RecordedThread, Recording } from './recording';
import type { SortKey } from './record-options';
import { baseName } from '../../../util/base-name';

/** Hits of one event that have all keys in common. */
export interface ReportRow {
  /** The line of source; undefined where none is known, or where lines are not a key. */
  readonly own: RecordedPlace | undefined;
  /** `memcpy ← serve`. */
  readonly symbol: string;
  readonly thread: RecordedThread | undefined;
  readonly hits: number;
  readonly percent: number;
  /** Stack number → hits. */
  readonly stacks: ReadonlyMap<number, number>;
}

/** Rows of an event, most hits first. */
export function reportRows(recording: Recording, event: number, sort: readonly SortKey[]): readonly ReportRow[] {
  const hits = recording.hits.filter((hit) => hit.event === event);
  const threads = new Map(recording.threads.map((thread) => [thread.id, thread]));
  const origins = recording.stacks.map((stack) => originOf(recording, stack));
  const groups = new Map<string, RecordedHit[]>();
  for (const hit of hits) {
    const key = sort.map((one) => keyOf(one, hit, origins[hit.stack])).join('\0');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [hit]);
    else group.push(hit);
  }
  const rows = [...groups.values()].map((group) => {
    const origin = origins[group[0].stack];
    const stacks = new Map<number, number>();
    for (const { stack } of group) stacks.set(stack, (stacks.get(stack) ?? 0) + 1);
    return {
      own: sort.includes('line') ? origin.own : undefined,
      symbol: origin.symbol,
      thread: sort.includes('thread') ? (threads.get(group[0].thread) ?? nameless(group[0].thread)) : undefined,
      hits: group.length,
      percent: (group.length / hits.length) * 100,
      stacks,
    };
  });
  return rows.sort((a, b) => b.hits - a.hits || (a.own?.line ?? 0) - (b.own?.line ?? 0) || threadOf(a) - threadOf(b));
}

const threadOf = (row: ReportRow): number => row.thread?.id ?? 0;
const nameless = (id: number): RecordedThread => ({ id, process: id, name: '' });

export interface Origin {
  readonly own: RecordedPlace | undefined;
  readonly symbol: string;
}

function originOf(recording: Recording, stack: readonly number[]): Origin {
  const places = stack.map((number) => recording.places[number]);
  const top = places.at(0);
  const own = places.find(({ line }) => line !== undefined);
  if (top === undefined) return { own: undefined, symbol: '' };
  if (own === undefined || own === top) return { own, symbol: nameOf(top) };
  return { own, symbol: `${nameOf(top)} ← ${nameOf(own)}` };
}

/** The function, or the module with an address. */
export function nameOf(place: RecordedPlace): string {
  if (place.function !== undefined) return place.function;
  return place.module === undefined ? place.address : `${baseName(place.module)} ${place.address}`;
}

function keyOf(key: SortKey, hit: RecordedHit, origin: Origin): string {
  switch (key) {
    case 'line':
      return origin.own === undefined ? origin.symbol : `${origin.own.file ?? ''}:${origin.own.line ?? 0}`;
    case 'thread':
      return String(hit.thread);
    case 'sym':
      return origin.symbol;
  }
}

/** A call, with those that led to it. */
export interface CallNode {
  readonly place: RecordedPlace;
  hits: number;
  /** By function and line: several instructions of a line are one call. */
  readonly callers: Map<string, CallNode>;
}

/** Where the hits of some stacks happened, and who called, outwards. */
export function callTree(recording: Recording, stacks: ReadonlyMap<number, number>): readonly CallNode[] {
  const roots = new Map<string, CallNode>();
  for (const [number, hits] of stacks) {
    let level = roots;
    for (const place of recording.stacks[number].map((one) => recording.places[one])) {
      const key = `${nameOf(place)} ${place.file ?? ''}:${place.line ?? 0}`;
      const node = level.get(key) ?? { place, hits: 0, callers: new Map<string, CallNode>() };
      level.set(key, node);
      node.hits += hits;
      level = node.callers;
    }
  }
  return [...roots.values()];
}

/** Rows of the same line (or function) in one, whatever the thread: stack number → hits. */
export function stacksByOrigin(rows: readonly ReportRow[]): ReadonlyMap<string, ReadonlyMap<number, number>> {
  const origins = new Map<string, Map<number, number>>();
  for (const row of rows) {
    const key = `${row.own?.file ?? ''}:${row.own?.line ?? 0} ${row.symbol}`;
    const stacks = origins.get(key) ?? new Map<number, number>();
    origins.set(key, stacks);
    for (const [stack, hits] of row.stacks) stacks.set(stack, (stacks.get(stack) ?? 0) + hits);
  }
  return origins;
}

/** Hits of an event by file and line, for the listing of the sources. */
export function hitsByLine(recording: Recording, event: number): ReadonlyMap<string, ReadonlyMap<number, number>> {
  const files = new Map<string, Map<number, number>>();
  const origins = recording.stacks.map((stack) => originOf(recording, stack).own);
  for (const hit of recording.hits) {
    const own = origins[hit.stack];
    if (hit.event !== event || own?.file === undefined || own.line === undefined) continue;
    const lines = files.get(own.file) ?? new Map<number, number>();
    files.set(own.file, lines);
    lines.set(own.line, (lines.get(own.line) ?? 0) + 1);
  }
  return files;
}

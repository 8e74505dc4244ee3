// content-children.ts: what is beneath a string, a vector, a map or a smart pointer in a tree.
//
// Elements by number, entries of maps by their keys, what a pointer owns; and the layout itself, as `<raw>`.

import type { ChildRange, MemoryReader, Value } from '../../program-symbols';
import type { Child } from '../child';
import type { Step } from '../evaluate-name';
import { integerIn, readValue } from '../read-value';
import { isInteger, sizeOf } from '../strip';
import type { Contents, Entry } from './contents';
import { hex } from '../../../util/hex';

const RAW = '<raw>';
/** Elements shown where no range is asked for. */
const DEFAULT_COUNT = 1000;

export function countContents(contents: Contents): { readonly named: number; readonly indexed: number } {
  switch (contents.kind) {
    case 'elements':
    case 'entries':
    case 'text':
      return { named: 1, indexed: contents.count };
    case 'inner':
      return { named: 2, indexed: 0 };
    case 'owner':
      return { named: contents.target === undefined ? 1 : 2, indexed: 0 };
    case 'nothing':
      return { named: 1, indexed: 0 };
  }
}

/** Where no kind is asked for, the layout comes last. */
export function contentChildren(
  value: Value,
  contents: Contents,
  memory: MemoryReader,
  range?: ChildRange,
): readonly Child[] {
  const raw: Child = { name: RAW, value: { ...value, isRaw: true }, step: { kind: 'anonymous', arrow: false } };
  const named = [...namedIn(contents), raw];
  if (range === undefined) return [...indexedIn(contents, memory, { start: 0, count: DEFAULT_COUNT }), ...named];
  const wanted = { start: Math.max(0, range.start), count: Math.max(0, range.count) };
  if (range.kind === 'named') return named.slice(wanted.start, wanted.start + wanted.count);
  const indexed = indexedIn(contents, memory, wanted);
  if (range.kind === 'indexed') return indexed;
  const before = countContents(contents).indexed;
  const from = Math.max(0, wanted.start - before);
  return [...indexed, ...named.slice(from, Math.max(from, wanted.start + wanted.count - before))];
}

function namedIn(contents: Contents): readonly Child[] {
  if (contents.kind === 'inner') {
    return [{ name: 'value', value: contents.value, step: { kind: 'path', before: '', path: contents.path } }];
  }
  if (contents.kind !== 'owner' || contents.target === undefined) return [];
  const before = contents.path.includes('->') ? '' : '*';
  return [{ name: '*', value: contents.target, step: { kind: 'path', before, path: contents.path } }];
}

function indexedIn(contents: Contents, memory: MemoryReader, { start, count }: ChildRange): readonly Child[] {
  switch (contents.kind) {
    case 'elements':
      return numbered(start, Math.min(start + count, contents.count), (index) =>
        readValue(contents.type, { kind: 'memory', address: contents.addressOf(index) }, { memory }),
      );
    case 'text': {
      const size = BigInt(Math.max(1, sizeOf(contents.unit)));
      return numbered(start, Math.min(start + count, contents.count), (index) =>
        readValue(contents.unit, { kind: 'memory', address: contents.address + BigInt(index) * size }, { memory }),
      );
    }
    case 'entries':
      return walked(contents, start, start + count);
    case 'inner':
    case 'owner':
    case 'nothing':
      return [];
  }
}

function numbered(from: number, to: number, at: (index: number) => Value): readonly Child[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, n) => {
    const index = from + n;
    return { name: `[${index}]`, value: at(index), step: { kind: 'element', index } };
  });
}

function walked({ walk }: Contents & { kind: 'entries' }, from: number, to: number): readonly Child[] {
  const children: Child[] = [];
  let index = 0;
  for (const entry of walk()) {
    if (index >= to) break;
    if (index >= from) children.push(childOf(entry, index));
    index++;
  }
  return children;
}

/** A map's entry is found by its key where that is a number; others by where they lie. */
function childOf({ key, value }: Entry, index: number): Child {
  if (key === undefined) return { name: `[${index}]`, value, step: { kind: 'element', index } };
  if (isInteger(key.type) && key.error === undefined) {
    const number = integerIn(key);
    return { name: `[${number}]`, value, step: { kind: 'element', index: Number(number) } };
  }
  return { name: `[${index}]`, value, step: placeOf(value) };
}

function placeOf({ type, location }: Value): Step {
  if (location.kind !== 'memory') return { kind: 'absolute', expression: '' };
  return { kind: 'absolute', expression: `*(${type.name} *)${hex(location.address)}` };
}

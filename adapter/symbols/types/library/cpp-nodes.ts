// cpp-nodes.ts: C++'s containers made of nodes: lists, trees, hash tables, deques, as libstdc++ lays them out.
//
// Walks are cut where the container's own count ends, or the memory is no such container (any more).

import type { MemoryReader, TypeInfo, Value } from '../../program-symbols';
import { addressIn } from '../read-value';
import { sizeOf, strip } from '../strip';
import type { Contents, Entry } from './contents';
import { addressOfValue, numberAt, part, pointerAt, valueAt, wordAt } from './paths';

/** Longer walks are loops in damaged memory. */
const MOST_STEPS = 1 << 16;

/** A pair's two halves as key and value. */
function entryAt(type: TypeInfo, address: bigint, isMap: boolean, memory: MemoryReader): Entry {
  const whole = valueAt(type, address, memory);
  const key = isMap ? part(whole, 'first', memory) : undefined;
  const value = isMap ? part(whole, 'second', memory) : undefined;
  return key === undefined || value === undefined ? { value: whole } : { key, value };
}

/** Follows the first word of each node, from the one at `first` until `end`. */
function* chain(first: bigint, end: bigint, memory: MemoryReader): Iterable<bigint> {
  let at = first;
  for (let steps = 0; at !== end && at !== 0n && steps < MOST_STEPS; steps++) {
    yield at;
    at = wordAt(at, memory);
  }
}

export function list(value: Value, memory: MemoryReader): Contents | undefined {
  const head = part(value, '_M_impl._M_node', memory);
  const type = strip(value.type).typeArguments?.at(0);
  const end = head && addressOfValue(head);
  if (type === undefined || end === undefined) return undefined;
  const nodes = (): Iterable<bigint> => chain(wordAt(end, memory), end, memory);
  const walk = function* (): Iterable<Entry> {
    for (const node of nodes()) yield { value: valueAt(type, node + 16n, memory) };
  };
  return { kind: 'entries', count: numberAt(value, '_M_impl._M_node._M_size', memory) ?? [...nodes()].length, walk };
}

export function forwardList(value: Value, memory: MemoryReader): Contents | undefined {
  const first = pointerAt(value, '_M_impl._M_head._M_next', memory);
  const type = strip(value.type).typeArguments?.at(0);
  if (type === undefined || first === undefined) return undefined;
  const walk = function* (): Iterable<Entry> {
    for (const node of chain(addressIn(first), 0n, memory)) yield { value: valueAt(type, node + 8n, memory) };
  };
  return { kind: 'entries', count: [...walk()].length, walk };
}

/** Elements in blocks, which a table of pointers leads to. */
export function deque(value: Value, memory: MemoryReader): Contents | undefined {
  const at = (path: string): bigint | undefined => {
    const pointer = pointerAt(value, `_M_impl.${path}`, memory);
    return pointer && addressIn(pointer);
  };
  const type = strip(value.type).typeArguments?.at(0);
  const start = { cur: at('_M_start._M_cur'), first: at('_M_start._M_first'), last: at('_M_start._M_last') };
  const blocks = { first: at('_M_start._M_node'), last: at('_M_finish._M_node') };
  const finish = { cur: at('_M_finish._M_cur'), first: at('_M_finish._M_first') };
  const known = [start.cur, start.first, start.last, blocks.first, blocks.last, finish.cur, finish.first];
  if (type === undefined || sizeOf(type) === 0 || known.includes(undefined)) return undefined;
  const size = BigInt(sizeOf(type));
  const perBlock = ((start.last ?? 0n) - (start.first ?? 0n)) / size;
  if (perBlock <= 0n) return undefined;
  const before = ((start.cur ?? 0n) - (start.first ?? 0n)) / size;
  const table = blocks.first ?? 0n;
  const whole = (((blocks.last ?? 0n) - table) / 8n) * perBlock;
  const count = Number(whole - before + ((finish.cur ?? 0n) - (finish.first ?? 0n)) / size);
  const addressOf = (index: number): bigint => {
    const position = before + BigInt(index);
    return wordAt(table + (position / perBlock) * 8n, memory) + (position % perBlock) * size;
  };
  return { kind: 'elements', type, count, addressOf };
}

// A node of the tree: colour, then parent, left and right; then the value.
const PARENT = 8n;
const LEFT = 16n;
const RIGHT = 24n;
const TREE_VALUE = 32n;

export function tree(value: Value, memory: MemoryReader, isMap: boolean): Contents | undefined {
  const own = part(value, '_M_t', memory);
  const header = own && part(own, '_M_impl._M_header', memory);
  const end = header && addressOfValue(header);
  const type = own && strip(own.type).typeArguments?.at(1);
  const count = own && numberAt(own, '_M_impl._M_node_count', memory);
  if (end === undefined || type === undefined || count === undefined) return undefined;
  const walk = function* (): Iterable<Entry> {
    let node = wordAt(end + LEFT, memory);
    for (let n = 0; n < Math.min(count, MOST_STEPS) && node !== 0n && node !== end; n++) {
      yield entryAt(type, node + TREE_VALUE, isMap, memory);
      node = successor(node, memory);
    }
  };
  return { kind: 'entries', count, countPath: '_M_t._M_impl._M_node_count', walk };
}

function successor(node: bigint, memory: MemoryReader): bigint {
  let at = wordAt(node + RIGHT, memory);
  let steps = 0;
  if (at !== 0n) {
    for (let left = wordAt(at + LEFT, memory); left !== 0n && steps++ < 64; left = wordAt(at + LEFT, memory)) at = left;
    return at;
  }
  at = node;
  let parent = wordAt(at + PARENT, memory);
  while (parent !== 0n && at === wordAt(parent + RIGHT, memory) && steps++ < 64) {
    at = parent;
    parent = wordAt(at + PARENT, memory);
  }
  return parent;
}

export function hashTable(value: Value, memory: MemoryReader, isMap: boolean): Contents | undefined {
  const own = part(value, '_M_h', memory);
  const first = own && pointerAt(own, '_M_before_begin._M_nxt', memory);
  const type = own && strip(own.type).typeArguments?.at(1);
  const count = own && numberAt(own, '_M_element_count', memory);
  if (first === undefined || type === undefined || count === undefined) return undefined;
  const walk = function* (): Iterable<Entry> {
    for (const node of chain(addressIn(first), 0n, memory)) yield entryAt(type, node + 8n, isMap, memory);
  };
  return { kind: 'entries', count, countPath: '_M_h._M_element_count', walk };
}

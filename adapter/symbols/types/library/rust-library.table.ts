// rust-library.table.ts: the types of Rust's standard library, as the debug information lays them out.
//
// Truth: the members' names in the debug information of rustc 1.70 and later.

import type { MemoryReader, TypeInfo, Value } from '../../program-symbols';
import { addressIn } from '../read-value';
import { sizeOf, strip } from '../strip';
import type { Contents, Entry, LibraryType } from './contents';
import { aside, firstPointer, inARow, numberAt, part, pointerAt, valueAt, wordAt } from './paths';

type Reading = (value: Value, memory: MemoryReader) => Contents | undefined;

export const RUST_LIBRARY: readonly LibraryType[] = [
  { name: /^(?:&(?:mut )?|\*(?:const|mut) )str$|^alloc::(?:boxed::Box|rc::Rc|sync::Arc)<str[,>]/, contents: text },
  { name: /^(?:&(?:mut )?|\*(?:const|mut) )\[|^alloc::boxed::Box<\[/, contents: slice },
  { name: /^alloc::string::String$/, contents: textOf('vec') },
  { name: /^std::ffi::os_str::OsString$/, contents: textOf('inner.inner') },
  { name: /^std::path::PathBuf$/, contents: textOf('inner.inner.inner') },
  { name: /^alloc::vec::Vec</, contents: vec },
  { name: /^alloc::collections::vec_deque::VecDeque</, contents: ring },
  { name: /^alloc::(?:rc::Rc|sync::Arc)</, contents: counted },
  { name: /^core::cell::(?:Cell|UnsafeCell)</, contents: wrapper('value.value', 'value') },
  { name: /^core::sync::atomic::Atomic/, contents: wrapper('v.value', 'v') },
  { name: /^core::ptr::(?:non_null::NonNull|unique::Unique)</, contents: wrapper('pointer') },
  { name: /^core::mem::manually_drop::ManuallyDrop</, contents: wrapper('value') },
  {
    name: /^core::num::(?:nonzero::NonZero|wrapping::Wrapping|saturating::Saturating)/,
    contents: wrapper('__0.__0', '__0'),
  },
  { name: /^core::num::niche_types::|^core::num::nonzero::/, contents: wrapper('__0') },
  { name: /^std::collections::hash::map::HashMap</, contents: hashed('base.table', true) },
  { name: /^std::collections::hash::set::HashSet</, contents: hashed('base.map.table', false) },
  { name: /^alloc::collections::btree::map::BTreeMap</, contents: sorted('', true) },
  { name: /^alloc::collections::btree::set::BTreeSet</, contents: sorted('map', false) },
];

function text(value: Value, memory: MemoryReader): Contents | undefined {
  const start = pointerAt(value, 'data_ptr', memory);
  const unit = start && strip(start.type).target;
  const count = numberAt(value, 'length', aside(memory));
  if (start === undefined || unit === undefined || count === undefined) return undefined;
  return { kind: 'text', unit, address: addressIn(start), count };
}

function slice(value: Value, memory: MemoryReader): Contents | undefined {
  const start = pointerAt(value, 'data_ptr', memory);
  return start && inARow(strip(start.type).target, addressIn(start), numberAt(value, 'length', aside(memory)));
}

/** The elements' pointer says no type any more. */
function vec(value: Value, memory: MemoryReader): Contents | undefined {
  const buffer = part(value, 'buf', memory);
  const start = buffer && firstPointer(buffer, memory);
  return (
    start && inARow(strip(value.type).typeArguments?.at(0), addressIn(start), numberAt(value, 'len', aside(memory)))
  );
}

/** A vector of the text's bytes. */
function textOf(path: string): Reading {
  return (value, memory) => {
    const inner = part(value, path, memory);
    const contents = inner && vec(inner, memory);
    if (contents?.kind !== 'elements') return undefined;
    return { kind: 'text', unit: contents.type, address: contents.addressOf(0), count: contents.count };
  };
}

function ring(value: Value, memory: MemoryReader): Contents | undefined {
  const buffer = part(value, 'buf', memory);
  const start = buffer && firstPointer(buffer, memory);
  const head = numberAt(value, 'head', memory);
  const capacity = numberAt(value, 'buf.inner.cap.__0', memory) ?? numberAt(value, 'buf.cap', memory);
  const row = start && inARow(strip(value.type).typeArguments?.at(0), addressIn(start), numberAt(value, 'len', memory));
  if (row === undefined || head === undefined || capacity === undefined || capacity === 0) return row;
  return { ...row, addressOf: (index) => row.addressOf((head + index) % capacity) };
}

/** What an `Rc` or `Arc` owns lies behind its counts. */
function counted(value: Value, memory: MemoryReader): Contents | undefined {
  const pointer = pointerAt(value, 'ptr.pointer', memory);
  const block = pointer && strip(pointer.type).target;
  const address = pointer && addressIn(pointer);
  if (block === undefined || address === undefined) return undefined;
  if (address === 0n && memory.isImagined !== true) return undefined;
  const whole = valueAt(block, address, memory);
  const name = ['value', 'data'].find((each) => part(whole, each, memory) !== undefined);
  if (name === undefined) return undefined;
  return { kind: 'owner', address, target: part(whole, name, memory), path: `.ptr.pointer->${name}` };
}

/** What lies at the first of the paths that is there. */
function wrapper(...paths: readonly string[]): Reading {
  return (value, memory) => {
    for (const path of paths) {
      const inner = part(value, path, memory);
      if (inner !== undefined) return { kind: 'inner', value: inner, path: `.${path}` };
    }
    return undefined;
  };
}

/** The two halves of a tuple as key and value. */
function entryOf(pair: Value, isMap: boolean, memory: MemoryReader): Entry {
  const key = part(pair, '__0', memory);
  const value = isMap ? part(pair, '__1', memory) : key;
  if (key === undefined || value === undefined) return { value: pair };
  return isMap ? { key, value } : { value };
}

const MOST_BUCKETS = 1 << 20;

/** hashbrown: a byte of control for each bucket, and the buckets below them, the first one uppermost. */
function hashed(path: string, isMap: boolean): Reading {
  return (value, memory) => {
    const own = part(value, path, memory);
    const type = own && strip(own.type).typeArguments?.at(0);
    const control = own && firstPointer(own, memory);
    const mask = own && numberAt(own, 'table.bucket_mask', memory);
    const count = own && numberAt(own, 'table.items', memory);
    if (type === undefined || control === undefined || mask === undefined || count === undefined) return undefined;
    const from = addressIn(control);
    const walk = function* (): Iterable<Entry> {
      let left = count;
      const bytes = memory.read(from, Math.min(mask + 1, MOST_BUCKETS));
      for (let at = 0; at < bytes.length && left > 0; at++) {
        if (((bytes[at] ?? 0x80) & 0x80) !== 0) continue;
        left--;
        yield entryOf(valueAt(type, from - BigInt((at + 1) * sizeOf(type)), memory), isMap, memory);
      }
    };
    return { kind: 'entries', count, countPath: `${path}.table.items`, walk };
  };
}

/** A B-tree's node: `keys`, `vals` and `len`; an inner one has its edges behind that. */
function sorted(path: string, isMap: boolean): Reading {
  return (value, memory) => {
    const own = path === '' ? value : part(value, path, memory);
    const count = own && numberAt(own, 'length', memory);
    if (own === undefined || count === undefined) return undefined;
    const root = part(own, 'root.Some.__0', memory);
    const height = root && numberAt(root, 'height', memory);
    const node = root && firstPointer(root, memory);
    const leaf = node && strip(node.type).target;
    if (height === undefined || node === undefined || leaf === undefined) return undefined;
    const walk = (): Iterable<Entry> => (count === 0 ? [] : inOrder({ leaf, isMap, memory }, addressIn(node), height));
    return { kind: 'entries', count, countPath: [path, 'length'].filter((each) => each !== '').join('.'), walk };
  };
}

interface SortedTree {
  readonly leaf: TypeInfo;
  readonly isMap: boolean;
  readonly memory: MemoryReader;
}

const MOST_KEYS = 11;

function* inOrder(sought: SortedTree, address: bigint, height: number): Iterable<Entry> {
  const { leaf, isMap, memory } = sought;
  const node = valueAt(leaf, address, memory);
  const length = numberAt(node, 'len', memory) ?? 0;
  const edges = address + BigInt(Math.ceil(sizeOf(leaf) / 8) * 8);
  const [keyType, valueType] = strip(leaf).typeArguments ?? [];
  const places = ['keys', 'vals'].map((name) => part(node, name, memory)?.location);
  const at = (which: 0 | 1, type: TypeInfo, index: number): Value | undefined => {
    const place = places[which];
    return place?.kind === 'memory' ? valueAt(type, place.address + BigInt(index * sizeOf(type)), memory) : undefined;
  };
  for (let index = 0; index <= Math.min(length, MOST_KEYS) && height < 16; index++) {
    if (height > 0) yield* inOrder(sought, wordAt(edges + BigInt(8 * index), memory), height - 1);
    if (index >= length) continue;
    const key = at(0, keyType, index);
    const value = isMap ? at(1, valueType, index) : undefined;
    if (key !== undefined) yield value === undefined ? { value: key } : { key, value };
  }
}

// cpp-library.table.ts: the types of C++'s standard library as libstdc++ lays them out.
//
// Truth: the members' names in the debug information of programs that gcc 8 and later made.

import type { MemoryReader, Value } from '../../program-symbols';
import { pointerTo } from '../base-types';
import { findMember } from '../find-member';
import { addressIn, memberValue, partOf, readValue } from '../read-value';
import { isPointer, isStruct, sizeOf, strip } from '../strip';
import type { Contents, LibraryType } from './contents';
import { deque, forwardList, hashTable, list, tree } from './cpp-nodes';
import { addressOfValue, aside, firstPointer, inARow, numberAt, part, pointerAt, valueAt } from './paths';

export const CPP_LIBRARY: readonly LibraryType[] = [
  { name: /^std::(?:__cxx11::)?basic_string</, contents: string },
  { name: /^std::basic_string_view</, contents: text('_M_str', '_M_len') },
  { name: /^std::(?:__debug::)?vector<bool[,>]/, contents: bitVector },
  { name: /^std::(?:__debug::)?vector</, contents: vector },
  { name: /^std::span</, contents: span },
  { name: /^std::function</, contents: functionHeld },
  { name: /^std::any$/, contents: anyHeld },
  { name: /^std::initializer_list</, contents: counted('_M_array', '_M_len') },
  { name: /^std::array</, contents: wrapper('_M_elems') },
  { name: /^std::(?:stack|queue|priority_queue)</, contents: wrapper('c') },
  { name: /^std::atomic</, contents: wrapper('_M_i', '_M_base._M_i', '_M_b._M_p', '_M_fp') },
  { name: /^(?:std::__atomic_base<|std::__atomic_float<)/, contents: wrapper('_M_i', '_M_fp') },
  { name: /^std::atomic_flag$/, contents: wrapper('_M_i') },
  { name: /^std::chrono::duration</, contents: wrapper('__r') },
  { name: /^__gnu_cxx::__normal_iterator</, contents: wrapper('_M_current') },
  { name: /^std::unique_ptr</, contents: uniquePointer },
  { name: /^std::(?:shared_ptr|weak_ptr|__shared_ptr|__weak_ptr)</, contents: owner('_M_ptr') },
  { name: /^std::reference_wrapper</, contents: owner('_M_data') },
  { name: /^std::optional</, contents: optional },
  { name: /^std::variant</, contents: variant },
  { name: /^std::tuple</, contents: tuple },
  { name: /^std::(?:__cxx11::)?(?:list)</, contents: unfollowed(list) },
  { name: /^std::forward_list</, contents: unfollowed(forwardList) },
  { name: /^std::deque</, contents: deque },
  { name: /^std::(?:map|multimap)</, contents: unfollowed((value, memory) => tree(value, memory, true)) },
  { name: /^std::(?:set|multiset)</, contents: unfollowed((value, memory) => tree(value, memory, false)) },
  { name: /^std::unordered_(?:multi)?map</, contents: unfollowed((value, memory) => hashTable(value, memory, true)) },
  { name: /^std::unordered_(?:multi)?set</, contents: unfollowed((value, memory) => hashTable(value, memory, false)) },
];

type Reading = (value: Value, memory: MemoryReader) => Contents | undefined;

const characters = text('_M_dataplus._M_p', '_M_string_length');

/** clang leaves the type out that holds the pointer alone: it is the first word of it. */
function string(value: Value, memory: MemoryReader): Contents | undefined {
  const known = characters(value, memory);
  const unit = strip(value.type).typeArguments?.at(0);
  const holder = known === undefined ? findMember(value.type, '_M_dataplus') : undefined;
  if (holder === undefined || unit === undefined) return known;
  const type = pointerTo(unit);
  const pointer = readValue(type, partOf(value, holder.offsetBytes, type).location, { memory });
  const count = numberAt(value, '_M_string_length', aside(memory));
  if (pointer.error !== undefined || count === undefined) return undefined;
  return { kind: 'text', unit, address: addressIn(pointer), count };
}

function text(pointer: string, length: string): Reading {
  return (value, memory) => {
    const start = pointerAt(value, pointer, memory);
    const count = numberAt(value, length, aside(memory));
    const unit = start && strip(start.type).target;
    if (start === undefined || unit === undefined || count === undefined) return undefined;
    return { kind: 'text', unit, address: addressIn(start), count };
  };
}

function counted(pointer: string, length: string): Reading {
  return (value, memory) => {
    const start = pointerAt(value, pointer, memory);
    return start && inARow(strip(start.type).target, addressIn(start), numberAt(value, length, aside(memory)));
  };
}

/** Nodes stay where they are until they are erased: the way through the others need not be watched. */
function unfollowed(reading: Reading): Reading {
  return (value, memory) => reading(value, aside(memory));
}

const dynamicSpan = counted('_M_ptr', '_M_extent._M_extent_value');

/** One whose length is part of its type keeps none. */
function span(value: Value, memory: MemoryReader): Contents | undefined {
  const dynamic = dynamicSpan(value, memory);
  const length = /, (\d{1,9})(?:ul)?>$/.exec(strip(value.type).name)?.[1];
  const start = dynamic === undefined && length !== undefined ? pointerAt(value, '_M_ptr', memory) : undefined;
  return dynamic ?? (start && inARow(strip(start.type).target, addressIn(start), Number(length)));
}

/** What it calls is known by the function that calls it: `std::_Function_handler<int(int), main()::<lambda(int)>>`. */
function functionHeld(value: Value, memory: MemoryReader): Contents | undefined {
  const manager = pointerAt(value, '_M_manager', memory);
  const invoker = part(value, '_M_invoker', memory);
  if (manager === undefined || invoker === undefined) return undefined;
  if (addressIn(manager) === 0n && memory.isImagined !== true) return { kind: 'nothing', text: 'empty' };
  return { kind: 'inner', value: invoker, path: '._M_invoker' };
}

function anyHeld(value: Value, memory: MemoryReader): Contents | undefined {
  const manager = pointerAt(value, '_M_manager', memory);
  const isEmpty = manager !== undefined && addressIn(manager) === 0n && memory.isImagined !== true;
  return isEmpty ? { kind: 'nothing', text: 'empty' } : undefined;
}

/** Bits in words of eight bytes, from a bit of the first to a bit of the last. */
function bitVector(value: Value, memory: MemoryReader): Contents | undefined {
  const bitAt = (path: string, way: MemoryReader): bigint | undefined => {
    const word = pointerAt(value, `${path}._M_p`, way);
    const offset = numberAt(value, `${path}._M_offset`, aside(memory));
    return word === undefined || offset === undefined ? undefined : addressIn(word) * 8n + BigInt(offset);
  };
  const first = bitAt('_M_impl._M_start', memory);
  const last = bitAt('_M_impl._M_finish', aside(memory));
  const type = strip(value.type).typeArguments?.at(0);
  if (first === undefined || last === undefined || type === undefined || memory.isImagined === true) return undefined;
  const bits = function* (): Iterable<{ readonly value: Value }> {
    for (let at = first; at < last; at++) {
      const location = { kind: 'memory', address: at / 8n } as const;
      yield { value: readValue(type, location, { memory }, { bitOffset: Number(at % 8n), bitSize: 1 }) };
    }
  };
  return { kind: 'entries', count: Number(last - first), walk: bits };
}

function vector(value: Value, memory: MemoryReader): Contents | undefined {
  const start = pointerAt(value, '_M_impl._M_start', memory);
  const finish = pointerAt(value, '_M_impl._M_finish', aside(memory));
  const type = start && strip(start.type).target;
  if (start === undefined || finish === undefined || type === undefined || sizeOf(type) === 0) return undefined;
  return inARow(type, addressIn(start), Number(addressIn(finish) - addressIn(start)) / sizeOf(type));
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

function owner(path: string): Reading {
  return (value, memory) => {
    const pointer = pointerAt(value, path, memory);
    return pointer && ownerOf(pointer, `.${path}`, memory);
  };
}

function ownerOf(pointer: Value, path: string, memory: MemoryReader): Contents {
  const target = strip(pointer.type).target;
  const address = addressIn(pointer);
  const isThere = target !== undefined && sizeOf(target) > 0 && (address !== 0n || memory.isImagined === true);
  return { kind: 'owner', address, path, target: isThere ? valueAt(target, address, memory) : undefined };
}

/** The deleter may come first, and may be a pointer, too, but never before the pointer itself in the tuple's order. */
function uniquePointer(value: Value, memory: MemoryReader): Contents | undefined {
  const heads = headsOf(value, memory, 0);
  const pointer = heads.get(0) ?? firstPointer(value, memory);
  if (pointer === undefined || !isPointer(pointer.type)) return undefined;
  return ownerOf(pointer, '._M_t._M_t._M_head_impl', memory);
}

function optional(value: Value, memory: MemoryReader): Contents | undefined {
  const engaged = numberAt(value, '_M_payload._M_engaged', memory);
  const path = '_M_payload._M_payload._M_value';
  const inner = part(value, path, memory);
  if (engaged === undefined || inner === undefined) return undefined;
  return engaged === 0 ? { kind: 'nothing', text: 'nullopt' } : { kind: 'inner', value: inner, path: `.${path}` };
}

function variant(value: Value, memory: MemoryReader): Contents | undefined {
  const index = numberAt(value, '_M_index', memory);
  if (index === undefined) return undefined;
  if (index > 64) return { kind: 'nothing', text: 'valueless' };
  const path = `_M_u.${'_M_rest.'.repeat(index)}_M_first._M_storage`;
  const storage = part(value, path, memory);
  if (storage === undefined) return undefined;
  return { kind: 'inner', path: `.${path}`, value: unwrapped(storage, memory) };
}

/** A buffer of bytes that is said to hold a value. */
function unwrapped(storage: Value, memory: MemoryReader): Value {
  const type = strip(storage.type);
  const held = /^__gnu_cxx::__aligned_(?:membuf|buffer)</.test(type.name) ? type.typeArguments?.at(0) : undefined;
  const address = addressOfValue(storage);
  return held === undefined || address === undefined ? storage : valueAt(held, address, memory);
}

function tuple(value: Value, memory: MemoryReader): Contents {
  const heads = headsOf(value, memory, 0);
  const values = [...heads].sort(([one], [two]) => one - two).map(([, each]) => ({ value: each }));
  return { kind: 'entries', count: values.length, walk: () => values };
}

/** The elements of a tuple by number. */
function headsOf(value: Value, memory: MemoryReader, depth: number): ReadonlyMap<number, Value> {
  const heads = new Map<number, Value>();
  for (const member of depth > 64 ? [] : (strip(value.type).members ?? [])) {
    if (!isStruct(member.type)) continue;
    const inner = memberValue(value, member, { memory });
    const number = /^std::_Head_base<(\d+)/.exec(strip(member.type).name)?.[1];
    if (number !== undefined) heads.set(Number(number), part(inner, '_M_head_impl', memory) ?? inner);
    else for (const [at, each] of headsOf(inner, memory, depth + 1)) heads.set(at, each);
  }
  return heads;
}

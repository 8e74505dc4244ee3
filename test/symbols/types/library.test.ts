// library.test.ts: what types of the standard libraries mean, where their layouts are as expected and where not.

import * as assert from 'node:assert';
import type { MemberInfo, TypeInfo, Value } from '../../../adapter/symbols/program-symbols';
import * as types from '../../../adapter/symbols/types/base-types';
import { childrenOf, countChildren } from '../../../adapter/symbols/types/children';
import { childExpression } from '../../../adapter/symbols/types/evaluate-name';
import { formatChange } from '../../../adapter/symbols/types/format-change';
import { formatValue } from '../../../adapter/symbols/types/format-value';
import { memoryWith } from '../../../adapter/symbols/types/memory-with';
import { int, long, member } from '../expression/fake-program';
import { memoryAt } from './sample-types';

const { arrayOf, CHAR, INT, pointerTo, UNSIGNED_CHAR, UNSIGNED_LONG } = types;

const struct = (name: string, sizeBytes: number, members: readonly MemberInfo[], ...args: TypeInfo[]): TypeInfo => ({
  kind: 'struct',
  name,
  sizeBytes,
  members,
  typeArguments: args,
});

// As libstdc++ lays a string out: pointer, length, then characters or a capacity.
const STRING = struct('std::__cxx11::basic_string<char>', 32, [
  member('_M_dataplus', struct('_Alloc_hider', 8, [member('_M_p', pointerTo(CHAR), 0)]), 0),
  member('_M_string_length', UNSIGNED_LONG, 8),
  member('_M_local_buf', arrayOf(CHAR, 16), 16),
]);
const START = ['_M_start', '_M_finish', '_M_end_of_storage'];
const IMPL = struct(
  '_Vector_impl',
  24,
  START.map((name, at) => member(name, pointerTo(INT), 8 * at)),
);
const VECTOR = struct('std::vector<int>', 24, [member('_M_impl', IMPL, 0)]);
// As rustc lays a Vec out: capacity and a pointer that knows no type, then the length.
const RAW = struct('RawVec', 16, [member('cap', UNSIGNED_LONG, 0), member('ptr', pointerTo(UNSIGNED_CHAR), 8)]);
const VEC = struct(
  'alloc::vec::Vec<i32, alloc::alloc::Global>',
  24,
  [member('buf', RAW, 0), member('len', UNSIGNED_LONG, 16)],
  INT,
);

const HEAP = 0x5000n;
const memory = memoryAt(HEAP, int(10, 20, 30));
const bytesOf = (...words: bigint[]): Uint8Array => Uint8Array.from(words.flatMap((word) => [...long(word)]));
const at = (type: TypeInfo, bytes: Uint8Array): Value => ({
  type,
  location: { kind: 'memory', address: 0x100n },
  bytes,
});
const vector = at(VECTOR, bytesOf(HEAP, HEAP + 12n, HEAP + 16n));
const vec = at(VEC, bytesOf(4n, HEAP, 3n));

/** The bytes of a header where it lies, and the heap. */
const around = (header: Value) =>
  memoryWith(header.bytes, 0x100n, { read: (address, length) => memory.read(address, length) });
const withHeader = (header: Value) => ({
  read: (address: bigint, length: number) =>
    address >= HEAP ? memory.read(address, length) : around(header).sure.read(address, length),
});

describe('types of the standard libraries', () => {
  it('are shown as what they hold', () => {
    assert.strictEqual(formatValue(vector, withHeader(vector)), '[3] {10, 20, 30}');
    assert.strictEqual(formatValue(vec, withHeader(vec)), '[3] {10, 20, 30}');
    const short = at(STRING, Uint8Array.from([...bytesOf(0x110n, 2n), 104, 105, ...new Uint8Array(14)]));
    assert.strictEqual(formatValue(short, withHeader(short)), '"hi"');
  });

  it('are known without the type that holds a string’s pointer, which clang leaves out', () => {
    const { members, ...hidden } = struct('_Alloc_hider', 0, []);
    assert.deepStrictEqual(members, []);
    const [, length, buffer] = STRING.members ?? [];
    const parts = [member('_M_dataplus', hidden, 0), length, buffer];
    const type = struct('std::__cxx11::basic_string<char>', 32, parts, CHAR);
    const short = at(type, Uint8Array.from([...bytesOf(0x110n, 2n), 104, 105, ...new Uint8Array(14)]));
    assert.strictEqual(formatValue(short, withHeader(short)), '"hi"');
  });

  it('have their elements and their layout beneath', () => {
    const children = childrenOf(vector, withHeader(vector));
    assert.deepStrictEqual(
      children.map(({ name }) => name),
      ['[0]', '[1]', '[2]', '<raw>'],
    );
    assert.strictEqual(childExpression('v', children[1].step), 'v[1]');
    assert.deepStrictEqual(countChildren(vector, withHeader(vector)), { named: 1, indexed: 3 });
    const raw = childrenOf(children[3].value, withHeader(vector));
    assert.deepStrictEqual(
      raw.map(({ name }) => name),
      ['_M_impl'],
    );
  });

  it('are shown by their layout where the bytes are no such value', () => {
    const wild = at(VECTOR, bytesOf(HEAP, HEAP - 8n, 0n));
    assert.match(formatValue(wild, withHeader(wild)), /^\{_M_impl = \{_M_start = 0x5000/);
    const odd = at(VECTOR, bytesOf(HEAP, HEAP + 3n, 0n));
    assert.match(formatValue(odd, withHeader(odd)), /^\{_M_impl/);
    const foreign = at({ ...VECTOR, members: [member('begin', pointerTo(INT), 0)] }, bytesOf(HEAP, 0n, 0n));
    assert.strictEqual(formatValue(foreign, withHeader(foreign)), '{begin = 0x5000}');
  });

  it('whose memory cannot be read say how many they hold', () => {
    const lost = at(VECTOR, bytesOf(0x9000n, 0x9008n, 0x9008n));
    assert.strictEqual(formatValue(lost, withHeader(lost)), '[2] {…}');
  });

  const change = (old: Value, now: Value): string => {
    const sides = { old: around(old), now: around(now), isPresent: true };
    const text = formatChange('v', old, now, sides);
    return `${text.label}: ${text.old} → ${text.new}`;
  };

  it('tell of an old value only what the watched bytes say: its contents are others since', () => {
    const longer = at(VECTOR, bytesOf(HEAP - 4n, HEAP + 12n, HEAP + 16n));
    assert.strictEqual(change(longer, vector), 'v: [4] {…} → [3] {10, 20, 30}');
  });

  it('tell of what an old reference led to only where it was', () => {
    const reference: TypeInfo = { ...pointerTo(INT), name: '&i32' };
    const old = at(reference, bytesOf(HEAP));
    const now = at(reference, bytesOf(HEAP + 4n));
    assert.strictEqual(formatValue(now, withHeader(now)), '@0x5004: 20');
    assert.strictEqual(change(old, now), 'v: 0x5000 → @0x5004: 20');
  });

  it('tell the member where the contents are the same', () => {
    const roomier = at(VECTOR, bytesOf(HEAP, HEAP + 12n, HEAP + 32n));
    assert.strictEqual(change(vector, roomier), 'v._M_impl._M_end_of_storage: 0x5010 → 0x5020');
  });
});

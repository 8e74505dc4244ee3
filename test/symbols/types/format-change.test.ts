// format-change.test.ts: what is told of an old and a new value that differ.

import * as assert from 'node:assert';
import type { TypeInfo, Value } from '../../../adapter/symbols/program-symbols';
import * as types from '../../../adapter/symbols/types/base-types';
import { formatChange } from '../../../adapter/symbols/types/format-change';
import { memoryWith } from '../../../adapter/symbols/types/memory-with';
import { member } from '../expression/fake-program';
import { NO_MEMORY, value } from './sample-types';

const { arrayOf, CHAR, DOUBLE, INT, LONG_DOUBLE, UNSIGNED_CHAR } = types;

const struct = (name: string, sizeBytes: number, ...members: NonNullable<TypeInfo['members']>): TypeInfo => ({
  kind: 'struct',
  name,
  sizeBytes,
  members,
});

/** `label: old → new` of a type whose bytes change at these places. */
function told(type: TypeInfo, changes: Readonly<Record<number, number>>, before: readonly number[] = []): string {
  const old = new Uint8Array(type.sizeBytes);
  old.set(before);
  const now = old.slice();
  for (const [at, byte] of Object.entries(changes)) now[Number(at)] = byte;
  const side = (bytes: Uint8Array) => memoryWith(bytes, 0x1000n, NO_MEMORY);
  const placed = (bytes: Uint8Array): Value => ({ ...value(type, bytes), location: { kind: 'value', bytes } });
  const sides = { old: side(old), now: side(now), isPresent: true };
  const { label, old: was, new: is } = formatChange('it', placed(old), placed(now), sides);
  return `${label}: ${was} → ${is}`;
}

const ITEM = struct(
  'struct item',
  32,
  member('id', INT, 0),
  member('price', INT, 4),
  member('name', arrayOf(CHAR, 24), 8),
);
const STATE = struct(
  'struct state',
  232,
  member('pad', arrayOf(INT, 24), 0),
  member('items', arrayOf(ITEM, 4), 96),
  member('last', INT, 224),
);

describe('old and new of a value', () => {
  it('are shown whole where that is read at a glance', () => {
    const point = struct('struct point', 8, member('x', INT, 0), member('y', INT, 4));
    assert.strictEqual(told(point, { 4: 22 }), 'it: {x = 0, y = 0} → {x = 0, y = 22}');
    assert.strictEqual(told(INT, { 0: 5 }), 'it: 0 → 5');
  });

  it('are those of the part that differs where the whole would be cut', () => {
    assert.strictEqual(told(STATE, { 196: 5 }), 'it.items[3].price: 0 → 5');
    assert.strictEqual(told(STATE, { 92: 1 }), 'it.pad[23]: 0 → 1');
  });

  it('are the parts that differ, where there are several', () => {
    assert.strictEqual(
      told(STATE, { 0: 1, 196: 5, 224: 7 }),
      'it: {pad[0] = 0, items[3].price = 0, last = 0} → {pad[0] = 1, items[3].price = 5, last = 7}',
    );
    const many = { 0: 1, 4: 1, 8: 1, 12: 1 };
    assert.match(told(STATE, many), /^it: \{pad\[0\] = 0, pad\[1\] = 0, pad\[2\] = 0, …\} → \{.*pad\[2\] = 1, …\}$/);
  });

  it('never read the same: text beyond its NUL, padding, a long double’s unused bytes', () => {
    assert.strictEqual(told(arrayOf(CHAR, 8), { 5: 120 }, [97, 98]), "it[5]: 0 '\\0' → 120 'x'");
    const padded = struct('struct padded', 8, member('small', UNSIGNED_CHAR, 0), member('wide', INT, 4));
    assert.strictEqual(
      told(padded, { 2: 9 }),
      "it: {small = 0 '\\0', wide = 0} (byte 2: 0x00) → {small = 0 '\\0', wide = 0} (byte 2: 0x09)",
    );
    assert.match(told(LONG_DOUBLE, { 12: 1 }), /^it: 0 \(byte 12: 0x00\) → 0 \(byte 12: 0x01\)$/);
    assert.match(told(DOUBLE, { 7: 0x80 }), /^it: 0 → -0$/);
  });

  it('of a bit-field are told apart from its neighbours’', () => {
    const bits = (name: string, bitOffset: number) => ({ ...member(name, INT, 96), bitOffset, bitSize: 4 });
    const flags = struct('struct flags', 100, member('pad', arrayOf(INT, 24), 0), bits('low', 0), bits('high', 4));
    assert.strictEqual(told(flags, { 96: 0x20 }), 'it.high: 0 → 2');
  });

  it('of a member in the padding of a base class are that member’s', () => {
    const base = struct('Base', 24, member('own', arrayOf(INT, 5), 0));
    const derived = struct(
      'Derived',
      124,
      member('', base, 0),
      member('extra', INT, 20),
      member('pad', arrayOf(INT, 25), 24),
    );
    assert.strictEqual(told(derived, { 20: 1 }), 'it.extra: 0 → 1');
    assert.strictEqual(told(derived, { 4: 9, 20: 1 }), 'it: {own[1] = 0, extra = 0} → {own[1] = 9, extra = 1}');
  });

  it('of an anonymous member and of a base class are reached as the struct’s own', () => {
    const base = struct('Base', 4, member('own', INT, 0));
    const union: TypeInfo = { kind: 'union', name: '', sizeBytes: 4, members: [member('bits', INT, 0)] };
    const outer = struct('Outer', 104, member('', base, 0), member('pad', arrayOf(INT, 24), 4), member('', union, 100));
    assert.strictEqual(told(outer, { 0: 1 }), 'it.own: 0 → 1');
    assert.strictEqual(told(outer, { 100: 1 }), 'it.bits: 0 → 1');
  });
});

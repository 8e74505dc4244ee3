// format-value.test.ts: values as a person reads them.

import * as assert from 'node:assert';
import type { TypeInfo, Value } from '../../../adapter/symbols/program-symbols';
import * as types from '../../../adapter/symbols/types/base-types';
import { formatValue } from '../../../adapter/symbols/types/format-value';
import type { FormatOptions } from '../../../adapter/symbols/types/format-value';
import { integerToBytes } from '../../../adapter/symbols/types/integers';
import { memberValue, readValue } from '../../../adapter/symbols/types/read-value';
import { COLOR, FLAGS, int, long, member, NODE, POINT, text } from '../expression/fake-program';
import { memoryAt, NO_MEMORY, parsed, value } from './sample-types';

const { arrayOf, pointerTo, CHAR, INT } = types;

const shown = (each: Value, options?: FormatOptions): string => formatValue(each, NO_MEMORY, options);
const number = (type: TypeInfo, content: bigint, options?: FormatOptions): string =>
  shown(value(type, integerToBytes(content, type.sizeBytes)), options);
const typedef = (name: string, target: TypeInfo): TypeInfo => ({
  kind: 'typedef',
  name,
  sizeBytes: target.sizeBytes,
  target,
});
const constant = (target: TypeInfo): TypeInfo => ({
  kind: 'const',
  name: `const ${target.name}`,
  sizeBytes: target.sizeBytes,
  target,
});

describe('formatting scalars', () => {
  it('integers of every width, signed and not', () => {
    assert.strictEqual(number(INT, -42n), '-42');
    assert.strictEqual(number(types.UNSIGNED_INT, -1n), '4294967295');
    assert.strictEqual(number(types.LONG, -1n << 63n), '-9223372036854775808');
    assert.strictEqual(number(types.UNSIGNED_INT128, -1n), '340282366920938463463374607431768211455');
    assert.strictEqual(number(typedef('uint32_t', constant(types.UNSIGNED_INT)), 7n), '7');
  });

  it('in hexadecimal, negative ones as their bits', () => {
    assert.strictEqual(number(INT, 42n, { hex: true }), '0x2a');
    assert.strictEqual(number(types.SHORT, -2n, { hex: true }), '0xfffe');
    assert.strictEqual(number(CHAR, 97n, { hex: true }), "0x61 'a'");
    assert.strictEqual(number(FLAGS, 9n, { hex: true }), 'READ | 0x8');
  });

  it('characters with their number', () => {
    assert.strictEqual(number(CHAR, 97n), "97 'a'");
    assert.strictEqual(number(CHAR, 0n), "0 '\\0'");
    assert.strictEqual(number(CHAR, 10n), "10 '\\n'");
    assert.strictEqual(number(CHAR, 39n), "39 '\\''");
    assert.strictEqual(number(CHAR, 34n), "34 '\"'");
    assert.strictEqual(number(CHAR, -1n), "-1 '\\377'");
    assert.strictEqual(number(types.UNSIGNED_CHAR, 200n), "200 '\\310'");
    assert.strictEqual(number(typedef('wchar_t', INT), 233n), "233 'é'");
    assert.strictEqual(
      number({ kind: 'base', name: 'char32_t', sizeBytes: 4, encoding: 'utf' }, 0x1f600n),
      "128512 '😀'",
    );
  });

  it('booleans, also broken ones', () => {
    assert.strictEqual(number(types.BOOL, 1n), 'true');
    assert.strictEqual(number(types.BOOL, 0n), 'false');
    assert.strictEqual(number(types.BOOL, 7n), '7');
  });

  it('floats and complex numbers', () => {
    assert.strictEqual(shown(parsed('3.5', types.DOUBLE)), '3.5');
    assert.strictEqual(shown(parsed('0.1', types.FLOAT)), '0.1');
    assert.strictEqual(shown(parsed('0.1', types.LONG_DOUBLE)), '0.1');
    const complex: TypeInfo = { kind: 'base', name: 'complex double', sizeBytes: 16, encoding: 'float' };
    assert.strictEqual(shown(parsed('1 + 2i', complex)), '1 + 2i');
    assert.strictEqual(shown(parsed('1.5-2.5i', complex)), '1.5 - 2.5i');
  });

  it('enumerators, sets of flags, and numbers that are neither', () => {
    assert.strictEqual(number(COLOR, 5n), 'BLUE');
    assert.strictEqual(number(COLOR, 3n), '3');
    assert.strictEqual(number(FLAGS, 5n), 'READ | EXEC');
    assert.strictEqual(number(FLAGS, 0n), '0');
    assert.strictEqual(number(FLAGS, 16n), '16');
    assert.strictEqual(number(FLAGS, 17n), 'READ | 0x10');
    const list = { ...COLOR, enumerators: ['A', 'B', 'C', 'D', 'E'].map((name, i) => ({ name, value: BigInt(i) })) };
    assert.strictEqual(number(list, 5n), '5');
    const all = { ...FLAGS, enumerators: [...(FLAGS.enumerators ?? []), { name: 'ALL', value: 7n }] };
    assert.strictEqual(number(all, 7n), 'ALL');
    assert.strictEqual(number(all, 5n), 'READ | EXEC');
    const field = { ...FLAGS, enumerators: [...(FLAGS.enumerators ?? []), { name: 'LEVEL', value: 0x30n }] };
    assert.strictEqual(number(field, 0x31n), 'READ | LEVEL');
    assert.strictEqual(number(field, 0x11n), 'READ | 0x10');
  });

  it('bit-fields', () => {
    const node = value(NODE, [...int(7), 0b10101_101, ...new Array<number>(35).fill(0)]);
    const field = (name: string): string => {
      const found = NODE.members?.find((each) => each.name === name);
      assert.ok(found);
      return shown(memberValue(node, found, { memory: NO_MEMORY }));
    };
    assert.strictEqual(field('low'), '5');
    assert.strictEqual(field('signed_bits'), '-11');
  });
});

describe('formatting pointers', () => {
  const pointer = (type: TypeInfo, address: bigint): Value => value(pointerTo(type), integerToBytes(address, 8));

  it('with the symbol they point at', () => {
    const symbolize = (address: bigint): string | undefined => (address === 0x404010n ? 'counter' : undefined);
    assert.strictEqual(shown(pointer(INT, 0x404010n), { symbolize }), '0x404010 <counter>');
    assert.strictEqual(shown(pointer(INT, 0x404014n), { symbolize }), '0x404014');
    assert.strictEqual(shown(pointer(INT, 0n), { symbolize }), '0x0');
  });

  it('with the text they point at', () => {
    const preview = (content: Uint8Array): string => formatValue(pointer(CHAR, 0x1000n), memoryAt(0x1000n, content));
    assert.strictEqual(preview(text('hello')), '0x1000 "hello"');
    assert.strictEqual(preview(text('a"b\\c\td\u0001é😀')), '0x1000 "a\\"b\\\\c\\td\\001é😀"');
    assert.strictEqual(preview(Uint8Array.of(0xff, 0xc3, 0x28, 0)), '0x1000 "\\377\\303("');
    assert.strictEqual(preview(text('x'.repeat(300))), `0x1000 "${'x'.repeat(200)}"…`);
    assert.strictEqual(preview(Uint8Array.of(65, 66)), '0x1000 "AB"…');
    assert.strictEqual(preview(new Uint8Array(0)), '0x1000');
    assert.strictEqual(preview(text('')), '0x1000 ""');
  });

  it('of functions', () => {
    const type: TypeInfo = { kind: 'function', name: 'int (int)', sizeBytes: 0, target: INT };
    assert.strictEqual(shown(pointer(type, 0x1136n), { symbolize: () => 'main' }), '0x1136 <main>');
  });
});

describe('formatting aggregates', () => {
  it('structs, nested and with anonymous parts', () => {
    assert.strictEqual(shown(value(POINT, int(1, 2))), '{x = 1, y = 2}');
    const node = value(NODE, [...int(7, 0, 1, 2, 0), ...new Array<number>(12).fill(0), ...text('abc'), 0, 0, 0, 0]);
    assert.strictEqual(
      shown(node),
      '{value = 7, low = 0, signed_bits = 0, at = {x = 1, y = 2}, {bits = 0, real = 0}, next = 0x0, name = "abc"}',
    );
  });

  it('arrays, of numbers, structs, arrays, characters', () => {
    assert.strictEqual(shown(value(arrayOf(INT, 3), int(1, 2, 3))), '[3] {1, 2, 3}');
    assert.strictEqual(shown(value(arrayOf(INT, 2, 2), int(1, 2, 3, 4))), '[2] {{1, 2}, {3, 4}}');
    assert.strictEqual(shown(value(arrayOf(POINT, 2), int(1, 2, 3, 4))), '[2] {{x = 1, y = 2}, {x = 3, y = 4}}');
    assert.strictEqual(shown(value(arrayOf(CHAR, 8), [...text('hi'), 1, 2, 3, 4, 5])), '"hi"');
    assert.strictEqual(shown(value(arrayOf(CHAR, 2), [65, 66])), '"AB"');
    assert.strictEqual(shown(value(arrayOf(CHAR, 2, 3), [65, 66, 0, 67, 0, 0])), '[2] {"AB", "C"}');
    assert.strictEqual(shown(value(arrayOf(typedef('wchar_t', INT), 3), int(104, 233, 0))), '"hé"');
    assert.strictEqual(shown(value(arrayOf(INT, undefined), [])), '[] {…}');
    assert.strictEqual(shown(value(arrayOf(INT, 0), [])), '[0] {}');
  });

  it('long ones are cut', () => {
    const hundred = shown(value(arrayOf(INT, 100), int(...Array.from({ length: 100 }, (_, i) => i))));
    assert.ok(hundred.startsWith('[100] {0, 1, 2, ') && hundred.endsWith(', …}') && hundred.length < 180, hundred);
    assert.strictEqual(
      shown(value(arrayOf(INT, 100), new Uint8Array(400)), { maxLength: 20 }),
      '[100] {0, 0, 0, 0, …}',
    );
    const points = shown(value(arrayOf(POINT, 100), new Uint8Array(800)), { maxLength: 50 });
    assert.strictEqual(points, '[100] {{x = 0, y = 0}, {x = 0, y = 0}, {x = 0, …}, …}');
  });

  it('huge ones are read in part', () => {
    let readBytes = 0;
    const memory = {
      read: (_: bigint, lengthBytes: number) => {
        readBytes += lengthBytes;
        return new Uint8Array(lengthBytes);
      },
    };
    const huge = readValue(arrayOf(INT, 1 << 28), { kind: 'memory', address: 0n }, { memory });
    assert.match(formatValue(huge, memory), /^\[268435456\] \{0, 0, .*…\}$/);
    assert.ok(readBytes < 100_000);
  });

  it('what cannot be read says so', () => {
    assert.strictEqual(
      shown(readValue(INT, { kind: 'memory', address: 16n }, { memory: NO_MEMORY })),
      '<cannot read memory at 0x10>',
    );
    assert.strictEqual(
      shown(readValue(INT, { kind: 'optimizedOut', why: 'no location' }, { memory: NO_MEMORY })),
      '<optimized out: no location>',
    );
    assert.strictEqual(
      shown(readValue(INT, { kind: 'register', dwarfNumber: 0 }, { memory: NO_MEMORY })),
      '<its register is not known in this frame>',
    );
  });

  it('a type that contains itself ends', () => {
    const members: { name: string; type: TypeInfo; offsetBytes: number }[] = [];
    const loop: TypeInfo = { kind: 'struct', name: 'struct loop', sizeBytes: 4, members };
    members.push(member('self', loop, 0));
    assert.match(shown(value(loop, int(0))), /^\{self = \{.*…/);
    const alias: { -readonly [K in keyof TypeInfo]: TypeInfo[K] } = { kind: 'typedef', name: 'alias', sizeBytes: 4 };
    alias.target = alias;
    assert.strictEqual(typeof shown(value(alias, int(0))), 'string');
  });

  it('references show what they refer to', () => {
    const type: TypeInfo = { kind: 'reference', name: 'int &', sizeBytes: 8, target: INT };
    assert.strictEqual(formatValue(value(type, long(0x1000n)), memoryAt(0x1000n, int(5))), '@0x1000: 5');
  });

  it('base classes show their name', () => {
    const base: TypeInfo = { kind: 'class', name: 'Base', sizeBytes: 4, members: [member('a', INT, 0)] };
    const derived: TypeInfo = {
      kind: 'class',
      name: 'Derived',
      sizeBytes: 8,
      members: [member('', base, 0), member('b', INT, 4)],
    };
    assert.strictEqual(shown(value(derived, int(1, 2))), '{Base = {a = 1}, b = 2}');
  });
});

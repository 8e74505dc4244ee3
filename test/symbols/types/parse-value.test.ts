// parse-value.test.ts: what a person types → bytes; what is shown can be typed back.

import * as assert from 'node:assert';
import fc from 'fast-check';
import type { TypeInfo } from '../../../adapter/symbols/program-symbols';
import * as types from '../../../adapter/symbols/types/base-types';
import { formatValue } from '../../../adapter/symbols/types/format-value';
import { integerRange, integerToBytes } from '../../../adapter/symbols/types/integers';
import { parseValue } from '../../../adapter/symbols/types/parse-value';
import { isSigned } from '../../../adapter/symbols/types/strip';
import { UserError } from '../../../adapter/util/user-error';
import { COLOR, FLAGS, int, POINT } from '../expression/fake-program';
import { memoryAt, NO_MEMORY, value } from './sample-types';

const { CHAR, INT, UNSIGNED_CHAR } = types;

const numbers: readonly TypeInfo[] = [
  types.BOOL,
  CHAR,
  UNSIGNED_CHAR,
  types.SHORT,
  types.UNSIGNED_SHORT,
  INT,
  types.UNSIGNED_INT,
  types.LONG,
  types.UNSIGNED_LONG,
  types.INT128,
  types.UNSIGNED_INT128,
  types.FLOAT,
  types.DOUBLE,
  COLOR,
  FLAGS,
  types.pointerTo(types.VOID),
];

function refusal(text: string, type: TypeInfo, bitSize?: number): string {
  try {
    parseValue(text, type, bitSize);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('parsing values', () => {
  it('any shown number, character, enumeration, pointer reads back', () => {
    for (const type of numbers) {
      fc.assert(
        fc.property(fc.bigInt({ min: 0n, max: (1n << BigInt(type.sizeBytes * 8)) - 1n }), fc.boolean(), (raw, hex) => {
          const bytes = integerToBytes(type === types.BOOL ? raw & 1n : raw, type.sizeBytes);
          const shown = formatValue(value(type, bytes), NO_MEMORY, { hex });
          if (!shown.endsWith('nan')) assert.deepStrictEqual(parseValue(shown, type), bytes, `${type.name}: ${shown}`);
        }),
        { numRuns: 100 },
      );
    }
  });

  it('numbers in any base', () => {
    const cases: readonly (readonly [string, number])[] = [
      ['42', 42],
      [' -1 ', -1],
      ['+7', 7],
      ['0x2a', 42],
      ['-0x2A', -42],
      ['0b101', 5],
      ['017', 15],
      ['0o17', 15],
      ['0', 0],
      ['10u', 10],
      ['10UL', 10],
      ['true', 1],
      ["'a'", 97],
      ["'\\n'", 10],
      ["'\\x41'", 65],
      ['0xffffffff', -1],
    ];
    for (const [text, expected] of cases) assert.deepStrictEqual(parseValue(text, INT), int(expected), text);
  });

  it('enumerators, flags, truth, null', () => {
    assert.deepStrictEqual(parseValue('BLUE', COLOR), int(5));
    assert.deepStrictEqual(parseValue('READ | EXEC', FLAGS), int(5));
    assert.deepStrictEqual(parseValue('flags::READ|8', FLAGS), int(9));
    assert.deepStrictEqual(parseValue('false', types.BOOL), Uint8Array.of(0));
    assert.deepStrictEqual(parseValue('NULL', types.pointerTo(INT)), new Uint8Array(8));
    assert.deepStrictEqual(parseValue('0x404010 <counter>', types.pointerTo(INT)), integerToBytes(0x404010n, 8));
  });

  it('text into character arrays', () => {
    const eight = types.arrayOf(CHAR, 8);
    assert.deepStrictEqual(parseValue('"hi\\n"', eight), Uint8Array.of(104, 105, 10, 0, 0, 0, 0, 0));
    assert.deepStrictEqual(parseValue('"12345678"', eight).length, 8);
    assert.match(refusal('"123456789"', eight), /takes 9 bytes; `char \[8\]` holds 8/);
    assert.match(refusal('hi', eight), /double quotes/);
  });

  it('through typedefs, qualifiers and references', () => {
    const alias: TypeInfo = {
      kind: 'typedef',
      name: 'count_t',
      sizeBytes: 4,
      target: { kind: 'const', name: 'const int', sizeBytes: 4, target: INT },
    };
    assert.deepStrictEqual(parseValue('5', alias), int(5));
    assert.match(refusal('x', alias), /`count_t`/);
    assert.deepStrictEqual(parseValue('5', { kind: 'reference', name: 'int &', sizeBytes: 8, target: INT }), int(5));
  });

  it('says what would fit', () => {
    assert.strictEqual(
      refusal('300', UNSIGNED_CHAR),
      '300 does not fit `unsigned char`: write a number from 0 to 255.',
    );
    assert.strictEqual(
      refusal('-1', types.UNSIGNED_INT),
      '-1 does not fit `unsigned int`: write a number from 0 to 4294967295.',
    );
    assert.strictEqual(
      refusal('2147483648', INT),
      '2147483648 does not fit `int`: write a number from -2147483648 to 2147483647.',
    );
    assert.strictEqual(
      refusal('8', types.UNSIGNED_INT, 3),
      '8 does not fit a bit-field of 3 bits: write a number from 0 to 7.',
    );
    assert.strictEqual(refusal('4', INT, 3), '4 does not fit a bit-field of 3 bits: write a number from -4 to 3.');
    assert.match(refusal('hello', INT), /"hello" is no value of type `int`\. Write a number/);
    assert.match(refusal('1.5', INT), /Write a number/);
    assert.match(refusal('abc', types.DOUBLE), /such as 3\.5/);
    assert.match(refusal('maybe', types.BOOL), /true, false, 1 or 0/);
    assert.match(refusal('PURPLE', COLOR), /Write one of RED, GREEN, BLUE, or a number/);
    assert.match(refusal('here', types.pointerTo(INT)), /an address such as/);
    assert.match(refusal('0x1ffffffffffffffff', types.pointerTo(INT)), /does not fit/);
    assert.match(refusal('{1, 2}', POINT), /set its members one by one/);
    assert.match(refusal('{1, 2}', types.arrayOf(INT, 2)), /set its elements one by one/);
    assert.match(refusal('1', types.VOID), /cannot be set/);
    assert.match(refusal('', INT), /Write a number/);
  });

  it('accepts a number exactly if it is in range', () => {
    for (const type of numbers.slice(1, 9)) {
      const { low, high } = integerRange(type.sizeBytes * 8, isSigned(type));
      for (const each of [low, high]) assert.strictEqual(refusal(String(each), type), 'accepted');
      for (const each of [low - 1n, high + 1n]) assert.match(refusal(String(each), type), /does not fit/);
    }
  });

  it('any text is a value or a refusal', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom(...numbers, POINT, types.arrayOf(CHAR, 4), types.LONG_DOUBLE),
        (text, type) => {
          const said = refusal(text, type);
          assert.ok(said === 'accepted' || said.length > 20);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('a text shown by a pointer reads back as the pointer', () => {
    const type = types.pointerTo(CHAR);
    const bytes = integerToBytes(0x1000n, 8);
    const shown = formatValue(value(type, bytes), memoryAt(0x1000n, Uint8Array.of(104, 105, 0)));
    assert.strictEqual(shown, '0x1000 "hi"');
    assert.deepStrictEqual(parseValue(shown, type), bytes);
  });
});

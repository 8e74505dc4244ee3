// c-semantics.test.ts: random expressions mean what gcc makes of them: the type and every byte of the value.
//
// One C program prints them all; the same texts are evaluated here on the same variables. More with EXPRESSIONS=N.

import * as assert from 'node:assert';
import { evaluateExpression } from '../../../adapter/symbols/expression/compile';
import type { TypeInfo } from '../../../adapter/symbols/program-symbols';
import * as types from '../../../adapter/symbols/types/base-types';
import { integerToBytes } from '../../../adapter/symbols/types/integers';
import { UserError } from '../../../adapter/util/user-error';
import { randomNumbers, runC } from './compile-c';
import { FakeProgram, member } from './fake-program';

const COUNT = Number(process.env.EXPRESSIONS ?? 400);
const SEED = Number(process.env.SEED ?? 20261120);

const INTEGERS: readonly TypeInfo[] = [
  types.BOOL,
  types.CHAR,
  types.SIGNED_CHAR,
  types.UNSIGNED_CHAR,
  types.SHORT,
  types.UNSIGNED_SHORT,
  types.INT,
  types.UNSIGNED_INT,
  types.LONG,
  types.UNSIGNED_LONG,
  types.LONG_LONG,
  types.UNSIGNED_LONG_LONG,
  types.INT128,
  types.UNSIGNED_INT128,
];

const BITS: TypeInfo = {
  kind: 'struct',
  name: 'struct bits',
  sizeBytes: 8,
  members: [
    member('u3', types.UNSIGNED_INT, 0, [0, 3]),
    member('s5', types.INT, 0, [3, 5]),
    member('u9', types.UNSIGNED_INT, 0, [8, 9]),
    member('s15', types.INT, 0, [17, 15]),
    member('u32', types.UNSIGNED_INT, 4, [0, 32]),
  ],
};

const random = randomNumbers(SEED);
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
const nameOf = (type: TypeInfo, i: number): string => `v_${type.name.replace(/[^a-z0-9]/gi, '_')}_${i}`;

/** Interesting numbers come more often. */
function randomInteger(type: TypeInfo): bigint {
  if (type.encoding === 'boolean') return BigInt(Math.floor(random() * 2));
  const bits = BigInt(type.sizeBytes * 8);
  const edges = [0n, 1n, -1n, 1n << (bits - 1n), (1n << (bits - 1n)) - 1n, (1n << (bits / 2n)) + 1n, 7n];
  if (random() < 0.5) return BigInt.asUintN(Number(bits), pick(edges));
  let value = 0n;
  for (let i = 0; i < type.sizeBytes; i++) value = (value << 8n) | BigInt(Math.floor(random() * 256));
  return value;
}

const program = new FakeProgram();
const declarations: string[] = [];
const integerNames: string[] = [];
const floatNames: string[] = [];

for (const type of INTEGERS) {
  for (let i = 0; i < 3; i++) {
    const name = nameOf(type, i);
    const value = randomInteger(type);
    program.add(name, type, integerToBytes(value, type.sizeBytes));
    const [low, high] = [BigInt.asUintN(64, value), value >> 64n];
    declarations.push(`${type.name} ${name} = (${type.name})((((unsigned __int128)${high}ull) << 64) | ${low}ull);`);
    integerNames.push(name);
  }
}
[0, 1.5, -2.25, 1e10, 3.1415926535, -1e-5, 16777217].forEach((value, i) => {
  program.add(`d${i}`, types.DOUBLE, new Uint8Array(new Float64Array([value]).buffer));
  program.add(`f${i}`, types.FLOAT, new Uint8Array(new Float32Array([value]).buffer));
  declarations.push(
    `double d${i} = ${value}; float f${i} = ${value}f;`
      .replace(/(\d)f;/, '$1.0f;')
      .replace(/(\.\d+)\.0f/, '$1f')
      .replace(/(e-?\d+)\.0f/, '$1f'),
  );
  floatNames.push(`d${i}`, `f${i}`);
});
program.add('bits', BITS, integerToBytes((0xdeadbeef_8765a9n << 8n) | 0xb5n, 8));
declarations.push('struct bits { unsigned u3 : 3; int s5 : 5; unsigned u9 : 9; int s15 : 15; unsigned u32 : 32; };');
declarations.push('union { unsigned long raw; struct bits b; } bits_u = { 0xdeadbeef8765a9b5ul };');
declarations.push('#define bits bits_u.b');
integerNames.push('bits.u3', 'bits.s5', 'bits.u9', 'bits.s15', 'bits.u32');

function literal(): string {
  const value = pick([
    '0',
    '1',
    '2',
    '7',
    '100',
    '255',
    '65536',
    '2147483647',
    '2147483648',
    '4294967295',
    '9223372036854775807',
  ]);
  const hex = pick([
    '0xff',
    '0x7fffffff',
    '0x80000000',
    '0xffffffff',
    '0x100000000',
    '0xffffffffffffffff',
    '017',
    "'a'",
    "'\\xff'",
  ]);
  return random() < 0.5 ? `${value}${pick(['', '', 'u', 'l', 'ul', 'll', 'ULL'])}` : hex;
}

function integer(depth: number): string {
  if (depth === 0) return random() < 0.75 ? pick(integerNames) : literal();
  const left = integer(depth - 1);
  const right = (): string => integer(Math.floor(random() * depth));
  switch (Math.floor(random() * 9)) {
    case 0:
      return `(${left} ${pick(['+', '-', '*'])} ${right()})`;
    case 1:
      return `(${left} ${pick(['&', '|', '^'])} ${right()})`;
    case 2:
      return `(${left} ${pick(['/', '%'])} ${pick(['3', '7u', '10l', '255', '-3', '1000000007ul'])})`;
    case 3:
      return `(${left} ${pick(['<<', '>>'])} ${pick(['0', '1', '5', '7u', '31'])})`;
    case 4:
      return `(${left} ${pick(['<', '>', '<=', '>=', '==', '!='])} ${random() < 0.3 ? floating(1) : right()})`;
    case 5:
      return `(${pick(['-', '~', '!', '+'])}${left})`;
    case 6:
      return `((${pick(INTEGERS).name})${left})`;
    case 7:
      return `(${left} ? ${right()} : ${right()})`;
    default:
      return `(${left} ${pick(['&&', '||'])} ${right()})`;
  }
}

function floating(depth: number): string {
  if (depth === 0) return random() < 0.7 ? pick(floatNames) : pick(['1.5', '2.5f', '1e3', '.25', '0x1.8p2']);
  const left = floating(depth - 1);
  switch (Math.floor(random() * 5)) {
    case 0:
    case 1:
      return `(${left} ${pick(['+', '-', '*', '/'])} ${random() < 0.4 ? integer(1) : floating(depth - 1)})`;
    case 2:
      return `(-${left})`;
    case 3:
      return `((${pick(['float', 'double'])})${random() < 0.4 ? integer(1) : left})`;
    default:
      return `(${integer(1)} ? ${left} : ${random() < 0.5 ? integer(0) : floating(0)})`;
  }
}

const GENERIC = [...INTEGERS, types.FLOAT, types.DOUBLE].map((type) => `${type.name}: "${type.name}"`).join(', ');

/** A C program that prints type and bytes of each expression on a line. */
function printing(expressions: readonly string[]): string {
  return `
    #include <stdio.h>
    ${declarations.join('\n')}
    static void show(const char *type, const void *at, unsigned size) {
      const unsigned char *bytes = at;
      printf("%s ", type);
      for (unsigned i = 0; i < size; i++) printf("%02x", bytes[i]);
      putchar('\\n');
    }
    #define SHOW(e) do { __auto_type v = (e); show(_Generic(v, ${GENERIC}, default: "?"), &v, sizeof v); } while (0)
    ${expressions.map((each, i) => `static void e${i}(void) { SHOW(${each}); }`).join('\n')}
    int main(void) { ${expressions.map((_, i) => `e${i}();`).join(' ')} }`;
}

function evaluated(expression: string): string {
  try {
    const value = evaluateExpression(expression, program.context);
    const bytes = value.bitSize === undefined ? value.bytes : integerToBytes(0n, 0);
    return `${value.type.name} ${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

/** A NaN's sign is nobody's business, nor a zero's: gcc makes `0.0f - (a < b)` a negation. */
const plain = (line: string): string =>
  line
    .replace(/^double 000000000000f8[7f]f$/, 'nan')
    .replace(/^float 0000c0[7f]f$/, 'nan')
    .replace(/^(float|double) ([0]+)80$/, '$1 $200');

describe('C semantics', () => {
  it(`${COUNT} random expressions have gcc's types and values`, function () {
    this.timeout(120_000);
    const expressions: string[] = [];
    while (expressions.length < COUNT) {
      const inner = random() < 0.75 ? integer(1 + Math.floor(random() * 4)) : floating(1 + Math.floor(random() * 3));
      // Lvalues of bit-fields have no type of their own in C; `+` gives them one.
      expressions.push(inner.startsWith('(') ? inner : `(+${inner})`);
    }
    const lines = runC(printing(expressions)).trimEnd().split('\n');
    const wrong = expressions
      .map((text, i) => ({ text, gcc: plain(lines[i] ?? ''), ours: plain(evaluated(text)) }))
      .filter(({ gcc, ours }) => gcc !== ours);
    assert.deepStrictEqual(wrong.slice(0, 5), []);
  });
});

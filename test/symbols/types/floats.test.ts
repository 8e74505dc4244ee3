// floats.test.ts: floating point of every width reads, prints and reads back exactly.

import * as assert from 'node:assert';
import fc from 'fast-check';
import { DOUBLE, FLOAT, LONG_DOUBLE } from '../../../adapter/symbols/types/base-types';
import {
  floatFormatOf,
  floatToNumber,
  formatFloat,
  integerToNumber,
  numberToFloat,
  parseFloatText,
} from '../../../adapter/symbols/types/floats';
import type { FloatFormat } from '../../../adapter/symbols/types/floats';
import type { TypeInfo } from '../../../adapter/symbols/program-symbols';
import { integerToBytes } from '../../../adapter/symbols/types/integers';
import { randomNumbers, runC } from '../expression/compile-c';

const float = (name: string, sizeBytes: number): TypeInfo => ({ kind: 'base', name, sizeBytes, encoding: 'float' });
const WIDTHS: readonly (readonly [TypeInfo, number])[] = [
  [float('_Float16', 2), 16],
  [float('__bf16', 2), 16],
  [FLOAT, 32],
  [DOUBLE, 64],
  [LONG_DOUBLE, 80],
  [float('_Float128', 16), 128],
];

function formatOf(type: TypeInfo): FloatFormat {
  const format = floatFormatOf(type);
  assert.ok(format);
  return format;
}

const X87 = formatOf(LONG_DOUBLE);
const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** An x87 number that arithmetic could give: the leading bit is set unless the exponent is 0. */
function normalX87(bits: bigint): bigint {
  const exponent = (bits >> 64n) & 0x7fffn;
  const leading = 1n << 63n;
  return exponent === 0n ? bits & ~leading : bits | leading;
}

describe('floating point', () => {
  for (const [type, bits] of WIDTHS) {
    it(`${type.name}: the text of any bits reads back as these bits`, () => {
      const format = formatOf(type);
      fc.assert(
        fc.property(fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n }), (raw) => {
          const bytes = integerToBytes(bits === 80 ? normalX87(raw) : raw, type.sizeBytes);
          const text = formatFloat(bytes, format);
          const back = parseFloatText(text, format, type.sizeBytes);
          assert.ok(back, text);
          if (!text.endsWith('nan')) assert.strictEqual(hex(back), hex(bytes), text);
        }),
        { numRuns: 400 },
      );
    });
  }

  it('float: as JavaScript rounds and prints', () => {
    fc.assert(
      fc.property(fc.double(), (number) => {
        const bytes = numberToFloat(number, formatOf(FLOAT), 4);
        assert.strictEqual(floatToNumber(bytes, formatOf(FLOAT)), Math.fround(number));
        const wide = numberToFloat(number, X87, 16);
        assert.strictEqual(floatToNumber(wide, X87), number);
      }),
    );
  });

  it('known texts', () => {
    const text = (number: number, type: TypeInfo): string =>
      formatFloat(numberToFloat(number, formatOf(type), type.sizeBytes), formatOf(type));
    assert.strictEqual(text(0.1, FLOAT), '0.1');
    assert.strictEqual(text(16777216, FLOAT), '16777216');
    assert.strictEqual(text(1e-45, FLOAT), '1e-45');
    assert.strictEqual(text(3.4028234663852886e38, FLOAT), '3.4028235e+38');
    assert.strictEqual(text(-0, FLOAT), '-0');
    assert.strictEqual(text(1e21, DOUBLE), '1e+21');
    assert.strictEqual(text(0.1, LONG_DOUBLE), '0.10000000000000000555');
    assert.strictEqual(text(Infinity, LONG_DOUBLE), 'inf');
    assert.strictEqual(text(-Infinity, FLOAT), '-inf');
    assert.strictEqual(text(NaN, DOUBLE), 'nan');
    assert.strictEqual(integerToNumber(16777217n, formatOf(FLOAT)), 16777216);
    assert.strictEqual(integerToNumber((1n << 60n) + (1n << 36n) + 1n, formatOf(FLOAT)), 2 ** 60 + 2 ** 37);
  });

  it('what is no number is refused, what is out of range is infinite or zero', () => {
    for (const text of ['', '.', 'e5', '1e', '1.2.3', '0x', '1f', '--1', 'infinite', '1e5e5', '0x1p']) {
      assert.strictEqual(parseFloatText(text, formatOf(DOUBLE), 8), undefined, text);
    }
    const double = (text: string): number =>
      floatToNumber(parseFloatText(text, formatOf(DOUBLE), 8) ?? new Uint8Array(8), formatOf(DOUBLE));
    assert.strictEqual(double('1e400'), Infinity);
    assert.strictEqual(double('-1e999999999'), -Infinity);
    assert.strictEqual(double('1e-999999999'), 0);
    assert.strictEqual(double('0x1.8p3'), 12);
  });

  it('decimal texts as gcc reads them, and no digit too many', () => {
    const random = randomNumbers(7);
    const texts = Array.from({ length: 300 }, () => {
      const digits = String(Math.floor(random() * 10 ** (1 + Math.floor(random() * 16))));
      return `${random() < 0.5 ? '-' : ''}${digits}.${Math.floor(random() * 1e9)}e${Math.floor(random() * 120 - 60)}`;
    });
    const lines = runC(program(texts)).trimEnd().split('\n');
    texts.forEach((text, i) => {
      const [single, double, extended] = [FLOAT, DOUBLE, LONG_DOUBLE].map((type) =>
        hex((parseFloatText(text, formatOf(type), type.sizeBytes) ?? new Uint8Array(0)).subarray(0, 10)),
      );
      assert.strictEqual(`${single} ${double} ${extended}`, lines[i], text);
    });
    const shortest = texts.map((text) => formatFloat(parseFloatText(text, X87, 16) ?? new Uint8Array(16), X87));
    const verdicts = runC(shortness(shortest)).trimEnd().split('\n');
    assert.deepStrictEqual(new Set(verdicts), new Set(['shortest']));
  });
});

/** Prints the bits of each text as float, double and long double. */
const program = (texts: readonly string[]): string => `
  #include <stdio.h>
  #include <stdlib.h>
  static void hex(const void *at, int n) { for (int i = 0; i < n; i++) printf("%02x", ((const unsigned char *)at)[i]); }
  static const char *texts[] = { ${texts.map((text) => `"${text}"`).join(', ')} };
  int main(void) {
    for (int i = 0; i < ${texts.length}; i++) {
      float f = strtof(texts[i], 0); double d = strtod(texts[i], 0); long double l = strtold(texts[i], 0);
      hex(&f, 4); putchar(' '); hex(&d, 8); putchar(' '); hex(&l, 10); putchar('\\n');
    }
  }`;

/** Whether a text with one digit less would read back as the same long double. */
const shortness = (texts: readonly string[]): string => `
  #include <stdio.h>
  #include <stdlib.h>
  #include <string.h>
  static const char *texts[] = { ${texts.map((text) => `"${text}"`).join(', ')} };
  int main(void) {
    for (int i = 0; i < ${texts.length}; i++) {
      char shorter[80]; int digits = 0; long double l = strtold(texts[i], 0);
      int trailing = 0, leading = 1;
      for (const char *c = texts[i]; *c && *c != 'e'; c++) {
        if (*c < '0' || *c > '9') continue;
        if (*c != '0') leading = 0;
        if (leading) continue;
        digits++; trailing = *c == '0' ? trailing + 1 : 0;
      }
      digits -= trailing;
      snprintf(shorter, sizeof shorter, "%.*Le", digits - 2 < 0 ? 0 : digits - 2, l);
      puts(digits < 2 || strtold(shorter, 0) != l ? "shortest" : texts[i]);
    }
  }`;

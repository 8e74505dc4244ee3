// objdump.test.ts: the decoder and its text against objdump, on the machine's own programs and on random bytes.
//
// TRAPLINE_DECODE_ALL=1 reads whole libraries; without it a sample of them.

import { readFileSync } from 'node:fs';
import { strict as assert } from 'node:assert';
import { decode } from '../../../adapter/machine/decode/decode';
import { formatInstruction } from '../../../adapter/machine/decode/format';
import { disassemble, normaliseObjdump, normaliseOurs } from './objdump';
import type { Line } from './objdump';

const ALL = process.env['TRAPLINE_DECODE_ALL'] !== undefined;
const LIBC = '/lib/x86_64-linux-gnu/libc.so.6';
const LIBM = '/lib/x86_64-linux-gnu/libm.so.6';
const FWAIT = 0x9b;

/** What differs, in words; empty where all agrees. */
function disagreement(line: Line): string {
  const instruction = decode(line.bytes, 0, line.address);
  const hex = Buffer.from(line.bytes).toString('hex');
  // objdump writes `fwait` and the x87 instruction after it as one.
  if (line.bytes[0] === FWAIT) return instruction.mnemonic === 'fwait' ? '' : `${hex}: not fwait`;
  if (instruction.length !== line.bytes.length) return `${hex}: ${instruction.length} bytes, objdump: ${line.text}`;
  if (isVector(line.bytes)) return '';
  const ours = normaliseOurs(formatInstruction(instruction));
  const theirs = normaliseObjdump(line.text);
  return ours === theirs ? '' : `${hex}: ${ours}, objdump: ${theirs}`;
}

/** Only lengths (and common names) are promised for VEX and EVEX. */
function isVector(bytes: Uint8Array): boolean {
  return bytes[0] === 0xc4 || bytes[0] === 0xc5 || bytes[0] === 0x62;
}

function compare(lines: readonly Line[], least: number): void {
  assert(lines.length >= least, `objdump gave ${lines.length} lines`);
  const differences = lines.map(disagreement).filter((text) => text !== '');
  assert.deepEqual(differences.slice(0, 20), []);
}

describe('decode, against objdump', function () {
  this.timeout(60_000);
  const range = (from: number, to: number) =>
    ALL ? [] : [`--start-address=0x${from.toString(16)}`, `--stop-address=0x${to.toString(16)}`];

  it('agrees on the code of libc', () => {
    compare(disassemble(LIBC, range(0x26000, 0x60000)), 40_000);
  });

  it('agrees on the code of libm: x87 and SSE2', () => {
    compare(disassemble(LIBM, range(0x10000, 0x30000)), 10_000);
  });

  it('agrees on the code of a program', () => {
    compare(disassemble('/usr/bin/env'), 3_000);
  });

  it('decodes a million instructions a second', () => {
    const text = readFileSync(LIBC).subarray(0x26400, 0x26400 + 400_000);
    let count = 0;
    const start = performance.now();
    for (let pass = 0; pass < 5; pass++) {
      for (let offset = 0; offset < text.length; count++) offset += Math.max(1, decode(text, offset, offset).length);
    }
    const perSecond = (count / (performance.now() - start)) * 1000;
    // Far above in practice; the machine that runs the tests may be busy.
    assert(perSecond > 300_000, `${Math.round(perSecond)} instructions/s`);
  });
});

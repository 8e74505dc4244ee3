// fast-members.test.ts: in a C++ method, members by their names alone, and references, are decided in the machine as the
// evaluator decides them; where `this` or a reference leads nowhere there is no result.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { encodeNumberFunction, MET, NO_RESULT } from '../../adapter/machine/judge/number-function';
import { AT, PAGE_MAPPED, PAGE_SHIFT, PAGE_TABLE } from '../../adapter/machine/layout';
import { createProgramSymbols } from '../../adapter/symbols/load-symbols';
import type { Frame, ProgramSymbols } from '../../adapter/symbols/program-symbols';
import { evaluateCondition } from '../../adapter/watch/condition';
import { FastCondition } from '../../adapter/watch/fast-condition';

const [START, END, FRAME, OBJECTS] = [0x400000, 0x500000, 0x4f0000, 0x4f8000];
const [RBP, RSP, RIP] = [6, 7, 16];
const [RSP_IN_SET, RBP_IN_SET] = [4, 5];
const CONDITIONS = [
  ...['level == 3', 'this->level < other.level', 'limit > 5', 'low == 3 && high != 7', 'ratio > other.ratio'],
  ...['other.high == high', '&other == this', '(&other)->low + level > limit', 'level ? limit : 1 / level'],
];

describe('members of this, and references, in a condition', () => {
  let folder: string;
  let symbols: ProgramSymbols;
  let frame: Frame;
  const wasm = new WebAssembly.Memory({ initial: 65536, maximum: 65536 });
  const bytes = new Uint8Array(wasm.buffer);
  const view = new DataView(wasm.buffer);
  const memory = {
    read: (address: bigint, lengthBytes: number) =>
      address >= BigInt(START) && address + BigInt(lengthBytes) <= BigInt(END)
        ? bytes.slice(Number(address), Number(address) + lengthBytes)
        : new Uint8Array(),
  };

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'trapline-fast-'));
    const program = path.join(folder, 'members');
    execFileSync('g++', ['-g', '-O0', '-no-pie', '-o', program, path.resolve('test/programs/members.cpp')]);
    symbols = createProgramSymbols();
    symbols.addModule(program, readFileSync(program), 0n, true);
    bytes.fill(PAGE_MAPPED, PAGE_TABLE + (START >>> PAGE_SHIFT), PAGE_TABLE + (END >>> PAGE_SHIFT));
    const rip = symbols.functionsNamed('Gauge::write').at(0)?.afterPrologue ?? 0n;
    const registers = new Map([
      [RBP, BigInt(FRAME)],
      [RSP, BigInt(FRAME)],
      [RIP, rip],
    ]);
    for (const register of [RSP_IN_SET, RBP_IN_SET]) view.setBigInt64(AT.gpr + 8 * register, BigInt(FRAME), true);
    [frame] = symbols.unwind((register) => registers.get(register), memory, 1);
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  function decided(text: string): 'true' | 'false' | 'error' {
    const at = { frame, place: { writer: 'Gauge::write', location: 'members.cpp:14' } };
    const { type } = symbols.evaluate('value', { memory });
    const code = new FastCondition(text).bind({ symbols, memory, watched: { type, parts: [4] }, at });
    assert.ok(code !== undefined, `${text} is bound`);
    const module = new WebAssembly.Module(encodeNumberFunction(code).buffer as ArrayBuffer);
    const test = new WebAssembly.Instance(module, { e: { m: wasm } }).exports['f0'] as (condition: number) => number;
    const result = test(0);
    return result === NO_RESULT ? 'error' : result === MET ? 'true' : 'false';
  }

  const anyPointer = fc.constantFrom(0n, BigInt(OBJECTS), BigInt(OBJECTS) + 24n, BigInt(END) - 6n, 1n << 62n);

  it('are decided as the evaluator decides them', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CONDITIONS),
        fc.array(anyPointer, { minLength: 3, maxLength: 3 }),
        fc.uint8Array({ minLength: 64, maxLength: 64, max: 8 }),
        (text, pointers, objects) => {
          bytes.set(objects, OBJECTS);
          // this, other, limit: gcc keeps what was passed below rbp.
          for (const [n, pointer] of pointers.entries()) view.setBigUint64(FRAME - 8 * (n + 1), pointer, true);
          assert.equal(decided(text), evaluateCondition(symbols, text, { memory, frame }).kind, text);
        },
      ),
      { numRuns: 400 },
    );
  });
});

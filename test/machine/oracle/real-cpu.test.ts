// real-cpu.test.ts: the oracle itself: the CPU is asked, and generated cases are what they claim to be.

import { strict as assert } from 'node:assert';
import { generateCase } from './case-generator';
import { allEncodings } from './encodings';
import { Random } from './random';
import { CODE, compileRealCpu, DATA, runOnRealCpu, WINDOW, WINDOW_BYTES } from './real-cpu';
import type { Request } from './real-cpu';

function request(code: readonly number[], gpr: Readonly<Record<number, bigint>>): Request {
  const fxsave = new Uint8Array(512);
  new DataView(fxsave.buffer).setUint32(24, 0x1f80, true);
  return {
    code: Uint8Array.from(code),
    address: CODE + 64,
    steps: 10,
    gpr: Array.from({ length: 16 }, (_, index) => gpr[index] ?? 0n),
    rflags: 2n,
    fxsave,
    memory: new Uint8Array(WINDOW_BYTES).fill(7),
  };
}

describe('the oracle on the real CPU', function () {
  this.timeout(30_000);
  let program = '';
  before(() => {
    program = compileRealCpu();
  });
  const run = (code: readonly number[], gpr: Readonly<Record<number, bigint>> = {}) =>
    runOnRealCpu(program, [request(code, gpr)])[0];

  it('executes one instruction', () => {
    const response = run([0x48, 0x01, 0xc8], { 0: 0x7fffffffffffffffn, 1: 1n }); // add rax,rcx
    assert.equal(response.gpr[0], 0x8000000000000000n);
    assert.equal(response.rip, BigInt(CODE + 64 + 3));
    assert.equal(response.rflags & 0x8d5n, 0x894n); // OF SF AF PF
    assert.deepEqual([response.signal, response.vector], [5, 1]);
  });

  it('tells faults, with their address', () => {
    const response = run([0x89, 0x07], { 7: BigInt(DATA + 4096 - 2) }); // mov [rdi],eax
    assert.deepEqual([response.signal, response.vector, response.pageFaultError & 2], [11, 14, 2]);
    assert.equal(response.cr2, BigInt(DATA + 4096));
    assert.equal(run([0xf7, 0xf1]).signal, 8); // div ecx
    assert.equal(run([0x0f, 0x0b]).signal, 4); // ud2
  });

  it('runs a repeated string instruction to its end', () => {
    const response = run([0xf3, 0xaa], { 0: 0x55n, 1: 5n, 7: BigInt(WINDOW) }); // rep stosb
    assert.deepEqual([...response.memory.subarray(0, 6)], [0x55, 0x55, 0x55, 0x55, 0x55, 7]);
    assert.equal(response.gpr[1], 0n);
  });

  it('has a case for nearly every opcode of the decoder', () => {
    const random = new Random(1);
    const encodings = allEncodings();
    assert(encodings.length > 1400);
    const failed = encodings.filter((encoding, n) =>
      [1, 2, 3, 4, 5, 6, 7, 8].every(() => generateCase(random, encoding, n) === undefined),
    );
    assert.deepEqual(
      failed.map((encoding) => encoding.entry.names[0]),
      [],
    );
  });
});

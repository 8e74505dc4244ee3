// frame-guard.test.ts: when a hit on a local is looked at where the stack can be, instead of in the machine.

import assert from 'node:assert/strict';
import { encodeNumberFunction, MET } from '../../adapter/machine/judge/number-function';
import { AT } from '../../adapter/machine/layout';
import { frameGuard } from '../../adapter/watch/frame-guard';
import type { FrameLife } from '../../adapter/watch/watch-world';

const CFA = 0x2000_0000n;
const RETURNS_TO = 0x40_1234n;
const RSP_AT = AT.gpr + 8 * 4;
const STACK_END = CFA + 0x3000n;
const LIFE: FrameLife = {
  ...{ thread: 1, functionName: 'work', cfa: CFA },
  ...{ returnAddress: RETURNS_TO, stackEnd: STACK_END },
};

describe('the guard of a local', () => {
  // Sparse: only what is touched takes room.
  const wasm = new WebAssembly.Memory({ initial: 65536, maximum: 65536 });
  const view = new DataView(wasm.buffer);
  const memory = {
    read: (address: bigint, length: number) =>
      new Uint8Array(wasm.buffer.slice(Number(address), Number(address) + length)),
  };

  function holds(life: FrameLife, stackPointer: bigint, returnsTo = RETURNS_TO): boolean {
    view.setBigUint64(Number(CFA) - 8, RETURNS_TO, true);
    const guard = frameGuard(life, memory);
    assert.ok(guard !== undefined);
    const module = new WebAssembly.Module(encodeNumberFunction(guard).buffer as ArrayBuffer);
    const test = new WebAssembly.Instance(module, { e: { m: wasm } }).exports['f0'] as (condition: number) => number;
    view.setBigUint64(Number(CFA) - 8, returnsTo, true);
    view.setBigUint64(RSP_AT, BigInt.asUintN(64, stackPointer), true);
    return test(0) === MET;
  }

  it('holds below the frame, as deep as calls go, and on another stack', () => {
    for (const stackPointer of [CFA - 8n, CFA - 0x100n, CFA - 0x10_0000n, STACK_END, 0x7fff_0000_0000n]) {
      assert.equal(holds(LIFE, stackPointer), true, stackPointer.toString(16));
    }
  });

  it('does not once the stack pointer is at its end or among its callers', () => {
    for (const stackPointer of [CFA, CFA + 8n, STACK_END - 1n]) {
      assert.equal(holds(LIFE, stackPointer), false, stackPointer.toString(16));
    }
  });

  it('does not where another return address is in it', () => {
    assert.equal(holds(LIFE, CFA - 8n, RETURNS_TO + 5n), false);
    assert.equal(
      holds({ ...LIFE, returnAddress: undefined }, CFA - 8n, RETURNS_TO + 5n),
      true,
      'the outermost has none',
    );
  });

  it('is not known for frames that the machine cannot look at', () => {
    assert.equal(frameGuard({ ...LIFE, cfa: 1n << 40n }, memory), undefined);
    assert.equal(frameGuard({ ...LIFE, returnAddress: RETURNS_TO + 1n, cfa: CFA - 0x1000n }, memory), undefined);
  });
});

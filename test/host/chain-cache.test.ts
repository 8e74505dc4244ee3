// Call chains that were walked before are believed only while registers and stack say the same.

import * as assert from 'node:assert';
import { ChainCache } from '../../adapter/host/chain-cache';
import type { FrameRegisters, MemoryReader } from '../../adapter/symbols/program-symbols';

class Stack {
  readonly values = new Map<number, number>();
  walks = 0;

  readonly memory: MemoryReader = {
    read: (address, lengthBytes) => {
      const value = this.values.get(Number(address));
      return value === undefined ? new Uint8Array(0) : new Uint8Array(lengthBytes).fill(value);
    },
  };

  /** A walk that reads the word at rsp, and the one at rbp where there is one. */
  walk(registers: FrameRegisters, memory: MemoryReader): readonly number[] {
    this.walks += 1;
    return [7, 6].map((number) => memory.read(registers(number) ?? 0n, 8).at(0) ?? 0);
  }
}

const registers =
  (values: Readonly<Record<number, bigint>>): FrameRegisters =>
  (number) =>
    values[number] ?? 0n;

describe('call chains', () => {
  const setUp = () => {
    const cache = new ChainCache();
    const stack = new Stack();
    stack.values.set(100, 1).set(200, 2);
    const chain = (rip: bigint, rsp: bigint, rbp: bigint): readonly number[] =>
      cache.get(registers({ 16: rip, 7: rsp, 6: rbp }), stack.memory, (own, memory) => stack.walk(own, memory));
    return { stack, chain };
  };

  it('are walked once while nothing changes', () => {
    const { stack, chain } = setUp();
    for (let times = 0; times < 3; times += 1) assert.deepStrictEqual(chain(5n, 100n, 200n), [1, 2]);
    assert.strictEqual(stack.walks, 1);
  });

  it('are walked anew where the stack, a register or the place is another', () => {
    const { stack, chain } = setUp();
    chain(5n, 100n, 200n);
    stack.values.set(200, 9);
    assert.deepStrictEqual(chain(5n, 100n, 200n), [1, 9]);
    assert.deepStrictEqual(chain(5n, 200n, 100n), [9, 1]);
    assert.deepStrictEqual(chain(6n, 100n, 200n), [1, 9]);
    stack.values.delete(200);
    assert.deepStrictEqual(chain(5n, 100n, 200n), [1, 0], 'memory that is gone');
    assert.strictEqual(stack.walks, 5);
  });

  it('several of one place are kept', () => {
    const { stack, chain } = setUp();
    for (let times = 0; times < 3; times += 1) {
      stack.values.set(100, 1);
      assert.deepStrictEqual(chain(5n, 100n, 200n), [1, 2]);
      stack.values.set(100, 7);
      assert.deepStrictEqual(chain(5n, 100n, 200n), [7, 2]);
    }
    assert.strictEqual(stack.walks, 2);
  });
});

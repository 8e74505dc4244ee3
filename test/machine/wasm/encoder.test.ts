// encoder.test.ts: the WebAssembly that the encoder writes is valid and means what it says; the flag helper agrees
// with its reference.

import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { emitFlagWord } from '../../../adapter/machine/helpers/flag-word';
import { flagWord } from '../../../adapter/machine/translate/flag-kind';
import { ByteWriter } from '../../../adapter/machine/wasm/byte-writer';
import { Code, type FunctionBody } from '../../../adapter/machine/wasm/code';
import { encodeModule, type FunctionType } from '../../../adapter/machine/wasm/module';
import { I32, I64, OP } from '../../../adapter/machine/wasm/opcodes.table';

const memory = new WebAssembly.Memory({ initial: 65536, maximum: 65536 });

type Compiled = (...parameters: (number | bigint)[]) => number | bigint;

function compile(type: FunctionType, body: FunctionBody): Compiled {
  const bytes = encodeModule({ types: [type], table: false, functionImports: [], functions: [{ type: 0, body }] });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes)), { e: { m: memory } });
  const compiled = exports['f0'];
  assert(typeof compiled === 'function');
  return compiled as Compiled;
}

describe('the WebAssembly encoder', () => {
  it('writes 64-bit constants of any size', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }), (value) => {
        const code = new Code(0);
        code.i64(value);
        code.op(OP.end);
        assert.equal(compile({ parameters: [], results: [I64] }, code.finish())(), value);
      }),
      { numRuns: 50 },
    );
  });

  it('writes LEB128 as the specification has it', () => {
    const writer = new ByteWriter(1);
    writer.unsigned(624485);
    writer.signed(-123456);
    assert.deepEqual([...writer.finish()], [0xe5, 0x8e, 0x26, 0xc0, 0xbb, 0x78]);
  });

  it('fills marks where they were left, and moves the branch hints along', () => {
    const code = new Code(1);
    const late = code.newLocal(I32);
    code.mark((later) => {
      later.i32(40);
      later.set(late);
    });
    code.get(0);
    code.coldIf();
    code.get(late);
    code.i32(2);
    code.op(OP.i32Add);
    code.op(OP.return);
    code.end();
    code.get(late);
    code.op(OP.end);
    const body = code.finish();
    assert.equal(body.bytes[body.coldBranches[0]], OP.if);
    const run = compile({ parameters: [I32], results: [I32] }, body);
    assert.deepEqual([run(0), run(1)], [40, 42]);
  });

  it('gives the flags that the reference gives, for every kind', () => {
    const run = compile({ parameters: [I32, I64, I64], results: [I32] }, emitFlagWord());
    const u64 = fc.oneof(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), fc.bigInt({ min: 0n, max: 300n }));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 3 }), u64, u64, (operation, size, a, b) => {
        const kind = operation * 4 + size;
        const isShift = operation >= 5;
        const second = isShift ? (b % (size === 3 ? 63n : 31n)) + 1n : b;
        assert.equal(run(kind, BigInt.asIntN(64, a), BigInt.asIntN(64, second)), flagWord(kind, a, second));
      }),
      { numRuns: 2000 },
    );
  });
});

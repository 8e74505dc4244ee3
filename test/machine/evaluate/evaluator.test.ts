// evaluator.test.ts: micro-code means what the same operations mean as a module of WebAssembly.

import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { MicroCode } from '../../../adapter/machine/evaluate/micro-code';
import {
  EXTRACTS,
  LANE_LOADS,
  LANE_STORES,
  LOAD_EFFECTS,
  PLAIN_EFFECTS,
  PLAIN_FC_EFFECTS,
  PLAIN_SIMD_EFFECTS,
  REPLACES,
  SIMD_LOAD_EFFECTS,
  STORE_EFFECTS,
  type Effect,
} from '../../../adapter/machine/evaluate/operations.table';
import { encodeHelperModule, HELPER_FUNCTIONS } from '../../../adapter/machine/helpers/helper-module';
import { AT, FRAMES, HASH, MICRO_CODE } from '../../../adapter/machine/layout';
import { REGION_SIGNATURE } from '../../../adapter/machine/translate/helper-imports';
import { Code } from '../../../adapter/machine/wasm/code';
import { encodeModule } from '../../../adapter/machine/wasm/module';
import { F32, F64, I32, I64, OP, V128, type ValueType } from '../../../adapter/machine/wasm/opcodes.table';
import { SIMD } from '../../../adapter/machine/wasm/simd.table';

type Region = (address: number, count: number, depth: number) => bigint;
type Build = (code: Code) => void;

const memory = new WebAssembly.Memory({ initial: 65536, maximum: 65536 });
const view = new DataView(memory.buffer);
/** Where the tests' programs load and store. */
const DATA = 0x20000;
const DATA_BYTES = 64;

function regionOf(exported: WebAssembly.ExportValue): Region {
  assert(typeof exported === 'function');
  return exported as Region;
}

const evaluate = ((): Region => {
  const table = new WebAssembly.Table({ element: 'anyfunc', initial: 16 });
  const module = new WebAssembly.Module(new Uint8Array(encodeHelperModule()));
  const nothing = (): number => 0;
  const { exports } = new WebAssembly.Instance(module, {
    e: { m: memory, t: table, resolve: nothing, service: nothing },
  });
  return regionOf(exports[`f${HELPER_FUNCTIONS.findIndex(({ name }) => name === 'evaluate')}`]);
})();

/** The hash entry of address 0 is the first. */
function evaluated(build: Build): Region {
  const code = new MicroCode(REGION_SIGNATURE.parameters);
  build(code);
  const { bytes } = code.finish();
  new Uint8Array(memory.buffer).set(bytes, MICRO_CODE);
  view.setUint32(HASH + 12, MICRO_CODE, true);
  view.setUint32(AT.frame, FRAMES, true);
  return (_, count, depth) => evaluate(0, count, depth);
}

function compiled(build: Build): Region {
  const code = new Code(REGION_SIGNATURE.parameters.length);
  build(code);
  const bytes = encodeModule({
    types: [REGION_SIGNATURE],
    table: false,
    functionImports: [],
    functions: [{ type: 0, body: code.finish() }],
  });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes)), { e: { m: memory } });
  return regionOf(instance.exports['f0']);
}

interface Outcome {
  readonly result: bigint;
  readonly data: string;
}

function outcome(region: Region, data: Uint8Array): Outcome {
  const bytes = new Uint8Array(memory.buffer, DATA, DATA_BYTES);
  bytes.set(data);
  const result = region(0, 1234, 56);
  return { result, data: Buffer.from(bytes).toString('hex') };
}

function expectSame(build: Build, data: Uint8Array = new Uint8Array(DATA_BYTES), message = ''): void {
  assert.deepEqual(outcome(evaluated(build), data), outcome(compiled(build), data), message);
}

/** Random bytes, and how a value of a type is made of them. */
class Bytes {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  push(code: Code, type: ValueType): void {
    const from = this.at;
    this.at = (this.at + 7) % (this.bytes.length - 16);
    const own = new DataView(this.bytes.buffer, this.bytes.byteOffset + from, 16);
    if (type === I32) code.i32(own.getInt32(0, true));
    else if (type === I64) code.i64(own.getBigInt64(0, true));
    else if (type === V128) code.simdBytes(SIMD.v128Const, this.bytes.subarray(from, from + 16));
    else if (type === F32) {
      code.i32(own.getInt32(0, true));
      code.op(OP.f32ReinterpretI32);
    } else {
      code.i64(own.getBigInt64(0, true));
      code.op(OP.f64ReinterpretI64);
    }
  }
}

/** Ends the region with the value on the stack, as an i64. NaNs are all alike. */
function finish(code: Code, type: ValueType): void {
  if (type === I32) code.op(OP.i64ExtendI32U);
  else if (type === F32 || type === F64) {
    const value = code.newLocal(type);
    code.tee(value);
    if (type === F32) code.op(OP.i32ReinterpretF32);
    if (type === F32) code.op(OP.i64ExtendI32U);
    else code.op(OP.i64ReinterpretF64);
    code.i64(99);
    code.get(value);
    code.get(value);
    code.op(type === F32 ? OP.f32Eq : OP.f64Eq);
    code.op(OP.select);
  } else if (type === V128) {
    const vector = code.newLocal(V128);
    code.tee(vector);
    code.simdLane(SIMD.i64x2ExtractLane, 0);
    code.i64(31);
    code.op(OP.i64Mul);
    code.get(vector);
    code.simdLane(SIMD.i64x2ExtractLane, 1);
    code.op(OP.i64Xor);
  }
  code.op(OP.end);
}

/** NaNs' payloads in vectors may differ: lanes of what is no number are cleared. */
function clearNans(code: Code, number: number): void {
  const isDouble = (number >= 236 && number <= 247) || [95, 116, 117, 122, 148].includes(number);
  const isSingle = (number >= 224 && number <= 235) || [94, 103, 104, 105, 106].includes(number);
  if (!isDouble && !isSingle) return;
  const vector = code.newLocal(V128);
  code.tee(vector);
  code.get(vector);
  code.get(vector);
  code.simd(isDouble ? SIMD.f64x2Eq : SIMD.f32x4Eq);
  code.simd(SIMD.v128And);
}

const anyBytes = fc.uint8Array({ minLength: 64, maxLength: 64 });

function expectEffect({ takes, leaves }: Effect, number: number, emit: Build): void {
  assert(leaves !== undefined);
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      expectSame(
        (code) => {
          const source = new Bytes(bytes);
          for (const type of takes) source.push(code, type);
          emit(code);
          if (leaves === V128) clearNans(code, number);
          finish(code, leaves);
        },
        undefined,
        `operation 0x${number.toString(16)}`,
      );
    }),
    { numRuns: 4 },
  );
}

const DIVISIONS: ReadonlySet<number> = new Set([
  ...[OP.i32DivS, OP.i32DivU, OP.i32RemS, OP.i32RemU, OP.i64DivS, OP.i64DivU, OP.i64RemS, OP.i64RemU],
]);

describe('the evaluator', () => {
  it('computes as WebAssembly does', () => {
    for (const [number, effect] of PLAIN_EFFECTS) {
      expectEffect(effect, number, (code) => {
        if (DIVISIONS.has(number)) {
          // No division by zero, and no overflow.
          code.constant(1, effect.leaves === I64);
          code.op(effect.leaves === I64 ? OP.i64Or : OP.i32Or);
          code.constant(0x7fff, effect.leaves === I64);
          code.op(effect.leaves === I64 ? OP.i64And : OP.i32And);
        }
        code.op(number);
      });
    }
    for (const [number, effect] of PLAIN_FC_EFFECTS) {
      expectEffect(effect, number, (code) => {
        code.opFc(number);
      });
    }
  });

  it('computes with vectors as WebAssembly does', () => {
    for (const [number, effect] of PLAIN_SIMD_EFFECTS) {
      expectEffect(effect, number, (code) => {
        code.simd(number);
      });
    }
    for (const [number, { shift, type }] of EXTRACTS) {
      expectEffect({ takes: [V128], leaves: type }, number, (code) => {
        code.simdLane(number, (16 >> shift) - 1);
      });
    }
    for (const [number, { shift, type }] of REPLACES) {
      expectEffect({ takes: [V128, type], leaves: V128 }, number, (code) => {
        code.simdLane(number, (16 >> shift) - 1);
      });
    }
    expectEffect({ takes: [V128, V128], leaves: V128 }, SIMD.i8x16Shuffle, (code) => {
      code.simdBytes(SIMD.i8x16Shuffle, [0, 31, 16, 15, 7, 20, 1, 2, 30, 29, 3, 4, 5, 17, 18, 9]);
    });
  });

  it('loads and stores as WebAssembly does', () => {
    const data = Uint8Array.from({ length: DATA_BYTES }, (_, n) => (n * 37 + 129) & 0xff);
    for (const [number, { leaves }] of [...LOAD_EFFECTS, ...SIMD_LOAD_EFFECTS]) {
      const isVector = leaves === V128;
      const build = (code: Code): void => {
        code.i32(DATA - 0x100);
        if (isVector) code.simdMemory(number, 0x10b);
        else code.memory(number, 0x10b);
        finish(code, leaves ?? I32);
      };
      expectSame(build, data, `load ${number}`);
    }
    for (const [number, { takes }] of STORE_EFFECTS) {
      const build = (code: Code): void => {
        code.i32(DATA - 0x100);
        new Bytes(data).push(code, takes[1]);
        code.memory(number, 0x10b);
        code.i64(0);
        code.op(OP.end);
      };
      expectSame(build, data, `store ${number}`);
    }
  });

  it('loads and stores lanes of vectors as WebAssembly does', () => {
    const data = Uint8Array.from({ length: DATA_BYTES }, (_, n) => (n * 53 + 7) & 0xff);
    for (const [number, { shift }] of LANE_LOADS) {
      const build = (code: Code): void => {
        code.i32(DATA);
        new Bytes(data).push(code, V128);
        code.simdMemoryLane(number, (16 >> shift) - 1, 5);
        finish(code, V128);
      };
      expectSame(build, data, `load of a lane ${number}`);
    }
    for (const number of [SIMD.v128Store, ...LANE_STORES.keys()]) {
      const build = (code: Code): void => {
        code.i32(DATA);
        new Bytes(data).push(code, V128);
        const shift = LANE_STORES.get(number)?.shift;
        if (shift === undefined) code.simdMemory(number, 3);
        else code.simdMemoryLane(number, (16 >> shift) - 1, 3);
        code.i64(0);
        code.op(OP.end);
      };
      expectSame(build, data, `store of a lane ${number}`);
    }
    expectSame((code) => {
      for (const value of [DATA + 30, DATA + 3, 17]) code.i32(value);
      code.memoryCopy();
      code.i64(0);
      code.op(OP.end);
    }, data);
  });

  it('finds its parameters, zeroed locals, and constants of any size', () => {
    expectSame((code) => {
      const zero = code.newLocal(I64);
      code.get(1);
      code.op(OP.i64ExtendI32U);
      code.get(2);
      code.op(OP.i64ExtendI32S);
      code.i64(-0x1_2345_6789);
      code.op(OP.i64Mul);
      code.op(OP.i64Add);
      code.get(zero);
      code.op(OP.i64Add);
      code.i64(0x8765_4321_fedc_ba98n);
      code.op(OP.i64Xor);
      code.op(OP.end);
    });
  });

  it('branches out of blocks, over both arms of an if, and back in loops', () => {
    for (const turns of [0, 1, 5]) {
      expectSame((code) => {
        const left = code.newLocal(I32);
        const sum = code.newLocal(I64);
        code.i32(turns);
        code.set(left);
        const done = code.block();
        const again = code.loop();
        code.get(left);
        code.op(OP.i32Eqz);
        code.brIf(done);
        code.get(sum);
        code.get(left);
        code.i32(1);
        code.op(OP.i32And);
        code.if(I64);
        code.i64(3);
        code.else();
        code.get(sum);
        code.end();
        code.op(OP.i64Add);
        code.set(sum);
        code.get(left);
        code.i32(1);
        code.op(OP.i32Sub);
        code.tee(left);
        code.i32(2);
        code.op(OP.i32Eq);
        code.coldIf();
        code.get(sum);
        code.i64(100);
        code.op(OP.i64Add);
        code.set(sum);
        code.br(again);
        code.end();
        code.br(again);
        code.end();
        code.end();
        code.get(sum);
        code.op(OP.end);
      });
    }
  });

  it('drops what a branch leaves behind', () => {
    expectSame((code) => {
      code.i64(7);
      const out = code.block();
      code.i64(1);
      code.i64(2);
      code.i32(1);
      code.brIf(out);
      code.op(OP.drop);
      code.op(OP.drop);
      code.end();
      code.i64(40);
      code.op(OP.i64Add);
      code.op(OP.end);
    });
  });
});

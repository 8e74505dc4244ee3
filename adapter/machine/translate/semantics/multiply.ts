// multiply.ts: MUL and IMUL.
//
// Truth: Intel SDM vol. 2. SF ZF PF AF after multiplications are undefined: they follow the low half of the result.

import type { Local } from '../../wasm/code';
import { OP } from '../../wasm/opcodes.table';
import type { EmitContext } from '../emit-context';
import { CF, KIND_MIXED, OF } from '../flag-kind';
import type { EmitterTable } from './emitter';
import { setMixedFlags } from './mixed-flags';
import { pushExceeds, widen, widenSigned } from './widening';

const RAX = 0;
const RDX = 2;

/** Takes an i32 from the stack: 1 if the product does not fit. `low` is the product's low half. */
function setProductFlags(e: EmitContext, low: Local, bytes: number): void {
  e.code.i32(CF | OF);
  e.code.op(OP.i32Mul);
  setMixedFlags(e, low, bytes);
}

/** IMUL with two or three operands. */
function imulTruncating(e: EmitContext): void {
  const { code } = e;
  const target = e.operand(0);
  const hasThree = e.instruction.operands.length === 3;
  const left = hasThree ? e.operand(1) : target;
  const right = hasThree ? e.operand(2) : e.operand(1);
  const { bytes } = target;
  const at = e.prepare(hasThree ? left : right, 'read');
  const pushLeft = (): void => {
    e.push(left, hasThree ? at : undefined, bytes);
  };
  const pushRight = (): void => {
    e.push(right, hasThree ? undefined : at, bytes);
  };
  if (!e.flagsWanted) {
    pushLeft();
    pushRight();
    code.arithmetic(OP.i32Mul, bytes === 8);
    e.assign(target, undefined, () => undefined);
    return;
  }
  pushLeft();
  if (bytes < 8) widenSigned(e, bytes);
  const first = e.save(8);
  pushRight();
  if (bytes < 8) widenSigned(e, bytes);
  const second = e.save(8);
  code.get(first);
  code.get(second);
  code.op(OP.i64Mul);
  const product = e.save(8);
  pushSignedOverflow(e, first, second, product, bytes);
  setProductFlags(e, product, 8);
  e.flags.is(KIND_MIXED, bytes);
  e.assign(target, undefined, () => {
    code.get(product);
    if (bytes < 8) code.op(OP.i32WrapI64);
  });
}

/** Pushes 1 where the signed product does not fit into so many bytes. */
function pushSignedOverflow(e: EmitContext, first: Local, second: Local, product: Local, bytes: number): void {
  const { code } = e;
  if (bytes === 8) {
    e.pushHighProduct(first, second, true);
    code.get(product);
    code.i64(63);
    code.op(OP.i64ShrS);
    code.op(OP.i64Ne);
  } else pushExceeds(e, product, bytes, true);
}

/** MUL and one-operand IMUL: the product fills rdx:rax (ax for bytes). */
function multiplyFull(e: EmitContext, isSigned: boolean): void {
  const { code } = e;
  const source = e.operand(0);
  const { bytes } = source;
  const at = e.prepare(source, 'read');
  e.push(source, at);
  if (bytes === 8) {
    multiplyFull64(e, isSigned);
    return;
  }
  widen(e, bytes, isSigned);
  e.getGprBytes(RAX, bytes);
  widen(e, bytes, isSigned);
  code.op(OP.i64Mul);
  const product = e.save(8);
  if (e.flagsWanted) {
    pushExceeds(e, product, bytes, isSigned);
    setProductFlags(e, product, 8);
    e.flags.is(KIND_MIXED, bytes);
  }
  code.get(product);
  code.op(OP.i32WrapI64);
  e.setGprBytes(RAX, bytes === 1 ? 2 : bytes);
  if (bytes === 1) return;
  code.get(product);
  code.i64(8 * bytes);
  code.op(OP.i64ShrU);
  code.op(OP.i32WrapI64);
  e.setGprBytes(RDX, bytes);
}

function multiplyFull64(e: EmitContext, isSigned: boolean): void {
  const { code } = e;
  const factor = e.save(8);
  e.getGpr(RAX);
  const other = e.save(8);
  e.pushHighProduct(factor, other, isSigned);
  const high = e.save(8);
  code.get(factor);
  code.get(other);
  code.op(OP.i64Mul);
  const low = e.save(8);
  if (e.flagsWanted) {
    code.get(high);
    if (isSigned) {
      code.get(low);
      code.i64(63);
      code.op(OP.i64ShrS);
    } else {
      code.i64(0);
    }
    code.op(OP.i64Ne);
    setProductFlags(e, low, 8);
  }
  code.get(low);
  e.setGpr(RAX);
  code.get(high);
  e.setGpr(RDX);
}

function imul(e: EmitContext): void {
  if (e.instruction.operands.length === 1) multiplyFull(e, true);
  else imulTruncating(e);
}

export const MULTIPLY_EMITTERS: EmitterTable = {
  mul: (e) => {
    multiplyFull(e, false);
  },
  imul,
};

// move.ts: moves, extensions, exchanges, the stack.
//
// Truth: Intel SDM vol. 2 (MOV, MOVSX, LEA, XCHG, XADD, CMPXCHG, PUSH, POP, ENTER, LEAVE, BSWAP, XLAT).

import { assert } from '../../../util/assert';
import type { MemoryOperand, Operand, RegisterOperand } from '../../decode/instruction';
import { OP } from '../../wasm/opcodes.table';
import type { EmitContext } from '../emit-context';
import type { EmitterTable } from './emitter';

const RSP = 4;
const RBP = 5;
const INVALID_OPCODE = 6;
const GENERAL_PROTECTION = 13;

function mov(e: EmitContext): void {
  const target = e.operand(0);
  const source = e.operand(1);
  if (isPrivileged(target) || isPrivileged(source)) {
    e.raise(GENERAL_PROTECTION);
    return;
  }
  if (target.kind === 'register' && target.file === 'segment') {
    e.pushOperand(source, 2, true);
    loadSegment(e, target);
    return;
  }
  if (source.kind === 'register' && source.file === 'segment') {
    if (source.index > GS) e.raise(INVALID_OPCODE);
    else movFromSegment(e);
    return;
  }
  const at = target.kind === 'memory' ? e.prepare(target, 'write') : e.prepare(source, 'read');
  if (target.kind === 'memory')
    e.assign(target, at, () => {
      e.pushRough(source, target.bytes);
    });
  else
    e.assign(target, undefined, () => {
      e.push(source, at, target.bytes);
    });
}

/** Control and debug registers are the kernel's. */
function isPrivileged(operand: Operand): boolean {
  return operand.kind === 'register' && (operand.file === 'control' || operand.file === 'debug');
}

/** Selectors of 64-bit Linux user code. */
const USER_CS = 0x33;
const USER_SS = 0x2b;
const CS = 1;
const SS = 2;
const GS = 5;

/** Takes a selector (i32) from the stack. Null and the user's own are accepted, and change nothing here. */
function loadSegment(e: EmitContext, target: RegisterOperand): void {
  const { code } = e;
  const selector = e.save(4);
  if (target.index === CS || target.index > GS) {
    e.raise(INVALID_OPCODE);
    return;
  }
  code.get(selector);
  code.i32(0xfffc);
  code.op(OP.i32And);
  code.i32(0);
  code.op(OP.i32Ne);
  code.get(selector);
  code.i32(USER_SS);
  code.op(OP.i32Ne);
  code.op(OP.i32And);
  e.raiseIf(GENERAL_PROTECTION);
}

function movFromSegment(e: EmitContext): void {
  const target = e.operand(0);
  const source = e.operand(1);
  assert(source.kind === 'register', 'a segment register is a register');
  const selector = source.index === CS ? USER_CS : source.index === SS ? USER_SS : 0;
  const at = e.prepare(target, 'write', 2);
  if (at !== undefined)
    e.store(at, 2, () => {
      e.code.i32(selector);
    });
  else
    e.assign(target, undefined, () => {
      e.code.constant(selector, target.bytes === 8);
    });
}

function movzx(e: EmitContext): void {
  const source = e.operand(1);
  const target = e.operand(0);
  e.pushOperand(source);
  if (target.bytes === 8) e.code.op(OP.i64ExtendI32U);
  e.assign(target, undefined, () => undefined);
}

function movsx(e: EmitContext): void {
  const source = e.operand(1);
  const target = e.operand(0);
  if (source.kind === 'memory') {
    e.loadSigned(e.address(source, 'read'), source.bytes);
  } else {
    e.pushRough(source, source.bytes);
    e.signExtend(source.bytes);
  }
  if (target.bytes === 8 && source.bytes < 8) e.code.op(OP.i64ExtendI32S);
  e.assign(target, undefined, () => undefined);
}

function lea(e: EmitContext): void {
  const source = e.operand(1);
  const target = e.operand(0);
  assert(source.kind === 'memory', 'LEA takes a memory operand', e.instruction);
  e.pushEffectiveAddress({ ...source, segment: 'none' });
  if (target.bytes < 8) e.code.op(OP.i32WrapI64);
  e.assign(target, undefined, () => undefined);
}

function xchg(e: EmitContext): void {
  const first = e.operand(0);
  const second = e.operand(1);
  const at = e.prepare(first, 'readWrite');
  e.push(first, at);
  const old = e.save(first.bytes);
  e.assign(first, at, () => {
    e.push(second, undefined);
  });
  e.assign(second, undefined, () => {
    e.code.get(old);
  });
}

/** Pushes a value of eight (or under 66h two) bytes; `pushValue` runs after the stack's access is known to be good. */
export function pushOnStack(e: EmitContext, bytes: number, pushValue: () => void, uncertain = false): void {
  const { code } = e;
  e.getGpr(RSP);
  code.i64(-bytes);
  code.op(OP.i64Add);
  const at = e.addressOfTop('write', bytes, uncertain);
  e.store(at, bytes, pushValue);
  e.getGpr(RSP);
  code.i64(-bytes);
  code.op(OP.i64Add);
  e.setGpr(RSP);
}

function push(e: EmitContext): void {
  const source = e.operand(0);
  const bytes = e.instruction.operandBytes;
  if (source.kind === 'memory') {
    e.pushOperand(source, bytes, true);
    const value = e.save(bytes);
    pushOnStack(
      e,
      bytes,
      () => {
        e.code.get(value);
      },
      true,
    );
    return;
  }
  if (source.kind === 'register' && source.file === 'segment') {
    pushOnStack(e, bytes, () => {
      e.code.constant(0, bytes === 8);
    });
    return;
  }
  pushOnStack(e, bytes, () => {
    e.push(source, undefined, bytes);
  });
}

function pop(e: EmitContext): void {
  const { code } = e;
  const target = e.operand(0);
  const bytes = e.instruction.operandBytes;
  const uncertain = target.kind === 'memory';
  e.getGpr(RSP);
  const from = e.addressOfTop('read', bytes, uncertain);
  if (target.kind === 'memory') {
    const to = popTarget(e, target, bytes);
    e.store(to, bytes, () => {
      e.load(from, bytes);
    });
    e.getGpr(RSP);
    code.i64(bytes);
    code.op(OP.i64Add);
    e.setGpr(RSP);
    return;
  }
  e.load(from, bytes);
  const value = e.save(bytes);
  const isSegment = target.kind === 'register' && target.file === 'segment';
  if (isSegment) {
    code.get(value);
    if (bytes === 8) code.op(OP.i32WrapI64);
    e.zeroExtend(2);
    loadSegment(e, target);
  }
  e.getGpr(RSP);
  code.i64(bytes);
  code.op(OP.i64Add);
  e.setGpr(RSP);
  if (isSegment) return;
  e.assign(target, undefined, () => {
    code.get(value);
  });
}

/** POP to memory addresses it with the stack pointer already incremented. */
function popTarget(e: EmitContext, target: MemoryOperand, bytes: number): number {
  const usesStackPointer = target.base === RSP;
  const operand = usesStackPointer ? { ...target, displacement: target.displacement + bytes } : target;
  return e.address(operand, 'write', bytes, true);
}

function leave(e: EmitContext): void {
  const { code } = e;
  const bytes = e.instruction.operandBytes;
  e.getGpr(RBP);
  const from = e.addressOfTop('read', bytes);
  e.getGpr(RBP);
  code.i64(bytes);
  code.op(OP.i64Add);
  e.setGpr(RSP);
  e.load(from, bytes);
  e.setGprBytes(RBP, bytes);
}

/** ENTER with nesting level 0 and eight bytes, the only one compilers and people use. */
function enter(e: EmitContext): void {
  const { code } = e;
  const frame = e.operand(0);
  const level = e.operand(1);
  assert(frame.kind === 'immediate' && level.kind === 'immediate', 'ENTER takes immediates', e.instruction);
  if ((Number(level.value) & 31) !== 0 || e.instruction.operandBytes !== 8) {
    e.leave('unimplemented');
    return;
  }
  pushOnStack(e, 8, () => {
    e.getGpr(RBP);
  });
  e.getGpr(RSP);
  e.setGpr(RBP);
  e.getGpr(RSP);
  code.i64(Number(frame.value) & 0xffff);
  code.op(OP.i64Sub);
  e.setGpr(RSP);
}

function bswap(e: EmitContext): void {
  const target = e.operand(0);
  const { code } = e;
  if (target.bytes === 2) {
    e.assign(target, undefined, () => {
      code.i32(0);
    }); // Undefined; the hardware clears.
    return;
  }
  const wide = target.bytes === 8;
  // Swap neighbouring bytes, then turn halves (and quarters).
  e.push(target, undefined);
  const value = e.save(target.bytes);
  swapGroups(e, value, 8, wide ? 0x00ff00ff00ff00ffn : 0x00ff00ffn, wide);
  if (!wide) {
    code.get(value);
    code.i32(16);
    code.op(OP.i32Rotl);
  } else {
    swapGroups(e, value, 16, 0x0000ffff0000ffffn, true);
    code.get(value);
    code.i64(32);
    code.op(OP.i64Rotl);
  }
  e.assign(target, undefined, () => undefined);
}

/** value = ((value & mask) << shift) | ((value >> shift) & mask) */
function swapGroups(e: EmitContext, value: number, shift: number, mask: bigint, wide: boolean): void {
  const { code } = e;
  code.get(value);
  code.constant(mask, wide);
  code.arithmetic(OP.i32And, wide);
  code.constant(shift, wide);
  code.arithmetic(OP.i32Shl, wide);
  code.get(value);
  code.constant(shift, wide);
  code.arithmetic(OP.i32ShrU, wide);
  code.constant(mask, wide);
  code.arithmetic(OP.i32And, wide);
  code.arithmetic(OP.i32Or, wide);
  code.set(value);
}

function xlat(e: EmitContext): void {
  const { code } = e;
  const { segment, address32 } = e.instruction;
  if (segment !== 'none' || address32) {
    e.leave('unimplemented');
    return;
  }
  e.getGpr(3);
  e.getGprBytes(0, 1);
  code.op(OP.i64ExtendI32U);
  code.op(OP.i64Add);
  const at = e.addressOfTop('read', 1);
  e.load(at, 1);
  e.setGprBytes(0, 1);
}

/** CBW, CWDE, CDQE: sign-extend within the accumulator. */
function extendAccumulator(e: EmitContext): void {
  const { code } = e;
  const bytes = e.instruction.operandBytes;
  e.getGpr(0);
  if (bytes === 8) {
    code.op(OP.i64Extend32S);
    e.setGpr(0);
    return;
  }
  code.op(OP.i32WrapI64);
  code.op(bytes === 4 ? OP.i32Extend16S : OP.i32Extend8S);
  e.setGprBytes(0, bytes);
}

/** CWD, CDQ, CQO: the accumulator's sign fills rdx. */
function signIntoRdx(e: EmitContext): void {
  const { code } = e;
  const bytes = e.instruction.operandBytes;
  e.getGprBytes(0, bytes);
  e.signExtend(bytes);
  code.constant(bytes === 8 ? 63 : 31, bytes === 8);
  code.arithmetic(OP.i32ShrS, bytes === 8);
  e.setGprBytes(2, bytes);
}

function setcc(e: EmitContext): void {
  const target = e.operand(0);
  const at = e.prepare(target, 'write');
  e.assign(target, at, () => {
    e.flags.condition(e.instruction.condition ?? 0);
  });
}

function cmovcc(e: EmitContext): void {
  const target = e.operand(0);
  const source = e.operand(1);
  e.pushOperand(source);
  e.push(target, undefined);
  e.flags.condition(e.instruction.condition ?? 0);
  e.code.op(OP.select);
  e.assign(target, undefined, () => undefined);
}

const nothing = (): void => undefined;

export const MOVE_EMITTERS: EmitterTable = {
  mov,
  movnti: mov,
  movzx,
  movsx,
  movsxd: movsx,
  lea,
  xchg,
  push,
  pop,
  leave,
  enter,
  bswap,
  xlat,
  cbw: extendAccumulator,
  cwde: extendAccumulator,
  cdqe: extendAccumulator,
  cwd: signIntoRdx,
  cdq: signIntoRdx,
  cqo: signIntoRdx,
  setcc,
  cmovcc,
  nop: nothing,
  endbr64: nothing,
  // Without shadow stacks it leaves its operand alone.
  rdssp: nothing,
  endbr32: nothing,
  pause: nothing,
  prefetch: nothing,
  prefetchw: nothing,
  prefetchwt1: nothing,
  prefetchnta: nothing,
  prefetcht0: nothing,
  prefetcht1: nothing,
  prefetcht2: nothing,
  lfence: nothing,
  mfence: nothing,
  sfence: nothing,
};

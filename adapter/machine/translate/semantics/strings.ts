// strings.ts: MOVS, STOS, LODS, SCAS, CMPS and their repetition.
//
// A repeated instruction retires when its last repetition is done. It may leave between two repetitions (a fault, a
// watched byte): the registers then say how far it came, and it goes on when it is run again. Long copies and fills
// are done in one piece where no granule of the whole range needs a look.
// When the instruction runs alone it does one repetition: a debug trap comes after each.
// Truth: Intel SDM vol. 2 (REP, MOVS, …); debug registers: shared behaviour, A.5.

import { AT } from '../../layout';
import type { Label, Local } from '../../wasm/code';
import { OP } from '../../wasm/opcodes.table';
import type { EmitContext } from '../emit-context';
import { DF, KIND_SUB } from '../flag-kind';
import type { EmitterTable, InstructionEmitter } from './emitter';

const RAX = 0;
const RCX = 1;
const RSI = 6;
const RDI = 7;

interface StringOperation {
  /** Emits one repetition. */
  readonly once: (e: EmitContext, bytes: number) => void;
  /** Emits an attempt to do many at once, before the loop's single step. */
  readonly bulk?: (e: EmitContext, bytes: number) => void;
  /** SCAS and CMPS: the prefix tests ZF after each repetition. */
  readonly compares: boolean;
}

/** Pushes +bytes or −bytes (i64) by the direction flag. */
function pushStep(e: EmitContext, bytes: number): void {
  const { code } = e;
  code.i64(-bytes);
  code.i64(bytes);
  pushDirection(e);
  code.op(OP.select);
}

function pushDirection(e: EmitContext): void {
  const { code } = e;
  code.i32(0);
  code.memory(OP.i32Load, AT.systemFlags);
  code.i32(DF);
  code.op(OP.i32And);
}

function advance(e: EmitContext, register: number, step: Local): void {
  e.getGpr(register);
  e.code.get(step);
  e.code.op(OP.i64Add);
  e.setGpr(register);
}

/** The source: rsi, with the segment that an override names. */
function sourceAddress(e: EmitContext, bytes: number, uncertain: boolean): Local {
  e.getGpr(RSI);
  const { segment } = e.instruction;
  if (segment !== 'none') {
    e.code.i32(0);
    e.code.memory(OP.i64Load, segment === 'fs' ? AT.fsBase : AT.gsBase);
    e.code.op(OP.i64Add);
  }
  return e.addressOfTop('read', bytes, uncertain);
}

function targetAddress(e: EmitContext, mode: 'read' | 'write', bytes: number, uncertain: boolean): Local {
  e.getGpr(RDI);
  return e.addressOfTop(mode, bytes, uncertain);
}

function saveStep(e: EmitContext, bytes: number): Local {
  pushStep(e, bytes);
  return e.save(8);
}

function movsOnce(e: EmitContext, bytes: number): void {
  const from = sourceAddress(e, bytes, true);
  const to = targetAddress(e, 'write', bytes, true);
  e.store(to, bytes, () => {
    e.load(from, bytes);
  });
  const step = saveStep(e, bytes);
  advance(e, RSI, step);
  advance(e, RDI, step);
}

function stosOnce(e: EmitContext, bytes: number): void {
  const to = targetAddress(e, 'write', bytes, false);
  e.store(to, bytes, () => {
    e.getGprBytes(RAX, bytes);
  });
  advance(e, RDI, saveStep(e, bytes));
}

function lodsOnce(e: EmitContext, bytes: number): void {
  const from = sourceAddress(e, bytes, false);
  e.load(from, bytes);
  e.setGprBytes(RAX, bytes);
  advance(e, RSI, saveStep(e, bytes));
}

function scasOnce(e: EmitContext, bytes: number): void {
  const at = targetAddress(e, 'read', bytes, false);
  e.getGpr(RAX);
  e.flags.setA();
  e.load(at, bytes);
  e.widen(bytes);
  e.flags.setB();
  e.flags.is(KIND_SUB, bytes);
  advance(e, RDI, saveStep(e, bytes));
}

function cmpsOnce(e: EmitContext, bytes: number): void {
  const left = sourceAddress(e, bytes, true);
  const right = targetAddress(e, 'read', bytes, true);
  e.load(left, bytes);
  e.widen(bytes);
  e.flags.setA();
  e.load(right, bytes);
  e.widen(bytes);
  e.flags.setB();
  e.flags.is(KIND_SUB, bytes);
  const step = saveStep(e, bytes);
  advance(e, RSI, step);
  advance(e, RDI, step);
}

/** After a bulk helper: moves the registers on by the bytes (i64 on the stack) that it did. */
function finishBulk(e: EmitContext, bytes: number, movesSource: boolean): void {
  const { code } = e;
  const done = e.save(8);
  advance(e, RDI, done);
  if (movesSource) advance(e, RSI, done);
  e.getGpr(RCX);
  code.get(done);
  code.i64(Math.log2(bytes));
  code.op(OP.i64ShrU);
  code.op(OP.i64Sub);
  e.setGpr(RCX);
}

function pushBytesLeft(e: EmitContext, bytes: number): void {
  const { code } = e;
  // Capped, so that the product cannot overflow; the loop comes back for the rest.
  const most = 1 << 26;
  e.getGpr(RCX);
  code.i64(most);
  e.getGpr(RCX);
  code.i64(most);
  code.op(OP.i64LtU);
  code.op(OP.select);
  code.i64(Math.log2(bytes));
  code.op(OP.i64Shl);
}

function movsBulk(e: EmitContext, bytes: number): void {
  if (e.instruction.segment !== 'none') return;
  pushUnlessBackwards(e, () => {
    e.getGpr(RDI);
    e.getGpr(RSI);
    pushBytesLeft(e, bytes);
    e.call('bulkCopy');
    e.code.i64(-bytes);
    e.code.op(OP.i64And);
    finishBulk(e, bytes, true);
  });
}

function stosBulk(e: EmitContext, bytes: number): void {
  pushUnlessBackwards(e, () => {
    e.getGpr(RDI);
    e.getGpr(RAX);
    pushBytesLeft(e, bytes);
    e.code.i32(bytes);
    e.call('bulkFill');
    finishBulk(e, bytes, false);
  });
}

function pushUnlessBackwards(e: EmitContext, body: () => void): void {
  pushDirection(e);
  e.code.op(OP.i32Eqz);
  e.code.if();
  body();
  e.code.end();
}

function decrementCount(e: EmitContext): void {
  e.getGpr(RCX);
  e.code.i64(1);
  e.code.op(OP.i64Sub);
  e.setGpr(RCX);
}

/** Branches to `done` unless the prefix asks for another repetition, rcx left aside. */
function stopWhenCompared(e: EmitContext, done: Label): void {
  e.flags.condition(e.instruction.rep === 'repne' ? 4 : 5);
  e.code.brIf(done);
}

function repeat(e: EmitContext, operation: StringOperation, bytes: number): void {
  const { code, flags } = e;
  // Compares leave the flags of the last repetition, or none at all where rcx is 0.
  if (operation.compares) flags.makeDynamic();
  const done = code.block();
  const again = code.loop();
  e.getGpr(RCX);
  code.op(OP.i64Eqz);
  code.brIf(done);
  if (operation.bulk !== undefined) {
    operation.bulk(e, bytes);
    e.getGpr(RCX);
    code.op(OP.i64Eqz);
    code.brIf(done);
  }
  operation.once(e, bytes);
  decrementCount(e);
  if (operation.compares) {
    const kind = flags.kind;
    flags.makeDynamic();
    const after = flags.kind;
    flags.kind = kind;
    stopWhenCompared(e, done);
    flags.kind = after;
  }
  code.br(again);
  code.end();
  code.end();
}

/** One repetition, for an instruction that runs alone. */
function repeatAlone(e: EmitContext, operation: StringOperation, bytes: number): void {
  const { code, flags } = e;
  if (operation.compares) flags.makeDynamic();
  const done = code.block();
  e.getGpr(RCX);
  code.op(OP.i64Eqz);
  code.brIf(done);
  operation.once(e, bytes);
  decrementCount(e);
  if (operation.compares) flags.makeDynamic();
  e.getGpr(RCX);
  code.op(OP.i64Eqz);
  code.brIf(done);
  if (operation.compares) stopWhenCompared(e, done);
  code.i32(1);
  e.leaveIf('repetition');
  code.end();
}

function string(operation: StringOperation): InstructionEmitter {
  return (e) => {
    const bytes = e.instruction.operandBytes;
    if (e.instruction.address32) e.leave('unimplemented');
    else if (e.instruction.rep === 'none') operation.once(e, bytes);
    else if (e.alone) repeatAlone(e, operation, bytes);
    else repeat(e, operation, bytes);
  };
}

export const STRING_EMITTERS: EmitterTable = {
  movs: string({ once: movsOnce, bulk: movsBulk, compares: false }),
  stos: string({ once: stosOnce, bulk: stosBulk, compares: false }),
  lods: string({ once: lodsOnce, compares: false }),
  scas: string({ once: scasOnce, compares: true }),
  cmps: string({ once: cmpsOnce, compares: true }),
};

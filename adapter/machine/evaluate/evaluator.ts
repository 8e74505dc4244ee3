// evaluator.ts: runs micro-code (micro-code.ts), itself a function in WebAssembly.
//
// For code that runs for the first few times: a module of its own costs it more than running it like this. The
// evaluator has a region's signature and stands in the table of regions; the hash entry of the address says where the
// region's micro-code is. Each operation reads its operands from the frame and writes its result there.

import { assert } from '../../util/assert';
import { pushHashEntry } from '../helpers/hash-entry';
import { AT, HASH } from '../layout';
import { HELPERS, REGION_SIGNATURE, type HelperName } from '../translate/helper-imports';
import { Code, type FunctionBody } from '../wasm/code';
import { F32, F64, I32, I64, OP, OP_FC, V128, type ValueType } from '../wasm/opcodes.table';
import { CaseWriter, emitCases, FREE, OPERAND_LOADS, SLOT, TOP } from './case-writer';
import { HEADER_BYTES, LOCALS } from './micro-code';
import { LOAD_EFFECTS, MICRO, PLAIN_EFFECTS, PLAIN_FC_EFFECTS, STORE_EFFECTS, type Effect } from './operations.table';

interface EvaluatorLocals {
  readonly frame: number;
  /** Where the frame ends. */
  readonly end: number;
  readonly long: number;
}

/** (guest address, count, depth) → as a region. `functionIndex`: of a helper, and of what runs SIMD operations. */
export function emitEvaluator(functionIndex: (name: HelperName | 'evaluateSimd') => number): FunctionBody {
  const code = new Code(REGION_SIGNATURE.parameters.length);
  const w = new CaseWriter(code, code.newLocal(I32), code.newLocal(I32));
  const locals = { frame: code.newLocal(I32), end: code.newLocal(I32), long: code.newLocal(I64) };
  emitEntry(w, locals);
  const again = code.loop();
  const cases = new Map<number, () => void>();
  addValues(w, locals, cases);
  addBranches(w, locals, cases);
  addCalls(w, locals, functionIndex, cases);
  emitCases(w, cases, again);
  code.end();
  code.op(OP.unreachable);
  code.op(OP.end);
  return code.finish();
}

/** Finds the micro-code, and makes a frame: parameters, and locals of zero. */
function emitEntry({ code, pc, sp }: CaseWriter, { frame, end }: EvaluatorLocals): void {
  const [rip, count, depth] = [0, 1, 2];
  pushHashEntry(code, rip);
  code.memory(OP.i32Load, HASH + 12);
  code.set(pc);
  code.i32(0);
  code.memory(OP.i32Load, AT.frame);
  code.tee(frame);
  code.i32(LOCALS);
  code.op(OP.i32Add);
  code.tee(end);
  code.i32(0);
  code.get(pc);
  code.memory(OP.i32Load16U);
  code.memoryFill();
  code.get(end);
  code.get(pc);
  code.memory(OP.i32Load16U);
  code.op(OP.i32Add);
  code.set(end);
  for (const parameter of [rip, count, depth]) {
    code.get(frame);
    code.get(parameter);
    code.memory(OP.i32Store, LOCALS + SLOT * parameter);
  }
  code.get(pc);
  code.i32(HEADER_BYTES);
  code.op(OP.i32Add);
  code.set(pc);
  code.get(frame);
  code.set(sp);
}

// Values -----------------------------------------------------------------------------------------------------------

function addValues(w: CaseWriter, locals: EvaluatorLocals, cases: Map<number, () => void>): void {
  const { code } = w;
  const add = (number: number, emit: () => void): void => {
    cases.set(number, emit);
  };
  for (const [number, effect] of PLAIN_EFFECTS) {
    add(number, () => {
      w.apply(effect, () => {
        code.op(number);
      });
    });
  }
  for (const [number, effect] of PLAIN_FC_EFFECTS) {
    add(MICRO.prefixFc + number, () => {
      w.apply(effect, () => {
        code.opFc(number);
      });
    });
  }
  for (const [number, effect] of [...LOAD_EFFECTS, ...STORE_EFFECTS]) {
    add(number, () => {
      emitMemory(w, number, effect);
    });
  }
  add(MICRO.prefixFc + OP_FC.memoryCopy, () => {
    w.apply({ takes: [I32, I32, I32], leaves: undefined }, () => {
      code.memoryCopy();
    });
  });
  addConstant(w, OP.i32Const, I32, 4, cases);
  addConstant(w, OP.f32Const, F32, 4, cases);
  addConstant(w, OP.i64Const, I64, 8, cases);
  addConstant(w, OP.f64Const, F64, 8, cases);
  addLocals(w, locals, cases);
  addState(w, cases);
  addSelect(w, cases);
}

function emitMemory(w: CaseWriter, number: number, { takes, leaves }: Effect): void {
  const { code } = w;
  if (leaves !== undefined) code.get(w.sp);
  w.operand(takes.length - 1, I32);
  w.immediate(OP.i32Load);
  code.op(OP.i32Add);
  if (takes.length > 1) w.operand(0, takes[1]);
  code.memory(number);
  if (leaves !== undefined) w.store(leaves, TOP);
  w.moveStack(leaves === undefined ? -2 : 0);
  w.add(w.pc, 4);
}

function addConstant(
  w: CaseWriter,
  number: number,
  type: ValueType,
  bytes: number,
  cases: Map<number, () => void>,
): void {
  cases.set(number, () => {
    w.code.get(w.sp);
    w.immediate(OPERAND_LOADS[type]);
    w.store(type, FREE);
    w.moveStack(1);
    w.add(w.pc, bytes);
  });
}

function addLocals(w: CaseWriter, { frame }: EvaluatorLocals, cases: Map<number, () => void>): void {
  const { code } = w;
  const pushPlace = (): void => {
    code.get(frame);
    w.immediate(OP.i32Load16U);
    code.op(OP.i32Add);
  };
  const addType = (type: ValueType, get: number, set: number, tee: number): void => {
    cases.set(get, () => {
      code.get(w.sp);
      pushPlace();
      w.load(type, 0);
      w.store(type, FREE);
      w.moveStack(1);
      w.add(w.pc, 2);
    });
    for (const [number, taken] of [
      [set, 1],
      [tee, 0],
    ]) {
      cases.set(number, () => {
        pushPlace();
        w.operand(0, type);
        w.store(type, 0);
        w.moveStack(-taken);
        w.add(w.pc, 2);
      });
    }
  };
  addType(I64, OP.localGet, OP.localSet, OP.localTee);
  addType(I32, MICRO.get32, MICRO.set32, MICRO.tee32);
  addType(V128, MICRO.get128, MICRO.set128, MICRO.tee128);
}

function addState(w: CaseWriter, cases: Map<number, () => void>): void {
  const { code } = w;
  cases.set(MICRO.getState, () => {
    code.get(w.sp);
    w.immediate(OP.i32Load16U);
    code.memory(OP.i64Load);
    w.store(I64, FREE);
    w.moveStack(1);
    w.add(w.pc, 2);
  });
  cases.set(MICRO.setState, () => {
    w.immediate(OP.i32Load16U);
    w.operand(0, I64);
    code.memory(OP.i64Store);
    w.moveStack(-1);
    w.add(w.pc, 2);
  });
}

function addSelect(w: CaseWriter, cases: Map<number, () => void>): void {
  const { code } = w;
  cases.set(OP.drop, () => {
    w.moveStack(-1);
  });
  cases.set(OP.select, () => {
    w.operand(0, I32);
    code.op(OP.i32Eqz);
    code.if();
    code.get(w.sp);
    w.operand(1, V128);
    w.store(V128, TOP - 2 * SLOT);
    code.end();
    w.moveStack(-2);
  });
}

// Control ----------------------------------------------------------------------------------------------------------

function addBranches(w: CaseWriter, { frame }: EvaluatorLocals, cases: Map<number, () => void>): void {
  const { code } = w;
  const jump = (): void => {
    code.get(w.pc);
    w.immediate(OP.i32Load);
    code.op(OP.i32Add);
  };
  const branch = (): void => {
    code.get(frame);
    w.immediate(OP.i32Load16U, 4);
    code.op(OP.i32Add);
    code.set(w.sp);
    jump();
    code.set(w.pc);
  };
  cases.set(OP.br, branch);
  cases.set(OP.brIf, () => {
    w.operand(0, I32);
    code.if();
    branch();
    code.else();
    w.moveStack(-1);
    w.add(w.pc, 6);
    code.end();
  });
  cases.set(OP.if, () => {
    w.operand(0, I32);
    code.if();
    w.add(w.pc, 4);
    code.else();
    jump();
    code.set(w.pc);
    code.end();
    w.moveStack(-1);
  });
  cases.set(OP.else, () => {
    jump();
    code.set(w.pc);
  });
  // The end of the function: its result is on the stack.
  cases.set(OP.end, () => {
    w.operand(0, I64);
    code.op(OP.return);
  });
}

function addCalls(
  w: CaseWriter,
  { frame, end, long }: EvaluatorLocals,
  functionIndex: (name: HelperName | 'evaluateSimd') => number,
  cases: Map<number, () => void>,
): void {
  const { code } = w;
  assert(MICRO.helper + HELPERS.length <= 0x100, 'each helper has an operation of its own');
  HELPERS.forEach(({ name, parameters, results }, number) => {
    cases.set(MICRO.helper + number, () => {
      if (name === 'go') setFrame(code, end);
      w.apply({ takes: parameters, leaves: results[0] }, () => {
        code.call(functionIndex(name));
      });
      if (name === 'go') setFrame(code, frame);
    });
  });
  cases.set(MICRO.tailGo, () => {
    for (const below of [2, 1, 0]) w.operand(below, I32);
    code.op(OP.returnCall);
    code.unsigned(functionIndex('go'));
  });
  cases.set(MICRO.simd, () => {
    code.get(w.pc);
    code.get(w.sp);
    code.call(functionIndex('evaluateSimd'));
    code.tee(long);
    code.op(OP.i32WrapI64);
    code.set(w.sp);
    code.get(long);
    code.i64(32);
    code.op(OP.i64ShrU);
    code.op(OP.i32WrapI64);
    code.set(w.pc);
  });
}

/** While a call goes on in other regions, frames begin after this one; afterwards where this one does. */
function setFrame(code: Code, begin: number): void {
  code.i32(0);
  code.get(begin);
  code.memory(OP.i32Store, AT.frame);
}

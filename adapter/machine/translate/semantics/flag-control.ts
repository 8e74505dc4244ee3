// flag-control.ts: instructions about RFLAGS itself.
//
// User mode: POPF cannot change IF and IOPL; it clears RF. VM reads 0.
// Truth: Intel SDM vol. 2 (PUSHF, POPF, LAHF, SAHF, CLC, STC, CMC, CLD, STD, CLI, STI).

import { AT } from '../../layout';
import { OP } from '../../wasm/opcodes.table';
import type { EmitContext } from '../emit-context';
import { AF, ARITHMETIC_FLAGS, CF, DF, PF, SF, ZF } from '../flag-kind';
import type { EmitterTable, InstructionEmitter } from './emitter';
import { pushOnStack } from './move';

const RSP = 4;
const ALWAYS_ONE = 2;
const TF = 0x100;
const NT = 0x4000;
const RF = 0x10000;
const AC = 0x40000;
const ID = 0x200000;
/** System flags that POPF in user mode may change. */
const POPF_CHANGES = TF | DF | NT | AC | ID;
const GENERAL_PROTECTION = 13;

function pushSystemFlags(e: EmitContext): void {
  e.code.i32(0);
  e.code.memory(OP.i32Load, AT.systemFlags);
}

function setSystemFlags(e: EmitContext, keep: number, pushAdded: () => void): void {
  const { code } = e;
  code.i32(0);
  pushSystemFlags(e);
  code.i32(keep);
  code.op(OP.i32And);
  pushAdded();
  code.op(OP.i32Or);
  code.memory(OP.i32Store, AT.systemFlags);
}

function pushf(e: EmitContext): void {
  const { code } = e;
  const bytes = e.instruction.operandBytes;
  e.flags.pushWord();
  pushSystemFlags(e);
  code.i32(~RF);
  code.op(OP.i32And);
  code.op(OP.i32Or);
  code.i32(ALWAYS_ONE);
  code.op(OP.i32Or);
  const word = e.save(4);
  pushOnStack(e, bytes, () => {
    code.get(word);
    if (bytes === 8) code.op(OP.i64ExtendI32U);
  });
}

function popf(e: EmitContext): void {
  const { code } = e;
  const bytes = e.instruction.operandBytes;
  const changes = bytes === 2 ? POPF_CHANGES & 0xffff : POPF_CHANGES;
  e.getGpr(RSP);
  const at = e.addressOfTop('read', bytes);
  e.load(at, bytes === 2 ? 2 : 4);
  const word = e.save(4);
  e.getGpr(RSP);
  code.i64(bytes);
  code.op(OP.i64Add);
  e.setGpr(RSP);
  setSystemFlags(e, ~(changes | RF), () => {
    code.get(word);
    code.i32(changes);
    code.op(OP.i32And);
  });
  code.get(word);
  code.i32(ARITHMETIC_FLAGS);
  code.op(OP.i32And);
  e.flags.setWord();
  // A TF just set must be seen by the next instruction.
  e.leave('next', { after: true });
}

function lahf(e: EmitContext): void {
  const { code } = e;
  e.flags.pushWord();
  code.i32(SF | ZF | AF | PF | CF);
  code.op(OP.i32And);
  code.i32(ALWAYS_ONE);
  code.op(OP.i32Or);
  e.setRegister({ kind: 'register', file: 'gpr8High', index: 0, bytes: 1 });
}

function sahf(e: EmitContext): void {
  const { code } = e;
  const loaded = SF | ZF | AF | PF | CF;
  e.flags.pushWord();
  code.i32(~loaded);
  code.op(OP.i32And);
  e.getRegister({ kind: 'register', file: 'gpr8High', index: 0, bytes: 1 });
  code.i32(loaded);
  code.op(OP.i32And);
  code.op(OP.i32Or);
  e.flags.setWord();
}

function changeCarry(change: 'clear' | 'set' | 'complement'): InstructionEmitter {
  return (e) => {
    const { code } = e;
    e.flags.pushWord();
    code.i32(change === 'clear' ? ~CF : CF);
    code.op(change === 'clear' ? OP.i32And : change === 'set' ? OP.i32Or : OP.i32Xor);
    e.flags.setWord();
  };
}

function changeDirection(value: number): InstructionEmitter {
  return (e) => {
    setSystemFlags(e, ~DF, () => {
      e.code.i32(value);
    });
  };
}

const privileged: InstructionEmitter = (e) => {
  e.raise(GENERAL_PROTECTION);
};

export const FLAG_CONTROL_EMITTERS: EmitterTable = {
  pushf,
  popf,
  lahf,
  sahf,
  clc: changeCarry('clear'),
  stc: changeCarry('set'),
  cmc: changeCarry('complement'),
  cld: changeDirection(0),
  std: changeDirection(DF),
  cli: privileged,
  sti: privileged,
};

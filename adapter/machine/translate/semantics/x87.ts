// x87.ts: hands x87 instructions to the unit in JavaScript (machine/x87/), with their memory access checked here.
//
// Quirk: FLDENV, FNSTENV, FNSAVE and FRSTOR under 66h (the 16-bit forms) do not exist here.
// Truth: Intel SDM vol. 2.

import { assert } from '../../../util/assert';
import type { Operand } from '../../decode/instruction';
import { AT } from '../../layout';
import { OP } from '../../wasm/opcodes.table';
import { X87_OPERATIONS } from '../../x87/x87-operations';
import { X87Unit } from '../../x87/x87-unit';
import type { AccessMode, EmitContext } from '../emit-context';
import { registerService } from '../services';
import type { EmitterTable, InstructionEmitter } from './emitter';

const NUMBER_OF = new Map(
  Object.entries(X87_OPERATIONS).map(([name, operation]) => [
    name,
    registerService((memory, argument) => operation(new X87Unit(memory, AT.fxsave), argument)),
  ]),
);

/** Pushes what the operation hands on. */
function callUnit(e: EmitContext, name: string, pushArgument: () => void): void {
  const number = NUMBER_OF.get(name);
  assert(number !== undefined, 'the x87 unit has this operation', name);
  e.code.i32(number);
  pushArgument();
  e.call('service');
}

function stackIndex(operand: Operand): number {
  assert(operand.kind === 'register' && operand.file === 'st', 'an x87 register operand');
  return operand.index;
}

/** The operation's name and argument follow from the operands. */
function generic(mode: AccessMode): InstructionEmitter {
  return (e) => {
    const { mnemonic, operands, operandBytes } = e.instruction;
    const [first, second] = operands;
    if (operands.length === 0) {
      callUnit(e, mnemonic, () => {
        e.code.i32(0);
      });
    } else if (first.kind === 'memory') {
      if (first.bytes >= 28 && operandBytes === 2) {
        e.leave('unimplemented');
        return;
      }
      const at = e.address(first, mode);
      callUnit(e, `${mnemonic} m${first.bytes}`, () => {
        e.code.get(at);
      });
    } else {
      // `fadd st, st(i)` works on st(0), everything else names one register or has its destination first.
      const intoTop = operands.length === 2 && stackIndex(first) === 0 && !mnemonic.endsWith('p');
      callUnit(e, `${mnemonic} ${intoTop ? 'st0' : 'sti'}`, () => {
        e.code.i32(stackIndex(intoTop ? second : first));
      });
    }
    e.code.op(OP.drop);
  };
}

const reads = generic('read');
const writes = generic('write');

/** FCOMI and its kin: the unit answers with ZF PF CF; OF SF AF are cleared. */
function compareIntoFlags(e: EmitContext): void {
  callUnit(e, `${e.instruction.mnemonic} st0`, () => {
    e.code.i32(stackIndex(e.operand(1)));
  });
  e.flags.setWord();
}

function statusToAx(e: EmitContext): void {
  callUnit(e, 'fnstsw ax', () => {
    e.code.i32(0);
  });
  e.setGprBytes(0, 2);
}

function storeStatus(e: EmitContext): void {
  if (e.operand(0).kind === 'memory') writes(e);
  else statusToAx(e);
}

/** By the number of the condition code. The unit also looks at what is not moved: it may be empty. */
function conditionalMove(condition: number): InstructionEmitter {
  return (e) => {
    callUnit(e, 'fcmov st0', () => {
      e.flags.condition(condition);
      e.code.i32(3);
      e.code.op(OP.i32Shl);
      e.code.i32(stackIndex(e.operand(1)));
      e.code.op(OP.i32Or);
    });
    e.code.op(OP.drop);
  };
}

const nothing = (): void => undefined;

const WITHOUT_MEMORY_OR_READING = [
  ...['fadd', 'fmul', 'fsub', 'fsubr', 'fdiv', 'fdivr', 'faddp', 'fmulp', 'fsubp', 'fsubrp', 'fdivp', 'fdivrp'],
  ...[
    'fiadd',
    'fimul',
    'fisub',
    'fisubr',
    'fidiv',
    'fidivr',
    'fld',
    'fild',
    'fbld',
    'fxch',
    'fstpnouflow',
    'ffree',
    'ffreep',
  ],
  ...['fcom', 'fcomp', 'fcompp', 'fucom', 'fucomp', 'fucompp', 'ficom', 'ficomp', 'ftst', 'fxam'],
  ...['fchs', 'fabs', 'fsqrt', 'frndint', 'fscale', 'fprem', 'fprem1', 'fxtract', 'fincstp', 'fdecstp'],
  ...['fld1', 'fldz', 'fldpi', 'fldl2t', 'fldl2e', 'fldlg2', 'fldln2', 'fninit', 'fnclex', 'fldcw', 'fldenv', 'frstor'],
  ...['fsin', 'fcos', 'fsincos', 'fptan', 'fpatan', 'f2xm1', 'fyl2x', 'fyl2xp1'],
];
const WRITING = ['fst', 'fstp', 'fist', 'fistp', 'fisttp', 'fbstp', 'fnstcw', 'fnstenv', 'fnsave'];

export const X87_EMITTERS: EmitterTable = {
  ...Object.fromEntries(WITHOUT_MEMORY_OR_READING.map((name) => [name, reads])),
  ...Object.fromEntries(WRITING.map((name) => [name, writes])),
  fnstsw: storeStatus,
  fcomi: compareIntoFlags,
  fcomip: compareIntoFlags,
  fucomi: compareIntoFlags,
  fucomip: compareIntoFlags,
  fcmovb: conditionalMove(2),
  fcmovnb: conditionalMove(3),
  fcmove: conditionalMove(4),
  fcmovne: conditionalMove(5),
  fcmovbe: conditionalMove(6),
  fcmovnbe: conditionalMove(7),
  fcmovu: conditionalMove(10),
  fcmovnu: conditionalMove(11),
  fwait: nothing,
  fnop: nothing,
  fneni: nothing,
  fndisi: nothing,
  fnsetpm: nothing,
};

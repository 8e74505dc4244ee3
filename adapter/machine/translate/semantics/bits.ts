// bits.ts: bit tests, bit scans, counts.
//
// Truth: Intel SDM vol. 2 (BT, BTS, BTR, BTC, BSF, BSR, TZCNT, LZCNT, POPCNT). A bit number in a register reaches
// beyond a memory operand: it selects another word of the bit string.

import type { Local } from '../../wasm/code';
import { OP } from '../../wasm/opcodes.table';
import type { EmitContext } from '../emit-context';
import { KIND_LOGIC, ZF } from '../flag-kind';
import { OVER_CARRY } from '../flag-override';
import type { EmitterTable, InstructionEmitter } from './emitter';
import { setMixedFlags } from './mixed-flags';

type BitChange = 'none' | 'set' | 'reset' | 'complement';

function bitTest(change: BitChange): InstructionEmitter {
  return (e) => {
    const { code } = e;
    const target = e.operand(0);
    const { bytes } = target;
    const wide = bytes === 8;
    const at = prepareBitString(e, change === 'none' ? 'read' : 'readWrite');
    e.push(target, at);
    const value = e.save(bytes);
    e.push(e.operand(1), undefined, bytes);
    code.constant(8 * bytes - 1, wide);
    code.arithmetic(OP.i32And, wide);
    const number = e.save(bytes);
    if (e.flagsWanted) {
      // Only CF changes (the others are undefined; the hardware keeps them).
      e.flags.override(
        OVER_CARRY,
        () => {
          code.get(value);
          code.get(number);
          code.arithmetic(OP.i32ShrU, wide);
          e.widen(bytes);
        },
        () => {
          code.i64(1);
        },
      );
    }
    if (change === 'none') return;
    e.assign(target, at, () => {
      code.get(value);
      code.constant(1, wide);
      code.get(number);
      code.arithmetic(OP.i32Shl, wide);
      if (change === 'reset') {
        code.constant(-1, wide);
        code.arithmetic(OP.i32Xor, wide);
      }
      const opcode = change === 'set' ? OP.i32Or : change === 'reset' ? OP.i32And : OP.i32Xor;
      code.arithmetic(opcode, wide);
    });
  };
}

/** With the number in a register, the word that holds the bit: address + (number >> log2 bits) * bytes. */
function prepareBitString(e: EmitContext, mode: 'read' | 'readWrite'): Local | undefined {
  const { code } = e;
  const target = e.operand(0);
  const number = e.operand(1);
  if (target.kind !== 'memory' || number.kind === 'immediate') return e.prepare(target, mode);
  const { bytes } = target;
  e.pushEffectiveAddress(target);
  e.push(number, undefined);
  if (bytes < 8) {
    e.signExtend(bytes);
    code.op(OP.i64ExtendI32S);
  }
  code.i64(Math.log2(8 * bytes));
  code.op(OP.i64ShrS);
  code.i64(Math.log2(bytes));
  code.op(OP.i64Shl);
  code.op(OP.i64Add);
  return e.addressOfTop(mode, bytes);
}

/** BSF and BSR: ZF tells a source of 0, and the target stays as it is. */
function bitScan(isForward: boolean): InstructionEmitter {
  return (e) => {
    const { code } = e;
    const target = e.operand(0);
    const { bytes } = target;
    const wide = bytes === 8;
    e.pushOperand(e.operand(1));
    const value = e.save(bytes);
    if (e.flagsWanted) {
      code.get(value);
      e.widen(bytes);
      e.flags.setA();
      e.flags.is(KIND_LOGIC, bytes);
    }
    code.get(value);
    if (wide) {
      code.i64(0);
      code.op(OP.i64Ne);
    }
    code.if();
    if (isForward) {
      code.get(value);
      code.arithmetic(OP.i32Ctz, wide);
    } else {
      code.constant(wide ? 63 : 31, wide);
      code.get(value);
      code.arithmetic(OP.i32Clz, wide);
      code.arithmetic(OP.i32Sub, wide);
    }
    e.assign(target, undefined, () => undefined);
    code.end();
  };
}

/** TZCNT and LZCNT: CF tells a source of 0, ZF a result of 0. */
function countZeros(isTrailing: boolean): InstructionEmitter {
  return (e) => {
    const { code } = e;
    const target = e.operand(0);
    const { bytes } = target;
    const wide = bytes === 8;
    e.pushOperand(e.operand(1));
    const value = e.save(bytes);
    code.get(value);
    if (isTrailing && bytes === 2) {
      code.i32(0x10000);
      code.op(OP.i32Or);
    }
    code.arithmetic(isTrailing ? OP.i32Ctz : OP.i32Clz, wide);
    if (!isTrailing && bytes === 2) {
      code.i32(16);
      code.op(OP.i32Sub);
    }
    const count = e.save(bytes);
    if (e.flagsWanted) {
      code.get(value);
      code.compare(OP.i32Eqz, wide);
      setMixedFlags(e, count, bytes);
    }
    e.assign(target, undefined, () => {
      code.get(count);
    });
  };
}

/** POPCNT clears all flags but ZF, which tells a source of 0. */
function popcnt(e: EmitContext): void {
  const { code } = e;
  const target = e.operand(0);
  const { bytes } = target;
  const wide = bytes === 8;
  e.pushOperand(e.operand(1));
  const value = e.save(bytes);
  if (e.flagsWanted) {
    code.get(value);
    code.compare(OP.i32Eqz, wide);
    code.i32(ZF);
    code.op(OP.i32Mul);
    e.flags.setWord();
  }
  code.get(value);
  code.arithmetic(OP.i32Popcnt, wide);
  e.assign(target, undefined, () => undefined);
}

export const BIT_EMITTERS: EmitterTable = {
  bt: bitTest('none'),
  bts: bitTest('set'),
  btr: bitTest('reset'),
  btc: bitTest('complement'),
  bsf: bitScan(true),
  bsr: bitScan(false),
  tzcnt: countZeros(true),
  lzcnt: countZeros(false),
  popcnt,
};

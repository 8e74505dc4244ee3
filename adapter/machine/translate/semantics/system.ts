// system.ts: what leaves the ordinary flow: system calls, traps, privileged and rare instructions.
//
// CMPXCHG8B/16B are here because only they need two registers and sixteen bytes.
// Truth: Intel SDM vol. 2.

import { OP, I64 } from '../../wasm/opcodes.table';
import type { EmitContext } from '../emit-context';
import { ZF } from '../flag-kind';
import type { EmitterTable, InstructionEmitter } from './emitter';

const INVALID_OPCODE = 6;
const OVERFLOW = 4;
const GENERAL_PROTECTION = 13;
const LINUX_GATE = 0x80;
const RAX = 0;
const RCX = 1;
const RDX = 2;
const RBX = 3;

function cmpxchgPair(half: 4 | 8): InstructionEmitter {
  return (e) => {
    const { code } = e;
    const target = e.operand(0);
    const wide = half === 8;
    const at = e.prepare(target, 'readWrite', 2 * half) ?? e.temporary(I64);
    if (wide) {
      // The sixteen-byte form wants an aligned operand.
      code.get(at);
      code.i32(15);
      code.op(OP.i32And);
      e.raiseIf(GENERAL_PROTECTION);
    }
    e.load(at, half);
    const low = e.save(half);
    e.load(at, half, half);
    const high = e.save(half);
    code.get(low);
    e.getGprBytes(RAX, half);
    code.compare(OP.i32Eq, wide);
    code.get(high);
    e.getGprBytes(RDX, half);
    code.compare(OP.i32Eq, wide);
    code.op(OP.i32And);
    const equal = e.save(4);
    e.flags.pushWord();
    code.i32(~ZF);
    code.op(OP.i32And);
    code.i32(ZF);
    code.i32(0);
    code.get(equal);
    code.op(OP.select);
    code.op(OP.i32Or);
    e.flags.setWord();
    code.get(equal);
    code.if();
    e.store(at, half, () => {
      e.getGprBytes(RBX, half);
    });
    e.store(
      at,
      half,
      () => {
        e.getGprBytes(RCX, half);
      },
      half,
    );
    code.else();
    code.get(low);
    e.setGprBytes(RAX, half);
    code.get(high);
    e.setGprBytes(RDX, half);
    code.end();
  };
}

const leaveAfter =
  (reason: 'syscall' | 'int3' | 'icebp' | 'service'): InstructionEmitter =>
  (e: EmitContext) => {
    e.leave(reason, { after: true });
  };

const raise =
  (vector: number): InstructionEmitter =>
  (e: EmitContext) => {
    e.raise(vector);
  };

/** INT n: Linux lets user mode through the gates 3, 4 and 128. */
function interrupt(e: EmitContext): void {
  const operand = e.operand(0);
  const number = operand.kind === 'immediate' ? Number(operand.value) & 0xff : 0;
  if (number === 3) e.leave('int3', { after: true });
  else if (number === OVERFLOW) e.leave('exception', { after: true, vector: OVERFLOW });
  else if (number === LINUX_GATE) e.leave('int80', { after: true });
  else e.raise(GENERAL_PROTECTION);
}

/** CLFLUSH reads its line as far as debug registers and page faults go. */
function touch(e: EmitContext): void {
  e.prepare(e.operand(0), 'read', 1);
}

const privileged = raise(GENERAL_PROTECTION);

export const SYSTEM_EMITTERS: EmitterTable = {
  syscall: leaveAfter('syscall'),
  int3: leaveAfter('int3'),
  icebp: leaveAfter('icebp'),
  int: interrupt,
  cpuid: leaveAfter('service'),
  rdtsc: leaveAfter('service'),
  rdtscp: leaveAfter('service'),
  cmpxchg8b: cmpxchgPair(4),
  cmpxchg16b: cmpxchgPair(8),
  clflush: touch,
  ud0: raise(INVALID_OPCODE),
  ud1: raise(INVALID_OPCODE),
  ud2: raise(INVALID_OPCODE),
  '(bad)': raise(INVALID_OPCODE),
  xgetbv: raise(INVALID_OPCODE),
  rdrand: raise(INVALID_OPCODE),
  rdseed: raise(INVALID_OPCODE),
  rdfsbase: raise(INVALID_OPCODE),
  rdgsbase: raise(INVALID_OPCODE),
  wrfsbase: raise(INVALID_OPCODE),
  wrgsbase: raise(INVALID_OPCODE),
  hlt: privileged,
  in: privileged,
  out: privileged,
  ins: privileged,
  outs: privileged,
  clts: privileged,
  rdmsr: privileged,
  wrmsr: privileged,
  rdpmc: privileged,
  invd: privileged,
  wbinvd: privileged,
  iret: privileged,
  lgdt: privileged,
  lidt: privileged,
  lldt: privileged,
  ltr: privileged,
  lmsw: privileged,
  invlpg: privileged,
  swapgs: privileged,
  sysret: privileged,
  sysexit: privileged,
  // As an AMD CPU in 64-bit mode: not there.
  sysenter: raise(INVALID_OPCODE),
};

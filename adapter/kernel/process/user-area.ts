// user-area.ts: a thread's registers as struct user shows them to a tracer.
//
//   0    struct user_regs_struct: 27 words, r15 … gs (see WORDS)
//   848  u_debugreg[8]
//   928  end
//
// Segment registers are data only: in 64-bit mode the flat ones are the only ones here.
// Quirk: CS and SS cannot be changed by a tracer (EIO): there are no other segments than the flat 64-bit ones.
// Truth: sys/user.h; ptrace(2), PTRACE_PEEKUSER.

import { StructWriter, viewOf } from '../abi/struct-writer';
import { ErrnoError } from '../abi/errno.table';
import { visibleFlags } from './single-step';
import type { Task } from './task';

export const USER_REGS_BYTES = 216;
export const USER_BYTES = 928;
export const DEBUG_REGISTERS_AT = 848;
const WORD_BYTES = 8;
const USER_CS = 0x33n;
const USER_SS = 0x2bn;
const TF = 0x100n;
/** CF PF AF ZF SF TF DF OF NT RF AC: what a tracer may change. */
const CHANGEABLE_FLAGS = 0x54dd5n;
const ADDRESS_END = (1n << 47n) - 4096n;
const SELECTOR_PRIVILEGE = 3n;

interface Word {
  readonly get: (task: Task) => bigint;
  readonly set: (task: Task, value: bigint) => void;
}

function gpr(index: number): Word {
  return {
    get: ({ registers }) => registers.readGpr(index),
    set: ({ registers }, value) => {
      registers.writeGpr(index, value);
    },
  };
}

/** A selector that only has one good value. */
function fixed(selector: bigint): Word {
  return {
    get: () => selector,
    set: (_task, value) => {
      if ((value & 0xffffn) !== selector) throw new ErrnoError('EIO');
    },
  };
}

function dataSegment(index: number): Word {
  return {
    get: (task) => task.dataSegments[index],
    set: (task, value) => {
      const selector = value & 0xffffn;
      if (selector !== 0n && (selector & SELECTOR_PRIVILEGE) !== SELECTOR_PRIVILEGE) throw new ErrnoError('EIO');
      task.dataSegments[index] = selector;
    },
  };
}

function segmentBase(name: 'fsBase' | 'gsBase'): Word {
  return {
    get: ({ registers }) => registers[name],
    set: ({ registers }, value) => {
      if (value >= ADDRESS_END) throw new ErrnoError('EIO');
      registers[name] = value;
    },
  };
}

const originalRax: Word = {
  get: (task) => task.originalRax,
  set: (task, value) => {
    task.originalRax = value;
  },
};

const instructionPointer: Word = {
  get: ({ registers }) => registers.rip,
  set: ({ registers }, value) => {
    registers.rip = value;
  },
};

/** A tracer that sets TF makes it the program's own; one that clears it does not end its own step. */
const flags: Word = {
  get: visibleFlags,
  set: (task, value) => {
    let wanted = value;
    if ((value & TF) !== 0n) task.forcedTrapFlag = false;
    else if (task.forcedTrapFlag) wanted |= TF;
    const { registers } = task;
    registers.rflags = (registers.rflags & ~CHANGEABLE_FLAGS) | (wanted & CHANGEABLE_FLAGS);
  },
};

/** r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi, orig_rax rip cs eflags rsp ss, bases, ds es fs gs. */
const WORDS: readonly Word[] = [
  ...[15, 14, 13, 12, 5, 3, 11, 10, 9, 8, 0, 1, 2, 6, 7].map(gpr),
  ...[originalRax, instructionPointer, fixed(USER_CS), flags, gpr(4), fixed(USER_SS)],
  ...[segmentBase('fsBase'), segmentBase('gsBase')],
  ...[0, 1, 2, 3].map(dataSegment),
];

/** `offset`: a multiple of 8 below USER_REGS_BYTES. */
export function readUserWord(task: Task, offset: number): bigint {
  return WORDS[offset / WORD_BYTES].get(task);
}

/** Throws EIO where the value cannot be. */
export function writeUserWord(task: Task, offset: number, value: bigint): void {
  WORDS[offset / WORD_BYTES].set(task, value);
}

export function readUserRegs(task: Task): Uint8Array {
  const writer = new StructWriter(USER_REGS_BYTES);
  for (const word of WORDS) writer.u64(word.get(task));
  return writer.bytes;
}

/** As many registers as there are whole words; throws EIO at the first that cannot be, those before it are set. */
export function writeUserRegs(task: Task, bytes: Uint8Array): void {
  const view = viewOf(bytes);
  WORDS.slice(0, Math.floor(bytes.length / WORD_BYTES)).forEach((word, index) => {
    word.set(task, view.getBigUint64(index * WORD_BYTES, true));
  });
}

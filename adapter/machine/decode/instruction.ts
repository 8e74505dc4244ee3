// instruction.ts: what a decoded x86-64 instruction is.
//
// The decoder makes these, the translator turns them into WebAssembly, the text printer into Intel syntax.
// Addresses are plain numbers: guest code lies below 4 GiB (docs/architecture.md, "Memory").
// Truth: Intel SDM vol. 2.

/**
 * Bytes that an operand or access spans. 10 is an x87 extended real (or a descriptor-table register), 28 and 108 are
 * the x87 environment and state, 512 an FXSAVE area (or the start of an XSAVE one).
 */
export type OperandBytes = 1 | 2 | 4 | 8 | 10 | 16 | 28 | 32 | 108 | 512;

export interface RegisterOperand {
  readonly kind: 'register';
  /**
   * gpr: rax 0 … r15 15. gpr8High: ah ch dh bh as 0…3. xmm, mmx, st: their number. segment: es cs ss ds fs gs.
   * control, debug: CR0–15, DR0–15 (only privileged code may name them).
   */
  readonly file: 'gpr' | 'gpr8High' | 'xmm' | 'mmx' | 'st' | 'segment' | 'control' | 'debug';
  readonly index: number;
  /** For xmm always 16: how much of it an instruction reads or writes is the mnemonic's affair. */
  readonly bytes: OperandBytes;
}

export interface MemoryOperand {
  readonly kind: 'memory';
  /** 0…15, or -1 for none. RIP-relative operands arrive resolved: base -1, index -1, displacement the address. */
  readonly base: number;
  readonly index: number;
  /** Shift of the index: 0…3. */
  readonly scaleShift: 0 | 1 | 2 | 3;
  /** Sign-extended; for RIP-relative operands the absolute address. */
  readonly displacement: number;
  readonly ripRelative: boolean;
  /** Only fs and gs have a base in long mode. */
  readonly segment: 'none' | 'fs' | 'gs';
  /** 67h: the effective address is truncated to 32 bits. */
  readonly address32: boolean;
  readonly bytes: OperandBytes;
}

export interface ImmediateOperand {
  readonly kind: 'immediate';
  /**
   * Sign-extended from its encoded size (`mov eax, 0xffffffff` has -1: use as many bits as the operation has);
   * shift counts, ports, vectors, lane selectors and `ret`'s 16 bits are unsigned. A number where it fits in 53
   * bits, else a bigint.
   */
  readonly value: number | bigint;
  /** Its encoded size. */
  readonly bytes: OperandBytes;
}

export type Operand = RegisterOperand | MemoryOperand | ImmediateOperand;

/** 0…15: o no b ae e ne be a s ns p np l ge le g. */
export type ConditionCode = number;

export interface Instruction {
  readonly address: number;
  /** 1…15. */
  readonly length: number;
  /**
   * Intel's lower-case name without size suffix or condition: `mov`, `jcc`, `cmovcc`, `setcc`, `movaps`, `rep`-less
   * `movs`/`stos`/… (see `rep`). Two operations that share Intel's name get distinct ones: the SSE `movsd` is
   * `movsd_xmm` (the string one is `movs`), and `cmpsd_xmm`; indirect branches are `jmp_indirect`, `call_indirect`.
   * Undecodable bytes give `(bad)` with length 1; a LOCK that the instruction does not take gives `(bad)` with the
   * whole length. Bytes that end too early: see `truncated`.
   */
  readonly mnemonic: string;
  /** In Intel's order: destination first. Implicit operands (rsi of movs, rax of mul) are not listed. */
  readonly operands: readonly Operand[];
  /** Size of the integer operation: 1, 2, 4, 8; 8 for push/pop/call/ret in long mode. */
  readonly operandBytes: 1 | 2 | 4 | 8;
  /** For jcc, setcc, cmovcc. */
  readonly condition?: ConditionCode;
  /** Target of a direct jmp, jcc, call, loop, jrcxz. */
  readonly target?: number;
  readonly lock: boolean;
  /** 67h: for implicit addresses (rsi, rdi, xlat) and counts (rcx of rep, loop, jrcxz) 32 bits count. */
  readonly address32: boolean;
  /** Segment of implicit memory operands (rsi of movs, xlat, maskmovdqu). */
  readonly segment: 'none' | 'fs' | 'gs';
  /** String prefix, where it means repetition; repne only for cmps and scas (elsewhere F2 repeats as F3 does). */
  readonly rep: 'none' | 'rep' | 'repne';
  /** The bytes ended before the instruction did (mnemonic `(bad)`, length what there was): fetch more, or #PF. */
  readonly truncated: boolean;
}

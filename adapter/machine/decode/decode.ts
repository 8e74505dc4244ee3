// decode.ts: bytes → Instruction, 64-bit mode only.
//
// Table-driven: prefixes, opcode map, modrm, operands; what each opcode is lies in the *.table.ts files. Never throws:
// what cannot be decoded is an Instruction called `(bad)`. VEX and EVEX get a length and a name only (vex.ts).
// Truth: Intel SDM vol. 2, chapter 2 and appendix A.

import { DecodeState, MAX_INSTRUCTION_BYTES } from './decode-state';
import type { Instruction, Operand } from './instruction';
import { ONE_BYTE, THREE_BYTE_38, THREE_BYTE_3A, TWO_BYTE } from './opcode-maps';
import { PREFIX_66, PREFIX_F2, PREFIX_F3, PREFIX_NONE, simpleEntry } from './opcode-table';
import type { OpcodeEntry, OpcodeMap } from './opcode-table';
import { decodeOperands } from './operands';
import { decodeVector } from './vex';

/** 1 where a byte is a prefix. es cs ss ds (26 2e 36 3e) have no effect in 64-bit mode. */
const IS_PREFIX = new Uint8Array(256).fill(1, 0x40, 0x50);
for (const byte of [0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3]) IS_PREFIX[byte] = 1;

const PAUSE = simpleEntry('pause');
const NOP = simpleEntry('nop');

const state = new DecodeState();
const NO_OPERANDS: readonly Operand[] = Object.freeze([]);

/**
 * Decodes the instruction at `bytes[offset]`, which the guest sees at `address`. `bytes` may end inside it: the
 * result is then `(bad)` with `truncated`. Give 15 bytes where there are as many.
 */
export function decode(bytes: Uint8Array, offset: number, address: number): Instruction {
  state.begin(bytes, offset, address);
  readPrefixes();
  const entry = readOpcode();
  if (entry === undefined) return build('(bad)', NO_OPERANDS, 4, undefined, undefined, 1);
  if (typeof entry === 'string') return build(entry, NO_OPERANDS, 4, undefined, undefined, state.length);
  const size = operationBytes(entry);
  const displacement = entry.branchBytes === 0 ? 0 : entry.branchBytes === 1 ? state.i8() : state.i32();
  const operands = entry.operands.length === 0 ? NO_OPERANDS : decodeOperands(state, entry.operands, size);
  if (state.lock && !mayLock(entry, operands)) {
    return build('(bad)', NO_OPERANDS, size, undefined, undefined, state.length);
  }
  const target = entry.branchBytes === 0 ? undefined : state.address + state.length + displacement;
  const condition = entry.conditional ? state.opcode & 15 : undefined;
  return build(nameOf(entry, size), operands, size, condition, target, state.length, repeatOf(entry));
}

function build(
  mnemonic: string,
  operands: readonly Operand[],
  operandBytes: 1 | 2 | 4 | 8,
  condition: number | undefined,
  target: number | undefined,
  length: number,
  rep: Instruction['rep'] = 'none',
): Instruction {
  const truncated = state.overrun;
  const bad = truncated || state.length > MAX_INSTRUCTION_BYTES;
  return {
    address: state.address,
    length: truncated ? Math.max(state.end - state.start, 0) : bad ? 1 : length,
    mnemonic: bad ? '(bad)' : mnemonic,
    operands: bad ? NO_OPERANDS : operands,
    operandBytes,
    condition,
    target,
    lock: state.lock,
    address32: state.address32,
    segment: state.segment,
    rep,
    truncated,
  };
}

function mayLock(entry: OpcodeEntry, operands: readonly Operand[]): boolean {
  return entry.lock && operands[0].kind === 'memory';
}

function nameOf(entry: OpcodeEntry, size: 1 | 2 | 4 | 8): string {
  const names = entry.names;
  if (names.length === 1) return names[0];
  if (names.length === 2) return names[state.rexW ? 1 : 0];
  return names[size === 2 ? 0 : size === 4 ? 1 : 2];
}

function repeatOf(entry: OpcodeEntry): Instruction['rep'] {
  if (!entry.string || state.repeat === 0) return 'none';
  return state.repeat === 0xf2 && entry.comparing ? 'repne' : 'rep';
}

function readPrefixes(): void {
  for (let count = 0; count < MAX_INSTRUCTION_BYTES; count++) {
    const byte = state.u8();
    if (IS_PREFIX[byte] === 0) {
      state.position--;
      return;
    }
    applyPrefix(byte);
  }
}

function applyPrefix(byte: number): void {
  if (byte >= 0x40 && byte < 0x50) {
    state.rex = byte;
    return;
  }
  state.rex = 0; // only a REX directly before the opcode counts
  if (byte === 0x66) state.operand16 = true;
  else if (byte === 0x67) state.address32 = true;
  else if (byte === 0xf0) state.lock = true;
  else if (byte === 0xf2 || byte === 0xf3) state.repeat = byte;
  else if (byte === 0x64) state.segment = 'fs';
  else if (byte === 0x65) state.segment = 'gs';
}

/** Reads opcode and, where there is one, modrm. A string: the name of a vector instruction, wholly read. */
function readOpcode(): OpcodeEntry | string | undefined {
  const first = state.u8();
  if (first === 0x0f) {
    const second = state.u8();
    if (second === 0x38) return lookUp(THREE_BYTE_38, mandatoryPrefix(), state.u8());
    if (second === 0x3a) return lookUp(THREE_BYTE_3A, mandatoryPrefix(), state.u8());
    return lookUp(TWO_BYTE, mandatoryPrefix(), second);
  }
  if (first === 0xc4 || first === 0xc5 || first === 0x62) {
    // #UD with a prefix that VEX and EVEX carry within.
    if (state.rex !== 0 || state.operand16 || state.repeat !== 0 || state.lock) return undefined;
    return decodeVector(state, first);
  }
  if (first === 0x90 && (state.rex & 1) === 0) return state.repeat === 0xf3 ? PAUSE : NOP;
  return lookUp(ONE_BYTE, PREFIX_NONE, first);
}

function mandatoryPrefix(): number {
  if (state.repeat !== 0) return state.repeat === 0xf3 ? PREFIX_F3 : PREFIX_F2;
  return state.operand16 ? PREFIX_66 : PREFIX_NONE;
}

function lookUp(map: OpcodeMap, prefix: number, opcode: number): OpcodeEntry | undefined {
  state.opcode = opcode;
  const slot = map[(prefix << 8) | opcode];
  if (slot === undefined) return undefined;
  if (!('group' in slot)) {
    if (slot.modrm) state.readModrm();
    return slot;
  }
  state.readModrm();
  const modrm = state.modrm;
  return slot.group[modrm >= 0xc0 ? 8 + (modrm & 63) : (modrm >> 3) & 7];
}

function operationBytes(entry: OpcodeEntry): 1 | 2 | 4 | 8 {
  switch (entry.size) {
    case 'b':
      return 1;
    case 'v':
      return state.rexW ? 8 : state.operand16 ? 2 : 4;
    case 'z':
      return state.operand16 && !state.rexW ? 2 : 4;
    case 'y':
      return state.rexW ? 8 : 4;
    case 'd64':
      return state.operand16 && !state.rexW ? 2 : 8;
    case 'f64':
      return 8;
  }
}

// format.ts: an Instruction as text, in Intel's syntax as gdb and objdump write it.
//
//   mov DWORD PTR [rbp-0x14],edi     lock cmpxchg QWORD PTR [rdi],rsi     rep stosb     jne 0x401136
//   mov eax,DWORD PTR [rip+0x2ee2]  # 0x404028
//
// Decoration only: nothing parses it again.

import { assertNever } from '../../util/assert';
import type { ImmediateOperand, Instruction, MemoryOperand, Operand, RegisterOperand } from './instruction';
import {
  CONDITION_NAMES,
  GPR_NAMES,
  MEMORY_SIZE_NAMES,
  SEGMENT_NAMES,
  UNSIZED_NAMES,
  WRITTEN_NAMES,
} from './format.table';

/** One line without address and bytes. */
export function formatInstruction(instruction: Instruction): string {
  const prefix = (instruction.lock && instruction.mnemonic !== '(bad)' ? 'lock ' : '') + repeatText(instruction);
  const name = mnemonicText(instruction);
  if (instruction.target !== undefined) return `${prefix}${name} ${hex(instruction.target)}`;
  if (instruction.operands.length === 0) return prefix + name;
  const operands = instruction.operands.map((operand) => operandText(operand, instruction));
  return `${prefix}${name} ${operands.join(',')}${ripRelativeComment(instruction)}`;
}

/** The mnemonic as people write it: `je`, `stosb`, `movsd`, `jmp`. */
function mnemonicText(instruction: Instruction): string {
  const { mnemonic, condition } = instruction;
  if (condition !== undefined) return mnemonic.slice(0, -2) + CONDITION_NAMES[condition];
  if (STRING_NAMES.has(mnemonic)) return mnemonic + { 1: 'b', 2: 'w', 4: 'd', 8: 'q' }[instruction.operandBytes];
  return WRITTEN_NAMES[mnemonic] ?? mnemonic;
}

const STRING_NAMES: ReadonlySet<string> = new Set(['movs', 'cmps', 'stos', 'lods', 'scas', 'ins', 'outs']);

function repeatText(instruction: Instruction): string {
  if (instruction.rep === 'none') return '';
  const compares = instruction.mnemonic === 'cmps' || instruction.mnemonic === 'scas';
  return compares ? (instruction.rep === 'rep' ? 'repz ' : 'repnz ') : 'rep ';
}

function operandText(operand: Operand, instruction: Instruction): string {
  switch (operand.kind) {
    case 'register':
      return registerText(operand);
    case 'memory':
      return memoryText(operand, instruction);
    case 'immediate':
      return immediateText(operand, instruction);
    default:
      return assertNever(operand);
  }
}

function registerText(register: RegisterOperand): string {
  switch (register.file) {
    case 'gpr':
      return GPR_NAMES[register.bytes]?.[register.index] ?? `r${register.index}`;
    case 'gpr8High':
      return ['ah', 'ch', 'dh', 'bh'][register.index];
    case 'xmm':
      return `xmm${register.index}`;
    case 'mmx':
      return `mm${register.index}`;
    case 'st':
      return register.index === 0 ? 'st' : `st(${register.index})`;
    case 'segment':
      return SEGMENT_NAMES[register.index];
    case 'control':
      return `cr${register.index}`;
    case 'debug':
      return `db${register.index}`;
    default:
      return assertNever(register.file);
  }
}

function ripRelativeComment(instruction: Instruction): string {
  const memory = instruction.operands.find((operand) => operand.kind === 'memory');
  return memory?.ripRelative === true ? `  # ${hex(memory.displacement)}` : '';
}

function memoryText(memory: MemoryOperand, instruction: Instruction): string {
  const size = UNSIZED_NAMES.has(instruction.mnemonic) ? '' : MEMORY_SIZE_NAMES[memory.bytes];
  const segment = memory.segment === 'none' ? '' : `${memory.segment}:`;
  const names = GPR_NAMES[memory.address32 ? 4 : 8];
  const parts: string[] = [];
  if (memory.base >= 0) parts.push(names?.[memory.base] ?? '');
  if (memory.index >= 0) parts.push(`${names?.[memory.index] ?? ''}*${1 << memory.scaleShift}`);
  if (memory.ripRelative) parts.push(memory.address32 ? 'eip' : 'rip');
  if (parts.length === 0) return `${size}${segment === '' ? 'ds:' : segment}${hex(memory.displacement)}`;
  const end = instruction.address + instruction.length;
  const displacement = memory.ripRelative ? memory.displacement - end : memory.displacement;
  const sign = displacement < 0 ? '-' : '+';
  const offset = displacement === 0 ? '' : sign + hex(Math.abs(displacement));
  return `${size}${segment}[${parts.join('+')}${offset}]`;
}

/** Negative ones as the two's complement of the operation's size, as objdump does. */
function immediateText(immediate: ImmediateOperand, instruction: Instruction): string {
  if (immediate.value >= 0) return hex(immediate.value);
  const [first] = instruction.operands;
  const bytes = first.kind === 'immediate' ? 8 : Math.max(instruction.operandBytes, 1);
  return hex(BigInt.asUintN(bytes * 8, BigInt(immediate.value)));
}

function hex(value: number | bigint): string {
  if (value < 0) return hex(BigInt.asUintN(64, BigInt(value)));
  return `0x${value.toString(16)}`;
}

// case-generator.ts: a random valid instruction of a given encoding, and a state in which it does something.
//
// Memory operands are aimed into the window (a few beyond its end, into the page that is not mapped); values are
// those at which arithmetic breaks.

import { decode } from '../../../adapter/machine/decode/decode';
import type { Instruction, MemoryOperand, Operand } from '../../../adapter/machine/decode/instruction';
import type { Encoding } from './encodings';
import type { Random } from './random';
import { CODE, CODE_BYTES, GS_BASE, WINDOW, WINDOW_BYTES } from './real-cpu';
import type { Request } from './real-cpu';

export interface Case {
  readonly instruction: Instruction;
  readonly request: Request;
}

const RAX = 0;
const RCX = 1;
const RDX = 2;
const RBX = 3;
const RSP = 4;
const RBP = 5;
const RSI = 6;
const RDI = 7;

/** Undefined where the bytes turn out not to be the instruction (LOCK on a register, for one). */
export function generateCase(random: Random, encoding: Encoding, slot: number): Case | undefined {
  const address = CODE + 0x100 + (slot % 1900) * 32;
  const code = encode(random, encoding);
  const instruction = decode(code, 0, address);
  if (instruction.mnemonic === '(bad)') return undefined;
  const gpr = Array.from({ length: 16 }, () => random.integer());
  const memory = new Uint8Array(WINDOW_BYTES);
  for (let n = 0; n < WINDOW_BYTES; n += 16) memory.set(random.vector(), n);
  prepareImplicit(random, instruction, gpr);
  const operand = instruction.operands.find((candidate) => candidate.kind === 'memory');
  const bytes = code.slice(0, instruction.length);
  shortenReach(random, instruction, bytes);
  if (operand !== undefined) aim(random, instruction, operand, gpr, bytes);
  const final = decode(bytes, 0, address);
  prepareMemory(random, final, gpr, memory);
  return {
    instruction: final,
    request: {
      code: bytes,
      address,
      steps: final.rep === 'none' ? 1 : 64,
      gpr,
      rflags: flags(random, final),
      fxsave: fxsaveImage(random, final.mnemonic.startsWith('f')),
      memory,
    },
  };
}

/** Fifteen bytes that begin with the instruction. */
export function encode(random: Random, { mandatory, escape, opcode, entry, modrm }: Encoding): Uint8Array {
  const bytes: number[] = [];
  if (entry.lock && modrm?.form !== 'register' && random.chance(6)) bytes.push(0xf0);
  const sized = entry.size === 'v' || entry.size === 'z' || entry.size === 'd64';
  if (sized && mandatory !== 0x66 && escape.length < 2 && random.chance(4) && !isPlainSimd(entry.names[0])) {
    bytes.push(0x66);
  }
  if (entry.string && random.chance(2)) bytes.push(random.pick([0xf2, 0xf3]));
  if (modrm?.form !== 'register' && random.chance(24)) bytes.push(0x67);
  if (modrm?.form !== 'register' && random.chance(24)) bytes.push(0x65);
  if (mandatory !== undefined) bytes.push(mandatory);
  if (random.chance(2)) bytes.push(0x40 | random.below(16));
  bytes.push(...escape, opcode);
  if (modrm !== undefined) bytes.push(...encodeModrm(random, modrm));
  while (bytes.length < 32) bytes.push(random.chance(3) ? random.pick([0, 1, 0xff, 0x80, 0x7f]) : random.below(256));
  return Uint8Array.from(bytes.slice(0, 15));
}

/** Opcodes whose 66 form is another instruction. */
function isPlainSimd(name: string): boolean {
  return /^(p|mov[ahlnuqd]|cvt|xor[ps]|and[pn]|or[ps]|unpck|sqrt|rsqrt|rcp|add[ps]|mul[ps]|sub[ps]|min|max|div[ps]|u?comis|shuf|cmp[ps]|ldm|stm|fx|mask)/.test(
    name,
  );
}

function encodeModrm(random: Random, modrm: NonNullable<Encoding['modrm']>): number[] {
  const reg = modrm.reg ?? random.below(8);
  const inRegister = modrm.form === 'register' || (modrm.form === 'any' && random.chance(2));
  if (inRegister) return [0xc0 | (reg << 3) | (modrm.rm ?? random.below(8))];
  const mod = random.below(3);
  const rm = random.below(8);
  const byte = (mod << 6) | (reg << 3) | rm;
  return rm === 4 ? [byte, random.below(256)] : [byte];
}

/** Chooses an address and bends registers (or the displacement) so that the operand means it. */
function aim(random: Random, instruction: Instruction, operand: MemoryOperand, gpr: bigint[], bytes: Uint8Array): void {
  const target = BigInt(chooseAddress(random, operand.bytes)) - (operand.segment === 'gs' ? BigInt(GS_BASE) : 0n);
  const displacement = BigInt(Math.trunc(operand.displacement));
  if (isBitString(instruction)) {
    const [, offset] = instruction.operands;
    if (offset.kind === 'register') gpr[offset.index] = BigInt.asUintN(64, BigInt(random.below(1024) - 512));
  }
  if (operand.base >= 0) {
    const factor = operand.index === operand.base ? 1n + (1n << BigInt(operand.scaleShift)) : 1n;
    const indexed = operand.index >= 0 && operand.index !== operand.base;
    if (indexed) gpr[operand.index] = smallIndex(random, gpr[operand.index]);
    const rest = target - displacement - (indexed ? gpr[operand.index] << BigInt(operand.scaleShift) : 0n);
    gpr[operand.base] = BigInt.asUintN(64, rest / factor);
    if (operand.address32) gpr[operand.base] = truncated(random, gpr[operand.base]);
    return;
  }
  // No base: bend the displacement, four (or eight) bytes that are found by trying.
  if (operand.index >= 0) gpr[operand.index] = BigInt(random.below(16));
  const index = operand.index < 0 ? 0n : gpr[operand.index] << BigInt(operand.scaleShift);
  bendDisplacement(instruction, operand, Number(target - index), bytes);
}

function bendDisplacement(instruction: Instruction, operand: MemoryOperand, wanted: number, bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer);
  const moffs = /^a[0-3]$/.test(opcodeByte(bytes).toString(16)) && instruction.mnemonic === 'mov' && operand.index < 0;
  const base = operand.ripRelative ? instruction.address + instruction.length : 0;
  const raw = operand.displacement - base;
  for (let at = 1; at + 4 <= bytes.length; at++) {
    if (moffs && at + 8 <= bytes.length && !operand.address32) {
      if (Number(view.getBigUint64(at, true)) !== operand.displacement) continue;
      view.setBigUint64(at, BigInt(wanted), true);
      return;
    }
    if ((view.getInt32(at, true) - raw) % 0x1_0000_0000 !== 0) continue;
    view.setInt32(at, wanted - base, true);
    return;
  }
}

function opcodeByte(bytes: Uint8Array): number {
  return bytes.find((byte) => ![0x65, 0x66, 0x67].includes(byte) && (byte & 0xf0) !== 0x40) ?? 0;
}

/** Branches stay below 4 GiB, and ENTER's frame inside the window (with nesting now and then). */
function shortenReach(random: Random, { mnemonic, target, length }: Instruction, bytes: Uint8Array): void {
  if (target !== undefined && length >= 5) bytes[length - 1] = random.pick([0, 0, 1, 0xff]);
  if (mnemonic !== 'enter') return;
  bytes[length - 2] = 0;
  bytes[length - 3] &= 0x3f;
  bytes[length - 1] &= 0xe0;
}

function isBitString(instruction: Instruction): boolean {
  return ['bt', 'bts', 'btr', 'btc'].includes(instruction.mnemonic);
}

function chooseAddress(random: Random, bytes: number): number {
  if (random.chance(40)) return WINDOW + WINDOW_BYTES - random.below(bytes + 2);
  const aligned = bytes >= 16 ? !random.chance(8) : random.chance(2);
  const room = Math.max(WINDOW_BYTES - 128 - bytes, 1);
  const offset = bytes >= 512 ? 0 : 64 + random.below(Math.max(room, 1));
  return WINDOW + (aligned ? offset & ~15 : offset);
}

function smallIndex(random: Random, value: bigint): bigint {
  return random.chance(2) ? BigInt.asUintN(64, BigInt(random.below(64) - 32)) : value & 0xffffn;
}

/** The upper half of an address under 67h does not count. */
function truncated(random: Random, value: bigint): bigint {
  return (value & 0xffffffffn) | (BigInt(random.u32()) << 32n);
}

/** Registers that instructions use without naming them. */
function prepareImplicit(random: Random, instruction: Instruction, gpr: bigint[]): void {
  const place = () => BigInt(WINDOW + 64 + random.below(WINDOW_BYTES - 192));
  gpr[RSP] = place() & ~7n;
  if (random.chance(20)) gpr[RSP] = BigInt(WINDOW + WINDOW_BYTES - random.below(12));
  const bytes = instruction.operandBytes;
  switch (instruction.mnemonic) {
    case 'movs':
    case 'cmps':
    case 'stos':
    case 'lods':
    case 'scas':
      gpr[RSI] = place();
      gpr[RDI] = random.chance(3) ? gpr[RSI] + BigInt(random.below(16) - 8) : place();
      gpr[RCX] = BigInt(random.below(8));
      if (instruction.segment === 'gs') gpr[RSI] -= BigInt(GS_BASE);
      if (random.chance(16)) gpr[RDI] = BigInt(WINDOW + WINDOW_BYTES - random.below(3 * bytes + 1));
      break;
    case 'leave':
    case 'enter':
      gpr[RBP] = place() & ~7n;
      break;
    case 'xlat':
      gpr[RBX] = place() - (gpr[RAX] & 0xffn);
      if (instruction.segment === 'gs') gpr[RBX] -= BigInt(GS_BASE);
      break;
    case 'maskmovdqu':
    case 'maskmovq':
      gpr[RDI] = place();
      if (instruction.segment === 'gs') gpr[RDI] -= BigInt(GS_BASE);
      break;
    case 'div':
    case 'idiv':
      prepareDivision(random, gpr);
      break;
    case 'ret':
    case 'jmp_indirect':
    case 'call_indirect':
      prepareTarget(random, instruction, gpr);
      break;
    case 'loop':
    case 'loope':
    case 'loopne':
    case 'jrcxz':
      if (random.chance(2)) gpr[RCX] = BigInt(random.below(3));
      break;
    default:
      break;
  }
}

/** A place in the code, or one below 4 GiB that is not mapped. */
function prepareTarget(random: Random, { operands }: Instruction, gpr: bigint[]): void {
  const [target] = operands as readonly (Operand | undefined)[];
  if (target?.kind === 'register') gpr[target.index] = targetAddress(random);
}

function targetAddress(random: Random): bigint {
  return random.chance(8) ? BigInt(random.u32()) : BigInt(CODE + random.below(CODE_BYTES));
}

function prepareDivision(random: Random, gpr: bigint[]): void {
  if (random.chance(3)) return;
  const negative = random.chance(3);
  gpr[RDX] = negative ? (1n << 64n) - 1n : BigInt(random.below(3));
  if (random.chance(2)) gpr[RAX] &= 0xffn;
}

/** Where an operand or the top of the stack lies in the window; undefined if it does not. */
function windowOffset(address: number, bytes: number): number | undefined {
  const offset = address - WINDOW;
  return offset < 0 || offset + bytes > WINDOW_BYTES ? undefined : offset;
}

/** Values in memory that matter: branch targets, and the flags that POPF takes (no TF, NT, AC, ID). */
function prepareMemory(random: Random, instruction: Instruction, gpr: bigint[], memory: Uint8Array): void {
  const [first] = instruction.operands as readonly (Operand | undefined)[];
  const view = new DataView(memory.buffer);
  const { mnemonic } = instruction;
  const onStack = windowOffset(Number(gpr[RSP]), 8);
  if (mnemonic === 'ret' && onStack !== undefined) view.setBigUint64(onStack, targetAddress(random), true);
  if (mnemonic === 'popf' && onStack !== undefined) view.setBigUint64(onStack, BigInt(random.u32() & 0xed5), true);
  if (/^(jmp|call)_indirect$/.test(mnemonic) && first?.kind === 'memory') {
    const at = windowOffset(effectiveAddress(first, gpr), 8);
    if (at !== undefined) view.setBigUint64(at, targetAddress(random), true);
  }
  prepareComparison(random, instruction, gpr, memory);
}

/** cmpxchg and its kin: let the comparison succeed now and then. */
function prepareComparison(random: Random, instruction: Instruction, gpr: bigint[], memory: Uint8Array): void {
  const [first] = instruction.operands;
  if (instruction.mnemonic.startsWith('cmpxchg') && first.kind === 'memory' && random.chance(2)) {
    const offset = effectiveAddress(first, gpr) - WINDOW;
    if (offset < 0 || offset + 16 > WINDOW_BYTES) return;
    const view = new DataView(memory.buffer);
    gpr[RAX] = view.getBigUint64(offset, true);
    if (instruction.mnemonic === 'cmpxchg16b') gpr[RDX] = view.getBigUint64(offset + 8, true);
    if (instruction.mnemonic === 'cmpxchg8b') gpr[RDX] = BigInt(view.getUint32(offset + 4, true));
    if (instruction.mnemonic === 'cmpxchg8b') gpr[RAX] &= 0xffffffffn;
  }
}

/** Where an operand points, with these registers. */
export function effectiveAddress(operand: MemoryOperand, gpr: readonly bigint[]): number {
  let address = BigInt(Math.trunc(operand.displacement));
  if (operand.base >= 0) address += gpr[operand.base];
  if (operand.index >= 0) address += gpr[operand.index] << BigInt(operand.scaleShift);
  address = BigInt.asUintN(operand.address32 ? 32 : 64, address);
  if (operand.segment === 'gs') address += BigInt(GS_BASE);
  return Number(BigInt.asUintN(64, address));
}

function flags(random: Random, instruction: Instruction): bigint {
  const arithmetic = BigInt(random.u32() & 0x8d5);
  const direction = STRING_MNEMONICS.has(instruction.mnemonic) && random.chance(3) ? 0x400n : 0n;
  return arithmetic | direction | 2n;
}

const STRING_MNEMONICS: ReadonlySet<string> = new Set(['movs', 'cmps', 'stos', 'lods', 'scas', 'std', 'cld']);

/** Registers of x87 and SSE; rounding and precision vary only for x87 instructions. */
export function fxsaveImage(random: Random, isX87: boolean): Uint8Array {
  const image = new Uint8Array(512);
  const view = new DataView(image.buffer);
  const precision = isX87 && random.chance(6) ? random.pick([0, 2]) : 3;
  const rounding = isX87 && random.chance(4) ? random.below(4) : 0;
  view.setUint16(0, 0x7f | (precision << 8) | (rounding << 10), true);
  view.setUint16(2, (random.below(8) << 11) | (isX87 ? random.u32() & 0x4700 : 0), true);
  image[4] = random.chance(4) ? random.below(256) : 0xff;
  view.setUint32(24, 0x1f80, true);
  for (let n = 0; n < 8; n++) {
    const { significand, exponent } = random.extended();
    view.setBigUint64(32 + n * 16, significand, true);
    view.setUint16(40 + n * 16, exponent, true);
  }
  for (let n = 0; n < 16; n++) image.set(random.vector(), 160 + n * 16);
  return image;
}

// remote-registers.ts: the registers in the remote protocol's order, and the description that tells gdb so.
//
//   0–15 rax rbx rcx rdx rsi rdi rbp rsp r8–r15 · 16 rip · 17 eflags · 18–23 cs ss ds es fs gs
//   24–31 st0–st7 · 32–39 fctrl … fop · 40–55 xmm0–xmm15 · 56 mxcsr · 57 orig_rax · 58 fs_base · 59 gs_base
//
// Truth: gdb manual, "Standard Target Features", x86; SDM vol. 1, 10.5 (FXSAVE image).

import type { ThreadRegisters } from '../../target/target';
import { toHex } from './packet';

interface RemoteRegister {
  readonly name: string;
  readonly bytes: number;
  readonly type: string;
  readonly feature: string;
  read(registers: ThreadRegisters): Uint8Array;
  /** Absent for what cannot be changed: only the value that it has can be written. */
  write?(registers: ThreadRegisters, value: Uint8Array): void;
}

const CORE = 'org.gnu.gdb.i386.core';
const SSE = 'org.gnu.gdb.i386.sse';
const LINUX = 'org.gnu.gdb.i386.linux';
const SEGMENTS = 'org.gnu.gdb.i386.segments';

/** The protocol's order of general registers, as DWARF numbers. */
const GENERAL: readonly (readonly [name: string, dwarf: number])[] = [
  ['rax', 0],
  ['rbx', 3],
  ['rcx', 2],
  ['rdx', 1],
  ['rsi', 4],
  ['rdi', 5],
  ['rbp', 6],
  ['rsp', 7],
  ['r8', 8],
  ['r9', 9],
  ['r10', 10],
  ['r11', 11],
  ['r12', 12],
  ['r13', 13],
  ['r14', 14],
  ['r15', 15],
  ['rip', 16],
];

/** User-mode selectors that Linux gives a 64-bit program. */
const SELECTORS: readonly (readonly [name: string, value: number])[] = [
  ['cs', 0x33],
  ['ss', 0x2b],
  ['ds', 0],
  ['es', 0],
  ['fs', 0],
  ['gs', 0],
];

const REGISTERS: readonly RemoteRegister[] = [
  ...GENERAL.map(([name, dwarf]) => general(name, dwarf)),
  {
    name: 'eflags',
    bytes: 4,
    type: 'i386_eflags',
    feature: CORE,
    read: (registers) => little(registers.rflags, 4),
    write: (registers, value) => {
      registers.rflags = fromLittle(value);
    },
  },
  ...SELECTORS.map(([name, value]) => constant(name, value)),
  ...Array.from({ length: 8 }, (_, i) => imageSlice(`st${i}`, 32 + 16 * i, 10, 'i387_ext', CORE)),
  ...x87Control(),
  ...Array.from({ length: 16 }, (_, i) => imageSlice(`xmm${i}`, 160 + 16 * i, 16, 'vec128', SSE)),
  imageSlice('mxcsr', 24, 4, 'i386_mxcsr', SSE),
  {
    name: 'orig_rax',
    bytes: 8,
    type: 'int64',
    feature: LINUX,
    read: (registers) => little(registers.callNumber, 8),
    write: (registers, value) => {
      registers.callNumber = fromLittle(value);
    },
  },
  { name: 'fs_base', bytes: 8, type: 'int64', feature: SEGMENTS, read: (registers) => little(registers.fsBase, 8) },
  { name: 'gs_base', bytes: 8, type: 'int64', feature: SEGMENTS, read: (registers) => little(registers.gsBase, 8) },
];

/** Number of rip in the protocol: what an expedited stop reply carries. */
export const RIP_NUMBER = 16;
export const RSP_NUMBER = 7;
export const RBP_NUMBER = 6;

/** All registers, concatenated: the answer to `g`. */
export function readAllRegisters(registers: ThreadRegisters): Uint8Array {
  return concat(REGISTERS.map((register) => register.read(registers)));
}

/** The `G` packet: bytes of all registers; a short block writes the first ones. */
export function writeAllRegisters(registers: ThreadRegisters, bytes: Uint8Array): void {
  let offset = 0;
  for (const register of REGISTERS) {
    if (offset + register.bytes > bytes.length) return;
    register.write?.(registers, bytes.subarray(offset, offset + register.bytes));
    offset += register.bytes;
  }
}

/** Undefined for a number that does not exist. */
export function readRegister(registers: ThreadRegisters, number: number): Uint8Array | undefined {
  return number in REGISTERS ? REGISTERS[number].read(registers) : undefined;
}

/** False for a number that does not exist, a wrong size, or another value of a register that cannot be changed. */
export function writeRegister(registers: ThreadRegisters, number: number, value: Uint8Array): boolean {
  if (!(number in REGISTERS)) return false;
  const register = REGISTERS[number];
  if (value.length !== register.bytes) return false;
  if (register.write === undefined) return toHex(register.read(registers)) === toHex(value);
  register.write(registers, value);
  return true;
}

/** `target.xml`. */
export function targetDescription(): string {
  const features = [CORE, SSE, LINUX, SEGMENTS].map((feature) => {
    const numbered = REGISTERS.map((register, number) => ({ register, number }));
    const lines = numbered
      .filter(({ register }) => register.feature === feature)
      .map(({ register, number }) => registerLine(register, number));
    return `<feature name="${feature}">${typesOf(feature)}${lines.join('')}</feature>`;
  });
  return `<?xml version="1.0"?><!DOCTYPE target SYSTEM "gdb-target.dtd"><target><architecture>i386:x86-64</architecture><osabi>GNU/Linux</osabi>${features.join('')}</target>`;
}

function registerLine({ name, bytes, type }: RemoteRegister, number: number): string {
  const group = type === 'i387_ext' || /^f(ctrl|stat|tag|iseg|ioff|oseg|ooff|op)$/.test(name) ? ' group="float"' : '';
  return `<reg name="${name}" bitsize="${bytes * 8}" type="${type}" regnum="${number}"${group}/>`;
}

function typesOf(feature: string): string {
  const flag = (name: string, bit: number): string => `<field name="${name}" start="${bit}" end="${bit}"/>`;
  if (feature === CORE) {
    const bits: readonly (readonly [string, number])[] = [
      ['CF', 0],
      ['PF', 2],
      ['AF', 4],
      ['ZF', 6],
      ['SF', 7],
      ['TF', 8],
      ['IF', 9],
      ['DF', 10],
      ['OF', 11],
      ['NT', 14],
      ['RF', 16],
      ['AC', 18],
      ['ID', 21],
    ];
    return `<flags id="i386_eflags" size="4">${bits.map(([name, bit]) => flag(name, bit)).join('')}</flags>`;
  }
  if (feature !== SSE) return '';
  const vector = (id: string, type: string, count: number): string =>
    `<vector id="${id}" type="${type}" count="${count}"/>`;
  const member = (name: string, type: string): string => `<field name="${name}" type="${type}"/>`;
  const mxcsr = ['IE', 'DE', 'ZE', 'OE', 'UE', 'PE', 'DAZ', 'IM', 'DM', 'ZM', 'OM', 'UM', 'PM'];
  return [
    vector('v4f', 'ieee_single', 4),
    vector('v2d', 'ieee_double', 2),
    vector('v16i8', 'int8', 16),
    vector('v8i16', 'int16', 8),
    vector('v4i32', 'int32', 4),
    vector('v2i64', 'int64', 2),
    '<union id="vec128">',
    member('v4_float', 'v4f'),
    member('v2_double', 'v2d'),
    member('v16_int8', 'v16i8'),
    member('v8_int16', 'v8i16'),
    member('v4_int32', 'v4i32'),
    member('v2_int64', 'v2i64'),
    member('uint128', 'uint128'),
    '</union>',
    `<flags id="i386_mxcsr" size="4">${mxcsr.map(flag).join('')}${flag('FZ', 15)}</flags>`,
  ].join('');
}

function general(name: string, dwarf: number): RemoteRegister {
  const type = name === 'rip' ? 'code_ptr' : name === 'rsp' || name === 'rbp' ? 'data_ptr' : 'int64';
  return {
    name,
    bytes: 8,
    type,
    feature: CORE,
    read: (registers) => little(registers.read(dwarf), 8),
    write: (registers, value) => {
      registers.write(dwarf, fromLittle(value));
    },
  };
}

function constant(name: string, value: number): RemoteRegister {
  return { name, bytes: 4, type: 'int32', feature: CORE, read: () => little(BigInt(value), 4) };
}

/** A register that lies whole in the FXSAVE image. */
function imageSlice(name: string, offset: number, bytes: number, type: string, feature: string): RemoteRegister {
  return {
    name,
    bytes,
    type,
    feature,
    read: (registers) => registers.fxsave.slice(offset, offset + bytes),
    write: (registers, value) => {
      registers.fxsave.set(value, offset);
    },
  };
}

/** fctrl fstat ftag fiseg fioff foseg fooff fop, each 4 bytes on the wire. */
function x87Control(): RemoteRegister[] {
  const field = (name: string, offset: number, bytes: number): RemoteRegister => ({
    name,
    bytes: 4,
    type: 'int',
    feature: CORE,
    read: (registers) => {
      const value = new Uint8Array(4);
      value.set(registers.fxsave.subarray(offset, offset + bytes));
      return value;
    },
    write: (registers, value) => {
      registers.fxsave.set(value.subarray(0, bytes), offset);
    },
  });
  const ftag: RemoteRegister = {
    ...field('ftag', 4, 1),
    read: (registers) => little(fullTagWord(registers.fxsave), 4),
    write: (registers, value) => {
      registers.fxsave[4] = abridgedTag(value[0] | (value[1] << 8));
    },
  };
  return [
    field('fctrl', 0, 2),
    field('fstat', 2, 2),
    ftag,
    field('fiseg', 12, 2),
    field('fioff', 8, 4),
    field('foseg', 20, 2),
    field('fooff', 16, 4),
    field('fop', 6, 2),
  ];
}

/** The 16-bit tag word from FXSAVE's abridged one: 3 empty, 0 valid, 1 zero, 2 special, by register content. */
function fullTagWord(image: Uint8Array): bigint {
  const top = (image[3] >> 3) & 7;
  let word = 0;
  for (let physical = 0; physical < 8; physical++) {
    const tag = (image[4] >> physical) & 1 ? tagOf(image, (physical - top) & 7) : 3;
    word |= tag << (2 * physical);
  }
  return BigInt(word);
}

/** FXSAVE keeps a bit a register: it is not empty. */
function abridgedTag(word: number): number {
  let bits = 0;
  for (let register = 0; register < 8; register++) if (((word >> (2 * register)) & 3) !== 3) bits |= 1 << register;
  return bits;
}

function tagOf(image: Uint8Array, stackIndex: number): number {
  const at = 32 + 16 * stackIndex;
  const exponent = (image[at + 8] | (image[at + 9] << 8)) & 0x7fff;
  const zero = image.subarray(at, at + 8).every((byte) => byte === 0);
  if (exponent === 0) return zero ? 1 : 2;
  return exponent === 0x7fff || (image[at + 7] & 0x80) === 0 ? 2 : 0;
}

function little(value: bigint, bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
}

function fromLittle(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

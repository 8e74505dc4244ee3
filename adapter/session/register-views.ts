// register-views.ts: a frame's registers as a tree of two groups, by name.
//
// Truth: System V ABI x86-64, figure 3.36 (DWARF numbers).

import type { ThreadRegisters } from '../target/target';
import type { StackFrame } from './stack';
import { hex } from '../util/hex';

export interface RegisterView {
  readonly name: string;
  readonly value: string;
}

const NAMES = ['rax', 'rdx', 'rcx', 'rbx', 'rsi', 'rdi', 'rbp', 'rsp'];
const SHOWN = ['rip', 'rax', 'rbx', 'rcx', 'rdx', 'rsi', 'rdi', 'rbp', 'rsp'];
const RIP = 16;

/** Flags by bit. Truth: SDM vol. 1, 3.4.3. */
const FLAGS: readonly (readonly [number, string])[] = [
  [0, 'CF'],
  [2, 'PF'],
  [4, 'AF'],
  [6, 'ZF'],
  [7, 'SF'],
  [8, 'TF'],
  [9, 'IF'],
  [10, 'DF'],
  [11, 'OF'],
];

export function dwarfNumberOf(name: string): number | undefined {
  const low = NAMES.indexOf(name);
  if (low >= 0) return low;
  if (name === 'rip') return RIP;
  const high = /^r([89]|1[0-5])$/.exec(name)?.[1];
  return high === undefined ? undefined : Number(high);
}

export function generalRegisters({ frame, index }: StackFrame, registers: ThreadRegisters): readonly RegisterView[] {
  const names = [...SHOWN, ...Array.from({ length: 8 }, (_, at) => `r${at + 8}`)];
  const views = names.map((name) => {
    const number = dwarfNumberOf(name);
    const value = number === undefined ? undefined : frame.registers(number);
    return { name, value: value === undefined ? '<not saved by the frames below>' : hex64(value) };
  });
  if (index > 0) return views;
  return [
    ...views,
    { name: 'rflags', value: flagsText(registers.rflags) },
    { name: 'fs_base', value: hex64(registers.fsBase) },
  ];
}

export function vectorRegisters(registers: ThreadRegisters): readonly RegisterView[] {
  return Array.from({ length: 16 }, (_, index) => {
    const bytes = [...registers.readXmm(index)].reverse();
    return { name: `xmm${index}`, value: `0x${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}` };
  });
}

function flagsText(rflags: bigint): string {
  const set = FLAGS.filter(([bit]) => (rflags & (1n << BigInt(bit))) !== 0n).map(([, name]) => name);
  return `${hex(rflags)} [${set.join(' ')}]`;
}

function hex64(value: bigint): string {
  return `0x${BigInt.asUintN(64, value).toString(16).padStart(16, '0')}`;
}

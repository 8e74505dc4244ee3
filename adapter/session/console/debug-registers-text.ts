// debug-registers-text.ts: the slot map as text: each thread's DR0–DR7, the CPUs, and what is left.
//
// DR7:   31 30 29 28 … 19 18 17 16   …   7  6  5  4  3  2  1  0
//        LEN3  R/W3  …  LEN0  R/W0       G3 L3 G2 L2 G1 L1 G0 L0        Truth: SDM vol. 3B, 18.2.4.

import { registerName } from '../../protocol/register-name';
import type { DebugRegister, DebugRegisterMap } from '../../protocol/debug-register-map';
import { textTable } from './text-table';

const TITLES = ['', 'State', 'Address', 'Bytes', 'Access', 'What', 'Hits', 'Old → New', 'Holder'];

export function debugRegistersText({ threads, cpus, slots }: DebugRegisterMap): string {
  const ofThreads = threads.flatMap((thread) => [
    `thread ${thread.id}${thread.name === '' ? '' : ` "${thread.name}"`}`,
    ...registersText(thread),
  ]);
  const ofCpus = cpus.flatMap((cpu) => [`CPU ${cpu.id}`, ...registersText(cpu)]);
  const left = `${slots.used} of ${slots.total} debug registers used, ${slots.free} free on the thread that has least left.`;
  return [...ofThreads, ...ofCpus, left].join('\n');
}

function registersText(of: { registers: readonly DebugRegister[]; dr6: string; dr7: string }): readonly string[] {
  if (of.registers.every(({ state }) => state === 'free')) return [`  all ${of.registers.length} free`];
  const table = textTable(TITLES, of.registers.map(rowOf), new Set(['Bytes', 'Hits']));
  return [...table, `DR6  ${of.dr6}${dr6Text(of.dr6)}`, `DR7  ${of.dr7}${dr7Text(of.dr7)}`].map((line) => `  ${line}`);
}

function rowOf(register: DebugRegister): readonly string[] {
  const { index, state, address, lengthBytes, access, symbol, hits, oldValue, newValue, owner, holder } = register;
  return [
    registerName(index),
    state,
    address ?? '',
    lengthBytes === undefined ? '' : String(lengthBytes),
    access ?? '',
    symbol ?? '',
    hits === undefined ? '' : String(hits),
    oldValue === undefined || newValue === undefined ? '' : `${oldValue} → ${newValue}`,
    holder ?? owner ?? '',
  ];
}

function dr6Text(text: string): string {
  const bits = BigInt(text);
  const hit = [0n, 1n, 2n, 3n].filter((at) => (bits & (1n << at)) !== 0n).map((at) => `B${at}`);
  const others = [[13n, 'BD'] as const, [14n, 'BS'] as const, [15n, 'BT'] as const];
  const all = [...hit, ...others.filter(([at]) => (bits & (1n << at)) !== 0n).map(([, name]) => name)];
  return all.length === 0 ? '' : `  ${all.join(' ')}`;
}

const ACCESSES = ['execute', 'write', 'I/O', 'access'];
const LENGTHS = [1, 2, 8, 4];

/** The registers that it enables. */
function dr7Text(text: string): string {
  const bits = Number(BigInt(text) & 0xffffffffn);
  const enabled = [0, 1, 2, 3].filter((at) => ((bits >>> (2 * at)) & 3) !== 0);
  const names = enabled.map((at) => {
    const which = [(bits >>> (2 * at)) & 1 ? `L${at}` : '', (bits >>> (2 * at + 1)) & 1 ? `G${at}` : ''].join('');
    return `${which} ${ACCESSES[(bits >>> (16 + 4 * at)) & 3] ?? ''} ${LENGTHS[(bits >>> (18 + 4 * at)) & 3] ?? ''}`;
  });
  return names.length === 0 ? '' : `  ${names.join(', ')}`;
}

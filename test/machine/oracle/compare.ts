// compare.ts: what the two CPUs must agree on.

import { formatInstruction } from '../../../adapter/machine/decode/format';
import { effectiveAddress } from './case-generator';
import type { Case } from './case-generator';
import { WINDOW, WINDOW_BYTES } from './real-cpu';
import type { Response } from './real-cpu';
import { ARITHMETIC, undefinedFlags } from './undefined-flags.table';

const DF = 0x400;
const NAMES = [
  'rax',
  'rcx',
  'rdx',
  'rbx',
  'rsp',
  'rbp',
  'rsi',
  'rdi',
  'r8',
  'r9',
  'r10',
  'r11',
  'r12',
  'r13',
  'r14',
  'r15',
];
const PAGE_FAULT = 14;

/** In words, with all that one needs to look into it; undefined where they agree. */
export function disagreement(oneCase: Case, real: Response, emulated: Response): string | undefined {
  const { instruction, request } = oneCase;
  const undefinedPart = undefinedFlags(instruction, Number(request.gpr[1] & 0xffn));
  if (undefinedPart === 'result') return undefined;
  const differences = [
    ...trapDifferences(oneCase, real, emulated),
    ...registerDifferences(real, emulated),
    ...flagDifferences(real, emulated, undefinedPart),
    ...memoryDifferences(real, emulated, ignoredBytes(oneCase, real)),
    ...vectorDifferences(real, emulated),
    ...x87Differences(oneCase, real, emulated),
  ];
  if (differences.length === 0) return undefined;
  return [describe(oneCase), ...differences.map((line) => `  ${line}`)].join('\n');
}

/** The same for a sequence of instructions, after which some flags may be undefined. */
export function sequenceDifferences(real: Response, emulated: Response, undefinedPart: number): string[] {
  const trap = [real, emulated].map(({ signal, vector, rip }) => `${signal}/${vector} at ${hex(rip)}`);
  return [
    ...(trap[0] === trap[1] ? [] : [`real ${trap[0]}, ours ${trap[1]}`]),
    ...(real.steps === emulated.steps ? [] : [`instructions: real ${real.steps}, ours ${emulated.steps}`]),
    ...registerDifferences(real, emulated),
    ...flagDifferences(real, emulated, undefinedPart),
    ...memoryDifferences(real, emulated, new Set()),
    ...vectorDifferences(real, emulated),
  ];
}

function describe({ instruction, request }: Case): string {
  const used = instruction.operands.flatMap((operand) =>
    operand.kind === 'register'
      ? operand.file === 'gpr'
        ? [operand.index]
        : []
      : operand.kind === 'memory'
        ? [operand.base, operand.index].filter((index) => index >= 0)
        : [],
  );
  const registers = [...new Set([0, 1, 2, ...used])].map((index) => `${NAMES[index]}=${hex(request.gpr[index])}`);
  const vectors = instruction.operands.flatMap((operand) =>
    operand.kind === 'register' && operand.file === 'xmm'
      ? [`xmm${operand.index}=${bytesText(request.fxsave, 160 + operand.index * 16, 16)}`]
      : [],
  );
  const code = Buffer.from(request.code).toString('hex');
  return `${formatInstruction(instruction)} [${code}] ${[...registers, ...vectors].join(' ')} rflags=${hex(request.rflags)}`;
}

function trapDifferences({ instruction }: Case, real: Response, emulated: Response): string[] {
  const lines: string[] = [];
  const same = real.signal === emulated.signal && real.vector === emulated.vector;
  if (!same)
    lines.push(`signal/vector: real ${real.signal}/${real.vector}, ours ${emulated.signal}/${emulated.vector}`);
  if (same && real.vector === PAGE_FAULT) {
    // In which order the CPU goes through an x87 environment or an FXSAVE area is its own affair.
    const isLong = instruction.operands.some((operand) => operand.kind === 'memory' && operand.bytes > 16);
    const near = isLong && real.cr2 >> 12n === emulated.cr2 >> 12n;
    if (real.cr2 !== emulated.cr2 && !near)
      lines.push(`fault address: real ${hex(real.cr2)}, ours ${hex(emulated.cr2)}`);
    if ((real.pageFaultError & 2) !== (emulated.pageFaultError & 2)) lines.push('fault: read or write?');
  }
  if (real.rip !== emulated.rip) lines.push(`rip: real ${hex(real.rip)}, ours ${hex(emulated.rip)}`);
  return lines;
}

function registerDifferences(real: Response, emulated: Response): string[] {
  return NAMES.flatMap((name, index) =>
    real.gpr[index] === emulated.gpr[index]
      ? []
      : [`${name}: real ${hex(real.gpr[index])}, ours ${hex(emulated.gpr[index])}`],
  );
}

function flagDifferences(real: Response, emulated: Response, undefinedPart: number): string[] {
  const mask = BigInt((ARITHMETIC | DF) & ~undefinedPart);
  const [a, b] = [real.rflags & mask, emulated.rflags & mask];
  return a === b ? [] : [`flags: real ${hex(a)}, ours ${hex(b)} (differ in ${hex(a ^ b)})`];
}

/** Offsets in the window that do not count. */
function ignoredBytes({ instruction, request }: Case, real: Response): ReadonlySet<number> {
  const from = (offset: number, count: number) => Array.from({ length: count }, (_, n) => offset + n);
  const [first] = instruction.operands;
  switch (instruction.mnemonic) {
    case 'pushf':
      // TF, with which the real CPU is stepped, and whatever an earlier POPF left above.
      return new Set(from(Number(real.gpr[4]) - WINDOW + 1, 7));
    case 'fxsave':
      // MXCSR_MASK is the CPU's own.
      return new Set(first.kind === 'memory' ? from(effectiveAddress(first, request.gpr) - WINDOW + 28, 4) : []);
    case 'fnstenv':
    case 'fnsave':
      // Pointers to the last instruction and operand.
      return new Set(first.kind === 'memory' ? from(effectiveAddress(first, request.gpr) - WINDOW + 12, 16) : []);
    default:
      return new Set();
  }
}

function memoryDifferences(real: Response, emulated: Response, ignored: ReadonlySet<number>): string[] {
  const lines: string[] = [];
  for (let at = 0; at < WINDOW_BYTES; at++) {
    if (ignored.has(at) || real.memory[at] === emulated.memory[at]) continue;
    const from = at & ~15;
    const address = hex(BigInt(WINDOW + from));
    lines.push(
      `memory ${address}: real ${bytesText(real.memory, from, 16)}, ours ${bytesText(emulated.memory, from, 16)}`,
    );
    at = from + 15;
  }
  return lines;
}

function vectorDifferences(real: Response, emulated: Response): string[] {
  const lines: string[] = [];
  for (let n = 0; n < 16; n++) {
    const [a, b] = [real, emulated].map((response) => bytesText(response.fxsave, 160 + n * 16, 16));
    if (a !== b) lines.push(`xmm${n}: real ${a}, ours ${b}`);
  }
  // Quirk: the exception flags of MXCSR (its low six bits) are not kept.
  const [a, b] = [real, emulated].map((response) => viewOf(response).getUint32(24, true) & 0xffc0);
  if (a !== b) lines.push(`mxcsr: real ${a.toString(16)}, ours ${b.toString(16)}`);
  return lines;
}

/** Condition bits that x87 arithmetic leaves undefined (C0 C2 C3) and the exception flags do not count. */
function x87Differences({ instruction }: Case, real: Response, emulated: Response): string[] {
  const lines: string[] = [];
  const [a, b] = [viewOf(real), viewOf(emulated)];
  const statusMask = KEEPS_CONDITIONS.has(instruction.mnemonic) ? 0x7d00 & ~0x200 : 0x3800;
  const word = (name: string, offset: number, mask: number) => {
    const [x, y] = [a, b].map((view) => view.getUint16(offset, true) & mask);
    if (x !== y) lines.push(`${name}: real ${x.toString(16)}, ours ${y.toString(16)}`);
  };
  word('fcw', 0, 0xffff);
  word('fsw', 2, statusMask);
  word('ftw', 4, 0xff);
  for (let n = 0; n < 8; n++) {
    const [x, y] = [real, emulated].map((response) => bytesText(response.fxsave, 32 + n * 16, 10));
    if (x !== y) lines.push(`st(${n}): real ${x}, ours ${y}`);
  }
  return lines;
}

/** After these C0, C2 and C3 mean something. */
const KEEPS_CONDITIONS: ReadonlySet<string> = new Set([
  ...['fcom', 'fcomp', 'fcompp', 'fucom', 'fucomp', 'fucompp', 'ficom', 'ficomp', 'ftst', 'fxam'],
]);

const viewOf = (response: Response) =>
  new DataView(response.fxsave.buffer, response.fxsave.byteOffset, response.fxsave.byteLength);

/** Most significant byte first, as one number. */
function bytesText(bytes: Uint8Array, from: number, count: number): string {
  return Buffer.from(Uint8Array.from(bytes.subarray(from, from + count)).reverse()).toString('hex');
}

function hex(value: bigint): string {
  return `0x${BigInt.asUintN(64, value).toString(16)}`;
}

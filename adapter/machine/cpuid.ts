// cpuid.ts: what the emulated processor says of itself, and its time stamps.
//
// CPUID shows what is implemented and no more: x86-64 with SSE2, CMPXCHG16B, LAHF, POPCNT. No AVX, no XSAVE.
// Truth: Intel SDM vol. 2, CPUID; AMD APM vol. 3, appendix E.

import type { MachineOptions } from './machine';
import type { LiveRegisters } from './registers';

const RAX = 0;
const RCX = 1;
const RDX = 2;
const RBX = 3;

interface Leaf {
  readonly eax: number;
  readonly ebx: number;
  readonly ecx: number;
  readonly edx: number;
}

const NOTHING: Leaf = { eax: 0, ebx: 0, ecx: 0, edx: 0 };

const bits = (...numbers: readonly number[]): number => numbers.reduce((sum, bit) => sum + 2 ** bit, 0);

/** Twelve letters as ebx, edx, ecx. */
function vendor(name: string): Pick<Leaf, 'ebx' | 'ecx' | 'edx'> {
  const word = (at: number): number => [3, 2, 1, 0].reduce((sum, n) => sum * 256 + name.charCodeAt(at + n), 0);
  return { ebx: word(0), edx: word(4), ecx: word(8) };
}

function brand(part: number): Leaf {
  const text = 'Trapline emulated x86-64 processor'.padEnd(48, '\0');
  const word = (at: number): number => [3, 2, 1, 0].reduce((sum, n) => sum * 256 + text.charCodeAt(at + n), 0);
  const at = part * 16;
  return { eax: word(at), ebx: word(at + 4), ecx: word(at + 8), edx: word(at + 12) };
}

/** Family 6, an early 64-bit model: programs then rely on the feature bits alone. */
const SIGNATURE = 0x000006f2;

const FEATURES_EDX = {
  fpu: 0,
  de: 2,
  tsc: 4,
  msr: 5,
  pae: 6,
  cx8: 8,
  cmov: 15,
  clfsh: 19,
  mmx: 23,
  fxsr: 24,
  sse: 25,
  sse2: 26,
} as const;

const BASIC: Readonly<Record<number, Leaf>> = {
  0: { eax: 1, ...vendor('GenuineIntel') },
  1: {
    eax: SIGNATURE,
    // CLFLUSH line of 64 bytes, one logical processor.
    ebx: 0x00010800,
    // CMPXCHG16B, POPCNT
    ecx: bits(13, 23),
    edx: bits(...Object.values(FEATURES_EDX)),
  },
};

const EXTENDED: Readonly<Record<number, Leaf>> = {
  0x80000000: { ...NOTHING, eax: 0x80000008 },
  // LAHF in 64-bit mode; SYSCALL, NX, RDTSCP, long mode
  0x80000001: { eax: SIGNATURE, ebx: 0, ecx: bits(0), edx: bits(11, 20, 27, 29) },
  0x80000002: brand(0),
  0x80000003: brand(1),
  0x80000004: brand(2),
  // Invariant TSC
  0x80000007: { ...NOTHING, edx: bits(8) },
  // 48 physical, 48 linear address bits
  0x80000008: { ...NOTHING, eax: 0x3030 },
};

/** Executes CPUID, RDTSC or RDTSCP. `retired`: instructions of this run, which the time-stamp counter must count. */
export function execute(mnemonic: string, live: LiveRegisters, options: MachineOptions, retired: number): void {
  if (mnemonic === 'cpuid') {
    const number = Number(live.gpr(RAX) & 0xffffffffn);
    const leaf = (number >= 0x80000000 ? EXTENDED : BASIC)[number] ?? NOTHING;
    live.setGpr(RAX, BigInt(leaf.eax >>> 0));
    live.setGpr(RBX, BigInt(leaf.ebx >>> 0));
    live.setGpr(RCX, BigInt(leaf.ecx >>> 0));
    live.setGpr(RDX, BigInt(leaf.edx >>> 0));
    return;
  }
  const now = options.timestamp() + BigInt(retired);
  live.setGpr(RAX, now & 0xffffffffn);
  live.setGpr(RDX, (now >> 32n) & 0xffffffffn);
  if (mnemonic === 'rdtscp') live.setGpr(RCX, 0n);
}

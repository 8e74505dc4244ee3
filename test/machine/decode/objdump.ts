// objdump.ts: what objdump says of a file's code, and our text brought to its form. For the decoder's tests.

import { execFileSync } from 'node:child_process';

export interface Line {
  readonly address: number;
  readonly bytes: Uint8Array;
  readonly text: string;
}

/** Disassembles the executable sections between two addresses (all of them if none are given). */
export function disassemble(file: string, options: readonly string[] = []): Line[] {
  const output = execFileSync(
    'objdump',
    ['-d', '-w', '-z', '-M', 'intel,intel64', '--insn-width=16', '--no-show-raw-insn', ...options, file].filter(
      (argument) => argument !== '--no-show-raw-insn',
    ),
    { encoding: 'latin1', maxBuffer: 1 << 30 },
  );
  const lines: Line[] = [];
  for (const line of output.split('\n')) {
    const match = /^ *([0-9a-f]+):\t((?:[0-9a-f]{2} )+) *\t?(.*)$/.exec(line);
    if (match === null || match[3].startsWith('.byte')) continue;
    lines.push({
      address: parseInt(match[1], 16),
      bytes: Uint8Array.from(match[2].trim().split(' '), (byte) => parseInt(byte, 16)),
      text: match[3].trim(),
    });
  }
  return lines;
}

const UNUSED_PREFIXES =
  /^(?:(?:data16|cs|ds|es|ss|fs|gs|rex(?:\.[WRXB]+)?|bnd|notrack|addr32|xacquire|xrelease|repz|repnz|repne|rep) )+(?=\S)/;
const PREDICATES = ['eq', 'lt', 'le', 'unord', 'neq', 'nlt', 'nle', 'ord'];
const STRING_SIZES: Readonly<Record<string, string>> = { BYTE: 'b', WORD: 'w', DWORD: 'd', QWORD: 'q' };

/** objdump's text with what it decorates taken away: symbols, unused prefixes, spaces, zero displacements. */
export function normaliseObjdump(text: string): string {
  const plain = text
    .replace(/\s+[#<].*$/, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(UNUSED_PREFIXES, '')
    .replace(/^(j\w+|call|loop\w*|xbegin) ([0-9a-f]+)$/, '$1 0x$2')
    .replace(
      /^(movs|cmps|stos|lods|scas|ins|outs) .*?(BYTE|WORD|DWORD|QWORD) PTR.*$/,
      (_, name: string, size: string) => name + STRING_SIZES[size],
    );
  return normaliseAliases(
    plain
      .replace(/\+0x0\]/, ']')
      .replace(/st\(0\)/g, 'st')
      .replace(/,1$/, ',0x1'),
  );
}

/** Names that are the same instruction. */
function normaliseAliases(text: string): string {
  return text
    .replace(/^movabs /, 'mov ')
    .replace(/^xchg (ax,ax|eax,eax|rax,rax)$/, 'nop')
    .replace(
      /^cmp(eq|lt|le|unord|neq|nlt|nle|ord)(ps|pd|ss|sd) (.*)$/,
      (_, predicate: string, type: string, rest: string) => `cmp${type} ${rest},0x${PREDICATES.indexOf(predicate)}`,
    )
    .replace(/^(fxsave|fxrstor|xsavec?|xrstor|xsaveopt)64 /, '$1 ');
}

/** Our text, likewise. */
export function normaliseOurs(text: string): string {
  return text
    .replace(/ {2}#.*$/, '')
    .replace(
      /\[rip-0x([0-9a-f]+)\]/,
      (_, offset: string) => `[rip+0x${BigInt.asUintN(64, -BigInt(`0x${offset}`)).toString(16)}]`,
    )
    .replace(/^(repz|repnz|rep) /, '')
    .replace(/^xchg (ax,ax|eax,eax|rax,rax)$/, 'nop');
}

// encodings.ts: every opcode of the decoder's tables as something that bytes can be made for.

import { ONE_BYTE, THREE_BYTE_38, THREE_BYTE_3A, TWO_BYTE } from '../../../adapter/machine/decode/opcode-maps';
import type { OpcodeEntry, OpcodeMap } from '../../../adapter/machine/decode/opcode-table';

export interface Encoding {
  /** 66, F3, F2 where the opcode demands one. */
  readonly mandatory: number | undefined;
  readonly escape: readonly number[];
  readonly opcode: number;
  readonly entry: OpcodeEntry;
  /** What the opcode fixes of modrm: a memory or register form, reg, or all of it. */
  readonly modrm:
    { readonly form: 'memory' | 'register' | 'any'; readonly reg?: number; readonly rm?: number } | undefined;
}

const MAPS: readonly (readonly [readonly number[], OpcodeMap])[] = [
  [[], ONE_BYTE],
  [[0x0f], TWO_BYTE],
  [[0x0f, 0x38], THREE_BYTE_38],
  [[0x0f, 0x3a], THREE_BYTE_3A],
];
const MANDATORY = [undefined, 0x66, 0xf3, 0xf2];

/** All of them; opcodes that hold under every prefix come once. */
export function allEncodings(): Encoding[] {
  return MAPS.flatMap(([escape, map]) => encodingsOf(escape, map));
}

function encodingsOf(escape: readonly number[], map: OpcodeMap): Encoding[] {
  const found: Encoding[] = [];
  for (let index = 0; index < (escape.length === 0 ? 256 : 1024); index++) {
    const slot = map[index];
    const plain = map[index & 255];
    if (slot === undefined) continue;
    const base = { mandatory: MANDATORY[index >> 8], escape, opcode: index & 255 };
    if (!('group' in slot)) {
      if (index >= 256 && slot === plain) continue;
      found.push({ ...base, entry: slot, modrm: slot.modrm ? { form: 'any' } : undefined });
      continue;
    }
    slot.group.forEach((entry, member) => {
      if (entry === undefined) return;
      if (index >= 256 && plain !== undefined && 'group' in plain && plain.group[member] === entry) return;
      if (index >= 256 && plain === entry) return;
      const inMemory = member < 8;
      const reg = inMemory ? member : (member - 8) >> 3;
      const whole = entry.modrmFixed && !inMemory ? { rm: member & 7 } : {};
      if (!inMemory && !entry.modrmFixed && (member & 7) !== 0) return;
      found.push({ ...base, entry, modrm: { form: inMemory ? 'memory' : 'register', reg, ...whole } });
    });
  }
  return found;
}

// vex.ts: the length and the name of VEX and EVEX instructions (AVX, AVX2, BMI, FMA, AVX-512).
//
// They are not executed (CPUID does not show them); a SIGILL tells their name. Most names are the SSE ones with a
// `v`; the rest lies in vex.table.ts; what is in neither is `(avx)`.
// Truth: Intel SDM vol. 2, 2.3 (VEX) and 2.7 (EVEX).

import type { DecodeState } from './decode-state';
import type { OpcodeMap } from './opcode-table';
import { THREE_BYTE_38, THREE_BYTE_3A, TWO_BYTE } from './opcode-maps';
import { VEX_NAMES } from './vex.table';

const UNKNOWN = '(avx)';
const SSE_MAPS: readonly (OpcodeMap | undefined)[] = [undefined, TWO_BYTE, THREE_BYTE_38, THREE_BYTE_3A];

/** `map pp opcode[/reg]`, pp in the order none 66 F3 F2, e.g. `1.0.77`, `2.0.f3/1` → names by W. */
const NAMES = new Map(
  VEX_NAMES.split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [key, names] = line.split(' ');
      return [key, names.split('|')];
    }),
);

/** C5, C4 or 62 has been read; reads all the rest. Undefined: no such encoding. */
export function decodeVector(state: DecodeState, first: number): string | undefined {
  let map = 1;
  let wide = 0;
  let pp: number;
  let long: boolean;
  if (first === 0xc5) {
    const payload = state.u8();
    pp = payload & 3;
    long = (payload & 4) !== 0;
    state.rex = (payload & 0x80) === 0 ? 4 : 0;
  } else {
    const payload = state.u8();
    map = first === 0xc4 ? payload & 31 : payload & 7;
    const second = state.u8();
    wide = second >> 7;
    pp = second & 3;
    long = (second & 4) !== 0;
    if (first === 0x62) state.u8();
  }
  const highestMap = first === 0x62 ? 6 : 3;
  if (map === 0 || map > highestMap) return undefined;
  state.opcode = state.u8();
  if (first !== 0x62 && map === 1 && state.opcode === 0x77) return long ? 'vzeroall' : 'vzeroupper';
  state.readModrm();
  if (hasImmediate(map, state.opcode)) state.u8();
  return nameOf(state, map, pp, wide);
}

function hasImmediate(map: number, opcode: number): boolean {
  if (map === 3) return true;
  if (map !== 1) return false;
  return (opcode >= 0x70 && opcode <= 0x73) || opcode === 0xc2 || (opcode >= 0xc4 && opcode <= 0xc6);
}

function nameOf(state: DecodeState, map: number, pp: number, wide: number): string {
  const reg = (state.modrm >> 3) & 7;
  const key = `${map}.${pp}.${state.opcode.toString(16).padStart(2, '0')}`;
  const own = NAMES.get(`${key}/${reg}`) ?? NAMES.get(key);
  if (own !== undefined) return own[own.length > 1 ? wide : 0];
  const slot = SSE_MAPS[map]?.[(pp << 8) | state.opcode];
  if (slot === undefined) return UNKNOWN;
  const entry = 'group' in slot ? slot.group[state.modrm >= 0xc0 ? 8 + (state.modrm & 63) : reg] : slot;
  if (entry === undefined) return UNKNOWN;
  return `v${entry.names[entry.names.length > 1 ? wide : 0]}`;
}

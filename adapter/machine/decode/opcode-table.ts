// opcode-table.ts: compiles the *.table.ts texts into arrays that the decoder indexes.
//
// One line is one opcode:
//
//   [np|66|f3|f2|mx] OPCODE[..LAST][/REG[m|r]][:MODRM] NAME OPERANDS [ATTRIBUTES]
//
//   np 66 f3 f2   mandatory prefix (np: none); left out: holds under each. mx: see simd.table.ts
//   /REG          modrm.reg 0–7 or * for any; m: memory forms only, r: register forms only
//   :MODRM        exactly this modrm byte (a register form)
//   NAME          `a|b` picks by REX.W, `a|b|c` by operand size 2, 4, 8
//   OPERANDS      comma-separated codes as in appendix A of the SDM (see OPERAND below), `-` for none;
//                 Jb and Jz stand alone: a relative branch
//   ATTRIBUTES    lock: takes LOCK · string: takes REP · size: b 1 byte, v 2/4/8, z 2/4, y 4/8 (REX.W),
//                 d64: 8 (2 under 66), f64: always 8. The default follows from the operands.
//
// Later lines win over earlier ones. Pure data preparation at module load.
// Truth: Intel SDM vol. 2, appendix A.1 (the codes).

import { assert } from '../../util/assert';

/** How an operand is found. */
export const FORM = {
  /** modrm.rm: general register or memory */ rmGpr: 0,
  /** modrm.reg: general register */ regGpr: 1,
  /** modrm.rm, memory only */ memory: 2,
  /** modrm.reg: xmm */ regXmm: 3,
  /** modrm.rm: xmm or memory */ rmXmm: 4,
  /** modrm.reg: mmx */ regMmx: 5,
  /** modrm.rm: mmx or memory */ rmMmx: 6,
  /** sign-extended immediate */ immediate: 7,
  /** unsigned immediate */ unsignedImmediate: 8,
  /** register in the opcode's low three bits */ opcodeGpr: 10,
  /** rax, eax, ax, al */ accumulator: 11,
  cl: 12,
  dx: 13,
  /** the constant 1 */ one: 14,
  st0: 15,
  sti: 16,
  /** modrm.reg: segment register */ regSegment: 17,
  fs: 18,
  gs: 19,
  /** 64-bit absolute address */ offset: 20,
  control: 21,
  debug: 22,
} as const;

/** Sizes that depend on the prefixes; sizes below 0x200 are byte counts as they are. */
export const SIZE = {
  v: 0x401,
  y: 0x402,
  z: 0x403,
  /** register v, memory 2 */ sw: 0x404,
  /** register 4, memory 2 */ dw: 0x405,
  /** register 4, memory 1 */ db: 0x406,
  /** 8, or 16 under REX.W */ pair: 0x407,
} as const;

/** form << 16 | size */
export type OperandCode = number;

const operand = (form: number, size: number): OperandCode => (form << 16) | size;

const OPERAND: Readonly<Record<string, OperandCode>> = {
  Eb: operand(FORM.rmGpr, 1),
  Ew: operand(FORM.rmGpr, 2),
  Ed: operand(FORM.rmGpr, 4),
  Eq: operand(FORM.rmGpr, 8),
  Ev: operand(FORM.rmGpr, SIZE.v),
  Ey: operand(FORM.rmGpr, SIZE.y),
  Esw: operand(FORM.rmGpr, SIZE.sw),
  Edw: operand(FORM.rmGpr, SIZE.dw),
  Edb: operand(FORM.rmGpr, SIZE.db),
  Rd: operand(FORM.rmGpr, 4),
  Rq: operand(FORM.rmGpr, 8),
  Rv: operand(FORM.rmGpr, SIZE.v),
  Ry: operand(FORM.rmGpr, SIZE.y),
  Gb: operand(FORM.regGpr, 1),
  Gd: operand(FORM.regGpr, 4),
  Gq: operand(FORM.regGpr, 8),
  Gv: operand(FORM.regGpr, SIZE.v),
  Gy: operand(FORM.regGpr, SIZE.y),
  Mb: operand(FORM.memory, 1),
  Mw: operand(FORM.memory, 2),
  Md: operand(FORM.memory, 4),
  Mq: operand(FORM.memory, 8),
  Mt: operand(FORM.memory, 10),
  Mx: operand(FORM.memory, 16),
  Menv: operand(FORM.memory, 28),
  Mstate: operand(FORM.memory, 108),
  Mfx: operand(FORM.memory, 512),
  Mv: operand(FORM.memory, SIZE.v),
  My: operand(FORM.memory, SIZE.y),
  Mpair: operand(FORM.memory, SIZE.pair),
  V: operand(FORM.regXmm, 16),
  U: operand(FORM.rmXmm, 16),
  Wx: operand(FORM.rmXmm, 16),
  Wq: operand(FORM.rmXmm, 8),
  Wd: operand(FORM.rmXmm, 4),
  Ww: operand(FORM.rmXmm, 2),
  Pq: operand(FORM.regMmx, 8),
  N: operand(FORM.rmMmx, 8),
  Qq: operand(FORM.rmMmx, 8),
  Qd: operand(FORM.rmMmx, 4),
  Ib: operand(FORM.immediate, 1),
  Iz: operand(FORM.immediate, SIZE.z),
  Iv: operand(FORM.immediate, SIZE.v),
  Iu: operand(FORM.unsignedImmediate, 1),
  Iw: operand(FORM.unsignedImmediate, 2),
  Zb: operand(FORM.opcodeGpr, 1),
  Zv: operand(FORM.opcodeGpr, SIZE.v),
  AL: operand(FORM.accumulator, 1),
  AX: operand(FORM.accumulator, 2),
  A: operand(FORM.accumulator, SIZE.v),
  Az: operand(FORM.accumulator, SIZE.z),
  CL: operand(FORM.cl, 1),
  DX: operand(FORM.dx, 2),
  1: operand(FORM.one, 1),
  ST0: operand(FORM.st0, 10),
  STi: operand(FORM.sti, 10),
  Sw: operand(FORM.regSegment, 2),
  FS: operand(FORM.fs, 2),
  GS: operand(FORM.gs, 2),
  Ob: operand(FORM.offset, 1),
  Ov: operand(FORM.offset, SIZE.v),
  Cq: operand(FORM.control, 8),
  Dq: operand(FORM.debug, 8),
};

export type SizeRule = 'b' | 'v' | 'z' | 'y' | 'd64' | 'f64';

/** What the decoder knows of one opcode. */
export interface OpcodeEntry {
  /** One name, two picked by REX.W, or three by operand size. */
  readonly names: readonly string[];
  readonly operands: readonly OperandCode[];
  /** The codes as they stand in the table. */
  readonly operandText: string;
  readonly size: SizeRule;
  readonly modrm: boolean;
  /** The modrm byte is part of the opcode. */
  readonly modrmFixed: boolean;
  readonly lock: boolean;
  readonly string: boolean;
  /** cmps, scas: F3 and F2 differ. */
  readonly comparing: boolean;
  readonly conditional: boolean;
  /** Bytes of a relative branch's displacement; 0: no branch. */
  readonly branchBytes: 0 | 1 | 4;
}

/** 8 memory forms by modrm.reg, then 64 register forms by modrm & 63. */
export interface OpcodeGroup {
  readonly group: readonly (OpcodeEntry | undefined)[];
}

export type OpcodeSlot = OpcodeEntry | OpcodeGroup | undefined;

/** 4 × 256: none, 66, F3, F2. */
export type OpcodeMap = readonly OpcodeSlot[];

export const PREFIX_NONE = 0;
export const PREFIX_66 = 1;
export const PREFIX_F3 = 2;
export const PREFIX_F2 = 3;

const PREFIXES: Readonly<Record<string, readonly number[]>> = { np: [0], 66: [1], f3: [2], f2: [3] };
const FORMS_WITH_MODRM: ReadonlySet<number> = new Set([
  FORM.rmGpr,
  FORM.regGpr,
  FORM.memory,
  FORM.regXmm,
  FORM.rmXmm,
  FORM.regMmx,
  FORM.rmMmx,
  FORM.sti,
  FORM.st0,
  FORM.regSegment,
  FORM.control,
  FORM.debug,
]);
const LINE =
  /^(?:(np|66|f3|f2|mx) )?([0-9a-f]{2})(?:\.\.([0-9a-f]{2}))?(?:\/([0-7*])([mr])?)?(?::([0-9a-f]{2}))? (\S+)(?: (.*))?$/;

/** Compiles the lines of the texts, in order, for the mandatory prefixes that the decoder tells apart. */
export function compileOpcodeMap(prefixes: readonly number[], ...texts: readonly string[]): OpcodeMap {
  const map = new Array<Slot>(4 * 256).fill(undefined);
  const lines = texts.flatMap((text) => text.split('\n')).filter((line) => line !== '');
  for (const line of lines) addLine(map, prefixes, line);
  return map;
}

type Slot = OpcodeEntry | { readonly group: (OpcodeEntry | undefined)[] } | undefined;

function addLine(map: Slot[], prefixes: readonly number[], line: string): void {
  const match = LINE.exec(line.trim());
  assert(match !== null, 'an opcode table line parses', line);
  const [, prefix, first, last, reg, form, modrm, name, rest] = match as readonly (string | undefined)[];
  if (prefix === 'mx') {
    addLine(map, prefixes, `np ${first ?? ''} ${name ?? ''} Pq,Qq`);
    addLine(map, prefixes, `66 ${first ?? ''} ${name ?? ''} V,Wx`);
    return;
  }
  const grouped = reg !== undefined || modrm !== undefined;
  const entry = compileEntry(line, name ?? '', rest ?? '-', reg !== undefined, modrm !== undefined);
  const low = parseInt(first ?? '', 16);
  const high = last === undefined ? low : parseInt(last, 16);
  for (const pp of prefix === undefined ? prefixes : PREFIXES[prefix]) {
    for (let opcode = low; opcode <= high; opcode++) {
      const slot = (pp << 8) | opcode;
      if (grouped) addToGroup(map, slot, entry, reg, form, modrm);
      else map[slot] = entry;
    }
  }
}

function compileEntry(text: string, name: string, rest: string, grouped: boolean, modrmFixed: boolean): OpcodeEntry {
  const [operandText = '-', ...attributes] = rest.split(' ').filter((word) => word !== '');
  const branchBytes = operandText === 'Jb' ? 1 : operandText === 'Jz' ? 4 : 0;
  const codes = operandText === '-' || branchBytes !== 0 ? [] : operandText.split(',');
  const operands = codes.map((code) => {
    assert(code in OPERAND, 'an operand code is known', { text, code });
    return OPERAND[code];
  });
  return {
    names: name.split('|'),
    operands,
    operandText,
    size: sizeRule(codes, attributes),
    modrm: grouped || modrmFixed || operands.some((code) => FORMS_WITH_MODRM.has(code >>> 16)),
    modrmFixed,
    lock: attributes.includes('lock'),
    string: attributes.includes('string'),
    comparing: name === 'cmps' || name === 'scas',
    conditional: name === 'jcc' || name === 'setcc' || name === 'cmovcc',
    branchBytes,
  };
}

/** An opcode without operands, for the few that the decoder recognises by hand. */
export function simpleEntry(name: string): OpcodeEntry {
  return compileEntry(name, name, '-', false, false);
}

function sizeRule(codes: readonly string[], attributes: readonly string[]): SizeRule {
  const rules: readonly SizeRule[] = ['b', 'v', 'z', 'y', 'd64', 'f64'];
  const explicit = rules.find((rule) => attributes.includes(rule));
  if (explicit !== undefined) return explicit;
  if (['Eb', 'Gb', 'AL', 'Zb', 'Ob'].includes(codes[0] ?? '')) return 'b';
  const dependsOnW = codes.some((code) => code.endsWith('y'));
  return dependsOnW && !codes.some((code) => code.endsWith('v')) ? 'y' : 'v';
}

/** 8 memory forms by modrm.reg, then 64 register forms by modrm & 63. */
function addToGroup(
  map: Slot[],
  at: number,
  entry: OpcodeEntry,
  reg: string | undefined,
  form: string | undefined,
  modrm: string | undefined,
): void {
  const slot = map[at];
  const group =
    slot === undefined || !('group' in slot) ? new Array<OpcodeEntry | undefined>(72).fill(slot) : slot.group;
  map[at] = { group };
  if (modrm !== undefined) {
    group[8 + (parseInt(modrm, 16) & 63)] = entry;
    return;
  }
  for (let member = 0; member < 8; member++) {
    if (reg !== '*' && Number(reg) !== member) continue;
    if (form !== 'r') group[member] = entry;
    if (form !== 'm') group.fill(entry, 8 + 8 * member, 16 + 8 * member);
  }
}

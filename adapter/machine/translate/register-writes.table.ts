// register-writes.table.ts: which general registers an instruction may change.
//
// Whoever is in none of the lists may change all of them, which is always safe. The register cache of hot code asserts
// that no instruction writes others.
// Truth: Intel SDM vol. 2.

/** Write their first operand at most. */
export const WRITES_FIRST_OPERAND: ReadonlySet<string> = new Set([
  ...['mov', 'movnti', 'movzx', 'movsx', 'movsxd', 'lea', 'bswap', 'setcc', 'cmovcc'],
  ...['add', 'sub', 'cmp', 'adc', 'sbb', 'and', 'or', 'xor', 'test', 'inc', 'dec', 'neg', 'not'],
  ...['shl', 'shr', 'sar', 'rol', 'ror', 'rcl', 'rcr', 'shld', 'shrd', 'bt', 'bts', 'btr', 'btc'],
  ...['bsf', 'bsr', 'tzcnt', 'lzcnt', 'popcnt', 'nop', 'endbr64', 'jmp', 'jcc'],
  ...['cvtsi2ss', 'cvtsi2sd', 'cvtss2si', 'cvtsd2si', 'cvttss2si', 'cvttsd2si', 'cvtss2sd', 'cvtsd2ss'],
  ...['addps', 'addpd', 'addss', 'addsd', 'subps', 'subpd', 'subss', 'subsd', 'mulps', 'mulpd', 'mulss', 'mulsd'],
  ...['divps', 'divpd', 'divss', 'divsd', 'minss', 'minsd', 'maxss', 'maxsd', 'sqrtss', 'sqrtsd', 'sqrtpd', 'sqrtps'],
  ...['comiss', 'ucomiss', 'comisd', 'ucomisd', 'pxor', 'xorps', 'xorpd', 'pand', 'andps', 'andpd', 'por', 'orps'],
  ...['orpd', 'pandn', 'andnps', 'andnpd', 'paddb', 'paddw', 'paddd', 'paddq', 'psubb', 'psubw', 'psubd', 'psubq'],
  ...['movaps', 'movapd', 'movdqa', 'movups', 'movupd', 'movdqu', 'movss', 'movsd_xmm', 'movlps', 'movlpd'],
  ...['movhps', 'movhpd', 'movd', 'movq', 'pshufd', 'punpcklqdq', 'unpcklps', 'unpcklpd', 'punpckldq'],
]);

/** Operands in memory that are only read, though they come first. */
export const READS_FIRST_OPERAND: ReadonlySet<string> = new Set([
  ...['cmp', 'test', 'push', 'mul', 'div', 'idiv', 'jmp_indirect', 'call_indirect', 'bt'],
]);

/** Operands in memory that are written, though they come second. */
export const WRITES_SECOND_OPERAND: ReadonlySet<string> = new Set(['xchg', 'xadd']);

/** Registers beside the operands' own, as a mask. */
export const IMPLICIT_WRITES: Readonly<Record<string, number>> = {
  cbw: 1,
  cwde: 1,
  cdqe: 1,
  cwd: 4,
  cdq: 4,
  cqo: 4,
  mul: 5,
  div: 5,
  idiv: 5,
  push: 0x10,
};

// flag-effects.table.ts: what instructions do to the arithmetic flags, for the analysis of who still needs them.
//
// `writes`: all six are given new values (or become undefined) whatever happens. `reads`: some are used or kept.
// An instruction in neither list leaves them alone. Being left out of `writes` is always safe; out of `reads` never.
// Truth: Intel SDM vol. 1, appendix A.

export const WRITES_FLAGS: ReadonlySet<string> = new Set([
  ...['add', 'sub', 'cmp', 'and', 'or', 'xor', 'test', 'adc', 'sbb', 'inc', 'dec', 'neg', 'xadd', 'cmpxchg'],
  ...['mul', 'imul', 'tzcnt', 'lzcnt', 'popcnt', 'bsf', 'bsr', 'popf'],
  ...['ucomiss', 'ucomisd', 'comiss', 'comisd', 'fcomi', 'fcomip', 'fucomi', 'fucomip', 'ptest'],
  ...['pcmpestri', 'pcmpestrm', 'pcmpistri', 'pcmpistrm'],
]);

export const READS_FLAGS: ReadonlySet<string> = new Set([
  ...['jcc', 'setcc', 'cmovcc', 'adc', 'sbb', 'inc', 'dec', 'rcl', 'rcr', 'rol', 'ror', 'shld', 'shrd'],
  ...['bt', 'bts', 'btr', 'btc', 'cmc', 'clc', 'stc', 'lahf', 'sahf', 'pushf', 'loope', 'loopne'],
  ...['cmpxchg8b', 'cmpxchg16b', 'scas', 'cmps', 'adcx', 'adox'],
  ...['fcmovb', 'fcmove', 'fcmovbe', 'fcmovu', 'fcmovnb', 'fcmovne', 'fcmovnbe', 'fcmovnu'],
]);

/** Shifts write the flags unless their count may be 0: decided by the operand. */
export const SHIFTS: ReadonlySet<string> = new Set(['shl', 'shr', 'sar']);

/** Instructions without a memory operand that access memory or may raise an exception all the same. */
export const MAY_LEAVE: ReadonlySet<string> = new Set([
  ...['push', 'pop', 'pushf', 'popf', 'leave', 'enter', 'div', 'idiv', 'xlat'],
  ...['movs', 'stos', 'lods', 'scas', 'cmps', 'maskmovdqu', 'maskmovq', 'fwait'],
]);

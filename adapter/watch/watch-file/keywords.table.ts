// keywords.table.ts: the words of `.watch` files, with what they mean: for the parser, completion and hover.

import type { AccessWord, ClauseWord, SettingWord, VerbWord } from './syntax';

export interface WordFacts {
  /** What follows it, for completion: `PATH`. */
  readonly form: string;
  readonly meaning: string;
}

export const VERBS: Readonly<Record<VerbWord, WordFacts>> = {
  watch: { form: 'watch ACCESS PLACE', meaning: 'Stops the program at the access. `trapline check` counts it.' },
  log: {
    form: 'log ACCESS PLACE [every N] ["TEXT {$old} → {$new}"]',
    meaning: 'Does not stop; writes a line at the access, with the values and who did it.',
  },
  count: { form: 'count ACCESS PLACE', meaning: 'Does not stop; counts the accesses.' },
  never: {
    form: 'never ACCESS PLACE',
    meaning: 'Must not happen: `trapline check` fails, and says who, where, old → new. A debug session stops there.',
  },
};

export const ACCESSES: Readonly<Record<AccessWord, string>> = {
  write: 'Every write, also of the same value.',
  change: 'Writes that leave another value than before.',
  read: 'Reads. x86 has no read-only watch: the register sees writes too, and they are passed over.',
  access: 'Reads and writes.',
};

export const SETTINGS: Readonly<Record<SettingWord, WordFacts>> = {
  program: { form: 'program PATH', meaning: 'The program whose symbols are meant; relative to this file.' },
  args: { form: 'args WORD…', meaning: "The program's arguments; quotes hold words together." },
  cwd: { form: 'cwd PATH', meaning: "The program's working directory; relative to this file." },
  stdin: { form: 'stdin PATH', meaning: 'A file as standard input; relative to this file.' },
  env: { form: 'env NAME=VALUE', meaning: 'Adds to the environment; may be repeated.' },
  cpus: { form: 'cpus N', meaning: 'CPUs of the emulated machine (2).' },
  registers: { form: 'registers N', meaning: 'Debug registers of each CPU: 4 as on x86, or more, which are emulated.' },
};

/** `message` has no word: it is a text in quotes. */
export const CLAUSES: Readonly<Record<Exclude<ClauseWord, 'message'>, WordFacts>> = {
  when: {
    form: 'when CONDITION',
    meaning:
      'Only where the condition holds: an expression, evaluated where the access happens, with `$old`, `$new`, ' +
      '`$thread`, `$hits`.',
  },
  in: { form: 'in thread NAME', meaning: 'Only accesses of the thread with that name, or number.' },
  every: { form: 'every N', meaning: 'Acts at every Nth hit only.' },
  hit: { form: 'hit N', meaning: 'Acts at the Nth hit: `hit 5`, `hit >= 5`, `hit % 5`.' },
  bytes: { form: 'bytes N', meaning: 'So many bytes from where the place begins, whatever its type.' },
  through: {
    form: 'through',
    meaning: 'What the pointer points to; armed anew when the pointer changes. Without it, the pointer itself.',
  },
};

/** What people write who come from elsewhere. */
export const MEANT: Readonly<Record<string, string>> = {
  w: 'write',
  r: 'read',
  rw: 'access',
  readwrite: 'access',
  modify: 'change',
  changed: 'change',
  if: 'when',
  thread: 'in thread',
  length: 'bytes',
  len: 'bytes',
  break: 'watch',
  stop: 'watch',
  rwatch: 'watch read',
  awatch: 'watch access',
  exe: 'program',
  binary: 'program',
  forbid: 'never',
  deny: 'never',
  print: 'log',
  arguments: 'args',
  slots: 'registers',
};

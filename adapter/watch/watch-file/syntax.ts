// syntax.ts: a `.watch` file as the parser leaves it: lines, words, and where each of them stands.
//
// One statement a line, so that a place is a line and two columns. A broken line gives what could be read of it:
// completion and hover work on it, the binder passes it by. The grammar is in docs/manual.md, "Watch files".

/** Line and columns count from 0, columns in UTF-16 units; `end` is exclusive. */
export interface FileSpan {
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/** A piece of the file, as it is written there. */
export interface Spelled {
  readonly text: string;
  readonly span: FileSpan;
}

/** watch: stops · log: writes a line · count: neither · never: `trapline check` fails when it happens. */
export type VerbWord = 'watch' | 'log' | 'count' | 'never';
export type AccessWord = 'write' | 'change' | 'read' | 'access';
export type SettingWord = 'program' | 'args' | 'cwd' | 'stdin' | 'env' | 'cpus' | 'registers';
export type ClauseWord = 'when' | 'in' | 'every' | 'hit' | 'bytes' | 'through' | 'message';

/** `value` is absent where it is missing; `message` has the text between the quotes, escapes resolved. */
export interface Clause {
  readonly kind: ClauseWord;
  /** Of a message: its opening quote. */
  readonly keyword: Spelled;
  readonly value?: Spelled;
}

export interface SettingLine {
  readonly kind: 'setting';
  readonly setting: SettingWord;
  readonly keyword: Spelled;
  readonly value?: Spelled;
  readonly comment?: Spelled;
}

export interface WatchLine {
  readonly kind: 'watch';
  readonly verb: VerbWord;
  readonly keyword: Spelled;
  /** Absent: missing or misspelt. */
  readonly access?: AccessWord;
  readonly accessSpan?: FileSpan;
  /** The expression. */
  readonly place?: Spelled;
  readonly clauses: readonly Clause[];
  readonly comment?: Spelled;
}

/** Nothing, or a comment alone. */
export interface BlankLine {
  readonly kind: 'blank';
  readonly comment?: Spelled;
}

/** Its first word is none that is known. */
export interface UnknownLine {
  readonly kind: 'unknown';
  readonly keyword: Spelled;
  readonly comment?: Spelled;
}

export type FileLine = SettingLine | WatchLine | BlankLine | UnknownLine;

export interface WatchFile {
  /** One for each line of the text, in order. */
  readonly lines: readonly FileLine[];
  readonly mistakes: readonly Mistake[];
}

export type Severity = 'error' | 'warning' | 'note';

/** What a person can have done with one click. */
export interface Fix {
  readonly title: string;
  readonly span: FileSpan;
  readonly text: string;
}

export interface Mistake {
  /** Stable: `watch-file.unknown-word`, … */
  readonly code: string;
  readonly severity: Severity;
  readonly span: FileSpan;
  /** A sentence that says what to do. */
  readonly message: string;
  readonly fixes?: readonly Fix[];
}

export function clauseOf(line: WatchLine, kind: ClauseWord): Clause | undefined {
  return line.clauses.find((clause) => clause.kind === kind);
}

export function watchLines(file: WatchFile): readonly WatchLine[] {
  return file.lines.filter((line) => line.kind === 'watch');
}

/** The value of a setting; the last one counts. */
export function settingOf(file: WatchFile, setting: SettingWord): Spelled | undefined {
  return settingsOf(file, setting).at(-1);
}

/** All values of a setting that may be repeated. */
export function settingsOf(file: WatchFile, setting: SettingWord): readonly Spelled[] {
  return file.lines.flatMap((line) =>
    line.kind === 'setting' && line.setting === setting && line.value !== undefined ? [line.value] : [],
  );
}

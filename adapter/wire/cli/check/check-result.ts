// check-result.ts: what a check has found: plain data, from which the reports are made.

import type { WatchSpec } from '../../../protocol/watches';
import type { BoundLine } from '../../../watch/watch-file/bind-watch-file';
import type { Mistake } from '../../../watch/watch-file/syntax';
import { titleOf } from '../../../watch/watch-file/watch-spec';

/** A line of a file that is watched. */
export interface CheckLine {
  /** The file's path, as the person wrote it. */
  readonly file: string;
  readonly bound: BoundLine;
  readonly spec: WatchSpec;
  /** The program does not have its name, a library that is loaded later may: the sentence, with what is near. */
  readonly unknown?: string;
}

export interface StackPlace {
  readonly function: string;
  /** Absolute. */
  readonly path?: string;
  readonly line?: number;
  readonly column?: number;
}

/** A `never` that happened. */
export interface Happening {
  readonly label: string;
  readonly access: 'read' | 'write';
  readonly oldValue: string;
  readonly newValue: string;
  readonly threadId: number;
  readonly threadName: string;
  /** `read(3, 0x…, 64)`: the kernel did it. */
  readonly systemCall?: string;
  /** Who did it first, then those that called it. */
  readonly stack: readonly StackPlace[];
}

/**
 * armed: its slots were held, to the end or until what it watched was over · unarmed: it was never watched · unbound:
 * neither was it, for nothing that was loaded has its name.
 */
export interface LineResult {
  readonly line: CheckLine;
  readonly state: 'armed' | 'unarmed' | 'unbound';
  /** Why it was not armed, or what it cost. */
  readonly message: string;
  /** Accesses of the wished kind; of them `matches`, where the condition held. */
  readonly hits: number;
  readonly matches: number;
  readonly isExtended: boolean;
  /** Of a `never`: the first of them. */
  readonly happenings: readonly Happening[];
}

export type CheckEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'killed'; readonly code: number; readonly signal: string }
  | { readonly kind: 'timeout'; readonly seconds: number }
  /** The files are wrong. */
  | { readonly kind: 'notRun' };

export interface CheckResult {
  /** As the person named it. */
  readonly program: string;
  readonly args: readonly string[];
  /** Absolute; places below it are told relative to it. */
  readonly directory: string;
  readonly files: readonly { readonly path: string; readonly mistakes: readonly Mistake[] }[];
  readonly lines: readonly LineResult[];
  readonly end: CheckEnd;
  readonly elapsedSeconds: number;
  /** A name that never came is all right. */
  readonly allowsUnbound: boolean;
  /** What a person should know: emulated slots, system calls that are not there. */
  readonly notes: readonly string[];
}

const NEVER_HAPPENED = 1;
const NOT_CHECKED = 2;
const TIMED_OUT = 124;

export const happened = ({ lines }: CheckResult): readonly LineResult[] =>
  lines.filter((line) => line.happenings.length > 0);

/** A `never` that nobody watched proves nothing. */
export const unguarded = ({ lines }: CheckResult): readonly LineResult[] =>
  lines.filter(({ line, state }) => line.bound.line.verb === 'never' && state === 'unarmed');

/** A name that nothing has is misspelt more often than not. */
export const unbound = ({ lines, allowsUnbound }: CheckResult): readonly LineResult[] =>
  allowsUnbound ? [] : lines.filter(({ state }) => state === 'unbound');

/** As docs/manual.md has it, in "trapline check". */
export function exitCodeOf(result: CheckResult, ignoreExitCode: boolean): number {
  if (happened(result).length > 0) return NEVER_HAPPENED;
  if (unguarded(result).length > 0 || unbound(result).length > 0 || result.end.kind === 'notRun') return NOT_CHECKED;
  if (result.end.kind === 'timeout') return TIMED_OUT;
  return ignoreExitCode ? 0 : result.end.code;
}

export const titleOfLine = ({ line }: LineResult): string => titleOf(line.bound.line);

/** 1-based, as people count. */
export const lineNumberOf = ({ line }: LineResult): number => line.bound.line.keyword.span.line + 1;

/** Relative to the directory where it lies below it. */
export function relativePath(path: string, directory: string): string {
  const base = directory.endsWith('/') ? directory : `${directory}/`;
  return path.startsWith(base) ? path.slice(base.length) : path;
}

/** `config_table[3]: 0 → 7`. */
export function changeText({ label, access, oldValue, newValue }: Happening): string {
  if (access === 'read') return `${label}: ${newValue} (read)`;
  return oldValue === newValue ? `${label}: ${newValue} (written, unchanged)` : `${label}: ${oldValue} → ${newValue}`;
}

/** `written by thread 7 "worker" in reload at server.c:88`. */
export function writerText(happening: Happening, directory: string): string {
  const { access, threadId, threadName, systemCall, stack } = happening;
  const thread = `thread ${threadId}${threadName === '' ? '' : ` "${threadName}"`}`;
  const first = stack.at(0);
  const call = systemCall === undefined ? '' : ` by ${systemCall}`;
  const where = first === undefined ? '' : ` in ${first.function}${placeText(first, directory, ' at ')}`;
  return `${access === 'read' ? 'read' : 'written'}${call} by ${thread}${where}`;
}

/** From the caller on to the outermost one that has a source line. */
export function callersOf({ stack }: Happening): readonly StackPlace[] {
  return stack.slice(1, stack.findLastIndex(({ path }) => path !== undefined) + 1);
}

export function placeText({ path, line }: StackPlace, directory: string, before: string): string {
  return path === undefined || line === undefined ? '' : `${before}${relativePath(path, directory)}:${line}`;
}

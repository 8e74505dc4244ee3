// analysis.ts: one watch file as the editor has it now: its lines, its program, what is wrong.

import { fileURLToPath } from 'node:url';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { FileProgram } from '../../watch/watch-file/bind-place';
import type { BoundFile } from '../../watch/watch-file/bind-watch-file';
import { bindWatchFile } from '../../watch/watch-file/bind-watch-file';
import { parseWatchFile } from '../../watch/watch-file/parse-watch-file';
import type { FileSpan, Mistake, WatchFile, WatchLine } from '../../watch/watch-file/syntax';
import { settingOf } from '../../watch/watch-file/syntax';
import type { LspHost } from './lsp-host';
import type { ProgramStore, StoredProgram } from './program-store';

/** What the last run or check has seen, by line (from 0). */
export type LineHits = ReadonlyMap<number, string>;

export interface Analysis {
  readonly uri: string;
  readonly text: string;
  readonly file: WatchFile;
  readonly programPath: string | undefined;
  /** Undefined where there is none to read. */
  readonly program: FileProgram | undefined;
  readonly bound: BoundFile | undefined;
  readonly mistakes: readonly Mistake[];
}

/** `fallback`: the program of the running session, for files that name none. */
export function analyse(
  document: Pick<TextDocument, 'uri' | 'getText'>,
  programs: ProgramStore,
  host: LspHost,
  fallback: string | undefined,
): Analysis {
  const text = document.getText();
  const file = parseWatchFile(text);
  const named = settingOf(file, 'program');
  const path = pathOf(document.uri);
  const own = named === undefined || path === undefined ? undefined : host.resolveBeside(path, named.text);
  const programPath = own ?? fallback;
  const stored = programPath === undefined ? undefined : programs.get(programPath);
  const head = { uri: document.uri, text, file, programPath };
  const span = named?.span ?? { line: 0, start: 0, end: 0 };
  if (stored?.kind !== 'ready') {
    const mistakes = [...file.mistakes, ...programMistakes(stored, span, file)];
    return { ...head, program: undefined, bound: undefined, mistakes };
  }
  const bound = bindWatchFile(file, stored.program);
  const mistakes = [...bound.mistakes, ...debugInfoMistake(stored.program, span)];
  return { ...head, program: stored.program, bound, mistakes };
}

/** Undefined for what is no file: an untitled document. */
export function pathOf(uri: string): string | undefined {
  return uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
}

function programMistakes(stored: StoredProgram | undefined, span: FileSpan, file: WatchFile): readonly Mistake[] {
  if (stored?.kind === 'unusable') {
    return [{ code: stored.code, severity: 'warning', span, message: stored.why }];
  }
  if (!file.lines.some(({ kind }) => kind === 'watch')) return [];
  const message =
    'This file names no program, so its names are not checked. Begin it with `program PATH`, seen from this file.';
  const fixes = [{ title: 'Add a program line', span: { line: 0, start: 0, end: 0 }, text: 'program  a.out\n\n' }];
  return [{ code: 'watch-file.no-program', severity: 'note', span, message, fixes }];
}

function debugInfoMistake({ symbols, name }: FileProgram, span: FileSpan): readonly Mistake[] {
  if (symbols.hasDebugInfo) return [];
  const message = `${name} has no debug information: types and members are not known. Compile it with -g.`;
  return [{ code: 'watch-file.no-debug-info', severity: 'warning', span, message }];
}

/** The watch line there, with what it is in the program. */
export function watchLineAt(analysis: Analysis, line: number): WatchLine | undefined {
  const found = analysis.file.lines.at(line);
  return line >= 0 && found?.kind === 'watch' ? found : undefined;
}

export const lineText = (analysis: Analysis, line: number): string => analysis.text.split(/\r\n|\n|\r/).at(line) ?? '';

// actions.ts: code lenses and rewrites of a line: arm it, check the file, narrow, split, another access.

import type { CodeAction, CodeLens, Range } from 'vscode-languageserver';
import { CodeActionKind } from 'vscode-languageserver';
import { ARM_FILE_COMMAND, ARM_LINE_COMMAND, CHECK_COMMAND } from '../../protocol/watch-files';
import { strip } from '../../symbols/types/strip';
import { slotsNeeded } from '../../watch/split';
import { narrowerOf } from '../../watch/watch-file/bind-mistakes';
import type { BoundLine } from '../../watch/watch-file/bind-watch-file';
import { DEFAULT_SLOTS } from '../../watch/watch-file/bind-watch-file';
import { ACCESSES } from '../../watch/watch-file/keywords.table';
import { partsOf } from '../../watch/watch-file/parts';
import type { AccessWord, FileSpan } from '../../watch/watch-file/syntax';
import { clauseOf } from '../../watch/watch-file/syntax';
import type { Analysis, LineHits } from './analysis';
import { lineText } from './analysis';
import { slotsText } from './facts';
import { rangeOf } from './ranges';

export function lensesOf({ uri, file, bound }: Analysis, hits: LineHits): CodeLens[] {
  const lines = file.lines.flatMap((line, number) => (line.kind === 'watch' ? [{ line, number }] : []));
  const first = lines.at(0);
  if (first === undefined) return [];
  const top = rangeOf({ line: file.lines.findIndex(({ kind }) => kind !== 'blank'), start: 0, end: 0 });
  const whole: CodeLens[] = [
    { range: top, command: { title: 'Arm All', command: ARM_FILE_COMMAND, arguments: [uri] } },
    { range: top, command: { title: 'Check', command: CHECK_COMMAND, arguments: [uri] } },
  ];
  return [
    ...whole,
    ...lines.flatMap(({ line, number }) => {
      const place = bound?.lines.find((candidate) => candidate.line === line)?.place;
      const range = rangeOf(line.keyword.span);
      const seen = hits.get(number);
      const facts = [place === undefined ? undefined : slotsText(place.slots), seen].filter(Boolean).join(' · ');
      const arm = { title: 'Arm', command: ARM_LINE_COMMAND, arguments: [uri, number] };
      return [{ range, command: arm }, ...(facts === '' ? [] : [{ range, command: { title: facts, command: '' } }])];
    }),
  ];
}

export function rewritesIn(analysis: Analysis, range: Range): CodeAction[] {
  const number = range.start.line;
  const bound = analysis.bound?.lines.find(({ line }) => line.keyword.span.line === number);
  return bound === undefined ? [] : [...accessRewrites(bound, analysis), ...splitRewrites(bound, analysis, number)];
}

function rewrite(title: string, span: FileSpan, text: string, { uri }: Analysis): CodeAction {
  const edit = { changes: { [uri]: [{ range: rangeOf(span), newText: text }] } };
  return { title, kind: CodeActionKind.RefactorRewrite, edit };
}

/** Writes are what costs nothing to watch well: they come first. */
function accessRewrites({ line }: BoundLine, analysis: Analysis): CodeAction[] {
  const { access, accessSpan } = line;
  if (access === undefined || accessSpan === undefined) return [];
  const others = (Object.keys(ACCESSES) as AccessWord[]).filter((word) => word !== access);
  return others.map((word) => rewrite(`Switch to ${word}`, accessSpan, word, analysis));
}

const MOST_PARTS = 16;

/** A struct into a line for each member, an array into one for each element, where each of them fits. */
function splitRewrites({ line, place }: BoundLine, analysis: Analysis, number: number): CodeAction[] {
  const written = line.place;
  const isOwnSize = clauseOf(line, 'bytes') === undefined && clauseOf(line, 'through') === undefined;
  if (place === undefined || written === undefined || place.functionName !== undefined || !isOwnSize) return [];
  const parts = partsOf({ expression: written.text, type: place.type });
  const narrower = narrowerOf({ expression: written.text, type: place.type }, DEFAULT_SLOTS);
  if (narrower === undefined) return [];
  const narrow = rewrite(`Narrow to ${narrower}`, written.span, narrower, analysis);
  const isTooMuch = parts.some(({ type }) => slotsNeeded(0n, type.sizeBytes) > DEFAULT_SLOTS);
  if (parts.length === 1 || parts.length > MOST_PARTS || isTooMuch) return [narrow];
  const text = lineText(analysis, number);
  const before = text.slice(0, written.span.start);
  const after = text.slice(written.span.end);
  const lineEnd = analysis.text.includes('\r\n') ? '\r\n' : '\n';
  const lines = parts.map(({ expression }) => `${before}${expression}${after}`).join(lineEnd);
  const span = { line: number, start: 0, end: text.length };
  const what = strip(place.type).kind === 'array' ? 'elements' : 'members';
  return [narrow, rewrite(`Split into ${parts.length} ${what}`, span, lines, analysis)];
}

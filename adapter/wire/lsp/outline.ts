// outline.ts: a watch file's structure: symbols for the outline, what folds, semantic tokens.

import type { DocumentSymbol, FoldingRange, SemanticTokensLegend } from 'vscode-languageserver';
import { FoldingRangeKind, SemanticTokensBuilder, SymbolKind } from 'vscode-languageserver';
import type { FileLine, FileSpan, WatchFile, WatchLine } from '../../watch/watch-file/syntax';
import { titleOf } from '../../watch/watch-file/watch-spec';
import { namesOf } from './name-at';
import { rangeOf } from './ranges';

export function symbolsOf(file: WatchFile, text: string): DocumentSymbol[] {
  const lines = text.split(/\r\n|\n|\r/);
  return file.lines.flatMap((line, number): DocumentSymbol[] => {
    const range = rangeOf({ line: number, start: 0, end: lines[number]?.length ?? 0 });
    if (line.kind === 'setting') {
      const name = `${line.setting} ${line.value?.text ?? ''}`.trim();
      return [{ name, kind: SymbolKind.Property, range, selectionRange: rangeOf(line.keyword.span) }];
    }
    if (line.kind !== 'watch') return [];
    const selectionRange = rangeOf(line.place?.span ?? line.keyword.span);
    const kind = line.verb === 'never' ? SymbolKind.Boolean : SymbolKind.Event;
    return [{ name: titleOf(line), kind, range, selectionRange }];
  });
}

/** Runs of comments, and runs of statements, of two lines and more. */
export function foldsOf(file: WatchFile): FoldingRange[] {
  const folds: FoldingRange[] = [];
  const kindOf = (line: FileLine | undefined): string =>
    line === undefined ? '' : line.kind !== 'blank' ? 'statements' : line.comment === undefined ? '' : 'comment';
  let start = 0;
  for (let at = 1; at <= file.lines.length; at++) {
    const kind = kindOf(file.lines[start]);
    if (kindOf(file.lines.at(at)) === kind && at < file.lines.length) continue;
    if (kind !== '' && at - start > 1) {
      const what = kind === 'comment' ? { kind: FoldingRangeKind.Comment } : {};
      folds.push({ startLine: start, endLine: at - 1, ...what });
    }
    start = at;
  }
  return folds;
}

const TYPES = ['keyword', 'modifier', 'variable', 'property', 'parameter', 'string', 'number', 'comment'] as const;
type TokenType = (typeof TYPES)[number];

export const TOKENS_LEGEND: SemanticTokensLegend = { tokenTypes: [...TYPES], tokenModifiers: [] };

export function tokensOf(file: WatchFile) {
  const builder = new SemanticTokensBuilder();
  for (const { span, type } of file.lines.flatMap(lineTokens)) {
    if (span.end > span.start) builder.push(span.line, span.start, span.end - span.start, TYPES.indexOf(type), 0);
  }
  return builder.build();
}

interface Token {
  readonly span: FileSpan;
  readonly type: TokenType;
}

function lineTokens(line: FileLine): readonly Token[] {
  const tokens: Token[] = line.comment === undefined ? [] : [{ span: line.comment.span, type: 'comment' }];
  if (line.kind === 'setting') {
    tokens.push({ span: line.keyword.span, type: 'keyword' });
    if (line.value !== undefined) tokens.push({ span: line.value.span, type: 'string' });
  }
  if (line.kind === 'watch') tokens.push(...watchTokens(line));
  return tokens.sort((a, b) => a.span.start - b.span.start);
}

const NAMES = { variable: 'variable', member: 'property', dollar: 'parameter' } as const;

function watchTokens(line: WatchLine): readonly Token[] {
  const tokens: Token[] = [{ span: line.keyword.span, type: 'keyword' }];
  if (line.accessSpan !== undefined) tokens.push({ span: line.accessSpan, type: 'modifier' });
  for (const { kind, span } of namesOf(line)) tokens.push({ span, type: NAMES[kind] });
  for (const { kind, keyword, value } of line.clauses) {
    if (kind !== 'message') tokens.push({ span: keyword.span, type: 'keyword' });
    if (value === undefined || kind === 'when') continue;
    tokens.push({ span: value.span, type: kind === 'message' || kind === 'in' ? 'string' : 'number' });
  }
  return tokens;
}

// completion.ts: what may stand at the cursor of a watch file: words, symbols, members.
//
// Reads the line up to the cursor as the parser does, so that both have the same idea of where a place ends.

import type { CompletionItem, Position, TextEdit } from 'vscode-languageserver';
import { CompletionItemKind, InsertTextFormat } from 'vscode-languageserver';
import type { TypeInfo } from '../../symbols/program-symbols';
import { matchGroups } from '../../util/match-groups';
import { strip } from '../../symbols/types/strip';
import type { FileProgram } from '../../watch/watch-file/bind-place';
import { localsOf, readLocalChoice } from '../../watch/inner-block';
import { bindPlace } from '../../watch/watch-file/bind-place';
import { ACCESSES, CLAUSES, SETTINGS, VERBS } from '../../watch/watch-file/keywords.table';
import { parseWatchFile } from '../../watch/watch-file/parse-watch-file';
import type { WatchLine } from '../../watch/watch-file/syntax';
import { clauseOf } from '../../watch/watch-file/syntax';
import type { Analysis } from './analysis';
import { lineText, pathOf } from './analysis';
import { membersOf, pointee, typeOf } from './facts';
import type { LspHost } from './lsp-host';
import { pathsAt } from './path-completion';
import { symbolsNamed, symbolsWithin } from './symbol-completion';

export interface Completions {
  readonly items: CompletionItem[];
  readonly isIncomplete: boolean;
}

export function completionsAt(analysis: Analysis, position: Position, host: LspHost): Completions {
  const prefix = lineText(analysis, position.line).slice(0, position.character);
  const line = parseWatchFile(prefix).lines[0];
  if (line.comment !== undefined) return none;
  if (!/\s/.test(prefix.trimStart())) return all(statements());
  const paths = pathsAt(prefix, pathOf(analysis.uri), position, host);
  if (paths !== undefined) return all(paths);
  if (line.kind !== 'watch') return none;
  if (line.access === undefined) return all(accesses());
  return within(line, prefix, analysis, position);
}

const none: Completions = { items: [], isIncomplete: false };
const all = (items: CompletionItem[]): Completions => ({ items, isIncomplete: false });

function within(line: WatchLine, prefix: string, analysis: Analysis, position: Position): Completions {
  const afterBlank = /\s$/.test(prefix);
  const last = line.clauses.at(-1);
  const cursor = { position, place: placeOf(line, analysis) };
  if (last === undefined) {
    if (line.place === undefined) return expressionAt('', analysis, cursor);
    const isWord = !prefix.trimEnd().endsWith(line.place.text);
    if (isWord) return all(clauses(line));
    return afterBlank && isComplete(line.place.text)
      ? all(clauses(line))
      : expressionAt(line.place.text, analysis, cursor);
  }
  if (last.kind === 'when') {
    const text = last.value?.text ?? '';
    const found = expressionAt(text, analysis, { ...cursor, inCondition: true });
    const isOver = afterBlank && text !== '' && isComplete(text);
    return isOver ? { ...found, items: [...clauses(line), ...found.items] } : found;
  }
  if (last.kind === 'message') {
    const open = /\{([^{}]*)$/.exec(last.value?.text ?? '')?.[1];
    if (open !== undefined) return expressionAt(open, analysis, { ...cursor, inCondition: true });
  }
  if (last.kind === 'in' && last.value === undefined) return all(/thread/.test(prefix) ? [] : [word('thread')]);
  return afterBlank || !prefix.trimEnd().endsWith(last.value?.text ?? last.keyword.text) ? all(clauses(line)) : none;
}

/** Nothing more has to follow: no operator at its end. */
const isComplete = (text: string): boolean => /[\w)\]"']$/.test(text.trimEnd());

const word = (label: string): CompletionItem => ({ label, kind: CompletionItemKind.Keyword });

function statements(): CompletionItem[] {
  return Object.entries({ ...VERBS, ...SETTINGS }).map(([label, { form, meaning }]) => ({
    label,
    kind: CompletionItemKind.Keyword,
    detail: form,
    documentation: { kind: 'markdown', value: meaning },
    insertText: `${label} `,
    command: { title: '', command: 'editor.action.triggerSuggest' },
  }));
}

function accesses(): CompletionItem[] {
  return Object.entries(ACCESSES).map(([label, meaning], index) => ({
    label,
    kind: CompletionItemKind.EnumMember,
    detail: meaning,
    sortText: String(index),
    insertText: `${label} `,
    command: { title: '', command: 'editor.action.triggerSuggest' },
  }));
}

const SNIPPETS: Readonly<Record<keyof typeof CLAUSES, string>> = {
  when: 'when ${0:\\$new != \\$old}',
  in: 'in thread ${0:name}',
  every: 'every ${0:1000}',
  hit: 'hit ${0:5}',
  bytes: 'bytes ${0:8}',
  through: 'through',
};

function clauses(line: WatchLine): CompletionItem[] {
  const isFree = (kind: string): boolean => !line.clauses.some((clause) => clause.kind === kind);
  const acts = line.verb === 'watch' || line.verb === 'log';
  const items = Object.entries(CLAUSES)
    .filter(([label]) => isFree(label) && (acts || (label !== 'every' && label !== 'hit')))
    .map(([label, { form, meaning }]): CompletionItem => ({
      label,
      kind: CompletionItemKind.Keyword,
      detail: form,
      documentation: { kind: 'markdown', value: meaning },
      insertTextFormat: InsertTextFormat.Snippet,
      insertText: SNIPPETS[label as keyof typeof SNIPPETS],
    }));
  if (line.verb !== 'log' || !isFree('message')) return items;
  const text: CompletionItem = {
    label: '"{$old} → {$new}"',
    kind: CompletionItemKind.Text,
    detail: 'the line that is written',
    insertTextFormat: InsertTextFormat.Snippet,
    insertText: '"${0:{\\$old\\} → {\\$new\\}}"',
  };
  return [...items, text];
}

interface Cursor {
  readonly position: Position;
  readonly inCondition?: boolean;
  readonly place: ReturnType<typeof placeOf>;
}

function placeOf(line: WatchLine, { program }: Analysis) {
  if (program === undefined || line.place === undefined) return undefined;
  const bytes = clauseOf(line, 'bytes')?.value?.text;
  const bound = bindPlace(line.place.text, bytes === undefined ? undefined : Number(bytes), program);
  return bound.kind === 'bound' ? bound.place : undefined;
}

/** At the end of the text. */
function expressionAt(text: string, { program }: Analysis, cursor: Cursor): Completions {
  if (program === undefined) return cursor.inCondition === true ? all(dollars(cursor)) : none;
  const [, object, operator, start = ''] = matchGroups(/^([\s\S]*?)(\.|->)\s*([A-Za-z_]\w*)?$/.exec(text));
  if (object !== undefined && operator !== undefined) {
    return all(members(operandBefore(object), operator, start, program, cursor));
  }
  const [, functionName, local = ''] = matchGroups(/((?:\w+::)*\w+)::(\w*)$/.exec(text));
  if (functionName !== undefined)
    return all([...locals(functionName, local, program), ...symbolsWithin(functionName, program)]);
  const typed = /[A-Za-z_$][\w$]*$/.exec(text)?.[0] ?? '';
  const found = symbolsNamed(typed, program);
  return cursor.inCondition === true
    ? { ...found, items: [...dollars(cursor), ...enumerators(cursor.place?.type), ...found.items] }
    : found;
}

/** The operand that ends the text: names, members, and what is in brackets behind them. */
function operandBefore(text: string): string {
  let at = text.length;
  let depth = 0;
  while (at > 0) {
    const character = text.charAt(at - 1);
    if (character === ')' || character === ']') depth++;
    else if (character === '(' || character === '[') {
      if (depth === 0) break;
      depth--;
    } else if (depth === 0 && !/[\w.$:]/.test(character) && !(character === '>' && text.charAt(at - 2) === '-')) {
      if (!(character === '-' && text.charAt(at) === '>')) break;
    }
    at--;
  }
  return text.slice(at);
}

function members(object: string, operator: string, start: string, program: FileProgram, cursor: Cursor) {
  const type = typeOf(object, program, cursor.place);
  if (type === undefined) return [];
  const target = pointee(type);
  // `p.` where `p->` is meant, and the other way round.
  const meant = target === undefined ? '.' : '->';
  const from = cursor.position.character - start.length - operator.length;
  const additionalTextEdits: TextEdit[] =
    meant === operator ? [] : [{ range: rangeOn(cursor.position.line, from, from + operator.length), newText: meant }];
  return membersOf(target ?? type).map((member, index): CompletionItem => ({
    label: member.name,
    kind: CompletionItemKind.Field,
    detail: member.type.name + (member.bitSize === undefined ? '' : ` : ${member.bitSize}`),
    documentation: `${member.type.sizeBytes} bytes at offset ${member.offsetBytes}`,
    sortText: String(index).padStart(4, '0'),
    ...(additionalTextEdits.length === 0 ? {} : { additionalTextEdits }),
  }));
}

const rangeOn = (line: number, start: number, end: number) => ({
  start: { line, character: start },
  end: { line, character: end },
});

function locals(functionName: string, typed: string, { symbols: known }: FileProgram): CompletionItem[] {
  const { functionName: plain, line } = readLocalChoice(functionName);
  const found = known.functionsNamed(plain).find(({ hasDebugInfo }) => hasDebugInfo);
  if (found === undefined) return [];
  return localsOf(found, known)
    .filter(({ local }) => local.name.startsWith(typed) && (line === undefined || local.declaration?.line === line))
    .map(({ label, local }) => ({
      label: line === undefined ? label : local.name,
      kind: CompletionItemKind.Variable,
      detail: local.type.name,
      documentation: `${local.kind} of ${plain}: watched in each call`,
    }));
}

const DOLLARS: Readonly<Record<string, string>> = {
  $old: 'the value before the access',
  $new: 'the value after it',
  $thread: "the accessing thread's number",
  $hits: 'accesses so far, this one included',
  $writer: 'the function that accesses, or the system call: `$writer == "main"`',
  $location: 'where it is: `race.c:12`',
};

export const dollarMeaning = (name: string): string | undefined => DOLLARS[`$${name}`];

function dollars({ place }: Cursor): CompletionItem[] {
  return Object.entries(DOLLARS).map(([label, meaning]) => ({
    label,
    kind: CompletionItemKind.Constant,
    detail: dollarType(label, place?.type.name ?? ''),
    documentation: meaning,
    filterText: label,
    sortText: `0${label}`,
  }));
}

function dollarType(label: string, ofPlace: string): string {
  if (label === '$old' || label === '$new') return ofPlace;
  return label === '$writer' || label === '$location' ? 'char []' : 'long';
}

function enumerators(type: TypeInfo | undefined): CompletionItem[] {
  if (type === undefined) return [];
  return (strip(type).enumerators ?? []).map(({ name, value }) => ({
    label: name,
    kind: CompletionItemKind.EnumMember,
    detail: `${strip(type).name} = ${value}`,
    sortText: `1${name}`,
  }));
}

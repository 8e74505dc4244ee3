// hover.ts: what stands under the cursor: a word's meaning, or an expression's type, address, size and slots.

import type { Hover, Position } from 'vscode-languageserver';
import { ACCESSES, CLAUSES, SETTINGS, VERBS } from '../../watch/watch-file/keywords.table';
import type { BoundLine } from '../../watch/watch-file/bind-watch-file';
import type { FileProgram } from '../../watch/watch-file/bind-place';
import { bindPlace } from '../../watch/watch-file/bind-place';
import type { Clause, FileSpan, WatchLine } from '../../watch/watch-file/syntax';
import type { Analysis, LineHits } from './analysis';
import { watchLineAt } from './analysis';
import { dollarMeaning } from './completion';
import { costText, declarationOf, rootOf, typeOf } from './facts';
import { nameAt } from './name-at';
import type { NameUse } from './name-at';
import { holds, rangeOf } from './ranges';

export function hoverAt(analysis: Analysis, position: Position, hits: LineHits): Hover | undefined {
  const line = analysis.file.lines.at(position.line);
  if (line?.kind === 'setting' && holds(line.keyword.span, position)) {
    const { form, meaning } = SETTINGS[line.setting];
    return hover(line.keyword.span, `\`${form}\``, meaning);
  }
  const watch = watchLineAt(analysis, position.line);
  if (watch === undefined) return undefined;
  return wordHover(watch, position) ?? nameHover(watch, position, analysis, hits);
}

const hover = (span: FileSpan, ...paragraphs: readonly string[]): Hover => ({
  contents: { kind: 'markdown', value: paragraphs.filter((text) => text !== '').join('\n\n') },
  range: rangeOf(span),
});

function wordHover(line: WatchLine, position: Position): Hover | undefined {
  if (holds(line.keyword.span, position)) {
    const { form, meaning } = VERBS[line.verb];
    return hover(line.keyword.span, `\`${form}\``, meaning);
  }
  if (line.access !== undefined && line.accessSpan !== undefined && holds(line.accessSpan, position)) {
    return hover(line.accessSpan, `**${line.access}**`, ACCESSES[line.access]);
  }
  const clause = line.clauses.find(({ keyword, kind }) => kind !== 'message' && holds(keyword.span, position));
  return clause === undefined ? undefined : clauseHover(clause);
}

function clauseHover({ kind, keyword }: Clause): Hover | undefined {
  if (kind === 'message') return undefined;
  const { form, meaning } = CLAUSES[kind];
  return hover(keyword.span, `\`${form}\``, meaning);
}

function nameHover(line: WatchLine, position: Position, analysis: Analysis, hits: LineHits): Hover | undefined {
  const { program } = analysis;
  const name = nameAt(line, position);
  if (name?.kind === 'dollar') {
    const meaning = dollarMeaning(name.name);
    return meaning === undefined ? undefined : hover(name.span, `\`$${name.name}\`: ${meaning}`);
  }
  if (program === undefined) return undefined;
  const bound = analysis.bound?.lines.find((candidate) => candidate.line === line);
  if (name !== undefined) return useHover(name, bound, program, hits.get(position.line));
  // Between the names: the whole place.
  if (line.place === undefined || bound?.place === undefined || !holds(line.place.span, position)) return undefined;
  const head = code(`${bound.place.type.name} ${line.place.text}`);
  return hover(line.place.span, head, costText(bound.place, program), hits.get(position.line) ?? '');
}

function useHover(name: NameUse, bound: BoundLine | undefined, program: FileProgram, hits: string | undefined): Hover {
  const isWhole = bound?.line.place?.text === name.expression;
  const own = isWhole ? bound.place : undefined;
  const place =
    own === undefined ? bindPlace(name.expression, undefined, program) : ({ kind: 'bound', place: own } as const);
  const root = rootOf(name.expression) ?? name.name;
  const declared = declarationOf(root, program);
  const what = root === name.expression ? 'Declared' : `\`${root}\` is declared`;
  const where = declared === undefined ? '' : `${what} in ${declared.path.replace(/^.*\//, '')}:${declared.line}.`;
  if (place.kind === 'wrong') {
    const type = typeOf(name.expression, program, bound?.place);
    return hover(name.span, code(`${type?.name ?? '?'} ${name.expression}`), place.error.message.split('\n')[0], where);
  }
  const head = code(`${place.place.type.name} ${name.expression}`);
  return hover(name.span, head, `${costText(place.place, program)}.`, where, isWhole ? (hits ?? '') : '');
}

const code = (text: string): string => `\`\`\`c\n${text}\n\`\`\``;

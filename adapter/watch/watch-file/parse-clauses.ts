// parse-clauses.ts: what follows the place in a line: `when …`, `in thread …`, `every N`, a text in quotes.
//
// In any order, each at most once. A word that is none of them is told, with what belongs to it passed over.

import {
  badHit,
  clauseNotHere,
  clauseTwice,
  notANumber,
  threadMissing,
  unclosedText,
  unknownClause,
  valueMissing,
} from './file-mistakes';
import { formMistakes, isWholeNumber } from './form-mistakes';
import { CLAUSES } from './keywords.table';
import type { LineReader } from './line-reader';
import type { Clause, ClauseWord, Mistake, Spelled, VerbWord } from './syntax';

type ClauseWithWord = Exclude<ClauseWord, 'message'>;

const MAX_COUNT = 999_999_999;
const MAX_BYTES = 8192;

export function parseClauses(verb: VerbWord, reader: LineReader, mistakes: Mistake[]): readonly Clause[] {
  const clauses: Clause[] = [];
  while (!reader.atEnd) {
    const clause = parseClause(reader, mistakes);
    if (clause === undefined) continue;
    const isSecond = clauses.some(({ kind }) => kind === clause.kind);
    if (isSecond) mistakes.push(clauseTwice(clause.keyword));
    else clauses.push(clause);
  }
  mistakes.push(...clauses.flatMap((clause) => misplaced(verb, clause, clauses)));
  return clauses;
}

/** Undefined: nothing that is known, and read past it. */
function parseClause(reader: LineReader, mistakes: Mistake[]): Clause | undefined {
  const quoted = reader.quoted();
  if (quoted !== undefined) {
    const { text, closed } = quoted;
    if (!closed) mistakes.push(unclosedText(text.span));
    return { kind: 'message', keyword: { text: '"', span: { ...text.span, end: text.span.start + 1 } }, value: text };
  }
  const keyword = reader.matching(/^(?:[A-Za-z_]\w*|\S+)/);
  if (keyword === undefined) return undefined;
  if (!isClauseWord(keyword.text)) {
    mistakes.push(unknownClause(keyword));
    reader.expression();
    return undefined;
  }
  const value = VALUES[keyword.text](reader, keyword, mistakes);
  return { kind: keyword.text, keyword, ...(value === undefined ? {} : { value }) };
}

type ValueReader = (reader: LineReader, keyword: Spelled, mistakes: Mistake[]) => Spelled | undefined;

const VALUES: Readonly<Record<ClauseWithWord, ValueReader>> = {
  when: (reader, keyword, mistakes) => {
    const condition = reader.expression();
    mistakes.push(...(condition === undefined ? [valueMissing(keyword, CLAUSES.when.form)] : formMistakes(condition)));
    return condition;
  },
  in: (reader, keyword, mistakes) => {
    const thread = reader.matching(/^thread(?=\s|$)/) === undefined ? undefined : reader.wordOrQuoted();
    if (thread === undefined || thread.text === '') mistakes.push(threadMissing(keyword));
    return thread;
  },
  every: (reader, keyword, mistakes) => wholeNumber(reader, keyword, mistakes, MAX_COUNT),
  hit: (reader, keyword, mistakes) => {
    const hit = reader.matching(/^(?:==?|!=|<=?|>=?|%)?\s*\d+(?!\S)/) ?? reader.word();
    if (hit === undefined) mistakes.push(valueMissing(keyword, CLAUSES.hit.form));
    else if (!/^\D*\d{1,9}$/.test(hit.text) || /^%\s*0+$/.test(hit.text)) mistakes.push(badHit(hit));
    return hit;
  },
  bytes: (reader, keyword, mistakes) => wholeNumber(reader, keyword, mistakes, MAX_BYTES),
  through: () => undefined,
};

function wholeNumber(reader: LineReader, keyword: Spelled, mistakes: Mistake[], most: number): Spelled | undefined {
  const form = keyword.text === 'bytes' ? CLAUSES.bytes.form : CLAUSES.every.form;
  const value = reader.word();
  if (value === undefined) mistakes.push(valueMissing(keyword, form));
  else if (!isWholeNumber(value.text, 1, most)) mistakes.push(notANumber(value, form, 1, most));
  return value;
}

function misplaced(verb: VerbWord, { kind, keyword }: Clause, all: readonly Clause[]): readonly Mistake[] {
  if (kind === 'message' && verb !== 'log') {
    return [clauseNotHere(keyword, verb, 'only `log` writes a text. Put a remark behind #.')];
  }
  if (verb === 'never' && (kind === 'every' || kind === 'hit')) {
    return [clauseNotHere(keyword, verb, 'it must not happen even once. Take it away, or use `watch`.')];
  }
  if (verb === 'count' && (kind === 'every' || kind === 'hit')) {
    return [clauseNotHere(keyword, verb, 'all hits are counted. Take it away, or use `log`.')];
  }
  if (kind === 'hit' && all.some((other) => other.kind === 'every')) {
    return [clauseNotHere(keyword, 'every', 'both say at which hits: take one away.')];
  }
  return [];
}

function isClauseWord(word: string): word is ClauseWithWord {
  return Object.hasOwn(CLAUSES, word);
}

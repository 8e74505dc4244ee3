// clauses.ts: what follows `watch`, `rwatch`, `awatch`, `log` and `count`: an expression and its clauses.
//
//     -l cfg->flags if $new == 0 thread "worker"
//     stats.total every 1000 "{$old} → {$new}"
//
// A clause's word stands after an operand, which in C nothing but an operator can follow; so a variable may be called
// `thread`. Clauses come in any order. Only cuts the text up: the expressions are read by others.

import { UserError } from '../../util/user-error';

const WORDS = ['if', 'when', 'thread', 'mask', 'task', 'every'] as const;
type Clause = (typeof WORDS)[number];

export interface WatchClauses {
  /** `-l`: the place that the expression has now, without its frame's end. */
  readonly location: boolean;
  readonly expression: string;
  readonly condition?: string;
  /** As written: a number or a name. */
  readonly thread?: string;
  readonly every?: number;
  /** Without its quotes. */
  readonly template?: string;
}

const LOCATION = /^-(?:l|location)(?=\s|$)\s*/;
const TEMPLATE = /(?<before>[\w)\]"'$}]),?\s+"(?<template>(?:[^"\\]|\\.)*)"\s*$/s;

/** Throws UserError: no expression, a clause twice, or one that this machine has no way to obey. */
export function parseClauses(text: string): WatchClauses {
  const location = LOCATION.test(text);
  const plain = text.replace(LOCATION, '').trim();
  const found = TEMPLATE.exec(plain);
  const isName = found !== null && /\S\s+thread$/.test(plain.slice(0, found.index + 1));
  const template = isName ? null : found;
  const body = template === null ? plain : plain.slice(0, template.index + 1);
  const parts = cut(body);
  const expression = parts.get('') ?? '';
  if (expression === '') throw nothingToWatch();
  if (parts.has('mask')) throw noMask(expression);
  if (parts.has('task')) throw noTask();
  const condition = parts.get('if') ?? parts.get('when');
  const thread = parts.get('thread');
  return {
    location,
    expression,
    ...(condition === undefined ? {} : { condition }),
    ...(thread === undefined ? {} : { thread }),
    ...everyOf(parts.get('every')),
    ...(template?.groups?.template === undefined ? {} : { template: unescaped(template.groups.template) }),
  };
}

function everyOf(text: string | undefined): { every?: number } {
  if (text === undefined) return {};
  const count = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(count) || count === 0) throw badEvery(text);
  return { every: count };
}

const unescaped = (text: string): string =>
  text.replace(/\\(.)/gs, (_, letter: string) => (letter === 'n' ? '\n' : letter === 't' ? '\t' : letter));

/** The texts after each word; '' is the expression before all. */
function cut(text: string): ReadonlyMap<Clause | '', string> {
  const parts = new Map<Clause | '', string>();
  let name: Clause | '' = '';
  let from = 0;
  const close = (to: number): void => {
    const part = text.slice(from, to).trim();
    if (name !== '' && part === '') throw emptyClause(name);
    if (parts.has(name) || (name === 'when' && parts.has('if')) || (name === 'if' && parts.has('when'))) {
      throw twice(name);
    }
    parts.set(name, part);
  };
  for (const word of clauseWords(text)) {
    // After a clause's word comes its operand, whatever it is called.
    if (text.slice(from, word.at).trim() === '') continue;
    close(word.at);
    name = word.name;
    from = word.at + name.length;
  }
  close(text.length);
  return parts;
}

/** Clause words outside of brackets and quotes that stand after an operand. */
function* clauseWords(text: string): Generator<{ readonly name: Clause; readonly at: number }> {
  const token = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[\w$]+|[([{]|[)\]}]|\S/gs;
  let depth = 0;
  let before = '';
  for (const match of text.matchAll(token)) {
    const [word] = match;
    if ('([{'.includes(word)) depth++;
    else if (')]}'.includes(word)) depth--;
    const name = WORDS.find((each) => each === word);
    const isApart =
      /\s/.test(text[match.index - 1] ?? '') && /^(?:[\s(]|$)/.test(text.slice(match.index + word.length));
    if (name !== undefined && depth === 0 && isApart && /[\w)\]"'$}]$/.test(before)) yield { name, at: match.index };
    before = word;
  }
}

function nothingToWatch(): UserError {
  return new UserError('console-nothing', 'Say what to watch: `watch counter`, `watch -l cfg->flags if $new == 0`.');
}

function emptyClause(name: string): UserError {
  return new UserError('console-clause', `Nothing follows \`${name}\`. ${EXAMPLES[name] ?? ''}`.trim());
}

const EXAMPLES: Readonly<Record<string, string>> = {
  if: 'Write a condition: `watch counter if $new > 100`.',
  when: 'Write a condition: `watch counter when $new > 100`.',
  thread: 'Write the number or the name of a thread: `watch counter thread worker`; `info threads` lists them.',
  every: 'Write a number: `log counter every 1000`.',
};

function twice(name: string): UserError {
  return new UserError('console-twice', `\`${name}\` stands there twice. Join conditions with &&; name one thread.`);
}

function noMask(expression: string): UserError {
  return new UserError(
    'console-mask',
    `\`mask\` is not possible: x86's debug registers compare whole addresses, in pieces of 1, 2, 4 or 8 bytes. ` +
      `Watch the bytes that are meant, as in \`watch *(char (*)[16])&${expression}\`, or set \`if\` on the value.`,
  );
}

function noTask(): UserError {
  return new UserError(
    'console-task',
    '`task` means tasks of Ada, which are not known here. Threads are: `watch counter thread worker`.',
  );
}

function badEvery(text: string): UserError {
  return new UserError('console-every', `\`every ${text}\`: write a number from 1 on, as in \`every 1000\`.`);
}

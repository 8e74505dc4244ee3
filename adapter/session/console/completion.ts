// completion.ts: what may come next in a line of the debug console: commands, symbols, members, numbers.
//
// Looks at the text before the cursor only. A wrong expression has no members: nothing is offered, nothing thrown.

import { REGISTERS } from '../../symbols/expression/registers.table';
import type { TypeInfo } from '../../symbols/program-symbols';
import { strip } from '../../symbols/types/strip';
import { UserError } from '../../util/user-error';
import type { ConsoleContext } from './command';
import { COMMANDS, commandNamed } from './commands.table';
import { INFO_TOPICS } from './commands/info-command';
import { baseName } from '../../util/base-name';

export interface Completion {
  readonly label: string;
  readonly kind: 'command' | 'variable' | 'member' | 'register' | 'number' | 'keyword';
  /** What it is, for people. */
  readonly detail?: string;
  /** So many characters before the cursor are replaced. */
  readonly replaces: number;
}

const MOST = 200;
/** What an object before `.` or `->` may be: names, members, elements, brackets around all. */
const OBJECT = /(?<object>(?:[\w$]|::|->|\.|\[[^[\]]*\]|\([^()]*\))+?)\s*(?:\.|->)\s*(?<typed>\w*)$/;
const CLAUSE_WORDS = ['if', 'thread'];
const DEBUG_REGISTERS = ['dr0', 'dr1', 'dr2', 'dr3', 'dr6', 'dr7'];
const OF_WATCHES = ['old', 'new', 'thread', 'hits', 'writer'];

/** At most 200, those that begin with what is typed. `standing`: frames and members may be looked at. */
export function completions(before: string, context: ConsoleContext, standing: boolean): readonly Completion[] {
  const line = /^\s*(?:-exec\s+)?(?<word>[a-z][\w-]*)(?:\/\w*)?\s+(?<rest>.*)$/is.exec(before)?.groups;
  const command = line === undefined ? undefined : commandNamed(line.word.toLowerCase());
  const found =
    command === undefined
      ? ofLine(before, context, standing)
      : ofArgument(command, line?.rest ?? '', context, standing);
  return found.slice(0, MOST);
}

function ofLine(before: string, context: ConsoleContext, standing: boolean): readonly Completion[] {
  const typed = /^\s*(?:-exec\s+)?(?<word>[a-z]*)$/i.exec(before)?.groups?.word;
  const names = typed === undefined ? [] : matching(commandCompletions(typed.length), typed);
  return [...names, ...ofExpression(before, context, standing)];
}

const commandCompletions = (replaces: number): readonly Completion[] =>
  COMMANDS.map(({ name, summary }) => ({ label: name, kind: 'command', detail: summary, replaces }));

function ofArgument(
  { argument }: (typeof COMMANDS)[number],
  rest: string,
  context: ConsoleContext,
  standing: boolean,
): readonly Completion[] {
  const word = /\S*$/.exec(rest)?.[0] ?? '';
  const isFirst = !/\s/.test(rest);
  switch (argument) {
    case 'none':
      return [];
    case 'command':
      return isFirst ? matching(commandCompletions(word.length), word) : [];
    case 'info':
      return isFirst ? matching(topics(word.length), word) : ofExpression(rest, context, standing);
    case 'number':
    case 'numbered':
    case 'breakpoint':
      if (isFirst || argument === 'breakpoint') return matching(numbers(context, argument, word.length), word);
      return ofExpression(rest, context, standing);
    case 'location':
      return isFirst ? matching(codePlaces(context, word.length), word) : ofExpression(rest, context, standing);
    case 'expression':
      return ofExpression(rest, context, standing);
    case 'watch':
      if (/^-\w*$/.test(rest)) return ofClauses(rest);
      return [...ofClauses(rest), ...ofExpression(rest, context, standing)];
  }
}

const topics = (replaces: number): readonly Completion[] =>
  INFO_TOPICS.map(({ name, summary }) => ({ label: name, kind: 'keyword', detail: summary, replaces }));

/** Functions, and the sources that may stand before a line. */
function codePlaces({ core }: ConsoleContext, replaces: number): readonly Completion[] {
  const { symbols } = core.debuggee;
  const functions = symbols
    .functionNames()
    .map((label) => ({ label, kind: 'variable' as const, detail: 'function', replaces }));
  const sources = new Set(symbols.sourceFiles().map(baseName));
  return [...functions, ...[...sources].map((name) => ({ label: `${name}:`, kind: 'keyword' as const, replaces }))];
}

function numbers(
  { core, desk }: ConsoleContext,
  which: 'number' | 'numbered' | 'breakpoint',
  replaces: number,
): Completion[] {
  const watches = desk.list().map(({ id, label }) => [id, label] as const);
  const others = core.breakpoints.list().map(({ id, target }) => [id, `${target.kind} breakpoint`] as const);
  const all = which === 'number' ? watches : [...watches, ...others];
  return all.map(([id, detail]) => ({ label: String(id), kind: 'number', detail, replaces }));
}

/** `-location` at the beginning; after an operand `if` and `thread`. */
function ofClauses(rest: string): readonly Completion[] {
  const typed = /(?<typed>-?\w*)$/.exec(rest)?.groups?.typed ?? '';
  const before = rest.slice(0, rest.length - typed.length);
  const clause = (label: string): Completion => ({ label, kind: 'keyword', replaces: typed.length });
  if (before === '') return typed.startsWith('-') ? matching([clause('-location')], typed) : [];
  return /[\w)\]"']\s+$/.test(before) && !/^-\w+\s+$/.test(before) ? matching(CLAUSE_WORDS.map(clause), typed) : [];
}

function ofExpression(before: string, context: ConsoleContext, standing: boolean): readonly Completion[] {
  const isInText = before.split('"').length % 2 === 0;
  if (isInText) return [];
  const dollar = /\$(?<typed>\w*)$/.exec(before)?.groups?.typed;
  if (dollar !== undefined) return matching(dollarNames(dollar.length), dollar);
  const member = OBJECT.exec(before)?.groups;
  if (member !== undefined) return standing ? members(member.object, member.typed, context) : [];
  const typed = /(?<![\w.])(?<typed>[a-z_]\w*|)$/i.exec(before)?.groups?.typed;
  return typed === undefined ? [] : matching(variables(context, standing, typed.length), typed);
}

const dollarNames = (replaces: number): readonly Completion[] =>
  [...OF_WATCHES, ...REGISTERS.keys(), ...DEBUG_REGISTERS].map((label) => ({ label, kind: 'register', replaces }));

/** Of the type; nothing is read that the expression does not read itself. Never assigns. */
function members(object: string, typed: string, { core, frame }: ConsoleContext): readonly Completion[] {
  try {
    const { type } = core.debuggee.symbols.evaluate(object, core.variables.contextOf(frame));
    const inner = strip(type);
    const target = ['pointer', 'reference'].includes(inner.kind) ? inner.target : inner;
    const found = target === undefined ? [] : membersOf(strip(target));
    return matching(
      found.map(([label, detail]) => ({ label, kind: 'member', detail, replaces: typed.length })),
      typed,
    );
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [];
  }
}

/** Those of anonymous members are as if they were its own. */
function membersOf(type: TypeInfo): readonly (readonly [string, string])[] {
  return (type.members ?? []).flatMap((member) =>
    member.name === '' ? membersOf(strip(member.type)) : [[member.name, member.type.name] as const],
  );
}

/** Locals first, then globals; a name once. */
function variables({ core, frame }: ConsoleContext, standing: boolean, replaces: number): readonly Completion[] {
  const { symbols } = core.debuggee;
  const locals = standing && frame !== undefined ? symbols.localsAt(frame.frame) : [];
  const seen = new Set<string>();
  return [...locals, ...symbols.globals()].flatMap(({ name, type }) => {
    if (name === '' || seen.has(name)) return [];
    seen.add(name);
    return [{ label: name, kind: 'variable' as const, detail: type.name, replaces }];
  });
}

function matching(all: readonly Completion[], typed: string): readonly Completion[] {
  return all.filter(({ label }) => label.startsWith(typed) && label !== typed);
}

// wish-check.ts: what is wrong with a wish before anything is armed: texts that could never be understood.
//
// Needs no frame: whether a name is a local of whoever will access is known only there. What is no global is told, but
// is no mistake.

import type { MemoryReader, ProgramSymbols } from '../symbols/program-symbols';
import { parseExpression } from '../symbols/expression/parser';
import { REGISTERS } from '../symbols/expression/registers.table';
import type { Expression } from '../symbols/expression/syntax-tree';
import { UserError } from '../util/user-error';
import { ACCESS_NAMES } from './access-place';
import { parseHitCondition } from './hit-condition';
import type { WatchWish } from './watch';

const IMAGINED: MemoryReader = { isImagined: true, read: (_, lengthBytes) => new Uint8Array(lengthBytes) };

/** The sentence, or undefined where nothing is wrong. */
export function wishTrouble(wish: WatchWish): string | undefined {
  const { condition, hitCondition } = wish;
  return (condition === undefined ? undefined : conditionTrouble(condition)) ?? hitConditionTrouble(hitCondition ?? '');
}

/** What is wrong with a hit count. */
export function hitConditionTrouble(text: string): string | undefined {
  try {
    parseHitCondition(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.message;
  }
}

/** What is wrong with it wherever it is evaluated. */
export function conditionTrouble(text: string): string | undefined {
  const { tree, errors } = parseExpression(text);
  const mistake = errors.at(0);
  if (mistake !== undefined) return `The condition \`${text}\` cannot be read: ${mistake.message}`;
  for (const part of partsOf(tree)) {
    if (part.kind === 'assign' || part.kind === 'step') return onlyLooks(text);
    if (part.kind === 'dollar' && !isKnown(part.name)) return unknownDollar(text, part.name);
  }
  return undefined;
}

const isKnown = (name: string): boolean => ACCESS_NAMES.some((known) => known === name) || REGISTERS.has(name);

function onlyLooks(text: string): string {
  return `The condition \`${text}\` would change the program: write == to compare.`;
}

function unknownDollar(text: string, name: string): string {
  const known = ACCESS_NAMES.map((each) => `$${each}`).join(', ');
  return `The condition \`${text}\` names $${name}, which does not exist: there are ${known}, and registers like $rax.`;
}

/** Names of the condition that are no globals, and mistakes of type; for the message of a watch that is armed. */
export function conditionNote(wish: WatchWish, symbols: ProgramSymbols): string | undefined {
  if (wish.condition === undefined) return undefined;
  const parts = partsOf(parseExpression(wish.condition).tree);
  const names = new Set(parts.flatMap(globalName));
  const unknown = [...names].filter((name) => !isGlobal(name, symbols));
  if (unknown.length === 0) {
    const mistake = parts.some(({ kind }) => kind === 'dollar') ? undefined : typeMistake(wish.condition, symbols);
    return mistake && `Its condition cannot be evaluated, so that every hit counts: ${mistake}`;
  }
  const which = unknown.map((name) => `\`${name}\``).join(', ');
  return `${which} in its condition: no global; looked up in the function that accesses.`;
}

/** Nothing that the memory holds, or an access brings, mends these. */
const OF_TYPES: ReadonlySet<string> = new Set(
  ['notAStruct', 'notAPointer', 'notIndexable', 'noSuchMember', 'notANumber', 'badOperands', 'badOperand', 'badCast']
    .concat(['noCalls', 'voidDereference', 'voidValue', 'incompleteType', 'unknownType', 'typeNotValue'])
    .map((code) => `expression.${code}`),
);

function typeMistake(condition: string, symbols: ProgramSymbols): string | undefined {
  try {
    symbols.evaluate(condition, { memory: IMAGINED });
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return OF_TYPES.has(error.code) ? error.message : undefined;
  }
}

const globalName = (part: Expression): string[] => (part.kind === 'name' && part.file === undefined ? [part.name] : []);

function isGlobal(name: string, symbols: ProgramSymbols): boolean {
  try {
    symbols.evaluate(name, { memory: IMAGINED });
    return true;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return false;
  }
}

/** The expression and all that is in it. */
export function partsOf(node: Expression): readonly Expression[] {
  const inner = (Object.values(node) as unknown[]).flatMap((part) =>
    Array.isArray(part) ? (part as unknown[]) : [part],
  );
  return [node, ...inner.filter(isExpression).flatMap(partsOf)];
}

function isExpression(part: unknown): part is Expression {
  return typeof part === 'object' && part !== null && 'kind' in part && 'start' in part;
}

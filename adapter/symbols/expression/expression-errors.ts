// expression-errors.ts: what may be wrong with an expression, one factory per mistake.
//
// Each says what failed, why, and what to write instead; `span` is where in the text.

import { UserError } from '../../util/user-error';
import type { Span } from './syntax-tree';
import { hex } from '../../util/hex';

/** A mistake in an expression, with its place in the text. */
export class ExpressionError extends UserError {
  constructor(
    code: string,
    message: string,
    readonly span: Span,
    /** What may stand there instead. */
    readonly choices: readonly string[] = [],
  ) {
    super(`expression.${code}`, message);
    this.name = 'ExpressionError';
  }
}

const quote = (text: string): string => `\`${text}\``;
/** `a, b, c, …`: at most so many. */
export function listed(names: readonly string[], limit = 12): string {
  const shown = names.slice(0, limit).map(quote).join(', ');
  return names.length > limit ? `${shown}, …` : shown;
}

/** The text with a caret under the place; one line only, cut around the place where it is long. */
function caretLines(text: string, span: Span): string {
  const line = text.replace(/[\r\n\t]/g, ' ');
  const from = line.length > 100 ? Math.max(0, span.start - 50) : 0;
  const shown = line.slice(from, from + 100);
  return `  ${shown}\n  ${' '.repeat(span.start - from)}^`;
}

export function badSyntax(text: string, span: Span, problem: string): ExpressionError {
  return new ExpressionError('syntax', `${problem} (column ${span.start + 1}):\n${caretLines(text, span)}`, span);
}

export function unknownName(name: string, nearest: string | undefined, span: Span): ExpressionError {
  const advice =
    nearest === undefined
      ? 'Is it in scope in this frame? A static of another file is written `file.c:name`.'
      : `Did you mean ${quote(nearest)}?`;
  return new ExpressionError(
    'unknownName',
    `No variable, function or enumerator ${quote(name)} is known. ${advice}`,
    span,
  );
}

export function unknownInFile(name: string, file: string, span: Span): ExpressionError {
  return new ExpressionError(
    'unknownName',
    `${quote(file)} has no variable or function ${quote(name)}. Check both names; the file is written as it was compiled.`,
    span,
  );
}

export function unknownDollar(name: string, known: readonly string[], span: Span): ExpressionError {
  return new ExpressionError(
    'unknownDollar',
    `$${name} is neither a register nor a value of this debugger. Here are known: ${listed(known.map((each) => `$${each}`))}.`,
    span,
  );
}

export function registerUnknownHere(name: string, span: Span): ExpressionError {
  return new ExpressionError(
    'registerUnknownHere',
    `$${name} is not known in this frame. Choose the innermost frame, where all registers are.`,
    span,
  );
}

export function unknownType(name: string, nearest: string | undefined, span: Span): ExpressionError {
  const advice =
    nearest === undefined ? 'Write `struct name` for a struct without typedef.' : `Did you mean ${quote(nearest)}?`;
  return new ExpressionError('unknownType', `No type ${quote(name)} is known. ${advice}`, span);
}

export function noSuchMember(type: string, name: string, members: readonly string[], span: Span): ExpressionError {
  const named = members.filter((member) => member !== '');
  const advice = named.length === 0 ? 'Its members are not known here.' : `It has ${listed(named)}.`;
  return new ExpressionError('noSuchMember', `${quote(type)} has no member ${quote(name)}. ${advice}`, span, named);
}

export function notAStruct(text: string, type: string, span: Span): ExpressionError {
  return new ExpressionError(
    'notAStruct',
    `${quote(text)} is of type ${quote(type)}, which has no members. Cast it first: \`((struct name *)p)->member\`.`,
    span,
  );
}

export function notAPointer(text: string, type: string, span: Span): ExpressionError {
  return new ExpressionError(
    'notAPointer',
    `${quote(text)} is of type ${quote(type)}, not a pointer, so it points at nothing. Take it without * (or cast it: \`*(int *)…\`).`,
    span,
  );
}

export function notIndexable(text: string, type: string, span: Span): ExpressionError {
  return new ExpressionError(
    'notIndexable',
    `${quote(text)} is of type ${quote(type)}; only arrays and pointers can be indexed. Cast it first: \`((int *)p)[i]\`.`,
    span,
  );
}

export function notHeld(text: string, index: bigint | string, count: number, span: Span): ExpressionError {
  const what = count === 1 ? '1 element' : `${count} elements`;
  return new ExpressionError('notHeld', `${quote(text)} holds ${what} now, and none at ${index}.`, span);
}

/** `count`: the expression for the variable that counts what it holds. */
export function foundOnlyRunning(text: string, count: string | undefined, span: Span): ExpressionError {
  const nearest = count === undefined ? '' : ` Here, watch ${quote(count)}: each that comes or goes writes it.`;
  return new ExpressionError(
    'foundOnlyRunning',
    `What ${quote(text)} holds has its place when it is there, and is found by walking. Watch it in a session, at a stop ` +
      `where it is.${nearest}`,
    span,
  );
}

export function notConstructed(text: string, span: Span): ExpressionError {
  const why = 'lies in a virtual base, whose place an object has once it is constructed';
  return new ExpressionError('notConstructed', `${quote(text)} ${why}. Watch it in a session, where it is.`, span);
}

export function emptyOwner(text: string, type: string, span: Span): ExpressionError {
  return new ExpressionError('emptyOwner', `${quote(text)} (${quote(type)}) points to nothing now.`, span);
}

export function voidDereference(text: string, span: Span): ExpressionError {
  return new ExpressionError(
    'voidDereference',
    `${quote(text)} is a \`void *\`: what it points at has no type. Cast it first: \`*(int *)${text}\`.`,
    span,
  );
}

export function incompleteType(type: string, span: Span): ExpressionError {
  return new ExpressionError(
    'incompleteType',
    `The size of ${quote(type)} is not known: it is declared but not defined here. Cast to a complete type.`,
    span,
  );
}

export function unreadable(text: string, address: bigint, span: Span): ExpressionError {
  const null_ = address < 0x1000n;
  const advice = null_
    ? 'A pointer on the way is null: check it first.'
    : 'Is a pointer on the way not yet set, or freed?';
  return new ExpressionError('unreadable', `Cannot read memory at ${hex(address)} for ${quote(text)}. ${advice}`, span);
}

export function unavailable(text: string, why: string, span: Span): ExpressionError {
  return new ExpressionError(
    'unavailable',
    `${quote(text)} has no value here: ${why}. Try another frame or line.`,
    span,
  );
}

export function divisionByZero(text: string, span: Span): ExpressionError {
  return new ExpressionError(
    'divisionByZero',
    `Division by zero: ${quote(text)} is 0. Guard it: \`d != 0 && n / d > 1\`.`,
    span,
  );
}

export function badOperands(operator: string, left: string, right: string, span: Span): ExpressionError {
  return new ExpressionError(
    'badOperands',
    `${quote(operator)} does not work on ${quote(left)} and ${quote(right)}. Use members or elements, or cast to numbers.`,
    span,
  );
}

export function badOperand(operator: string, type: string, span: Span): ExpressionError {
  return new ExpressionError(
    'badOperand',
    `${quote(operator)} does not work on ${quote(type)}. Use a member or element of it, or cast it to a number.`,
    span,
  );
}

export function badCast(from: string, to: string, span: Span): ExpressionError {
  return new ExpressionError(
    'badCast',
    `A ${quote(from)} cannot be cast to ${quote(to)}. Cast its address instead: \`*(${to} *)&…\`.`,
    span,
  );
}

export function noAddress(text: string, why: string, span: Span): ExpressionError {
  return new ExpressionError('noAddress', `${quote(text)} has no address: ${why}.`, span);
}

export function notAssignable(text: string, why: string, span: Span): ExpressionError {
  return new ExpressionError('notAssignable', `${quote(text)} cannot be assigned to: ${why}.`, span);
}

export function assignmentNotAllowed(span: Span): ExpressionError {
  return new ExpressionError(
    'assignmentNotAllowed',
    'An assignment is not allowed here. Compare with `==`, or assign in the debug console.',
    span,
  );
}

export function noCalls(text: string, span: Span): ExpressionError {
  return new ExpressionError(
    'noCalls',
    `${quote(text)} cannot be called: functions of the program are not run by expressions. Write what it computes.`,
    span,
  );
}

export function noTypeInformation(text: string, span: Span): ExpressionError {
  return new ExpressionError(
    'noTypeInformation',
    `${quote(text)} has no debug information, so its type is not known. Cast it: \`(int)${text}\`.`,
    span,
  );
}

export function badCount(text: string, span: Span): ExpressionError {
  return new ExpressionError(
    'badCount',
    `${quote(text)} is no number of elements. Write a number from 1 to 16777216.`,
    span,
  );
}

export function badSlice(text: string, why: string, span: Span): ExpressionError {
  return new ExpressionError(
    'badSlice',
    `${quote(text)} is no slice: ${why}. Write \`a[1..4]\` for a[1], a[2], a[3].`,
    span,
  );
}

export function typeNotValue(name: string, span: Span): ExpressionError {
  return new ExpressionError(
    'typeNotValue',
    `${quote(name)} is a type, not a value. Write \`(${name})x\` to cast, or \`sizeof(${name})\`.`,
    span,
  );
}

export function voidValue(text: string, span: Span): ExpressionError {
  return new ExpressionError(
    'voidValue',
    `${quote(text)} is void: it has no value. Cast it to the type that is meant.`,
    span,
  );
}

export function notANumber(text: string, type: string, members: readonly string[], span: Span): ExpressionError {
  const advice = members.length === 0 ? 'Use a part of it.' : `Use one of its members: ${listed(members)}.`;
  return new ExpressionError('notANumber', `${quote(text)} is a whole ${quote(type)}, not a number. ${advice}`, span);
}

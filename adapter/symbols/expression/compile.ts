// compile.ts: the expressions' front door: text once → evaluated as often as needed.
//
// `evaluateExpression` for one time; `compileExpression` for conditions and log messages, which are evaluated at
// every hit. A compiled expression is bound to no program and no frame.

import type { Value } from '../program-symbols';
import { isTrue } from './conversions';
import { evaluateTree, operandOf } from './evaluate';
import type { ExpressionError } from './expression-errors';
import { load, locateOperand } from './operand';
import type { TypeNamePredicate } from './parse-type-name';
import { parseExpression } from './parser';
import { typeNamePredicate } from './resolve-type';
import type { ExpressionContext } from './symbol-scope';
import type { Expression } from './syntax-tree';

export interface CompiledExpression {
  readonly text: string;
  readonly tree: Expression;
  readonly errors: readonly ExpressionError[];
  /** The value; throws UserError. */
  evaluate(context: ExpressionContext): Value;
  /** Whether C's `if` would be taken; throws UserError. Cheaper than `evaluate`. */
  isTrue(context: ExpressionContext): boolean;
  /** The value with its place, but with `error` instead of a throw where the place itself cannot be read. */
  locate(context: ExpressionContext): Value;
}

/**
 * Parses; never throws: mistakes are in `errors`, and thrown on evaluation. `isTypeName` decides whether `(a) - 1`
 * is a cast; without one, names like `size_t` are taken for types.
 */
export function compileExpression(text: string, isTypeName?: TypeNamePredicate): CompiledExpression {
  const { tree, errors } = parseExpression(text, isTypeName);
  const mistake = errors.at(0);
  const check = (): void => {
    if (mistake !== undefined) throw mistake;
  };
  return {
    text,
    tree,
    errors,
    evaluate: (context) => {
      check();
      return evaluateTree({ text, context }, tree);
    },
    isTrue: (context) => {
      check();
      const evaluation = { text, context };
      return isTrue(load(evaluation, operandOf(evaluation, tree), tree));
    },
    locate: (context) => {
      check();
      const evaluation = { text, context };
      return locateOperand(evaluation, operandOf(evaluation, tree), tree);
    },
  };
}

/** Compiles and evaluates, with the context's own types. Throws UserError. */
export const evaluateExpression = (text: string, context: ExpressionContext): Value =>
  compileExpression(text, typeNamePredicate(context.scope)).evaluate(context);

/** As `evaluateExpression`, but an unreadable place is still told, with `error`. */
export const locateExpression = (text: string, context: ExpressionContext): Value =>
  compileExpression(text, typeNamePredicate(context.scope)).locate(context);

// evaluation.ts: expressions for the console, the Watch view, hovers and log messages.
//
// `name = value` assigns; everything else only looks. Needs a standing target.

import type { EvaluationContext, Value } from '../symbols/program-symbols';
import { UserError } from '../util/user-error';
import type { Debuggee } from './debuggee';
import { parseLogMessage } from './log-message';
import type { StackFrame } from './stack';
import { storeValue } from './value-store';

/** Throws UserError. */
export function evaluate(expression: string, frame: StackFrame | undefined, debuggee: Debuggee): Value {
  const context = debuggee.context(frame?.thread, frame?.frame);
  const assignment = splitAssignment(expression);
  if (assignment === undefined) return debuggee.symbols.evaluate(expression, context);
  assign(assignment.left, assignment.right, frame, debuggee);
  return debuggee.symbols.evaluate(assignment.left, debuggee.context(frame?.thread, frame?.frame));
}

/** Writes `text` (a literal or an expression) to what the expression on the left names; gives the place written. */
export function assign(expression: string, text: string, frame: StackFrame | undefined, debuggee: Debuggee): Value {
  const value = debuggee.symbols.evaluate(expression, debuggee.context(frame?.thread, frame?.frame));
  storeValue(value, text, expression, frame, debuggee);
  return value;
}

/** The text of a log point; what cannot be evaluated is told in its place. */
export function logText(template: string, debuggee: Debuggee, context: EvaluationContext): string {
  return parseLogMessage(template)
    .map((part) => {
      if (part.kind === 'text') return part.text;
      try {
        return debuggee.symbols.format(debuggee.symbols.evaluate(part.text, context), debuggee.memory);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        return `<${error.message}>`;
      }
    })
    .join('');
}

/** At an `=` of its own outside brackets and quotes: not `==`, `<=`, `>=`, `!=`. */
export function splitAssignment(expression: string): { readonly left: string; readonly right: string } | undefined {
  let depth = 0;
  let quote: string | undefined;
  for (let at = 0; at < expression.length; at++) {
    const character = expression.charAt(at);
    if (character === '\\') at++;
    else if (quote !== undefined) quote = character === quote ? undefined : quote;
    else if (character === '"' || character === "'") quote = character;
    else if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
    else if (character === '=' && expression.charAt(at + 1) === '=') at++;
    else if (character === '=' && depth === 0 && !/[<>!+\-*/%&|^]/.test(expression.charAt(at - 1))) {
      const [left, right] = [expression.slice(0, at).trim(), expression.slice(at + 1).trim()];
      return left === '' || right === '' ? undefined : { left, right };
    }
  }
  return undefined;
}

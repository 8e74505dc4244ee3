// evaluation.ts: expressions for the console, the Watch view, hovers and log messages.
//
// Assignments (`x = 5`, `x++`) write; conditions and log messages only look. Needs a standing target.

import type { EvaluationContext, Value } from '../symbols/program-symbols';
import { UserError } from '../util/user-error';
import type { Debuggee } from './debuggee';
import { parseLogMessage } from '../watch/log-message';
import type { StackFrame } from './stack';
import { storeValue, writingContext } from './value-store';

/** Throws UserError. `convenience`: the debugger's own values, by name without `$`. */
export function evaluate(
  expression: string,
  frame: StackFrame | undefined,
  debuggee: Debuggee,
  convenience?: ReadonlyMap<string, Value>,
): Value {
  const context = writingContext(frame, debuggee);
  return debuggee.symbols.evaluate(expression, convenience === undefined ? context : { ...context, convenience });
}

/** Writes `text` (a literal or an expression) to what the expression on the left names. */
export function assign(expression: string, text: string, frame: StackFrame | undefined, debuggee: Debuggee): void {
  const value = debuggee.symbols.evaluate(expression, debuggee.context(frame?.thread, frame?.frame));
  storeValue(value, text, expression, frame, debuggee);
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

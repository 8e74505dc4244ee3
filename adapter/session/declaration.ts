// declaration.ts: where the variable that an expression begins with is declared: `queue` of `queue.items[3]`.
//
// Innermost scope first, as the expression itself is read. Knows names only: `(*p).x` and `&x` have one, `3 + 4` none.

import type { Frame, ProgramSymbols, SourceLocation } from '../symbols/program-symbols';

/** Brackets, dereference and address-of before the first name. */
const FIRST_NAME = /^[\s(*&]*((?:[\w./-]+:)?[A-Za-z_]\w*)/;

export function declarationOf(
  expression: string,
  frame: Frame | undefined,
  symbols: ProgramSymbols,
): SourceLocation | undefined {
  const name = FIRST_NAME.exec(expression)?.[1];
  if (name === undefined) return undefined;
  const local = frame === undefined ? undefined : symbols.localsAt(frame).find((variable) => variable.name === name);
  return (local ?? symbols.globalsNamed(name).at(0))?.declaration;
}

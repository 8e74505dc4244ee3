// expression-cache.ts: parsed expressions by text, for those that are evaluated at every hit.
//
// Only expressions that read the same wherever they are evaluated are kept: where `(a) - 1` was a cast because `a`
// is a type there, the next frame may have a variable of that name.

import { compileExpression } from './compile';
import type { CompiledExpression } from './compile';
import { typeNamePredicate } from './resolve-type';
import type { SymbolScope } from './symbol-scope';

const MAX_ENTRIES = 200;

export class ExpressionCache {
  readonly #entries = new Map<string, CompiledExpression>();

  /** The text as it is to be read in the scope. Mistakes are in `errors`. */
  get(text: string, scope: SymbolScope): CompiledExpression {
    const known = this.#entries.get(text);
    if (known !== undefined) return known;
    const asked: string[] = [];
    const isTypeName = typeNamePredicate(scope);
    const compiled = compileExpression(text, (name) => {
      asked.push(name);
      return isTypeName(name);
    });
    if (asked.length === 0) this.#keep(text, compiled);
    return compiled;
  }

  /** The oldest makes room. */
  #keep(text: string, compiled: CompiledExpression): void {
    if (this.#entries.size >= MAX_ENTRIES) {
      const [oldest] = this.#entries.keys();
      this.#entries.delete(oldest);
    }
    this.#entries.set(text, compiled);
  }
}

// type-of-text.ts: a type as C writes it (`struct node *`, `unsigned long [4]`) → the type; undefined where there is none.

import { UserError } from '../../util/user-error';
import { tokenize } from '../expression/lexer';
import { parseTypeName } from '../expression/parse-type-name';
import { resolveType } from '../expression/resolve-type';
import type { SymbolScope } from '../expression/symbol-scope';
import { TokenStream } from '../expression/token-stream';
import type { TypeInfo } from '../program-symbols';

export function typeOfText(text: string, scope: SymbolScope): TypeInfo | undefined {
  const plain = scope.typeNamed(text);
  if (plain) return plain;
  try {
    const stream = new TokenStream(text, tokenize(text));
    const name = parseTypeName(stream);
    return stream.errors.length > 0 || stream.peek().kind !== 'end' ? undefined : resolveType(name, scope);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

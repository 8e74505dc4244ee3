// expression-extent.ts: where an expression in a line ends and the words after it begin.
//
// C has no place where one operand follows another without an operator, so a word that does so begins something
// new: `queue.head when …`. A variable may be called `when`, too. Comments are found here as well: a `#` outside of
// quotes.

import { tokenize } from '../../symbols/expression/lexer';
import type { Token } from '../../symbols/expression/lexer';
import { CLAUSES } from './keywords.table';

/** Operands follow these words without an operator. */
const PREFIX_WORDS: ReadonlySet<string> = new Set([
  'sizeof',
  'alignof',
  '_Alignof',
  'struct',
  'union',
  'enum',
  'class',
]);
const OPENING = new Set(['(', '[', '{']);
const CLOSING = new Set([')', ']', '}']);

/** The offset where the expression that begins at `from` ends: that of the next word or text, or the text's end. */
export function expressionEnd(text: string, from: number): number {
  let depth = 0;
  let previous: Token | undefined;
  for (const token of tokenize(text.slice(from))) {
    const isText = token.kind === 'string' || text.charAt(from + token.start) === '"';
    if (depth === 0 && previous !== undefined && begins(token, isText, previous)) return from + token.start;
    if (token.kind === 'punctuator' && OPENING.has(token.text)) depth++;
    if (token.kind === 'punctuator' && CLOSING.has(token.text)) depth = Math.max(0, depth - 1);
    previous = token;
  }
  return text.length;
}

/** `isText`: it begins with a quote, whether one closes it or not. */
function begins(token: Token, isText: boolean, previous: Token): boolean {
  if (!isOperandEnd(previous)) return false;
  if (isText) return true;
  if (token.kind !== 'name' || token.file !== undefined) return false;
  // After a cast comes an operand: only known words end it.
  const afterParenthesis = previous.kind === 'punctuator' && previous.text === ')';
  return !afterParenthesis || Object.hasOwn(CLAUSES, token.name);
}

function isOperandEnd(token: Token): boolean {
  switch (token.kind) {
    case 'punctuator':
      return CLOSING.has(token.text) || token.text === '++' || token.text === '--';
    case 'name':
      return !PREFIX_WORDS.has(token.name);
    case 'bad':
    case 'end':
      return false;
    default:
      return true;
  }
}

/** The offset of the line's comment, its `#`; the line's length where it has none. */
export function commentStart(line: string): number {
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    if (character === '#') return at;
    if (character === '"' || character === "'") at = closingQuote(line, at) ?? at;
  }
  return line.length;
}

/** The offset of the quote that closes the one at `open`; undefined where none does. */
export function closingQuote(line: string, open: number): number | undefined {
  const quote = line.charAt(open);
  for (let at = open + 1; at < line.length; at++) {
    if (line.charAt(at) === '\\') at++;
    else if (line.charAt(at) === quote) return at;
  }
  return undefined;
}

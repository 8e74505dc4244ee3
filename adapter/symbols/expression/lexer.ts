// lexer.ts: an expression's text → tokens.
//
// One pass; a mistake gives a `bad` token with the reason, and the rest is read on. The last token is always `end`.
// `file.c:name` is one name token, unless a `?` before it is still open: there the colon is the conditional's.
// Truth: C17 6.4; gdb's manual, "Variables" and "Expressions", for `file.c'::name`, `@` and `$`.

import { matchGroups } from '../../util/match-groups';
import { BASE_TYPE_WORDS } from '../types/base-types';
import { writableName } from '../types/qualified-name';
import { unescapeBytes, unescapeCharacter } from '../types/characters';
import type { IntegerSuffix, Span } from './syntax-tree';

export type Token = Span &
  (
    | { readonly kind: 'integer'; readonly value: bigint; readonly decimal: boolean; readonly suffix: IntegerSuffix }
    | { readonly kind: 'float'; readonly text: string; readonly precision: 'float' | 'double' | 'long double' }
    | { readonly kind: 'character'; readonly code: number; readonly wide: boolean }
    | { readonly kind: 'string'; readonly bytes: readonly number[] }
    | { readonly kind: 'name'; readonly name: string; readonly file?: string }
    | { readonly kind: 'dollar'; readonly name: string }
    | { readonly kind: 'punctuator'; readonly text: string }
    | { readonly kind: 'bad'; readonly problem: string }
    | { readonly kind: 'end' }
  );

type WithoutSpan<T> = T extends unknown ? Omit<T, keyof Span> : never;
type Lexeme = WithoutSpan<Token> & { readonly length: number };

const SPACE = /\s+/y;
const SOURCE_FILE = String.raw`[\w$./+-]*[\w$]\.(?:cpp|cxx|cc|c\+\+|hpp|hxx|hh|inc|rs|[cChHmS])`;
const IN_FILE = new RegExp(`(${SOURCE_FILE})::?([A-Za-z_$][\\w$]*(?:::~?[A-Za-z_$][\\w$]*)*)`, 'y');
const IN_QUOTED_FILE = /'([^'\n]+)'::([A-Za-z_$][\w$]*(?:::~?[A-Za-z_$][\w$]*)*)/y;
const WORD = String.raw`[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*`;
/** What it contains belongs to what is around it; debug information writes it all the same. */
const UNNAMED = String.raw`(?:\(anonymous namespace\)::)*`;
const NAME = new RegExp(`(?:::)?${UNNAMED}${WORD}(?:::${UNNAMED}~?${WORD})*`, 'y');
/** `Box<int>::made`, `std::pair<int, char> *`: what stands between angle brackets in a C++ or Rust name. */
const TEMPLATE_WORD = /[\w\s:,*&()[\]']/;
/** `$rax`, `$old`; values that were printed: `$1`, `$` the last, `$$` the one before, `$$3`. */
const DOLLAR = /\$([A-Za-z_]\w*|\$?\d+|\$)?/y;
const HEX_FLOAT = /0[xX](?:[0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)[pP][+-]?\d+/y;
const FLOAT = /(?:\d+\.(?!\.)\d*|\.\d+)(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+/y;
const INTEGER = /0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|\d+/y;
const WORD_REST = /[\w$]*/y;
const CHARACTER = /(?:u8|[uUL])?'((?:[^'\\\n]|\\.)*)'/y;
const STRING = /(?:u8)?"((?:[^"\\\n]|\\.)*)"/y;
const TUPLE_INDEX = /\d+/y;
const PUNCTUATOR = /<<=|>>=|\.\.=|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|\.\.|[-+*/%<>=!&|^~?:.,()[\]{}@]/y;

/** What one reader of tokens carries along. */
interface Lexing {
  readonly text: string;
  readonly tokens: Token[];
  /** Worth looking for `file.c:name` at all. */
  readonly namesFiles: boolean;
  /** `?` whose `:` has not come yet. */
  openConditionals: number;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

/** All tokens of the text, `end` last. */
export function tokenize(text: string): readonly Token[] {
  const lexing: Lexing = { text, tokens: [], namesFiles: /\w\.[A-Za-z+]+:/.test(text), openConditionals: 0 };
  let at = 0;
  while (true) {
    at += matchAt(SPACE, text, at)?.[0].length ?? 0;
    if (at >= text.length) break;
    const { length, ...lexeme } = lexemeAt(lexing, at);
    lexing.tokens.push({ ...lexeme, start: at, end: at + length });
    at += length;
  }
  lexing.tokens.push({ kind: 'end', start: text.length, end: text.length });
  return lexing.tokens;
}

function lexemeAt(lexing: Lexing, at: number): Lexeme {
  const { text } = lexing;
  return (
    tupleIndex(lexing, at) ??
    nameInFile(lexing, at) ??
    numberAt(text, at) ??
    quotedAt(text, at) ??
    nameAt(text, at) ??
    punctuatorAt(lexing, at) ?? { kind: 'bad', problem: badCharacter(text, at), length: characterLength(text, at) }
  );
}

const characterLength = (text: string, at: number): number => ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);

function badCharacter(text: string, at: number): string {
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  if (character === '"' || character === "'") return `This ${character} has no closing ${character}`;
  if (character === ';') return 'An expression has no `;`';
  return `\`${character}\` has no meaning in an expression`;
}

const punctuatorIs = (token: Token | undefined, text: string): boolean =>
  token?.kind === 'punctuator' && token.text === text;

/** Rust's `tuple.0`: after a dot that follows an operand a number is a member's name. */
function tupleIndex({ text, tokens }: Lexing, at: number): Lexeme | undefined {
  const previous = tokens.at(-1);
  if (punctuatorIs(previous, '.') && previous?.end === at) {
    const digits = matchAt(TUPLE_INDEX, text, at)?.[0];
    return digits === undefined ? undefined : { kind: 'name', name: digits, length: digits.length };
  }
  const afterOperand = previous?.kind === 'name' || punctuatorIs(previous, ']') || closesOperand(tokens);
  if (!afterOperand || previous?.end !== at || !/^\.\d/.test(text.slice(at, at + 2))) return undefined;
  return { kind: 'punctuator', text: '.', length: 1 };
}

/** `(*tuple).0`, but not `(float).5`. */
function closesOperand(tokens: readonly Token[]): boolean {
  const inner = tokens.at(-2);
  return punctuatorIs(tokens.at(-1), ')') && !(inner?.kind === 'name' && BASE_TYPE_WORDS.has(inner.name));
}

function nameInFile({ text, tokens, namesFiles, openConditionals }: Lexing, at: number): Lexeme | undefined {
  const previous = tokens.at(-1);
  if (punctuatorIs(previous, '.') || punctuatorIs(previous, '->')) return undefined;
  const quoted = matchAt(IN_QUOTED_FILE, text, at);
  const match = quoted ?? (openConditionals > 0 || !namesFiles ? undefined : matchAt(IN_FILE, text, at));
  const [whole, file, name] = matchGroups(match);
  if (whole === undefined || file === undefined || name === undefined) return undefined;
  return { kind: 'name', name, file, length: whole.length };
}

function numberAt(text: string, at: number): Lexeme | undefined {
  const float = matchAt(HEX_FLOAT, text, at)?.[0] ?? matchAt(FLOAT, text, at)?.[0];
  const digits = float ?? matchAt(INTEGER, text, at)?.[0];
  if (digits === undefined) return undefined;
  const suffix = matchAt(WORD_REST, text, at + digits.length)?.[0] ?? '';
  const length = digits.length + suffix.length;
  if (float !== undefined) return floatLexeme(digits, suffix.toLowerCase(), length);
  const valid = /^(?:u?(?:ll?|z)?|(?:ll?|z)u)$/i.test(suffix);
  const octal = /^0[oO]?(\d+)$/.exec(digits)?.[1];
  if (!valid || (octal !== undefined && /[89]/.test(octal))) {
    return { kind: 'bad', problem: `\`${digits}${suffix}\` is no number`, length };
  }
  return {
    kind: 'integer',
    value: BigInt(octal === undefined ? digits : `0o${octal}`),
    decimal: /^(?:0|[1-9]\d*)$/.test(digits) && digits !== '0',
    suffix: { unsigned: /u/i.test(suffix), long: /[lz]/i.test(suffix), longLong: /ll/i.test(suffix) },
    length,
  };
}

function floatLexeme(digits: string, suffix: string, length: number): Lexeme {
  if (suffix !== '' && suffix !== 'f' && suffix !== 'l') {
    return { kind: 'bad', problem: `\`${digits}${suffix}\` is no number`, length };
  }
  const precision = suffix === 'f' ? 'float' : suffix === 'l' ? 'long double' : 'double';
  return { kind: 'float', text: digits, precision, length };
}

function quotedAt(text: string, at: number): Lexeme | undefined {
  const character = matchAt(CHARACTER, text, at);
  if (character !== undefined) {
    const length = character[0].length;
    const code = unescapeCharacter(character.at(1) ?? '');
    if (code === undefined) return { kind: 'bad', problem: `${character[0]} is not one character`, length };
    return { kind: 'character', code, wide: !character[0].startsWith("'") || code > 255, length };
  }
  const string = matchAt(STRING, text, at);
  if (string === undefined) return undefined;
  const bytes = unescapeBytes(string.at(1) ?? '');
  const length = string[0].length;
  return bytes === undefined
    ? { kind: 'bad', problem: `A \\ escape in ${string[0]} is not known`, length }
    : { kind: 'string', bytes, length };
}

function nameAt(text: string, at: number): Lexeme | undefined {
  const name = matchAt(NAME, text, at)?.[0];
  if (name !== undefined)
    return templateName(text, at, name) ?? { kind: 'name', name: writableName(name), length: name.length };
  const dollar = matchAt(DOLLAR, text, at);
  if (dollar === undefined) return undefined;
  const length = dollar[0].length;
  return { kind: 'dollar', name: dollar.at(1) ?? '', length };
}

/**
 * A name with template arguments, where `<` cannot be "less than": the brackets close, and then comes `::` or what
 * no right operand begins with. `a<b>*c` is a comparison unless it is all there is between parentheses.
 */
function templateName(text: string, at: number, head: string): Lexeme | undefined {
  const open = at + head.length;
  const close = text.charAt(open) === '<' ? closingAngle(text, open) : undefined;
  if (close === undefined) return undefined;
  const rest = text.slice(close);
  const member = /^(?:::~?[A-Za-z_]\w*)+/.exec(rest)?.[0];
  const inCast = /\(\s*$/.test(text.slice(0, at)) && /^\s*[*&]+\s*\)/.test(rest);
  if (member === undefined && !inCast && !/^\s*(?:[),\]}>]|$)/.test(rest)) return undefined;
  const whole = `${head}${text.slice(open, close)}`;
  const length = whole.length + (member?.length ?? 0);
  const longer = member === undefined ? undefined : templateName(text, at, whole + member);
  return longer ?? { kind: 'name', name: writableName(spaced(whole) + (member ?? '')), length };
}

/** Behind the `>` that closes the `<`; undefined where something else than a type stands between. */
function closingAngle(text: string, open: number): number | undefined {
  let depth = 0;
  for (let i = open; i < text.length && i < open + 500; i++) {
    const char = text.charAt(i);
    if (char === '<') depth++;
    else if (char === '>') depth--;
    else if (!TEMPLATE_WORD.test(char)) return undefined;
    if (depth === 0) return i + 1;
  }
  return undefined;
}

/** As compilers write them: `map<int, pair<int, char> >`. */
const spaced = (name: string): string =>
  name
    .replace(/\s+/g, ' ')
    .replace(/ ?([<,]) ?/g, '$1')
    .replace(/,/g, ', ')
    .replace(/ ?>/g, '>')
    .replace(/>(?=>)/g, '> ');

function punctuatorAt(lexing: Lexing, at: number): Lexeme | undefined {
  const text = matchAt(PUNCTUATOR, lexing.text, at)?.[0];
  if (text === undefined) return undefined;
  if (text === '?') lexing.openConditionals++;
  if (text === ':') lexing.openConditionals = Math.max(0, lexing.openConditionals - 1);
  return { kind: 'punctuator', text, length: text.length };
}

// parser.ts: an expression's text → its tree and its mistakes. A Pratt parser over C's precedences.
//
// Needs no program: whether `(a)` names a type is asked of a predicate, and guessed from what follows where none
// knows. Never throws; never loops: each round reads a token or ends.
// Truth: C17 6.5; gdb's manual, "Expressions", for `@` and `{type} address`.

import type { ExpressionError } from './expression-errors';
import { badSyntax } from './expression-errors';
import type { Token } from './lexer';
import { tokenize } from './lexer';
import type { TypeNamePredicate } from './parse-type-name';
import { parseTypeName, startsTypeName } from './parse-type-name';
import type {
  AssignedOperator,
  BinaryOperator,
  Expression,
  ParsedExpression,
  Span,
  UnaryOperator,
} from './syntax-tree';
import { describeToken, TokenStream } from './token-stream';

const MAX_LENGTH = 8000;
const MAX_TOKENS = 2000;
const MAX_DEPTH = 150;

/** Left and right binding power of an operator: right > left groups from the left. */
interface Binding {
  readonly operator: BinaryOperator;
  readonly power: number;
}

const ASSIGNMENT_POWER = 2;
const CONDITIONAL_POWER = 3;
const SLICE_POWER = 2;

const BINARY: ReadonlyMap<string, Binding> = new Map(
  (
    [
      [1, ','],
      [4, '||'],
      [5, '&&'],
      [6, '|'],
      [7, '^'],
      [8, '&'],
      [9, '==', '!='],
      [10, '<', '>', '<=', '>='],
      [11, '<<', '>>'],
      [12, '@'],
      [13, '+', '-'],
      [14, '*', '/', '%'],
    ] as const
  ).flatMap(([power, ...operators]) => operators.map((operator) => [operator, { operator, power }] as const)),
);

const ASSIGNMENTS: ReadonlyMap<string, AssignedOperator | undefined> = new Map<string, AssignedOperator | undefined>([
  ['=', undefined],
  ['+=', '+'],
  ['-=', '-'],
  ['*=', '*'],
  ['/=', '/'],
  ['%=', '%'],
  ['<<=', '<<'],
  ['>>=', '>>'],
  ['&=', '&'],
  ['^=', '^'],
  ['|=', '|'],
]);

const UNARY: ReadonlyMap<string, UnaryOperator> = new Map(
  (['-', '+', '!', '~', '*', '&'] as const).map((operator) => [operator, operator]),
);

/** Names that C's headers make types of; a variable of such a name is unheard of. */
const looksLikeTypeName = (name: string): boolean => /^[a-z]\w*_t$/.test(name);

/** The tree of an expression and the first mistake in it. */
export function parseExpression(
  text: string,
  isTypeName: TypeNamePredicate = looksLikeTypeName,
): ParsedExpression<ExpressionError> {
  if (text.length > MAX_LENGTH) return tooLong(text, `${text.length} characters are too many; ${MAX_LENGTH}`);
  const tokens = tokenize(text);
  if (tokens.length > MAX_TOKENS) return tooLong(text, `${tokens.length} words are too many; ${MAX_TOKENS}`);
  const stream = new TokenStream(text, tokens);
  const parser = new Parser(stream, isTypeName);
  const tree = parser.parse();
  return { text, tree, errors: stream.errors };
}

function tooLong(text: string, problem: string): ParsedExpression<ExpressionError> {
  const span = { start: 0, end: text.length };
  const errors = [badSyntax(text, span, `This expression is too long: ${problem} are the limit`)];
  return { text, tree: { kind: 'missing', ...span }, errors };
}

class Parser {
  private depth = 0;

  constructor(
    private readonly stream: TokenStream,
    private readonly isTypeName: TypeNamePredicate,
  ) {}

  parse(): Expression {
    const tree = this.expression(0);
    const rest = this.stream.peek();
    if (rest.kind !== 'end') this.stream.fail(rest, unexpected(this.stream.text, rest));
    return tree;
  }

  /** Operators that bind at least as strongly as `power`. */
  private expression(power: number): Expression {
    let left = this.prefix();
    while (true) {
      const token = this.stream.peek();
      if (token.kind !== 'punctuator') return left;
      const longer = this.continued(left, token, power);
      if (longer === undefined) return left;
      left = longer;
    }
  }

  private continued(left: Expression, token: Token & { readonly text: string }, power: number): Expression | undefined {
    const { stream } = this;
    const operatorSpan = { start: token.start, end: token.end };
    const binary = BINARY.get(token.text);
    if (binary !== undefined && binary.power >= power) {
      stream.next();
      const right = this.expression(binary.power + 1);
      return { kind: 'binary', operator: binary.operator, operatorSpan, left, right, ...over(left, right) };
    }
    if (ASSIGNMENTS.has(token.text) && power <= ASSIGNMENT_POWER) {
      stream.next();
      const right = this.expression(ASSIGNMENT_POWER);
      return { kind: 'assign', operator: ASSIGNMENTS.get(token.text), operatorSpan, left, right, ...over(left, right) };
    }
    if (token.text !== '?' || power > CONDITIONAL_POWER) return undefined;
    stream.next();
    const whenTrue = this.expression(1);
    stream.expect(':', 'after `?` and its value');
    const whenFalse = this.expression(CONDITIONAL_POWER);
    return { kind: 'conditional', condition: left, whenTrue, whenFalse, ...over(left, whenFalse) };
  }

  private prefix(): Expression {
    if (this.depth >= MAX_DEPTH) {
      this.stream.fail(this.stream.peek(), `More than ${MAX_DEPTH} levels of nesting are too deep`);
      this.stream.skipToEnd();
      return { kind: 'missing', start: this.stream.text.length, end: this.stream.text.length };
    }
    this.depth++;
    const operand = this.unary();
    this.depth--;
    return operand;
  }

  private unary(): Expression {
    const { stream } = this;
    const token = stream.peek();
    const { start } = token;
    if (token.kind === 'name' && /^(?:sizeof|_Alignof|alignof)$/.test(token.name)) return this.sizeof(token.name);
    if (token.kind !== 'punctuator') return this.postfix(this.primary());
    if (token.text === '++' || token.text === '--') {
      stream.next();
      const operand = this.prefix();
      return { kind: 'step', operator: token.text, prefix: true, operand, start, end: operand.end };
    }
    // C reads && as one word; here it can only be a label's address, which nobody means.
    const operator = UNARY.get(token.text);
    if (operator !== undefined) {
      stream.next();
      const operand = this.prefix();
      return { kind: 'unary', operator, operand, start, end: operand.end };
    }
    if (token.text === '{') return this.typedMemory(start);
    if (token.text === '(' && this.castAhead()) return this.cast(start);
    return this.postfix(this.primary());
  }

  private cast(start: number): Expression {
    this.stream.next();
    const type = parseTypeName(this.stream);
    this.stream.expect(')', 'after the type');
    const operand = this.prefix();
    return { kind: 'cast', type, operand, start, end: operand.end };
  }

  /** `{int} 0x404010` */
  private typedMemory(start: number): Expression {
    this.stream.next();
    const type = parseTypeName(this.stream);
    this.stream.expect('}', 'after the type');
    const operand = this.prefix();
    return { kind: 'at', type, operand, start, end: operand.end };
  }

  /** At `(`: whether a type and `)` follow. A name alone is a type if known as one, or if a cast is all it can be. */
  private castAhead(): boolean {
    if (startsTypeName(this.stream, this.isTypeName, 1)) return true;
    const name = this.stream.peek(1);
    if (name.kind !== 'name' || name.file !== undefined) return false;
    let ahead = 2;
    while (this.stream.at('*', ahead)) ahead++;
    if (!this.stream.at(')', ahead)) return false;
    return ahead > 2 || beginsOperandOnly(this.stream.peek(ahead + 1));
  }

  private sizeof(word: string): Expression {
    const { stream } = this;
    const { start } = stream.next();
    const alignment = word !== 'sizeof';
    if (stream.at('(') && (alignment || this.castAhead())) {
      stream.next();
      const type = parseTypeName(stream);
      stream.expect(')', 'after the type');
      return { kind: 'sizeofType', type, alignment, start, end: stream.lastEnd };
    }
    const operand = this.prefix();
    return { kind: 'sizeofValue', operand, start, end: operand.end };
  }

  private primary(): Expression {
    const { stream } = this;
    const token = stream.peek();
    switch (token.kind) {
      case 'integer':
      case 'float':
      case 'character':
      case 'string':
      case 'name':
      case 'dollar':
        stream.next();
        return token;
      case 'punctuator':
        if (token.text === '(') return this.parenthesised();
        break;
      case 'bad':
      case 'end':
        break;
    }
    stream.fail(token, `A value is missing before ${describeToken(stream.text, token)}`);
    return { kind: 'missing', start: token.start, end: token.start };
  }

  private parenthesised(): Expression {
    const { start } = this.stream.next();
    const inner = this.expression(0);
    this.stream.expect(')', `for the \`(\` in column ${start + 1}`);
    return { ...inner, start, end: this.stream.lastEnd };
  }

  /** Members, indices, calls and steps after an operand. */
  private postfix(operand: Expression): Expression {
    const { stream } = this;
    let object = operand;
    while (true) {
      const token = stream.peek();
      if (token.kind !== 'punctuator') return object;
      const start = object.start;
      if (token.text === '.' || token.text === '->') {
        stream.next();
        object = this.member(object, token.text === '->');
      } else if (token.text === '[') {
        stream.next();
        object = this.subscript(object);
      } else if (token.text === '(') {
        object = { kind: 'call', callee: object, arguments: this.arguments(), start, end: stream.lastEnd };
      } else if (token.text === '++' || token.text === '--') {
        stream.next();
        object = { kind: 'step', operator: token.text, prefix: false, operand: object, start, end: stream.lastEnd };
      } else return object;
    }
  }

  private member(object: Expression, arrow: boolean): Expression {
    const token = this.stream.peek();
    if (token.kind === 'name') {
      this.stream.next();
      return {
        kind: 'member',
        object,
        arrow,
        name: token.name,
        nameSpan: spanOf(token),
        start: object.start,
        end: token.end,
      };
    }
    const end = this.stream.lastEnd;
    this.stream.fail(token, `A member's name is missing after \`${arrow ? '->' : '.'}\``);
    return { kind: 'member', object, arrow, name: '', nameSpan: { start: end, end }, start: object.start, end };
  }

  private subscript(object: Expression): Expression {
    const { stream } = this;
    const from = stream.at('..') || stream.at('..=') ? undefined : this.expression(0);
    const inclusive = stream.at('..=');
    if (!inclusive && !stream.at('..')) {
      stream.expect(']', 'after the index');
      const index = from ?? { kind: 'missing', start: stream.lastEnd, end: stream.lastEnd };
      return { kind: 'index', object, index, start: object.start, end: stream.lastEnd };
    }
    stream.next();
    const to = stream.at(']') ? undefined : this.expression(SLICE_POWER);
    stream.expect(']', 'after the slice');
    const ends = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
    return { kind: 'slice', object, ...ends, inclusive, start: object.start, end: stream.lastEnd };
  }

  private arguments(): Expression[] {
    const { stream } = this;
    stream.next();
    const list: Expression[] = [];
    if (stream.accept(')')) return list;
    do list.push(this.expression(ASSIGNMENT_POWER));
    while (stream.accept(','));
    stream.expect(')', 'after the arguments');
    return list;
  }
}

/** Whether a token after `(name)` can begin an operand but continue no expression. */
function beginsOperandOnly(token: Token): boolean {
  if (token.kind === 'punctuator') return token.text === '~' || token.text === '!' || token.text === '{';
  return token.kind !== 'end' && token.kind !== 'bad';
}

const over = (first: Expression, last: Expression): Span => ({ start: first.start, end: last.end });

function unexpected(text: string, token: Token): string {
  if (token.kind === 'bad') return token.problem;
  return `An operator or the end is missing before ${describeToken(text, token)}`;
}

/** Its place alone: a token would look like a part of the tree. */
const spanOf = ({ start, end }: Span): Span => ({ start, end });

// token-stream.ts: the parser's place in the tokens, and the mistakes found so far.
//
// Only the first mistake is kept: what follows from it would mislead.

import type { ExpressionError } from './expression-errors';
import { badSyntax } from './expression-errors';
import type { Token } from './lexer';
import type { Span } from './syntax-tree';

export class TokenStream {
  private position = 0;
  private first: ExpressionError | undefined;

  constructor(
    readonly text: string,
    private readonly tokens: readonly Token[],
  ) {}

  get errors(): readonly ExpressionError[] {
    return this.first === undefined ? [] : [this.first];
  }

  /** The token `ahead` places on; the end's beyond it. */
  peek(ahead = 0): Token {
    return this.tokens[this.position + ahead] ?? { kind: 'end', start: this.text.length, end: this.text.length };
  }

  /** Where the last token read ended. */
  get lastEnd(): number {
    return this.tokens[this.position - 1]?.end ?? 0;
  }

  next(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.position++;
    return token;
  }

  at(punctuator: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'punctuator' && token.text === punctuator;
  }

  /** Reads the punctuator if it is next. */
  accept(punctuator: string): boolean {
    if (!this.at(punctuator)) return false;
    this.position++;
    return true;
  }

  /** Reads the punctuator; a mistake if something else is there. */
  expect(punctuator: string, why: string): void {
    if (!this.accept(punctuator)) this.fail(this.peek(), `\`${punctuator}\` is missing ${why}`);
  }

  mark(): number {
    return this.position;
  }

  reset(mark: number): void {
    this.position = mark;
  }

  /** Gives up on the rest. */
  skipToEnd(): void {
    this.position = this.tokens.length;
  }

  fail(span: Span, problem: string): void {
    const token = this.peek();
    const said = token.kind === 'bad' && token.start === span.start ? token.problem : problem;
    this.first ??= badSyntax(this.text, span, said);
  }
}

/** How a message calls a token. */
export function describeToken(text: string, token: Token): string {
  return token.kind === 'end' ? 'the end' : `\`${text.slice(token.start, token.end)}\``;
}

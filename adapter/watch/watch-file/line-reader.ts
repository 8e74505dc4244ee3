// line-reader.ts: one line of a `.watch` file, read from left to right.
//
// Knows blanks, words, quotes and expressions; gives what it read with its place. Never moves back.

import { closingQuote, expressionEnd } from './expression-extent';
import type { FileSpan, Spelled } from './syntax';

export class LineReader {
  private at = 0;

  /** `text`: the line without its comment. */
  constructor(
    readonly line: number,
    private readonly text: string,
  ) {}

  get atEnd(): boolean {
    this.blanks();
    return this.at >= this.text.length;
  }

  /** The place where the next thing begins; without a width where the line ends. */
  get here(): FileSpan {
    this.blanks();
    const end = /^\S*/.exec(this.text.slice(this.at))?.[0].length ?? 0;
    return this.span(this.at, this.at + end);
  }

  /** What lies ahead, blanks left out. */
  rest(): string {
    this.blanks();
    return this.text.slice(this.at);
  }

  /** Up to the next blank; undefined at the end. */
  word(): Spelled | undefined {
    return this.matching(/^\S+/);
  }

  /** What the pattern (anchored with ^) matches here; undefined where it does not. */
  matching(pattern: RegExp): Spelled | undefined {
    const found = pattern.exec(this.rest())?.[0];
    return found === undefined || found === '' ? undefined : this.take(this.at + found.length);
  }

  /** An expression, blanks behind it left out. */
  expression(): Spelled | undefined {
    if (this.atEnd) return undefined;
    const end = expressionEnd(this.text, this.at);
    return this.take(this.at + this.text.slice(this.at, end).trimEnd().length);
  }

  /** A text in quotes, without them, escapes resolved; 'unclosed' takes the rest of the line. */
  quoted(): { readonly text: Spelled; readonly closed: boolean } | undefined {
    if (!this.rest().startsWith('"')) return undefined;
    const close = closingQuote(this.text, this.at);
    const raw = this.take(close === undefined ? this.text.trimEnd().length : close + 1);
    const inner = raw.text.slice(1, close === undefined ? undefined : -1);
    return { text: { text: unescaped(inner), span: raw.span }, closed: close !== undefined };
  }

  /** A word, or several within quotes. */
  wordOrQuoted(): Spelled | undefined {
    return this.quoted()?.text ?? this.word();
  }

  /** All that is left, blanks behind it left out. */
  remainder(): Spelled | undefined {
    return this.atEnd ? undefined : this.take(this.text.trimEnd().length);
  }

  private blanks(): void {
    while (/\s/.test(this.text.charAt(this.at))) this.at++;
  }

  private take(end: number): Spelled {
    const start = this.at;
    this.at = end;
    return { text: this.text.slice(start, end), span: this.span(start, end) };
  }

  private span(start: number, end: number): FileSpan {
    return { line: this.line, start, end };
  }
}

/** `\"` is a quote; every other `\` stays, since templates have escapes of their own. */
const unescaped = (text: string): string => text.replace(/\\"/g, '"');

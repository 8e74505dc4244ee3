// command-line.ts: is a line of the debug console a command or an expression? And its parts.
//
//     watch -l cfg->flags if $new == 0          word, rest
//     x/4xw &table                              word, format, rest
//     -exec watch counter                       always a command
//
// The rule, by the text alone:
//   1. `-exec` before it: a command.
//   2. A command's word with white space and an operand after it: a command, since no expression of C has two operands
//      side by side. `*`, `&`, `-` and `+` begin an operand where nothing separates them from it: `p *q` prints what q
//      points at, `p * q` multiplies. What only an operator can continue (`count = 3`, `log->next`) is an expression.
//   3. The word alone: a command, unless a variable is called so. That needs symbols: the caller decides it.
// Evaluates nothing.

export interface CommandLine {
  /** In lower case, as it was typed: an alias perhaps. */
  readonly word: string;
  /** After the slash of `x/4xw`; undefined where there is none. */
  readonly format: string | undefined;
  /** Without white space around it. */
  readonly rest: string;
  /** `-exec` says that it is a command and nothing else. */
  readonly forced: boolean;
}

const LINE = /^\s*(?<exec>-exec\s+)?(?<word>[a-z][\w-]*)(?:\/(?<format>\d*[a-z]*))?(?:\s+(?<rest>\S.*?))?\s*$/is;

/** What can only continue an expression. `.5` and `::name` are operands. */
const OPERATOR = /^(?:[=<>/%|^?,;\])[]|!=|->|\.(?!\d)|:(?!:)|&&|[-+*&]=|(?:\+\+|--)(?:\s|$)|[-+*&]\s)/;

/** Undefined: no line that could be a command. */
export function readCommandLine(text: string): CommandLine | undefined {
  const parts = LINE.exec(text)?.groups;
  if (parts === undefined) return undefined;
  const { exec, word = '', format, rest = '' } = parts as Partial<Record<string, string>>;
  const forced = exec !== undefined;
  if (!forced && OPERATOR.test(rest)) return undefined;
  return { word: word.toLowerCase(), format, rest, forced };
}

// expression-at.ts: the expression under the cursor, in C, C++ and Rust.
//
// Pure. Takes the chain that leads to the word (`cfg->flags`, `table[2].name`, `Queue::head`), never what follows it:
// on `cfg` of `cfg->flags` the person means `cfg`. No parser: brackets are matched, calls are left out, for a call would
// run the program.

export interface TextSpan {
  readonly text: string;
  /** From 0, the end exclusive. */
  readonly start: number;
  readonly end: number;
}

const WORD = /[A-Za-z_][A-Za-z0-9_]*/g;
/** Words of the languages, which name no place. */
const KEYWORDS = new Set(
  (
    'if else for while do switch case default return break continue goto sizeof struct union enum static const volatile ' +
    'extern register void int char short long float double signed unsigned typedef inline class public private protected ' +
    'namespace template typename new delete using auto bool true false nullptr NULL fn let mut pub impl trait use mod match ' +
    'loop in as ref move crate self Self where async await unsafe dyn type include define'
  ).split(' '),
);

/** Undefined where no name is. Right behind `]` it is the element; in a comment or a text, nothing. */
export function expressionAt(line: string, column: number): TextSpan | undefined {
  if (isInTextOrComment(line, column)) return undefined;
  const word = [...line.matchAll(WORD)].find(({ index, 0: text }) => index <= column && column <= index + text.length);
  if (word === undefined) return elementEndingAt(line, column);
  if (KEYWORDS.has(word[0])) return undefined;
  const end = word.index + word[0].length;
  if (/^\s*\(/.test(line.slice(end)) || /^\s*!\s*[([]/.test(line.slice(end))) return undefined;
  const start = chainStart(line, word.index);
  return { text: line.slice(start, end).replace(/\s+/g, ''), start, end };
}

/** `table[2]`, `grid[i][j]`, `cfg->limits[0]`: what a cursor behind the bracket means. */
function elementEndingAt(line: string, end: number): TextSpan | undefined {
  if (line[end - 1] !== ']') return undefined;
  const name = indexedName(line, end);
  if (name === undefined || KEYWORDS.has(name.text)) return undefined;
  const start = chainStart(line, name.start);
  const text = line.slice(start, end).replace(/\s+/g, '');
  // A call in the index would run the program.
  return text.includes('(') ? undefined : { text, start, end };
}

/** The name before all indices that end at `end`. */
function indexedName(line: string, end: number): { readonly text: string; readonly start: number } | undefined {
  let at = end;
  while (line[at - 1] === ']') {
    const open = openingOf(line, at - 1);
    if (open === undefined) return undefined;
    at = line.slice(0, open).trimEnd().length;
  }
  const name = /[A-Za-z_][A-Za-z0-9_]*$/.exec(line.slice(0, at));
  return name === null ? undefined : { text: name[0], start: name.index };
}

/** Goes left over `a.`, `a->`, `a::` and `a[…]`. */
function chainStart(line: string, from: number): number {
  let start = from;
  for (;;) {
    const joint = /(\.|->|::)\s*$/.exec(line.slice(0, start));
    if (joint === null) return start;
    const name = indexedName(line, line.slice(0, joint.index).trimEnd().length);
    if (name === undefined) return start;
    start = name.start;
  }
}

function openingOf(line: string, closing: number): number | undefined {
  let depth = 0;
  for (let at = closing; at >= 0; at--) {
    if (line[at] === ']') depth++;
    if (line[at] === '[' && --depth === 0) return at;
  }
  return undefined;
}

function isInTextOrComment(line: string, column: number): boolean {
  let quote: string | undefined;
  for (let at = 0; at < column; at++) {
    const char = line[at];
    if (quote !== undefined) {
      if (char === '\\') at++;
      else if (char === quote) quote = undefined;
      continue;
    }
    if (line.startsWith('//', at)) return true;
    if (line.startsWith('/*', at)) {
      const end = line.indexOf('*/', at + 2);
      if (end < 0 || end + 1 >= column) return true;
      at = end + 1;
      continue;
    }
    // A lone ' is a Rust lifetime: only '…' within three characters is a text.
    if (char === '"' || (char === "'" && /^'(\\.|[^\\'])'/.test(line.slice(at)))) quote = char;
  }
  return quote !== undefined;
}

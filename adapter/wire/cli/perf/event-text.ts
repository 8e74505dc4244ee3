// event-text.ts: `mem:PLACE[/LENGTH][:ACCESS][:MODIFIERS]`, as perf writes breakpoint events.
//
// PLACE is a hexadecimal address, or what the expression evaluator understands; what it means is found out later,
// when the program is loaded. Mistakes are told with a caret under the place.
// Truth: perf-list(1), "mem:<addr>[/len][:access]"; perf-record(1), event modifiers.

import { UserError } from '../../../util/user-error';

export interface EventWish {
  /** As the person wrote it. */
  readonly text: string;
  /** Where in the text PLACE starts. */
  readonly placeAt: number;
  readonly place: string;
  /** undefined: the place's own length. */
  readonly lengthBytes: 1 | 2 | 4 | 8 | undefined;
  readonly access: 'write' | 'readWrite' | 'execute';
  /** `:u` alone or `:k` alone; both where neither is said. */
  readonly user: boolean;
  readonly kernel: boolean;
  /** `:D`: pinned: refused rather than not counted. */
  readonly pinned: boolean;
}

const PREFIX = 'mem:';
const ACCESS: Readonly<Record<string, EventWish['access']>> = {
  w: 'write',
  rw: 'readWrite',
  wr: 'readWrite',
  x: 'execute',
};
const LENGTHS = [1, 2, 4, 8] as const;

/** One or more events, separated by commas. Throws UserError. */
export function parseEvents(text: string): readonly EventWish[] {
  return splitAtCommas(text).map(parseEvent);
}

/** A comma within brackets belongs to its expression. */
function splitAtCommas(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    if ('([{'.includes(text[at])) depth += 1;
    else if (')]}'.includes(text[at])) depth -= 1;
    else if (text[at] === ',' && depth <= 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}

/** The tail is taken apart from its end, for the place itself may hold colons (`ns::x`, `file.c:x`) and slashes. */
function parseEvent(text: string): EventWish {
  if (!text.startsWith(PREFIX)) throw notAMemoryEvent(text);
  let rest = text.slice(PREFIX.length);
  const tail: { readonly word: string; readonly at: number }[] = [];
  for (let colon = tailColon(rest); colon >= 0 && tail.length < 2; colon = tailColon(rest)) {
    tail.unshift({ word: rest.slice(colon + 1), at: PREFIX.length + colon + 1 });
    rest = rest.slice(0, colon);
  }
  const access = readAccess(text, tail);
  const modifiers = readModifiers(text, tail.slice(access === undefined ? 0 : 1));
  const slash = /\/([^/()[\]]*)$/.exec(rest);
  const lengthBytes = slash === null ? undefined : readLength(text, slash[1], PREFIX.length + slash.index + 1);
  const place = slash === null ? rest : rest.slice(0, slash.index);
  if (place.trim() === '') throw badEvent(text, PREFIX.length, 'no place to watch: a symbol, an expression, or 0x…');
  const wish = { text, placeAt: PREFIX.length, place, lengthBytes, access: access ?? 'readWrite', ...modifiers };
  if (wish.access === 'execute' && lengthBytes !== undefined && lengthBytes !== 8) {
    throw badEvent(text, PREFIX.length + place.length + 1, 'an execute event has no length: leave it out');
  }
  return wish;
}

/** The last colon after which only letters follow; `::` is part of a name, and so is what follows a `.c:`. */
function tailColon(text: string): number {
  const match = /(?<!:):([a-zA-Z]*)$/.exec(text);
  if (match === null) return -1;
  const word = match[1];
  const isTail = /^[rwx]*$/.test(word) || /^[ukhGHpPDSWeI]*$/.test(word) || !/\.\w+$/.test(text.slice(0, match.index));
  return isTail ? match.index : -1;
}

function readAccess(
  text: string,
  tail: readonly { readonly word: string; readonly at: number }[],
): EventWish['access'] | undefined {
  const first = tail.at(0);
  if (first === undefined) return undefined;
  const { word, at } = first;
  const isModifiers = tail.length === 1 && word !== '' && /^[ukhGHpPDSWeI]+$/.test(word);
  if (isModifiers) return undefined;
  if (word === 'r') {
    throw badEvent(
      text,
      at,
      'x86 cannot watch reads alone: a debug register sees writes, or reads and writes. Write rw',
    );
  }
  if (!Object.hasOwn(ACCESS, word)) throw badEvent(text, at, 'the access is w, rw or x');
  return ACCESS[word];
}

function readModifiers(
  text: string,
  tail: readonly { readonly word: string; readonly at: number }[],
): Pick<EventWish, 'user' | 'kernel' | 'pinned'> {
  const word = tail.at(0)?.word ?? '';
  const odd = Array.from(word).findIndex((letter) => !'ukDp'.includes(letter));
  if (odd >= 0) {
    throw badEvent(text, (tail.at(0)?.at ?? 0) + odd, 'modifiers are u (user), k (kernel), D (pinned) and p');
  }
  const both = word.includes('u') === word.includes('k');
  return { user: both || word.includes('u'), kernel: both || word.includes('k'), pinned: word.includes('D') };
}

function readLength(text: string, word: string, at: number): 1 | 2 | 4 | 8 {
  const length = LENGTHS.find((known) => String(known) === word);
  if (length === undefined) throw badEvent(text, at, 'a debug register watches 1, 2, 4 or 8 bytes');
  return length;
}

/** The event's text with a caret. Shared with what finds mistakes in the place later. */
export function badEvent(text: string, at: number, problem: string): UserError {
  const stop = /[.?…]$/.test(problem) ? '' : '.';
  return new UserError('event-text', `Bad event: ${problem}${stop}\n  ${text}\n  ${' '.repeat(at)}^`);
}

function notAMemoryEvent(text: string): UserError {
  const what =
    text === '' ? 'An event is missing after -e' : `Bad event: Trapline watches memory, and "${text}" is no mem: event`;
  return new UserError(
    'event-text',
    `${what}. Write mem:SYMBOL, mem:EXPRESSION or mem:0xADDRESS, then /length and :access where wanted: mem:counter/4:w`,
  );
}

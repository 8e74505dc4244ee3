// bind-watch-file.ts: a parsed `.watch` file against a program's symbols: what each line watches, and what cannot be.
//
// Everything that can be said before the program runs: unknown names, places without an address, too few slots,
// conditions that cannot be evaluated, lines that say the same. Arms nothing.

import { nearestNames } from '../../symbols/expression/suggest';
import type { ProgramSymbols, Value } from '../../symbols/program-symbols';
import { UserError } from '../../util/user-error';
import { AmbiguousLocal } from '../inner-block';
import type { BoundPlace, FileProgram } from './bind-place';
import { bindPlace, spanOf } from './bind-place';
import {
  ambiguousLocal,
  conditionMistake,
  duplicateLine,
  otherNameMistake,
  placeMistake,
  slotsExceeded,
  throughNothing,
  tooWideMistake,
  unalignedNote,
  unknownNameMistake,
} from './bind-mistakes';
import { parseLogMessage } from '../log-message';
import { formMistakes } from './form-mistakes';
import { namesElsewhere } from './names-elsewhere';
import type { Mistake, Spelled, WatchFile, WatchLine } from './syntax';
import { clauseOf, settingOf, watchLines } from './syntax';

export interface BoundLine {
  readonly line: WatchLine;
  /** Undefined where the mistakes say why. */
  readonly place: BoundPlace | undefined;
  /** The program has no such name; a shared library may bring it. */
  readonly mayCome?: true;
}

export interface BoundFile {
  readonly file: WatchFile;
  readonly lines: readonly BoundLine[];
  /** Those of the form included, in the order of the lines. */
  readonly mistakes: readonly Mistake[];
  /** Debug registers that the busiest thread needs for all lines. */
  readonly slotsWanted: number;
}

/** What x86 has. */
export const DEFAULT_SLOTS = 4;

export function bindWatchFile(file: WatchFile, program: FileProgram): BoundFile {
  const own = settingOf(file, 'registers')?.text;
  const slots = own !== undefined && /^\d+$/.test(own) ? Number(own) : DEFAULT_SLOTS;
  const mistakes: Mistake[] = [...file.mistakes];
  const lines = watchLines(file).map((line) => bindLine(line, program, mistakes));
  mistakes.push(...duplicates(lines));
  const wanted = slotsOf(lines);
  const over = wanted.find(({ total }) => total > slots);
  if (over !== undefined && (over.first.address === undefined || over.first.slots <= slots))
    mistakes.push(slotsExceeded(over.line, over.total, slots));
  for (const { line, place } of lines) {
    if (place?.address === undefined) continue;
    if (place.slots > slots) mistakes.push(...tooWideMistake(line, place, slots));
    else mistakes.push(...unalignedNote(line, place));
  }
  const inOrder = mistakes.sort((a, b) => a.span.line - b.span.line || a.span.start - b.span.start);
  return { file, lines, mistakes: inOrder, slotsWanted: Math.max(0, ...wanted.map(({ total }) => total)) };
}

function bindLine(line: WatchLine, program: FileProgram, mistakes: Mistake[]): BoundLine {
  const { place: written } = line;
  const isBroken = mistakes.some(({ severity, span }) => severity === 'error' && span.line === line.keyword.span.line);
  if (written === undefined || isBroken) return { line, place: undefined };
  const bytes = clauseOf(line, 'bytes')?.value?.text;
  const through = clauseOf(line, 'through') !== undefined;
  const expression = through ? pointeeOf(written.text) : written.text;
  const bound = bindPlace(expression, bytes === undefined ? undefined : Number(bytes), program);
  if (bound.kind === 'wrong' && through && bindPlace(written.text, undefined, program).kind === 'bound') {
    mistakes.push(throughNothing(line));
    return { line, place: undefined };
  }
  if (bound.kind === 'wrong') {
    const mistake = wrongPlace(line, bound.error, program);
    mistakes.push(mistake);
    return { line, place: undefined, ...(mistake.severity === 'warning' ? { mayCome: true } : {}) };
  }
  mistakes.push(...conditionOf(line, bound.place, program), ...templateOf(line, bound.place, program));
  return { line, place: bound.place };
}

/** `through` behind a pointer: what it points to. */
export const pointeeOf = (pointer: string): string => (/^\w+$/.test(pointer) ? `*${pointer}` : `*(${pointer})`);

const NEAREST = 3;

function wrongPlace(line: WatchLine, error: UserError, program: FileProgram): Mistake {
  if (error instanceof AmbiguousLocal) return ambiguousLocal(line, error);
  const span = spanOf(error);
  if (error.code !== 'expression.unknownName' || line.place === undefined || span === undefined) {
    return placeMistake(line, error, span);
  }
  const name = line.place.text.slice(span.start, span.end);
  const elsewhere = namesElsewhere(name, program.symbols);
  if (elsewhere !== undefined) return otherNameMistake(line, span, elsewhere.message, elsewhere.names);
  const names = new Set(program.symbols.globals().map((variable) => variable.name));
  return unknownNameMistake(line, span, name, nearestNames(name, names, NEAREST), program);
}

/** Mistakes of the values, which are not there yet, are none of the condition's. */
const ONLY_AT_RUN_TIME = new Set(['expression.divisionByZero', 'expression.unreadable', 'expression.unavailable']);

function conditionOf(line: WatchLine, place: BoundPlace, program: FileProgram): readonly Mistake[] {
  const written = clauseOf(line, 'when')?.value;
  return written === undefined ? [] : valueMistakes(written, place, program, 'the condition counts as true');
}

/** The expressions in the braces of what `log` writes. */
function templateOf(line: WatchLine, place: BoundPlace, program: FileProgram): readonly Mistake[] {
  const message = clauseOf(line, 'message')?.value;
  if (message === undefined) return [];
  // Quotes within the text are written with a backslash: then where a part stands is not known.
  const isPlain = message.text.length + 2 === message.span.end - message.span.start;
  return parseLogMessage(message.text).flatMap((part) => {
    if (part.kind === 'text') return [];
    const start = message.span.start + 1 + part.start;
    const span = isPlain ? { ...message.span, start, end: start + part.text.length } : message.span;
    const written = { text: part.text, span };
    const form = formMistakes(written);
    return form.length > 0 ? form : valueMistakes(written, place, program, 'the line says so');
  });
}

/** `otherwise`: what happens where a name is not known at an access. */
function valueMistakes(
  written: Spelled,
  place: BoundPlace,
  { symbols }: FileProgram,
  otherwise: string,
): readonly Mistake[] {
  const error = valueError(written.text, place, symbols);
  return error === undefined ? [] : [conditionMistake(written, error, spanOf(error), otherwise)];
}

/** By place and text: a file is bound anew at each key that is typed. */
const errors = new WeakMap<BoundPlace, Map<string, UserError | undefined>>();

function valueError(text: string, place: BoundPlace, symbols: ProgramSymbols): UserError | undefined {
  let known = errors.get(place);
  if (known === undefined) errors.set(place, (known = new Map<string, UserError | undefined>()));
  if (!known.has(text)) known.set(text, valueErrorAnew(text, place, symbols));
  return known.get(text);
}

function valueErrorAnew(text: string, place: BoundPlace, symbols: ProgramSymbols): UserError | undefined {
  try {
    symbols.evaluate(text, {
      memory: { isImagined: true, read: (_, lengthBytes) => new Uint8Array(Math.min(lengthBytes, 1 << 16)).fill(1) },
      convenience: convenienceOf(place),
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return ONLY_AT_RUN_TIME.has(error.code) ? undefined : error;
  }
}

/** Values of the right types: what they are is not known before the program runs. */
export function convenienceOf(place: BoundPlace | undefined): ReadonlyMap<string, Value> {
  const value = (name: string, sizeBytes: number): Value => {
    const bytes = new Uint8Array(sizeBytes).fill(1);
    const type = { kind: 'base', name, sizeBytes, encoding: 'signed' } as const;
    return { type, location: { kind: 'value', bytes }, bytes };
  };
  const own = place === undefined ? value('long', 8) : ofPlace(place);
  const numbers = ['thread', 'hits'].map((name) => [name, value('long', 8)] as const);
  const texts = ['writer', 'location'].map((name) => [name, TEXT] as const);
  return new Map([['old', own], ['new', own], ...numbers, ...texts]);
}

const TEXT: Value = {
  type: {
    kind: 'array',
    name: 'char [2]',
    sizeBytes: 2,
    target: { kind: 'base', name: 'char', sizeBytes: 1, encoding: 'signedChar' },
    dimensions: [2],
  },
  location: { kind: 'value', bytes: Uint8Array.of(0x6d, 0) },
  bytes: Uint8Array.of(0x6d, 0),
};

function ofPlace({ type, lengthBytes }: BoundPlace): Value {
  const isOwnSize = type.sizeBytes === lengthBytes && lengthBytes <= 1 << 16;
  const bytes = new Uint8Array(Math.min(lengthBytes, 1 << 16)).fill(1);
  const raw = { kind: 'base', name: 'unsigned long', sizeBytes: lengthBytes, encoding: 'unsigned' } as const;
  return { type: isOwnSize ? type : raw, location: { kind: 'value', bytes }, bytes };
}

function duplicates(lines: readonly BoundLine[]): readonly Mistake[] {
  const seen = new Map<string, WatchLine>();
  return lines.flatMap(({ line, place }) => {
    if (place === undefined) return [];
    const clauses = line.clauses.map(({ kind, value }) => `${kind} ${value?.text ?? ''}`).sort();
    const { address, expression, lengthBytes, bits } = place;
    const where = [address ?? expression, lengthBytes, bits === undefined ? '' : `${bits.offset}+${bits.width}`];
    const key = [line.verb, line.access, ...where, ...clauses].join('|');
    const first = seen.get(key);
    if (first === undefined) seen.set(key, line);
    return first === undefined ? [] : [duplicateLine(line, first)];
  });
}

interface SlotUse {
  readonly line: WatchLine;
  readonly first: BoundPlace;
  /** With all before it, on the thread that has most. */
  readonly total: number;
}

/** Lines of the same place and kind of access share their slots; those of different threads do not compete. */
function slotsOf(lines: readonly BoundLine[]): readonly SlotUse[] {
  const taken = new Map<string, number>();
  const seen = new Set<string>();
  return lines.flatMap(({ line, place }) => {
    if (place === undefined) return [];
    const thread = clauseOf(line, 'in')?.value?.text ?? '';
    const kind = line.access === 'write' || line.access === 'change' ? 'write' : 'readWrite';
    const key = `${place.address ?? place.expression}|${place.lengthBytes}|${kind}|${thread}`;
    if (!seen.has(key)) taken.set(thread, (taken.get(thread) ?? 0) + place.slots);
    seen.add(key);
    const everyone = taken.get('') ?? 0;
    const named = [...taken].filter(([name]) => name !== '').map(([, count]) => count);
    return [{ line, first: place, total: everyone + Math.max(0, ...named) }];
  });
}

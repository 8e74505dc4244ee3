// bind-mistakes.ts: what may be wrong with a line of a `.watch` file, seen against the program.

import type { UserError } from '../../util/user-error';
import { ExpressionError } from '../../symbols/expression/expression-errors';
import { nearestNames } from '../../symbols/expression/suggest';
import { slotsNeeded, tooWide } from '../split';
import { partsOf } from './parts';
import type { AmbiguousLocal } from '../inner-block';
import type { BoundPlace, FileProgram } from './bind-place';
import { spanWithin, withoutPlace } from './form-mistakes';
import type { FileSpan, Fix, Mistake, Spelled, WatchLine } from './syntax';
import { clauseOf } from './syntax';

const quote = (text: string): string => `\`${text}\``;

interface TextSpan {
  readonly start: number;
  readonly end: number;
}

const placeSpan = (line: WatchLine): FileSpan => line.place?.span ?? line.keyword.span;

/** An expression that is wrong, or names nothing that can be watched. */
export function placeMistake(line: WatchLine, error: UserError, span: TextSpan | undefined): Mistake {
  const where = line.place === undefined || span === undefined ? placeSpan(line) : spanWithin(line.place, span);
  if (/is thread-local/.test(error.message)) return threadLocal(line, where);
  const written = line.place?.text.slice(span?.start, span?.end) ?? '';
  const choices = error instanceof ExpressionError ? nearestNames(written, error.choices, MOST_FIXES) : [];
  return {
    ...{ code: error.code, severity: 'error', span: where, message: placeText(error, line) },
    ...(choices.length === 0 ? {} : { fixes: writeFixes(choices, where) }),
  };
}

/** There is no frame to choose in a file. */
function placeText({ code, message }: UserError, line: WatchLine): string {
  if (code === 'expression.registerUnknownHere')
    return `${quote(line.place?.text ?? '')} is a register: debug registers watch memory only. Watch the variable that it was loaded from.`;
  const advice = 'Compile with -O0, or declare it volatile.';
  return withoutPlace(message).replace('Try another frame or line.', advice);
}

const MOST_FIXES = 3;

const writeFixes = (choices: readonly string[], span: FileSpan): readonly Fix[] =>
  choices.map((text) => ({ title: `Write "${text}"`, span, text }));

/** Blocks of the function have several of that name: a fix for each. */
export function ambiguousLocal(line: WatchLine, { code, message, choices }: AmbiguousLocal): Mistake {
  const span = placeSpan(line);
  const text = line.place?.text ?? '';
  const [written = text] = /^(?:\w+::)+\w+/.exec(text) ?? [];
  const fixes = writeFixes(choices, { ...span, end: span.start + written.length });
  return { code, severity: 'error', span, message, fixes };
}

function threadLocal(line: WatchLine, span: FileSpan): Mistake {
  return {
    code: 'watch-file.thread-local',
    severity: 'error',
    span,
    message:
      `${quote(line.place?.text ?? '')} lies where a thread-local pointer leads to: each thread's leads elsewhere. ` +
      'Watch the pointer itself, or what it leads to from a debug session, stopped in that thread.',
  };
}

/** A name that the program does not have; in a program with shared libraries one of them may. */
export function unknownNameMistake(
  line: WatchLine,
  span: TextSpan,
  name: string,
  nearest: readonly string[],
  program: FileProgram,
): Mistake {
  const where = line.place === undefined ? placeSpan(line) : spanWithin(line.place, span);
  const mayCome = program.hasLibraries || (program.isDynamic && nearest.length === 0);
  const meant = nearest.length > 0 ? `Did you mean ${nearest.map(quote).join(', ')}? ` : '';
  const advice = mayCome
    ? `${meant}If a shared library defines it, it is found when that is loaded. A local is written \`function::name\`.`
    : meant === ''
      ? 'A static of another file is written `file.c:name`, a local `function::name`.'
      : meant.trimEnd();
  const noDebug = program.symbols.hasDebugInfo ? '' : ' It has no debug information: compile it with -g.';
  const fixes = writeFixes(nearest, where);
  return {
    code: 'watch-file.no-such-symbol',
    severity: mayCome ? 'warning' : 'error',
    span: where,
    message: `${program.name} has no variable ${quote(name)}.${noDebug} ${advice}`,
    ...(fixes.length === 0 ? {} : { fixes }),
  };
}

/** A name that says where to look: what is there instead. */
export function otherNameMistake(line: WatchLine, span: TextSpan, message: string, names: readonly string[]): Mistake {
  const where = line.place === undefined ? placeSpan(line) : spanWithin(line.place, span);
  const fixes = names.length === 0 ? {} : { fixes: writeFixes(names, where) };
  return { code: 'watch-file.no-such-symbol', severity: 'error', span: where, message, ...fixes };
}

/** A condition looks at the frame that accesses: what is no global may be a local there. */
export function conditionMistake(
  written: Spelled,
  error: UserError,
  span: TextSpan | undefined,
  otherwise: string,
): Mistake {
  const where = span === undefined ? written.span : spanWithin(written, span);
  if (error.code !== 'expression.unknownName' || span === undefined) {
    return { code: error.code, severity: 'error', span: where, message: withoutPlace(error.message) };
  }
  const name = written.text.slice(span.start, span.end);
  return {
    code: 'watch-file.condition-local',
    severity: 'warning',
    span: where,
    message:
      `No global ${quote(name)} is known. It is looked up in the function that makes the access; where that has none, ` +
      `${otherwise} and the mistake is told.`,
  };
}

export function duplicateLine(line: WatchLine, first: WatchLine): Mistake {
  const span = { ...line.keyword.span, end: placeSpan(line).end };
  return {
    code: 'watch-file.duplicate',
    severity: 'warning',
    span,
    message: `Line ${first.keyword.span.line + 1} says the same: take one away.`,
  };
}

const NUMBERS = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine', 'Ten'];
const capital = (count: number): string => NUMBERS[count] ?? String(count);

export function slotsExceeded(line: WatchLine, wanted: number, slots: number): Mistake {
  const has = slots === 4 ? 'x86 has four' : `there are ${slots}`;
  return {
    code: 'watch-file.too-many-slots',
    severity: 'warning',
    span: placeSpan(line),
    message:
      `${capital(wanted)} slots are wanted up to this line, and ${has}. \`trapline check\` emulates the rest, which real ` +
      `hardware cannot; a session refuses it unless it has \`registers ${wanted}\`. Narrow a range or give each its thread.`,
  };
}

/** A part of it that fits, with a fix. */
export function tooWideMistake(line: WatchLine, place: BoundPlace, slots: number): readonly Mistake[] {
  const narrower = narrowerOf(place, slots);
  const range = { address: place.address ?? 0n, lengthBytes: place.lengthBytes };
  const error = tooWide(place.expression, range, slots, narrower);
  const span = placeSpan(line);
  const fixes: Fix[] = [];
  if (narrower !== undefined) fixes.push({ title: `Narrow to "${narrower}"`, span, text: narrower });
  const fitting = fittingBytes(range, slots);
  if (fitting > 0 && clauseOf(line, 'bytes') === undefined) {
    const text = `${place.expression} bytes ${fitting}`;
    fixes.push({ title: `Watch the first ${fitting} bytes`, span, text });
  }
  const whole = slotsNeeded(range.address, range.lengthBytes);
  return [
    { code: 'watch-file.too-wide', severity: 'error', span, message: `${error.message} (${whole} slots)`, fixes },
  ];
}

function fittingBytes(range: { readonly address: bigint; readonly lengthBytes: number }, slots: number): number {
  for (let bytes = Math.min(range.lengthBytes, slots * 8); bytes > 0; bytes--) {
    if (slotsNeeded(range.address, bytes) <= slots) return bytes;
  }
  return 0;
}

/** Something within it that fits: its first element or member, or what is first in that. */
export function narrowerOf(place: Pick<BoundPlace, 'type' | 'expression'>, slots: number): string | undefined {
  const part = partsOf(place).at(0);
  if (part === undefined) return undefined;
  const isWide = slotsNeeded(0n, part.type.sizeBytes) > slots;
  return isWide ? (narrowerOf(part, slots) ?? part.expression) : part.expression;
}

/** An unaligned place costs more than it looks. */
export function unalignedNote(line: WatchLine, place: BoundPlace): readonly Mistake[] {
  const { address, lengthBytes, slots } = place;
  const aligned = slotsNeeded(0n, lengthBytes);
  if (address === undefined || slots <= aligned) return [];
  return [
    {
      code: 'watch-file.unaligned',
      severity: 'note',
      span: placeSpan(line),
      message:
        `${quote(place.expression)} lies at an unaligned address: it takes ${slots} slots, where an aligned one would ` +
        `take ${aligned}. Align it in the program, or watch a part of it.`,
    },
  ];
}

export function throughNothing(line: WatchLine): Mistake {
  return {
    code: 'watch-file.through-no-pointer',
    severity: 'error',
    span: clauseOf(line, 'through')?.keyword.span ?? placeSpan(line),
    message: `${quote(line.place?.text ?? '')} points to nothing that can be watched: take \`through\` away, or cast it.`,
  };
}

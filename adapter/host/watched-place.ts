// watched-place.ts: from what an event's text names to an address and a length in the loaded program.
//
// A hexadecimal address stands for itself; a plain name is looked up among variables and functions, with or without
// debug information; anything else is an expression. Throws UserError with a caret under the place.
// Truth: perf-list(1), "mem:<addr>[/len][:access]" (lengths left out); shared reference "hw-breakpoint-spec", B.4.

import type { MemoryReader, Value } from '../symbols/program-symbols';
import { nearestNames } from '../symbols/expression/suggest';
import { watchableRange } from '../symbols/expression/watchable';
import type { Program } from '../symbols/program/program';
import { hex } from '../util/hex';
import { UserError } from '../util/user-error';
import { badEvent, type EventWish } from '../wire/cli/perf/event-text';

export interface WatchedPlace {
  readonly address: bigint;
  readonly lengthBytes: 1 | 2 | 4 | 8;
}

const HEX = /^0[xX][0-9a-fA-F]{1,16}$/;
const NAME = /^[A-Za-z_$][\w$]*$/;
const DEFAULT_LENGTH = 4;
/** What Linux wants for execution: sizeof(long). */
const EXECUTE_LENGTH = 8;
const SUGGESTIONS = 3;

/** Throws UserError. */
export function watchedPlace(wish: EventWish, program: Program, memory: MemoryReader): WatchedPlace {
  const place = wish.place.trim();
  if (HEX.test(place)) return atAddress(wish, BigInt(place));
  if (wish.access === 'execute')
    return { address: codeAddress(wish, place, program, memory), lengthBytes: EXECUTE_LENGTH };
  const { address, lengthBytes } = dataRange(wish, place, program, memory);
  return checked(wish, address, wish.lengthBytes ?? ownLength(wish, lengthBytes));
}

function atAddress(wish: EventWish, address: bigint): WatchedPlace {
  if (wish.access === 'execute') return { address, lengthBytes: EXECUTE_LENGTH };
  return checked(wish, address, wish.lengthBytes ?? DEFAULT_LENGTH);
}

/** The whole of a variable whose size is not known counts as one int, as for an address. */
function dataRange(
  wish: EventWish,
  place: string,
  program: Program,
  memory: MemoryReader,
): { readonly address: bigint; readonly lengthBytes: number } {
  const variable = NAME.test(place) ? program.globalsNamed(place).at(0) : undefined;
  if (variable !== undefined) {
    const { location } = program.valueOf(variable, { memory });
    if (location.kind === 'memory') return { address: location.address, lengthBytes: variable.type.sizeBytes };
  }
  if (NAME.test(place) && variable === undefined && program.functionsNamed(place).length > 0) {
    throw badEvent(wish.text, wish.placeAt, `${place} is a function: watch its execution with mem:${place}:x`);
  }
  return watchableRange(evaluate(wish, place, program, memory), place);
}

function codeAddress(wish: EventWish, place: string, program: Program, memory: MemoryReader): bigint {
  const found = program.functionsNamed(place).at(0);
  if (found !== undefined) return found.low;
  const value = evaluate(wish, place, program, memory);
  if (value.location.kind === 'memory' && value.type.kind === 'function') return value.location.address;
  throw badEvent(
    wish.text,
    wish.placeAt,
    `${place} is no function, and an execute event needs one (or an address 0x…)`,
  );
}

function evaluate(wish: EventWish, place: string, program: Program, memory: MemoryReader): Value {
  try {
    return program.evaluate(place, { memory });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw NAME.test(place)
      ? unknownSymbol(wish, place, program)
      : badEvent(wish.text, wish.placeAt, withoutStop(error.message));
  }
}

const withoutStop = (sentence: string): string => sentence.replace(/\.$/, '');

/** With the names that were probably meant. */
function unknownSymbol(wish: EventWish, name: string, program: Program): UserError {
  const names = new Set<string>();
  for (const module of program.modules) {
    if (!module.isMain) continue;
    for (const known of module.symbols.dataNames) names.add(known);
    for (const kind of ['variable', 'function'] as const) {
      for (const die of module.index.all(kind)) if (die.name !== undefined) names.add(die.name);
    }
  }
  const near = nearestNames(name, names, SUGGESTIONS);
  const advice = near.length > 0 ? `did you mean ${near.join(', ')}?` : namesTold(names);
  const noDebug = program.hasDebugInfo ? '' : ' (it has no debug information: compile with -g)';
  return badEvent(wish.text, wish.placeAt, `the program has no variable ${name}${noDebug}; ${advice}`);
}

function namesTold(names: ReadonlySet<string>): string {
  const own = [...names].filter((name) => !name.startsWith('_')).slice(0, 8);
  return own.length === 0
    ? 'write an address, mem:0x…'
    : `it has ${own.join(', ')}${own.length < names.size ? ', …' : ''}`;
}

function ownLength(wish: EventWish, lengthBytes: number): 1 | 2 | 4 | 8 {
  if (lengthBytes === 0) return DEFAULT_LENGTH;
  const fitting = ([1, 2, 4, 8] as const).find((length) => length === lengthBytes);
  if (fitting !== undefined) return fitting;
  throw badEvent(
    wish.text,
    wish.placeAt,
    `${wish.place} is ${lengthBytes} bytes, and one debug register watches 1, 2, 4 or 8: ` +
      `say which part (an element, a member), or mem:${wish.place}/8 for the first eight`,
  );
}

function checked(wish: EventWish, address: bigint, lengthBytes: 1 | 2 | 4 | 8): WatchedPlace {
  const beyond = address % BigInt(lengthBytes);
  if (beyond === 0n) return { address, lengthBytes };
  const widest = ([8, 4, 2, 1] as const).find((length) => address % BigInt(length) === 0n) ?? 1;
  throw badEvent(
    wish.text,
    wish.placeAt,
    `${hex(address)} is no multiple of ${lengthBytes}, as a debug register wants it: take /${widest}`,
  );
}

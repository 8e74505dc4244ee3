// bind-place.ts: what the place of a line is in the program's symbols, before anything runs.
//
// Evaluates the expression over two memories that hold different bytes: where the address stays the same no pointer was
// followed, and it is a link-time address. Where it moves, the place is only known when the program has
// set the pointer. Reads no target.

import { ExpressionError } from '../../symbols/expression/expression-errors';
import { watchableRange } from '../../symbols/expression/watchable';
import type { MemoryReader, ProgramSymbols, SourceLocation, TypeInfo, Value } from '../../symbols/program-symbols';
import { matchGroups } from '../../util/match-groups';
import { UserError } from '../../util/user-error';
import { frameAt } from '../frame-at';
import { whereLocalIsKnown } from '../inner-block';
import { slotsNeeded } from '../split';

/** A program's symbols without the program. */
export interface FileProgram {
  readonly symbols: ProgramSymbols;
  /** As the person named it, for messages. */
  readonly name: string;
  /** The addresses are moved when it is loaded (position-independent). */
  readonly isMoved: boolean;
  /** Shared libraries may define more names. */
  readonly isDynamic: boolean;
}

export interface BoundPlace {
  readonly expression: string;
  readonly type: TypeInfo;
  /** As `bytes N` says, else the type's; of a bit-field the bytes that hold it. */
  readonly lengthBytes: number;
  /** Link-time; undefined where it hangs on a pointer or a frame. */
  readonly address: bigint | undefined;
  /** The function whose local it is: watched from each of its calls on. */
  readonly functionName?: string;
  readonly bits?: { readonly offset: number; readonly width: number };
  /** Where the address is not known: as if it were aligned, and with those of the pointers on the way. */
  readonly slots: number;
  /** Of these: for the pointers on the way, which are watched so that the place can follow them. */
  readonly pointerSlots: number;
}

export type PlaceBinding =
  { readonly kind: 'bound'; readonly place: BoundPlace } | { readonly kind: 'wrong'; readonly error: UserError };

/** Nobody watches more; it keeps arrays of megabytes from being made. */
const MOST_BYTES = 1 << 16;
const DEFAULT_BYTES = 4;

interface Read {
  readonly address: bigint;
  readonly lengthBytes: number;
}

const zeros: MemoryReader = { read: (_, lengthBytes) => new Uint8Array(Math.min(lengthBytes, MOST_BYTES)) };

/** Every read gives other bytes: no two pointers lead to the same place. */
const recording = (reads: Read[]): MemoryReader => ({
  read: (address, lengthBytes) => {
    reads.push({ address, lengthBytes });
    return new Uint8Array(Math.min(lengthBytes, MOST_BYTES)).fill(reads.length);
  },
});

/** `bytes`: what the line says; an address alone is a place, too. */
export function bindPlace(expression: string, bytes: number | undefined, { symbols }: FileProgram): PlaceBinding {
  try {
    const number = /^0[xX][0-9a-fA-F]{1,16}$/.test(expression) ? BigInt(expression) : undefined;
    if (number !== undefined) return { kind: 'bound', place: addressPlace(expression, number, bytes ?? DEFAULT_BYTES) };
    const local = localOf(expression, symbols);
    if (local !== undefined) return { kind: 'bound', place: placeOf(expression, bytes, local.value, undefined, local) };
    const value = symbols.evaluate(expression, { memory: zeros });
    const reads: Read[] = [];
    const again = symbols.evaluate(expression, { memory: recording(reads) });
    return { kind: 'bound', place: placeOf(expression, bytes, value, { value: again, reads }) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { kind: 'wrong', error };
  }
}

function addressPlace(expression: string, address: bigint, lengthBytes: number): BoundPlace {
  const type: TypeInfo = { kind: 'unknown', name: `${lengthBytes} bytes`, sizeBytes: lengthBytes };
  return { expression, type, lengthBytes, address, slots: slotsNeeded(address, lengthBytes), pointerSlots: 0 };
}

/** Throws UserError where nothing lies there: a register, a computed value. */
function placeOf(
  expression: string,
  bytes: number | undefined,
  value: Value,
  again: { readonly value: Value; readonly reads: readonly Read[] } | undefined,
  local?: { readonly functionName: string },
): BoundPlace {
  const range = local === undefined ? watchableRange(value, expression) : localRange(value);
  const lengthBytes = bytes ?? range.lengthBytes;
  const second = again === undefined ? undefined : watchableRange(again.value, expression).address;
  const address = second === range.address ? range.address : undefined;
  const pointerSlots = address === undefined && second !== undefined ? slotsOnTheWay(again?.reads ?? [], second) : 0;
  return {
    expression,
    type: value.type,
    lengthBytes,
    address,
    ...(range.bits === undefined || bytes !== undefined ? {} : { bits: range.bits }),
    ...(local === undefined ? {} : { functionName: local.functionName }),
    slots: slotsNeeded(address ?? 0n, lengthBytes) + pointerSlots,
    pointerSlots,
  };
}

/** What was read before the place itself. */
function slotsOnTheWay(reads: readonly Read[], place: bigint): number {
  const way = new Map(reads.filter(({ address }) => address !== place).map((read) => [read.address, read.lengthBytes]));
  return [...way.values()].reduce((sum, lengthBytes) => sum + slotsNeeded(0n, lengthBytes), 0);
}

/** A local that may be in a register is told when its function runs. */
function localRange(value: Value): { address: bigint; lengthBytes: number; bits?: undefined } {
  return { address: 0n, lengthBytes: value.type.sizeBytes };
}

const MEMBERS = /^((?:\w+::)*\w+)::(\w+)((?:\.|->|\[)[\s\S]*)?$/;

interface LocalOfFunction {
  readonly functionName: string;
  readonly value: Value;
  readonly declaration?: SourceLocation;
}

/** `function::local`, `function::local.member`: as seen from where the function has it. */
export function localOf(expression: string, symbols: ProgramSymbols): LocalOfFunction | undefined {
  const [, functionName, name, rest = ''] = matchGroups(MEMBERS.exec(expression));
  const found = functionName === undefined ? undefined : symbols.functionsNamed(functionName).at(0);
  if (found?.hasDebugInfo !== true || functionName === undefined || name === undefined) return undefined;
  if (symbols.globalsNamed(`${functionName}::${name}`).length > 0) return undefined;
  const pc = whereLocalIsKnown(found, name, symbols);
  if (pc === undefined) return undefined;
  const frame = frameAt(pc);
  const value = symbols.evaluate(`${name}${rest}`, { memory: zeros, frame });
  const declaration = symbols.localsAt(frame).find((local) => local.name === name)?.declaration;
  return { functionName, value, ...(declaration === undefined ? {} : { declaration }) };
}

/** Where in the expression's text, if the error knows. */
export function spanOf(error: UserError): { readonly start: number; readonly end: number } | undefined {
  return error instanceof ExpressionError ? error.span : undefined;
}

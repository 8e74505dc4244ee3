// bind-place.ts: what the place of a line is in the program's symbols, before anything runs.
//
// Evaluates the expression over two memories that hold different bytes: where the address stays the same no pointer was
// followed, and it is a link-time address. Where it moves, the place is only known when the program has
// set the pointer. Reads no target.

import { ExpressionError } from '../../symbols/expression/expression-errors';
import { watchableRange } from '../../symbols/expression/watchable';
import type {
  FunctionInfo,
  MemoryReader,
  ProgramSymbols,
  SourceLocation,
  TypeInfo,
  Value,
} from '../../symbols/program-symbols';
import { matchGroups } from '../../util/match-groups';
import { UserError } from '../../util/user-error';
import { frameAt } from '../frame-at';
import { findLocal, readLocalChoice } from '../inner-block';
import type { KnownLocal } from '../inner-block';
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
  /** Libraries other than the language's own: it begins with them, or may load some later. */
  readonly hasLibraries: boolean;
}

export interface BoundPlace {
  readonly expression: string;
  readonly type: TypeInfo;
  /** As `bytes N` says, else the type's; of a bit-field the bytes that hold it. */
  readonly lengthBytes: number;
  /** Link-time; undefined where it hangs on a pointer, a frame or a thread. */
  readonly address: bigint | undefined;
  /** Each thread has its own, and is watched on it. */
  readonly isThreadLocal?: true;
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

const zeros: MemoryReader = {
  isImagined: true,
  read: (_, lengthBytes) => new Uint8Array(Math.min(lengthBytes, MOST_BYTES)),
};

/** Every read gives other bytes: no two pointers lead to the same place. */
const recording = (reads: Read[]): MemoryReader => ({
  isImagined: true,
  aside: zeros,
  read: (address, lengthBytes) => {
    reads.push({ address, lengthBytes });
    return new Uint8Array(Math.min(lengthBytes, MOST_BYTES)).fill(reads.length);
  },
});

/** A file is bound anew at each key that is typed; its places mostly are as before. */
const known = new WeakMap<ProgramSymbols, Map<string, PlaceBinding>>();
const MOST_KNOWN = 20_000;

/** `bytes`: what the line says; an address alone is a place, too. */
export function bindPlace(expression: string, bytes: number | undefined, { symbols }: FileProgram): PlaceBinding {
  let bindings = known.get(symbols);
  if (bindings === undefined || bindings.size > MOST_KNOWN)
    known.set(symbols, (bindings = new Map<string, PlaceBinding>()));
  const key = `${bytes ?? ''} ${expression}`;
  let binding = bindings.get(key);
  if (binding === undefined) bindings.set(key, (binding = bindAnew(expression, bytes, symbols)));
  return binding;
}

function bindAnew(expression: string, bytes: number | undefined, symbols: ProgramSymbols): PlaceBinding {
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
    const place = threadLocalPlace(expression, bytes, symbols);
    return place === undefined ? { kind: 'wrong', error } : { kind: 'bound', place };
  }
}

function addressPlace(expression: string, address: bigint, lengthBytes: number): BoundPlace {
  const type: TypeInfo = { kind: 'unknown', name: `${lengthBytes} bytes`, sizeBytes: lengthBytes };
  return { expression, type, lengthBytes, address, slots: slotsNeeded(address, lengthBytes), pointerSlots: 0 };
}

/** Thread pointers are aligned so far and more. */
const SOME_THREAD = 0x10_0000n;
const OTHER_THREAD = 0x20_0000n;

/** Undefined where it is none, or lies where a thread's pointer leads to. */
function threadLocalPlace(
  expression: string,
  bytes: number | undefined,
  symbols: ProgramSymbols,
): BoundPlace | undefined {
  try {
    const { location, type } = symbols.evaluate(expression, { memory: zeros, fsBase: SOME_THREAD });
    const other = symbols.evaluate(expression, { memory: recording([]), fsBase: OTHER_THREAD }).location;
    if (location.kind !== 'memory' || other.kind !== 'memory') return undefined;
    if (location.address - SOME_THREAD !== other.address - OTHER_THREAD) return undefined;
    const lengthBytes = bytes ?? type.sizeBytes;
    const slots = slotsNeeded(location.address, lengthBytes);
    return { expression, type, lengthBytes, address: undefined, isThreadLocal: true, slots, pointerSlots: 0 };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return undefined;
  }
}

/** Throws UserError where nothing lies there: a register, a computed value. */
function placeOf(
  expression: string,
  bytes: number | undefined,
  value: Value,
  again: { readonly value: Value; readonly reads: readonly Read[] } | undefined,
  local?: { readonly functionName: string },
): BoundPlace {
  // Where a local lies is known at its call; that it lies nowhere, before.
  const range = local === undefined || isNowhere(value) ? watchableRange(value, expression) : localRange(value);
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

const isNowhere = ({ location }: Value): boolean => location.kind !== 'memory';

function localRange(value: Value): { address: bigint; lengthBytes: number; bits?: undefined } {
  return { address: 0n, lengthBytes: value.type.sizeBytes };
}

const MEMBERS = /^((?:\w+::)*\w+)::(\w+)((?:\.|->|\[)[\s\S]*)?$/;

interface LocalOfFunction {
  readonly functionName: string;
  readonly value: Value;
  readonly declaration?: SourceLocation;
}

/** `function::local`, `function::L20::local.member` (by the line of its declaration): as seen from where the function has it. */
export function localOf(expression: string, symbols: ProgramSymbols): LocalOfFunction | undefined {
  const [, path, name, rest = ''] = matchGroups(MEMBERS.exec(expression));
  if (path === undefined || name === undefined || symbols.globalsNamed(`${path}::${name}`).length > 0) return undefined;
  const choice = readLocalChoice(path);
  const { functionName, line } = choice;
  // Overloads: the first that has one.
  const functions = symbols.functionsNamed(functionName).filter(({ hasDebugInfo }) => hasDebugInfo);
  for (const code of functions) {
    const found = findLocal(code, name, choice, symbols);
    if (found === undefined) continue;
    const value = valueOfLocal(`${name}${rest}`, found, code, symbols);
    const { declaration } = found.local;
    return { functionName, value, ...(declaration === undefined ? {} : { declaration }) };
  }
  if (functions.length > 0 && line !== undefined) throw notThere(functionName, name, line);
  return undefined;
}

/** As where its name is known; of what lies in memory somewhere in the function, as there. */
function valueOfLocal(
  expression: string,
  { pc, local }: KnownLocal,
  code: FunctionInfo,
  symbols: ProgramSymbols,
): Value {
  const at = (place: bigint): Value => symbols.evaluate(expression, { memory: zeros, frame: frameAt(place) });
  const value = attempted(() => at(pc));
  if (value?.location.kind === 'memory') return value;
  for (const place of linesOf(code, symbols)) {
    if (!symbols.localsAt(frameAt(place)).includes(local)) continue;
    const there = attempted(() => at(place));
    if (there?.location.kind === 'memory') return there;
  }
  return at(pc);
}

/** The first instruction of each line. */
function* linesOf({ low, high }: FunctionInfo, symbols: ProgramSymbols): Generator<bigint> {
  for (let pc = low; pc < high;) {
    yield pc;
    const next = symbols.lineRange(pc)?.end ?? high;
    pc = next > pc ? next : high;
  }
}

function attempted<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return undefined;
  }
}

const notThere = (functionName: string, name: string, line: number): UserError =>
  new UserError(
    'watch.noLocalInLine',
    `${functionName} declares no \`${name}\` in line ${line}. Write \`${functionName}::${name}\` to see which there are.`,
  );

/** Where in the expression's text, if the error knows. */
export function spanOf(error: UserError): { readonly start: number; readonly end: number } | undefined {
  return error instanceof ExpressionError ? error.span : undefined;
}

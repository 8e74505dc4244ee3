// call-place.ts: where a function's local lies in one call of it that is under way.
//
// A call is a frame of a thread; one that was inlined shares the frame with others. Arms nothing.

import type { Frame, FrameRegisters, FunctionInfo, MemoryReader, ProgramSymbols } from '../symbols/program-symbols';
import type { ThreadId } from '../target/target';
import { UserError } from '../util/user-error';
import { frameAt } from './frame-at';
import { findLocal } from './inner-block';
import { framesOf, lifeOf, placeOfValue } from './watch-target';
import type { Resolution, WatchTarget } from './watch-target';
import type { FrameLife, WatchWorld } from './watch-world';

export type CallTarget = WatchTarget & { readonly kind: 'eachCall' };

/** A function that has the local, and an instruction from which its name is known; without one, why there is none. */
export interface CallCode {
  readonly code: FunctionInfo;
  readonly knownAt: bigint | { readonly why: string };
}

/** One call on a thread's stack. */
export interface Call {
  readonly of: CallCode;
  readonly life: FrameLife;
}

export interface CallFrame extends Call {
  readonly frame: Frame;
}

/** Frames looked at where a call has just begun: it, what it is inlined into, and its caller. */
const CALL_DEPTH = 32;

/** Functions of that name, those that have no such local left out: files may have functions of one name. */
export function codeOf({ functionName, local, line }: CallTarget, symbols: ProgramSymbols): readonly CallCode[] {
  const name = /^\w+/.exec(local)?.[0] ?? '';
  const all = symbols.functionsNamed(functionName).map((code): CallCode => {
    try {
      const found = findLocal(code, name, { functionName, ...(line === undefined ? {} : { line }) }, symbols);
      return { code, knownAt: found?.pc ?? { why: `${functionName} has no variable \`${name}\`.` } };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { code, knownAt: { why: error.message } };
    }
  });
  const having = all.filter(({ knownAt }) => typeof knownAt === 'bigint');
  return having.length > 0 ? having : all;
}

/** Where a call of it begins. The pieces of a copy that was inlined are reached in any order. */
export function beginningsOf({ code }: CallCode): readonly bigint[] {
  return code.pieces === undefined ? [code.afterPrologue] : [code.low, ...code.pieces.map(({ low }) => low)];
}

/** The thread stands where the call of one of these functions begins. */
export function callAt(
  functions: readonly CallCode[],
  thread: ThreadId,
  world: WatchWorld,
): { readonly call: CallFrame | undefined; readonly frames: readonly Frame[] } {
  const frames = framesOf(world, thread, CALL_DEPTH);
  const own = frames.filter(({ cfa }) => cfa === frames[0]?.cfa);
  for (const at of own.keys()) {
    const call = callOf(functions, frames, at, thread);
    if (call !== undefined) return { call, frames: own };
  }
  return { call: undefined, frames: own };
}

/** The calls of these functions that are under way on the thread, the first one first. */
export function callsOn(functions: readonly CallCode[], thread: ThreadId, world: WatchWorld): readonly CallFrame[] {
  const frames = framesOf(world, thread);
  const calls = frames.flatMap((_, at) => callOf(functions, frames, at, thread) ?? []);
  // One that has not made its frame yet begins soon.
  return calls.filter((call) => call.frame !== frames[0] || hasBegun(call)).reverse();
}

/** What is looked at where the local's place is looked up. */
export interface CallState {
  readonly registers: FrameRegisters;
  readonly memory: MemoryReader;
  readonly fsBase: bigint | undefined;
}

/** Where the local lies in that call. */
export function placeInCall(
  { expression, local, lengthBytes }: CallTarget,
  { of, life }: Call,
  { registers, memory, fsBase }: CallState,
  symbols: ProgramSymbols,
): Resolution {
  if (typeof of.knownAt === 'object') return { kind: 'gone', why: of.knownAt.why };
  try {
    const known = frameAt(of.knownAt, { cfa: life.cfa, registers }, of.code);
    const value = symbols.evaluate(local, { memory, frame: known, ...(fsBase === undefined ? {} : { fsBase }) });
    if (value.location.kind !== 'memory')
      return { kind: 'gone', why: `\`${expression}\` has no address in this call.` };
    const { address } = value.location;
    const isPart = lengthBytes !== 0 && lengthBytes !== value.type.sizeBytes;
    const place = isPart
      ? { label: expression, address, lengthBytes, type: undefined }
      : placeOfValue(expression, value, address);
    return { kind: 'found', place: { ...place, frame: life } };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { kind: 'gone', why: error.message };
  }
}

/** The same of one that is under way. */
export function placeOnStack(target: CallTarget, call: CallFrame, world: WatchWorld): Resolution {
  const { fsBase } = world.target.registers(call.life.thread);
  const state = { registers: call.frame.registers, memory: world.memory, fsBase };
  return placeInCall(target, call, state, world.symbols);
}

export function isSameCall(one: FrameLife, other: FrameLife): boolean {
  return one.returnAddress === other.returnAddress && one.inlinedAt === other.inlinedAt && hasSameFrame(one, other);
}

export const hasSameFrame = (one: FrameLife, other: FrameLife): boolean =>
  one.thread === other.thread && one.cfa === other.cfa;

function callOf(
  functions: readonly CallCode[],
  frames: readonly Frame[],
  at: number,
  thread: ThreadId,
): CallFrame | undefined {
  const frame = frames[at];
  const own = frame.function;
  const of = functions.find(({ code }) => code.low === own?.low && code.name === own.name);
  if (of === undefined) return undefined;
  const life = lifeOf(frames, at, thread);
  if (!frame.inlined) return { frame, of, life };
  const end = endOfCopy(of.code, frames.slice(at).find((each) => !each.inlined)?.function);
  const inlined = { inlinedAt: of.code.low, ...(end === undefined ? {} : { inlinedEnd: end }) };
  return { frame, of, life: { ...life, functionName: of.code.name, ...inlined } };
}

/** Behind its last piece that is among the code of the function around it; seldom-run pieces lie elsewhere. */
function endOfCopy({ pieces = [] }: FunctionInfo, around: FunctionInfo | undefined): bigint | undefined {
  const ends = pieces.map(({ high }) => high).filter((high) => around !== undefined && high < around.high);
  return ends.length === 0 ? undefined : ends.reduce((last, end) => (end > last ? end : last));
}

function hasBegun({ frame: { pc, inlined }, of: { code } }: CallFrame): boolean {
  return inlined || pc >= code.afterPrologue || pc < code.low || pc >= code.high;
}

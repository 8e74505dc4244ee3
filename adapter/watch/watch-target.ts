// watch-target.ts: what a person wants to watch, and where that is now.
//
// A target is plain data that fits into a `dataId`; a place is a target resolved against the program as it stands:
// an address range, a type to show its bytes with, and how long it stays what it is. Arms nothing.

import type { Frame, TypeInfo, Value } from '../symbols/program-symbols';
import type { ThreadId } from '../target/target';
import { UserError } from '../util/user-error';
import { hex } from '../util/hex';
import { addressOf } from './anchor';
import { allRegisters } from './all-registers';
import type { Anchor } from './anchor';
import { stackEndOf } from './stack-end';
import { eachThreadsValue } from './thread-local';
import { isEachThreads, threadPointerOf } from './thread-pointer';
import { placeName } from './place-name';
import { lookThrough, type MemoryRange } from './watch-through';
import type { FrameLife, WatchPlace, WatchWorld } from './watch-world';

export type WatchTarget =
  /** Found by its expression alone, in every session. */
  | { readonly kind: 'global'; readonly expression: string; readonly lengthBytes: number; readonly typeName: string }
  /** Lives in one frame of one thread. */
  | {
      readonly kind: 'local';
      readonly expression: string;
      /** Undefined: the expression finds it in the frame. */
      readonly address?: bigint;
      readonly lengthBytes: number;
      readonly typeName: string;
      readonly thread: ThreadId;
      readonly cfa: bigint;
      readonly functionName: string;
    }
  /** A thread-local variable. */
  | {
      readonly kind: 'threadLocal';
      readonly expression: string;
      readonly lengthBytes: number;
      readonly typeName: string;
      /** That thread's own, which ends with it; undefined: each thread's own. */
      readonly thread?: ThreadId;
    }
  /** What the expression's pointers lead to, wherever that is. */
  | {
      readonly kind: 'through';
      readonly expression: string;
      readonly lengthBytes: number;
      readonly typeName: string;
      /** Where it names locals: the call whose they are. */
      readonly call?: CallIdentity;
    }
  /** Not known yet: a library that is loaded later may bring it. What it is shows then. */
  | {
      readonly kind: 'awaited';
      readonly expression: string;
      /** 0: as many as it has. */
      readonly lengthBytes: number;
      readonly typeName: '';
    }
  /** A local of each call of the function (each-call.ts). */
  | {
      readonly kind: 'eachCall';
      /** `fill::i` */
      readonly expression: string;
      readonly functionName: string;
      /** Of its declaration, where blocks have several of that name. */
      readonly line?: number;
      /** `i`, `i.member` */
      readonly local: string;
      /** 0: as many as it has. */
      readonly lengthBytes: number;
      readonly typeName: '';
    }
  /** Memory by number: the heap, or what the person typed. `expression` and `typeName` say what is there now. */
  | {
      readonly kind: 'address';
      readonly address: bigint;
      readonly lengthBytes: number;
      readonly expression?: string;
      readonly typeName?: string;
      /** The variable that it lies in. */
      readonly anchor?: Anchor;
      /** It was offered in an earlier session. */
      readonly isOld?: boolean;
    };

/** One call of a function. */
export interface CallIdentity {
  readonly thread: ThreadId;
  readonly cfa: bigint;
  readonly functionName: string;
}

export type Resolution =
  | { readonly kind: 'found'; readonly place: WatchPlace }
  /** May come with a module that is not loaded yet, or when one of the pointers changes. */
  | {
      readonly kind: 'pending';
      readonly why: string;
      readonly via?: readonly MemoryRange[];
      readonly frame?: FrameLife;
    }
  | { readonly kind: 'gone'; readonly why: string };

/** Frames looked at for a local's: deeper recursion is told as gone. */
export const MAX_DEPTH = 4096;
export function resolveTarget(target: WatchTarget, world: WatchWorld): Resolution {
  switch (target.kind) {
    case 'global':
      return resolveGlobal(target, world);
    case 'local':
      return resolveLocal(target, world);
    case 'threadLocal':
      return resolveThreadLocal(target, world);
    case 'through':
      return resolveThrough(target, world);
    case 'awaited':
      return resolveAwaited(target, world);
    case 'eachCall':
      return { kind: 'pending', why: waitsForCall(target.functionName) };
    case 'address':
      return resolveAddress(target, world);
  }
}

/** The stack pointer's DWARF number. */
const RSP = 7;
/** Below it, what leaf functions use. */
const RED_ZONE = 128n;

/** As a global, as each thread's own, or through its pointers: whichever it turns out to be. */
function resolveAwaited(target: WatchTarget & { kind: 'awaited' }, world: WatchWorld): Resolution {
  const { expression, lengthBytes } = target;
  if (eachThreadsValue(expression, world) !== undefined)
    return resolveEachThreads({ ...target, lengthBytes: 0 }, world);
  const look = lookThrough(expression, { memory: world.memory }, world.symbols);
  if (look.kind === 'noPlace') return { kind: 'gone', why: `\`${expression}\` has no address now.` };
  if (look.kind === 'found') {
    const { value, address, via } = look;
    const whole = { ...placeOfValue(expression, value, address), ...(via.length === 0 ? {} : { via }) };
    const isPart = lengthBytes !== 0 && lengthBytes !== whole.lengthBytes;
    return { kind: 'found', place: isPart ? { label: expression, address, lengthBytes, type: undefined } : whole };
  }
  const fsBase = threadPointerOf(world);
  const isOfThread = fsBase !== undefined && /is thread-local/.test(look.why);
  if (isOfThread) return resolveEachThreads({ ...target, lengthBytes: 0 }, world);
  if (look.via.length === 0) return { kind: 'pending', why: `Waits for a module that defines it. ${look.why}` };
  const why = `${look.why} Armed when a pointer in \`${expression}\` changes.`;
  return { kind: 'pending', why, via: look.via };
}

function resolveThrough(target: WatchTarget & { kind: 'through' }, world: WatchWorld): Resolution {
  const { expression, call } = target;
  const found = call === undefined ? { frame: undefined, life: undefined } : callNow(call, world);
  if (found === undefined) {
    const ended = `\`${expression}\` starts at a variable of a call of ${call?.functionName ?? ''} that has ended.`;
    return { kind: 'gone', why: ended };
  }
  const life = found.life === undefined ? {} : { frame: found.life };
  const context = { memory: world.memory, ...(found.frame === undefined ? {} : { frame: found.frame }) };
  const fs = call === undefined ? {} : { fsBase: world.target.registers(call.thread).fsBase };
  const look = lookThrough(expression, { ...context, ...fs }, world.symbols);
  switch (look.kind) {
    case 'noPlace':
      return { kind: 'gone', why: `\`${expression}\` has no address now.` };
    case 'nowhere': {
      const why = `${look.why} Armed when a pointer in \`${expression}\` changes.`;
      return { kind: 'pending', why, via: look.via, ...life };
    }
    case 'found': {
      const { value, address, via } = look;
      if (value.type.sizeBytes !== target.lengthBytes) return hasChanged(target, value.type);
      return { kind: 'found', place: { ...placeOfValue(expression, value, address), via, ...life } };
    }
  }
}

/** The frame of that call, where it still is. */
function callNow(call: CallIdentity, world: WatchWorld) {
  if (!world.target.threads().some(({ id }) => id === call.thread)) return undefined;
  const frames = framesOf(world, call.thread);
  const at = frames.findIndex((frame) => !frame.inlined && frame.cfa === call.cfa);
  if (at < 0 || nameOf(frames[at]) !== call.functionName) return undefined;
  return { frame: frames[at], life: lifeOf(frames, at, call.thread) };
}

function resolveGlobal(target: WatchTarget & { kind: 'global' }, world: WatchWorld, fsBase?: bigint): Resolution {
  let value: Value;
  try {
    const context = { memory: world.memory, ...(fsBase === undefined ? {} : { fsBase }) };
    value = world.symbols.evaluate(target.expression, context);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { kind: 'pending', why: `Waits for a module that defines it. ${error.message}` };
  }
  if (value.location.kind !== 'memory') return { kind: 'gone', why: `\`${target.expression}\` has no address now.` };
  if (target.lengthBytes !== 0 && value.type.sizeBytes !== target.lengthBytes) {
    return hasChanged(target, value.type);
  }
  return { kind: 'found', place: placeOfValue(target.expression, value, value.location.address) };
}

function hasChanged(
  target: { readonly expression: string; readonly typeName: string; readonly lengthBytes: number },
  type: TypeInfo,
): Resolution {
  const now = `${type.name}, ${type.sizeBytes} bytes`;
  const then = [...(target.typeName === '' ? [] : [target.typeName]), `${target.lengthBytes} bytes`].join(', ');
  return { kind: 'gone', why: `\`${target.expression}\` has changed: it was ${then}, and is ${now}. Set it anew.` };
}

function resolveLocal(target: WatchTarget & { kind: 'local' }, world: WatchWorld): Resolution {
  const ended = `\`${target.expression}\` lived in a call of ${target.functionName} that has ended.`;
  if (!world.target.threads().some(({ id }) => id === target.thread)) return { kind: 'gone', why: ended };
  const frames = framesOf(world, target.thread);
  const at = frames.findIndex((frame) => !frame.inlined && frame.cfa === target.cfa);
  if (at < 0 || nameOf(frames[at]) !== target.functionName) return { kind: 'gone', why: ended };
  const found = valueInFrame(target, world, frames);
  const address = found?.address ?? target.address;
  if (address === undefined)
    return { kind: 'gone', why: `\`${target.expression}\` has no address in ${target.functionName} now.` };
  const shape = found?.shape ?? { type: world.symbols.typeNamed(target.typeName) };
  return {
    kind: 'found',
    place: {
      label: target.expression,
      address: address,
      lengthBytes: target.lengthBytes,
      ...shape,
      frame: lifeOf(frames, at, target.thread),
    },
  };
}

/** The expression in the frame (or in what was inlined there), where it still is what the target says. */
function valueInFrame(target: WatchTarget & { kind: 'local' }, world: WatchWorld, frames: readonly Frame[]) {
  const { fsBase } = world.target.registers(target.thread);
  for (const frame of frames.filter(({ cfa }) => cfa === target.cfa)) {
    try {
      const value = world.symbols.evaluate(target.expression, { memory: world.memory, frame, fsBase });
      if (value.location.kind !== 'memory' || value.type.sizeBytes !== target.lengthBytes) continue;
      const { address } = value.location;
      if (target.address === undefined || target.address === address) return { address, shape: shapeOf(value) };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
  return undefined;
}

function resolveThreadLocal(target: WatchTarget & { kind: 'threadLocal' }, world: WatchWorld): Resolution {
  const { expression, thread } = target;
  if (thread === undefined) return resolveEachThreads(target, world);
  if (!world.target.threads().some(({ id }) => id === thread))
    return { kind: 'gone', why: `\`${expression}\` was thread ${thread}'s own, which has ended.` };
  const { fsBase } = world.target.registers(thread);
  const resolution = resolveGlobal({ ...target, kind: 'global' }, world, fsBase);
  return resolution.kind === 'found' ? { ...resolution, place: { ...resolution.place, ofThread: thread } } : resolution;
}

function isKnown(expression: string, world: WatchWorld): boolean {
  try {
    world.symbols.evaluate(expression, { memory: world.memory });
    return true;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.code !== 'expression.unknownName';
  }
}

type EachThreads = Pick<WatchTarget & { kind: 'threadLocal' }, 'expression' | 'lengthBytes' | 'typeName'>;

function resolveEachThreads(target: EachThreads, world: WatchWorld): Resolution {
  const threadPointer = threadPointerOf(world);
  const notYet = `\`${target.expression}\` is thread-local: armed on each thread when the first one has its own.`;
  if (threadPointer === undefined) return { kind: 'pending', why: notYet };
  const resolution = resolveGlobal({ ...target, kind: 'global' }, world, threadPointer);
  if (resolution.kind === 'pending' && !isKnown(target.expression, world)) return resolution;
  if (resolution.kind === 'found' && isEachThreads(resolution.place.address, threadPointer))
    return { kind: 'found', place: { ...resolution.place, threadPointer } };
  if (world.isLoading === true) return { kind: 'pending', why: notYet };
  const why =
    resolution.kind === 'gone' && /has changed/.test(resolution.why)
      ? resolution.why
      : `\`${target.expression}\` is thread-local in a library that was loaded later: each thread gets its own at its ` +
        'first use of it, anywhere. Stop in a thread that has used it, and watch it there.';
  return { kind: 'gone', why };
}

function resolveAddress(target: WatchTarget & { kind: 'address' }, world: WatchWorld): Resolution {
  const { anchor } = target;
  const address = anchor === undefined ? target.address : addressOf(anchor, world);
  if (address === undefined) {
    const why = `Waits for a module that defines \`${anchor?.symbol ?? ''}\`, in which ${hex(target.address)} was.`;
    return { kind: 'pending', why };
  }
  const readable = world.memory.read(address, target.lengthBytes).length;
  if (readable < target.lengthBytes) {
    return { kind: 'gone', why: `Address ${hex(address)} is not mapped in this program (any more).` };
  }
  const typed = target.typeName === undefined ? undefined : world.symbols.typeNamed(target.typeName);
  return {
    kind: 'found',
    place: {
      label: target.expression ?? placeName(address, target.lengthBytes, world) ?? hex(address),
      address,
      lengthBytes: target.lengthBytes,
      type: typed?.sizeBytes === target.lengthBytes ? typed : undefined,
    },
  };
}

export function placeOfValue(label: string, value: Value, address: bigint): WatchPlace {
  return { label, address, lengthBytes: value.type.sizeBytes, ...shapeOf(value) };
}

function shapeOf(value: Value): Pick<WatchPlace, 'type' | 'bitOffset' | 'bitSize'> {
  return {
    type: value.type,
    ...(value.bitOffset === undefined ? {} : { bitOffset: value.bitOffset }),
    ...(value.bitSize === undefined ? {} : { bitSize: value.bitSize }),
  };
}

/** The frame of `thread` whose memory holds the address: the innermost one whose CFA lies above it. */
export function frameHolding(world: WatchWorld, thread: ThreadId, address: bigint): FrameLife | undefined {
  const stackPointer = world.target.registers(thread).read(RSP);
  const frames = framesOf(world, thread);
  const at = frames.findIndex(({ inlined, cfa, registers }) => {
    // One that was interrupted need not lie above its handler.
    const low = registers(RSP) ?? stackPointer;
    return !inlined && address < cfa && address >= low - RED_ZONE;
  });
  return at < 0 ? undefined : lifeOf(frames, at, thread);
}

/** The life of the frame at `index`: ends where its physical caller goes on. */
export function lifeOf(frames: readonly Frame[], index: number, thread: ThreadId): FrameLife {
  const physical = frames.findIndex((frame, at) => at >= index && !frame.inlined);
  const frame = frames.at(physical < 0 ? index : physical);
  if (frame === undefined) throw new UserError('no-frame', 'The stack of this thread cannot be read.');
  const caller = frames.slice(physical + 1).find((candidate) => candidate.cfa !== frame.cfa);
  const stackEnd = stackEndOf(frames.slice(physical));
  return { thread, functionName: nameOf(frame), cfa: frame.cfa, returnAddress: caller?.pc, stackEnd };
}

export function framesOf(world: WatchWorld, thread: ThreadId, depth = MAX_DEPTH): readonly Frame[] {
  return world.symbols.unwind(allRegisters(world.target.registers(thread)), world.memory, depth);
}

export function waitsForCall(functionName: string): string {
  return `Waits for a call of ${functionName}: armed in it until it ends.`;
}

function nameOf(frame: Frame): string {
  return frame.function?.name ?? hex(frame.pc);
}

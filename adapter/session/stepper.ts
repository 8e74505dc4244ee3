// stepper.ts: next, step in, step out, by lines or by instructions.
//
// A step by lines runs while the thread stays on its line. What it calls is run through (to the return address, told
// apart from deeper recursion by the stack pointer) or, stepping in, entered where it has lines. The other threads
// run meanwhile. Only one step at a time; any other stop ends it. Decides nothing about breakpoints.
//
//   where the thread is, seen by its frame's base (CFA):
//     lower than at the start   1. it called: enter or run through
//     higher                    2. it returned: the caller, where that has lines
//     equal                     3. the same frame: another line? its beginning?
//
// `until` is a step over lines that never goes back; with goals it runs to one of them, or until its call has returned.

import type { Frame } from '../symbols/program-symbols';
import type { ResumeOptions, ThreadId } from '../target/target';
import { UserError } from '../util/user-error';
import type { CodeStops } from './code-stops';
import type { Debuggee } from './debuggee';

export type StepKind = 'over' | 'into' | 'out';

interface LineStep {
  readonly thread: ThreadId;
  readonly kind: StepKind;
  readonly cfa: bigint;
  /** The function's lowest address. */
  readonly functionLow: bigint | undefined;
  readonly path: string | undefined;
  readonly line: number | undefined;
  /** Stop where fewer inlined calls are open than this, at the latest. */
  readonly inlineDepth: number;
  /** Running through a call: stop at this return address once the stack pointer is there. */
  returning: { readonly address: bigint; readonly stackPointer: bigint; readonly isEnd: boolean } | undefined;
  /** Single instructions spent in jump pads (PLT). */
  padSteps: number;
  /** The pad led to the loader, which looks the function up and jumps to it. */
  isBinding: boolean;
  /** All of this is one line to the step: from the function's beginning on, so that it goes on where a loop goes back. */
  readonly range?: { readonly start: bigint; readonly end: bigint };
  /** Runs freely until one of these, or the return. */
  readonly goals?: ReadonlySet<bigint>;
}

/** 'done': report the stop; otherwise resume so. */
export type StepMove = 'done' | { readonly resume: ResumeOptions };

/** Of a step that looks at no lines. */
const NO_LINE = {
  functionLow: undefined,
  path: undefined,
  line: undefined,
  inlineDepth: 0,
  padSteps: 0,
  isBinding: false,
};

/** A PLT entry and its head are shorter than this. */
const MAX_PAD_STEPS = 8;

export class Stepper {
  private step: LineStep | 'instruction' | undefined;
  /** Steps of the same kind that follow this one, unless something else stops the program. */
  private more: { readonly start: (thread: ThreadId) => StepMove; left: number } | undefined;

  constructor(
    private readonly debuggee: Debuggee,
    private readonly codeStops: CodeStops,
  ) {}

  get active(): boolean {
    return this.step !== undefined;
  }

  isStepping(thread: ThreadId): boolean {
    return this.step !== undefined && this.step !== 'instruction' && this.step.thread === thread;
  }

  /** The program has ended: nothing is left to take back. */
  forget(): void {
    this.step = undefined;
    this.more = undefined;
  }

  cancel(): void {
    this.more = undefined;
    this.done();
  }

  /** So many steps, one after the other. */
  startSeveral(thread: ThreadId, count: number, start: (thread: ThreadId) => StepMove): StepMove {
    const move = start(thread);
    if (count > 1) this.more = { start, left: count - 1 };
    return move;
  }

  /** A step has come to its end: the next of several. */
  startNext(thread: ThreadId): StepMove | undefined {
    const { more } = this;
    if (more === undefined || more.left === 0) return undefined;
    more.left--;
    return more.start(thread);
  }

  /** To the next line of this call that lies behind this one, as it is written. */
  startUntil(thread: ThreadId, shown?: { readonly path: string; readonly line: number }): StepMove {
    const move = this.startLine(thread, 'over', shown);
    const { step } = this;
    const frame = this.debuggee.unwind(thread, 1).at(0);
    const end = frame === undefined ? undefined : this.debuggee.symbols.lineRange(frame.pc)?.end;
    if (move === 'done' || step === undefined || step === 'instruction') return move;
    if (step.functionLow === undefined || end === undefined) return move;
    const range = { start: step.functionLow, end };
    this.step = { ...step, range };
    return this.resumeRange(thread, range.start, range.end);
  }

  /** Runs to one of the addresses, or until the thread's call has returned. */
  startRunTo(thread: ThreadId, addresses: readonly bigint[]): StepMove {
    const frames = this.debuggee.unwind(thread, 64);
    const inner = frames.find(({ inlined }) => !inlined);
    const caller = inner && frames.slice(frames.indexOf(inner) + 1).find(({ cfa }) => cfa !== inner.cfa);
    const returning =
      caller === undefined || inner === undefined
        ? undefined
        : { address: caller.pc, stackPointer: inner.cfa, isEnd: true };
    const goals = new Set(addresses);
    this.step = { ...NO_LINE, thread, kind: 'over', cfa: inner?.cfa ?? 0n, returning, goals };
    this.codeStops.set('step', [...goals, ...(caller === undefined ? [] : [caller.pc])]);
    return { resume: {} };
  }

  startInstruction(thread: ThreadId, kind: StepKind): StepMove {
    if (kind !== 'into') {
      const call = kind === 'over' ? this.callAt(thread) : undefined;
      if (kind === 'out') return this.startLine(thread, 'out');
      if (call !== undefined) return call;
    }
    this.step = 'instruction';
    return { resume: { step: { thread, instructions: 1 }, othersRun: true } };
  }

  /** `shown`: the line that the person sees, where that is not the thread's own (after a watch's stop). */
  startLine(thread: ThreadId, kind: StepKind, shown?: { readonly path: string; readonly line: number }): StepMove {
    const frames = this.debuggee.unwind(thread, 32);
    const frame = frames.at(0);
    if (frame === undefined) throw noStack(thread);
    const at = frame.location;
    if (kind !== 'out' && shown !== undefined && at !== undefined && this.hasArrived(frame, shown)) return 'done';
    const inlineDepth = depthOf(frames);
    this.step = {
      thread,
      kind,
      cfa: frame.cfa,
      functionLow: physicalFunction(frames)?.low,
      path: at?.path,
      line: at?.line,
      inlineDepth: kind === 'out' ? inlineDepth - 1 : inlineDepth,
      returning: undefined,
      padSteps: 0,
      isBinding: false,
    };
    if (kind === 'out' && inlineDepth === 0) return this.returnTo(this.step, thread, 'must');
    if (at === undefined) return this.returnTo(this.step, thread, 'no');
    return this.stayOnLine(this.step, frame);
  }

  /** The thread has run its step, or stands outside the range. */
  moved(thread: ThreadId): StepMove {
    const { step } = this;
    if (step === undefined || step === 'instruction' || step.thread !== thread) return this.done();
    if (step.goals !== undefined) return { resume: {} };
    step.returning = undefined;
    this.codeStops.set('step', []);
    const frames = this.debuggee.unwind(thread, 32);
    const frame = frames.at(0);
    if (frame === undefined) return this.done();
    if (frame.cfa < step.cfa) return this.called(step, frame);
    if (frame.cfa > step.cfa) return this.returned(step, frame);
    return this.sameFrame(step, frames, frame);
  }

  /** Is this code stop the end of a call that the step runs through? */
  wantsStop(thread: ThreadId, address: bigint): boolean {
    const { step } = this;
    if (step === undefined || step === 'instruction' || step.thread !== thread) return false;
    const { returning } = step;
    if (step.goals?.has(address) === true) return true;
    return returning?.address === address && this.debuggee.stackPointer(thread) >= returning.stackPointer;
  }

  /** A code stop for which `wantsStop` was true. */
  arrived(thread: ThreadId): StepMove {
    const { step } = this;
    if (step === undefined || step === 'instruction' || step.goals !== undefined) return this.done();
    if (step.returning?.isEnd !== true) return this.moved(thread);
    const hasLines = this.debuggee.symbols.locationOf(this.debuggee.programCounter(thread)) !== undefined;
    if (hasLines || step.kind !== 'out') return this.done();
    // The caller is the C library: on to whoever called that, or to the end of the program.
    return this.returnTo(step, thread, 'ifAny');
  }

  private done(): StepMove {
    this.step = undefined;
    this.codeStops.set('step', []);
    return 'done';
  }

  /** 1. Below the frame: a call. */
  private called(step: LineStep, frame: Frame): StepMove {
    if (step.kind === 'into') {
      const entered = frame.function;
      if (entered !== undefined && frame.location !== undefined) {
        if (frame.pc >= entered.afterPrologue || frame.pc < entered.low) return this.done();
        return this.resumeRange(step.thread, frame.pc, entered.afterPrologue);
      }
      const through = this.throughPad(step, frame);
      if (through !== undefined) return through;
    }
    return this.returnTo(step, step.thread, 'no');
  }

  /** 2. Above the frame: it returned. Code without lines (the C runtime) is left in turn. */
  private returned(step: LineStep, frame: Frame): StepMove {
    if (frame.location !== undefined) return this.done();
    return this.returnTo(step, step.thread, 'no');
  }

  /** 3. The same frame, perhaps of a function that was jumped to. */
  private sameFrame(step: LineStep, frames: readonly Frame[], frame: Frame): StepMove {
    const at = frame.location;
    const low = physicalFunction(frames)?.low;
    if (low !== step.functionLow) return at === undefined ? this.returnTo(step, step.thread, 'no') : this.done();
    const depth = depthOf(frames);
    if (step.kind !== 'into' && depth > step.inlineDepth) return this.stayOnLine(step, frame);
    if (step.kind === 'out') return this.done();
    if (step.range !== undefined && frame.pc >= step.range.start && frame.pc < step.range.end) {
      return this.resumeRange(step.thread, step.range.start, step.range.end);
    }
    const range = this.debuggee.symbols.lineRange(frame.pc);
    const isNewLine = at !== undefined && (at.line !== step.line || at.path !== step.path);
    if (isNewLine && range?.start === frame.pc) return this.done();
    return this.stayOnLine(step, frame);
  }

  private stayOnLine(step: LineStep, frame: Frame): StepMove {
    const range = this.debuggee.symbols.lineRange(frame.pc);
    if (range !== undefined && range.end > frame.pc) return this.resumeRange(step.thread, range.start, range.end);
    return { resume: { step: { thread: step.thread, instructions: 1 }, othersRun: true } };
  }

  private resumeRange(thread: ThreadId, start: bigint, end: bigint): StepMove {
    return { resume: { stepRange: { thread, start, end }, othersRun: true } };
  }

  /**
   * Runs to where the innermost physical frame returns to. Is that the end of the step? Without a caller the program
   * just runs, or the person is told.
   */
  private returnTo(step: LineStep, thread: ThreadId, isEnd: 'no' | 'ifAny' | 'must'): StepMove {
    const frames = this.debuggee.unwind(thread, 64);
    const inner = frames.find(({ inlined }) => !inlined);
    const caller = inner && frames.slice(frames.indexOf(inner) + 1).find(({ cfa }) => cfa !== inner.cfa);
    if (inner === undefined || caller === undefined) {
      if (isEnd === 'must') {
        this.cancel();
        throw noCaller();
      }
      return { resume: {} };
    }
    step.returning = { address: caller.pc, stackPointer: inner.cfa, isEnd: isEnd !== 'no' };
    this.codeStops.set('step', [caller.pc]);
    return { resume: {} };
  }

  /** Where `next` by instructions stands at a call: run to the instruction behind it. */
  private callAt(thread: ThreadId): StepMove | undefined {
    const frame = this.debuggee.unwind(thread, 1).at(0);
    const length = frame && callLength(this.debuggee.memory.read(frame.pc, 15));
    if (frame === undefined || length === undefined) return undefined;
    const address = frame.pc + BigInt(length);
    const returning = { address, stackPointer: this.debuggee.stackPointer(thread), isEnd: true };
    this.step = { ...NO_LINE, thread, kind: 'over', cfa: frame.cfa, returning };
    this.codeStops.set('step', [address]);
    return { resume: {} };
  }

  /** Stepping in: through a jump pad, and through the loader where that must look the function up first. */
  private throughPad(step: LineStep, frame: Frame): StepMove | undefined {
    const pad = padAt(this.debuggee.memory.read(frame.pc, 16));
    if (pad !== undefined && step.padSteps++ < MAX_PAD_STEPS) {
      step.isBinding ||= pad === 'lookup';
      return { resume: { step: { thread: step.thread, instructions: 1 }, othersRun: true } };
    }
    if (!step.isBinding) return undefined;
    step.isBinding = false;
    const { low, high } = this.debuggee.moduleRange(frame.pc);
    return this.resumeRange(step.thread, low, high);
  }

  /** The person already sees a line behind which the thread stands: at the beginning of the next one. */
  private hasArrived(frame: Frame, shown: { readonly path: string; readonly line: number }): boolean {
    const at = frame.location;
    if (at === undefined || (at.line === shown.line && at.path === shown.path)) return false;
    return this.debuggee.symbols.lineRange(frame.pc)?.start === frame.pc;
  }
}

/** How many inlined calls are open in the innermost physical frame. */
function depthOf(frames: readonly Frame[]): number {
  const physical = frames.findIndex(({ inlined }) => !inlined);
  return physical < 0 ? 0 : physical;
}

function physicalFunction(frames: readonly Frame[]) {
  return frames.find(({ inlined }) => !inlined)?.function;
}

/**
 * The length of a near call at the start of the bytes; undefined where there is none.
 * Truth: SDM vol. 2A, CALL: E8 cd, FF /2; prefixes 66 F2 3E 64 65 and REX may precede.
 */
export function callLength(bytes: Uint8Array): number | undefined {
  let at = 0;
  while (at < bytes.length && isPrefix(bytes[at] ?? 0)) at++;
  const opcode = bytes[at];
  if (opcode === 0xe8) return at + 5;
  const modrm = bytes.at(at + 1);
  if (opcode !== 0xff || modrm === undefined || ((modrm >> 3) & 7) !== 2) return undefined;
  const [mod, rm] = [modrm >> 6, modrm & 7];
  const hasSib = mod !== 3 && rm === 4;
  const base = hasSib ? (bytes[at + 2] ?? 0) & 7 : rm;
  const displacement = mod === 1 ? 1 : mod === 2 || (mod === 0 && base === 5) ? 4 : 0;
  return at + 2 + (hasSib ? 1 : 0) + displacement;
}

/**
 * The code of a procedure linkage table's entry; 'lookup': its head, through which the loader is asked.
 * Truth: System V ABI x86-64, 5.2 and figure 5.2: FF 25 jmp *GOT; 68 push; E9 jmp; FF 35 push GOT+8. With CET and MPX
 * variants an endbr64 or a BND prefix precedes.
 */
export function padAt(bytes: Uint8Array): 'entry' | 'lookup' | undefined {
  let at = bytes[0] === 0xf3 && bytes[1] === 0x0f && bytes[2] === 0x1e && bytes[3] === 0xfa ? 4 : 0;
  if (bytes[at] === 0xf2) at++;
  const [first, second] = [bytes[at], bytes[at + 1]];
  if (first === 0xff && second === 0x35) return 'lookup';
  if ((first === 0xff && second === 0x25) || first === 0x68 || first === 0xe9) return 'entry';
  return undefined;
}

function isPrefix(byte: number): boolean {
  return byte === 0x66 || byte === 0xf2 || byte === 0x3e || byte === 0x64 || byte === 0x65 || (byte & 0xf0) === 0x40;
}

function noStack(thread: ThreadId): UserError {
  return new UserError('no-stack', `The stack of thread ${thread} cannot be read, so it cannot be stepped.`);
}

function noCaller(): UserError {
  return new UserError('no-caller', 'This is the outermost frame: there is no caller to step out to.');
}

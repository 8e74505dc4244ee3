// stack.ts: the frames of the stopped threads, with the numbers the protocol knows them by.
//
// Unwinds only as far as asked. The numbers and frames hold for one stop: `clear` at each resume. After a watch's
// stop the innermost frame is shown at the instruction that accessed, not at the one that comes next.

import type { Frame } from '../symbols/program-symbols';
import type { ThreadId } from '../target/target';
import { UserError } from '../util/user-error';
import type { Debuggee } from './debuggee';

export interface StackFrame {
  /** The protocol's frameId. */
  readonly id: number;
  readonly thread: ThreadId;
  /** 0 is innermost. */
  readonly index: number;
  readonly frame: Frame;
}

/** Deep recursion must not make a stop slow: the first look goes no further than this. */
const FIRST_DEPTH = 64;

interface ThreadStack {
  frames: StackFrame[];
  complete: boolean;
}

export class Stack {
  private nextId = 1;
  private readonly threads = new Map<ThreadId, ThreadStack>();
  private readonly byId = new Map<number, StackFrame>();
  private accessed: { readonly thread: ThreadId; readonly instruction: bigint } | undefined;

  constructor(private readonly debuggee: Debuggee) {}

  /** Forgets everything; `accessed`: the stop is a watch's. Frame numbers are never used again. */
  clear(accessed?: { readonly thread: ThreadId; readonly instruction: bigint }): void {
    this.threads.clear();
    this.byId.clear();
    this.accessed = accessed;
  }

  /** Frames `start` … `start + count`; `total` is undefined while there may be more. */
  page(thread: ThreadId, start: number, count: number): { frames: readonly StackFrame[]; total: number | undefined } {
    const stack = this.grow(thread, start + count);
    return {
      frames: stack.frames.slice(start, start + count),
      total: stack.complete ? stack.frames.length : undefined,
    };
  }

  innermost(thread: ThreadId): StackFrame | undefined {
    return this.grow(thread, 1).frames[0];
  }

  frame(id: number): StackFrame {
    const found = this.byId.get(id);
    if (found === undefined) throw staleFrame();
    return found;
  }

  /** Undefined where it is of an earlier stop. */
  known(id: number): StackFrame | undefined {
    return this.byId.get(id);
  }

  /** The innermost frame where it has been looked at already: asks for no registers. */
  innermostKnown(thread: ThreadId): StackFrame | undefined {
    return this.threads.get(thread)?.frames.at(0);
  }

  private grow(thread: ThreadId, wanted: number): ThreadStack {
    const stack = this.threads.get(thread) ?? { frames: [], complete: false };
    this.threads.set(thread, stack);
    if (stack.complete || stack.frames.length >= wanted) return stack;
    const depth = wanted === 1 ? 1 : Math.max(wanted, FIRST_DEPTH, stack.frames.length * 2);
    const frames = this.unwind(thread, depth);
    // Frames that have their number keep it.
    for (const [index, frame] of frames.entries()) {
      if (index < stack.frames.length) continue;
      const entry = { id: this.nextId++, thread, index, frame };
      stack.frames.push(entry);
      this.byId.set(entry.id, entry);
    }
    stack.complete = frames.length < depth;
    return stack;
  }

  private unwind(thread: ThreadId, depth: number): readonly Frame[] {
    if (this.accessed?.thread !== thread) return this.debuggee.unwind(thread, depth);
    return unwindAfterAccess(this.debuggee, thread, this.accessed.instruction, depth);
  }
}

/**
 * The frames right after `instruction` accessed memory, seen from that instruction. Where it moved the frame's base
 * (a call that pushed onto watched bytes), the frames as they are now.
 */
export function unwindAfterAccess(
  debuggee: Debuggee,
  thread: ThreadId,
  instruction: bigint,
  depth: number,
): readonly Frame[] {
  const now = debuggee.unwind(thread, 1).at(0);
  const then = debuggee.unwind(thread, depth, instruction);
  const same = now !== undefined && then.at(0)?.cfa === now.cfa;
  return same ? then : debuggee.unwind(thread, depth);
}

function staleFrame(): UserError {
  return new UserError('stale-frame', 'This stack frame belongs to an earlier stop. Ask for the stack again.');
}

// wait.ts: wait4 and waitid: which child or tracee has something to tell, and what.
//
// Candidates are the caller's children, as processes, and its tracees, as threads. A child that the caller's own process
// traces is both at once; one that a stranger traces tells its end to the tracer first, then to the parent.
//
// Truth: wait(2); ptrace(2), "Death under ptrace".

import { ErrnoError } from '../abi/errno.table';
import { CLD_CONTINUED, CLD_EXITED, CLD_KILLED, CLD_STOPPED, CLD_TRAPPED, Signal } from '../abi/signals.table';
import { reap, tellOfEnd } from './exit';
import type { KernelContext } from './kernel-context';
import type { Process, Task } from './task';
import { unlink } from './trace-links';

export const WNOHANG = 1;
const WUNTRACED = 2;
export const WSTOPPED = 2;
export const WEXITED = 4;
export const WCONTINUED = 8;
const WNOWAIT = 0x01000000;
/** Only the calling thread's own children and tracees. */
const WNOTHREAD = 0x20000000;
const WALL = 0x40000000;
const WCLONE = 0x80000000;
const KINDS = WNOTHREAD | WALL | WCLONE;
export const WAIT4_OPTIONS = WNOHANG | WUNTRACED | WCONTINUED | KINDS;
export const WAITID_OPTIONS = WNOHANG | WNOWAIT | WEXITED | WSTOPPED | WCONTINUED | KINDS;

const CONTINUED_STATUS = 0xffff;

export interface WaitWish {
  /** By the id of the process or thread. */
  readonly matches: (id: number, process: Process) => boolean;
  /** WEXITED, WSTOPPED, WCONTINUED, WNOWAIT, the kinds. */
  readonly options: number;
}

export interface ChildNews {
  /** A tracee is told by its thread's id. */
  readonly id: number;
  /** As wait4 gives it. */
  readonly status: number;
  /** As siginfo gives it. */
  readonly code: number;
  readonly value: number;
  readonly instructions: number;
}

interface Found {
  readonly news: ChildNews;
  readonly take: () => void;
}

/** The first child with news, taken unless WNOWAIT; undefined if none has any yet. ECHILD if none can. */
export function takeChildNews(kernel: KernelContext, waiter: Task, wish: WaitWish): ChildNews | undefined {
  let isAny = false;
  for (const look of candidates(kernel, waiter, wish)) {
    isAny = true;
    const found = look();
    if (found === undefined) continue;
    if ((wish.options & WNOWAIT) === 0) found.take();
    return found.news;
  }
  if (!isAny) throw new ErrnoError('ECHILD');
  return undefined;
}

function* candidates(kernel: KernelContext, waiter: Task, wish: WaitWish): Generator<() => Found | undefined> {
  const { process } = waiter;
  const isAlone = (wish.options & WNOTHREAD) !== 0;
  for (const child of process.children) {
    if (isAlone && child.forkedBy !== waiter) continue;
    if (!wish.matches(child.pid, child)) continue;
    const { leader } = child;
    const isOwn = leader?.trace !== undefined && !leader.tracedByStranger;
    // Of group-stops a tracer hears as of any other stop.
    const rest = isOwn ? wish.options & ~WSTOPPED : wish.options;
    if (isOwn) yield () => threadNews(kernel, leader, wish.options) ?? processNews(kernel, child, rest);
    else if (isKindWanted(child, wish.options)) yield () => processNews(kernel, child, wish.options);
  }
  for (const thread of isAlone ? [waiter] : process.threads.values()) {
    for (const tracee of thread.tracees) {
      const isChild = tracee.isLeader && tracee.process.parent === process;
      if (isChild || !wish.matches(tracee.tid, tracee.process)) continue;
      yield () => threadNews(kernel, tracee, wish.options);
    }
  }
}

/** Children whose end is not told by SIGCHLD are waited for by __WCLONE only. */
function isKindWanted(child: Process, options: number): boolean {
  if ((options & WALL) !== 0) return true;
  return (child.exitSignal !== Signal.SIGCHLD) === ((options & WCLONE) !== 0);
}

/** What a tracee tells its tracer: its end, or its stop, whether stops were asked for or not. */
function threadNews(kernel: KernelContext, task: Task, options: number): Found | undefined {
  const { trace, process, tid: id } = task;
  if (trace === undefined) return undefined;
  const { instructions } = process;
  if (trace.ended !== undefined) {
    if ((options & WEXITED) === 0) return undefined;
    return {
      news: { id, instructions, ...endNews(trace.ended) },
      take: () => {
        unlink(task);
        if (task.isLeader) tellOfEnd(kernel, process);
      },
    };
  }
  const { stop } = trace;
  if (stop === undefined || stop.reported || trace.listening) return undefined;
  return {
    news: { id, instructions, status: (stop.code << 8) | 0x7f, code: CLD_TRAPPED, value: stop.code },
    take: () => {
      stop.reported = true;
    },
  };
}

function processNews(kernel: KernelContext, child: Process, options: number): Found | undefined {
  const { pid: id, instructions } = child;
  if (child.exitStatus !== undefined) {
    // A tracer that is not the parent comes first.
    const isHidden = child.leader?.trace !== undefined;
    if ((options & WEXITED) === 0 || isHidden) return undefined;
    return {
      news: { id, instructions, ...endNews(child.exitStatus) },
      take: () => {
        const parent = child.parent;
        if (parent !== undefined) parent.childInstructions += child.instructions + child.childInstructions;
        reap(kernel, child);
      },
    };
  }
  if (child.unreportedStop !== undefined && (options & WSTOPPED) !== 0) {
    const status = child.unreportedStop;
    return {
      news: { id, instructions, status, code: CLD_STOPPED, value: status >> 8 },
      take: () => {
        child.unreportedStop = undefined;
      },
    };
  }
  if (!child.unreportedContinue || (options & WCONTINUED) === 0) return undefined;
  return {
    news: { id, instructions, status: CONTINUED_STATUS, code: CLD_CONTINUED, value: Signal.SIGCONT },
    take: () => {
      child.unreportedContinue = false;
    },
  };
}

function endNews(status: number): Pick<ChildNews, 'status' | 'code' | 'value'> {
  const exited = (status & 0x7f) === 0;
  return { status, code: exited ? CLD_EXITED : CLD_KILLED, value: exited ? status >> 8 : status & 0x7f };
}

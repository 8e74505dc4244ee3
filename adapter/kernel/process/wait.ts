// wait.ts: wait4 and waitid: which child has something to tell, and what.
//
// Truth: wait(2).

import { ErrnoError } from '../abi/errno.table';
import { CLD_CONTINUED, CLD_EXITED, CLD_KILLED, CLD_STOPPED, Signal } from '../abi/signals.table';
import { reap } from './exit';
import type { KernelContext } from './kernel-context';
import type { Process } from './task';

export const WNOHANG = 1;
export const WUNTRACED = 2;
export const WSTOPPED = 2;
export const WEXITED = 4;
export const WCONTINUED = 8;
export const WNOWAIT = 0x01000000;

const CONTINUED_STATUS = 0xffff;

export interface WaitWish {
  readonly matches: (child: Process) => boolean;
  /** WEXITED, WSTOPPED, WCONTINUED, WNOWAIT. */
  readonly options: number;
}

export interface ChildNews {
  readonly child: Process;
  /** As wait4 gives it. */
  readonly status: number;
  /** As siginfo gives it. */
  readonly code: number;
  readonly value: number;
}

/** The first child with news, taken unless WNOWAIT; undefined if none has any yet. ECHILD if none can. */
export function takeChildNews(kernel: KernelContext, parent: Process, wish: WaitWish): ChildNews | undefined {
  const children = [...parent.children].filter(wish.matches);
  if (children.length === 0) throw new ErrnoError('ECHILD');
  for (const child of children) {
    const news = newsOf(child, wish.options);
    if (news === undefined) continue;
    if ((wish.options & WNOWAIT) === 0) consume(kernel, parent, news);
    return news;
  }
  return undefined;
}

function newsOf(child: Process, options: number): ChildNews | undefined {
  if (child.exitStatus !== undefined) {
    if ((options & WEXITED) === 0) return undefined;
    const status = child.exitStatus;
    const exited = (status & 0x7f) === 0;
    const code = exited ? CLD_EXITED : CLD_KILLED;
    return { child, status, code, value: exited ? status >> 8 : status & 0x7f };
  }
  if (child.unreportedStop !== undefined && (options & WSTOPPED) !== 0) {
    const status = child.unreportedStop;
    return { child, status, code: CLD_STOPPED, value: status >> 8 };
  }
  if (child.unreportedContinue && (options & WCONTINUED) !== 0) {
    return { child, status: CONTINUED_STATUS, code: CLD_CONTINUED, value: Signal.SIGCONT };
  }
  return undefined;
}

function consume(kernel: KernelContext, parent: Process, news: ChildNews): void {
  if (news.code === CLD_STOPPED) news.child.unreportedStop = undefined;
  else if (news.code === CLD_CONTINUED) news.child.unreportedContinue = false;
  else {
    parent.childInstructions += news.child.instructions + news.child.childInstructions;
    reap(kernel, news.child);
  }
}

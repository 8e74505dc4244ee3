// thread-packets.ts: H and T: which thread packets mean, and whether one lives.

import { allThreads, ERROR_INVALID, OK, parseProcess, parseThread, UNSUPPORTED } from './stub-state';
import type { Reply, StubState } from './stub-state';

/** `Hg`: of `g`, `m` and most others; `Hc`: of `c` and `s`. */
export function chooseThread(state: StubState, text: string): Reply {
  const thread = parseThread(text.slice(2));
  if (thread === undefined) return ERROR_INVALID;
  if (text.startsWith('Hc')) state.resumedThread = thread;
  if (!text.startsWith('Hg')) return OK;
  if (thread > 0 && !isThread(state, thread)) return ERROR_INVALID;
  const process = parseProcess(text.slice(2));
  if (process !== undefined && process > 0 && !state.processes.has(process)) return ERROR_INVALID;
  state.generalThread = thread;
  state.generalProcess = thread > 0 ? 0 : (process ?? 0);
  return OK;
}

export function chooseAny(state: StubState): void {
  state.generalThread = 0;
  state.resumedThread = 0;
  state.generalProcess = 0;
}

export function threadAlive(state: StubState, text: string): Reply {
  if (state.host.disabledPackets.has('T')) return UNSUPPORTED;
  const id = parseThread(text.slice(1));
  return id !== undefined && isThread(state, id) ? OK : ERROR_INVALID;
}

function isThread(state: StubState, id: number): boolean {
  return allThreads(state).some((thread) => thread.id === id);
}

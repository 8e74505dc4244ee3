// resume-packets.ts: vCont, c, s, C, S: what runs, and with which signal.
//
// All-stop. A thread that stopped at a signal gets it only if the packet says so (C, S).

import type { ResumeOptions, ThreadId } from '../../target/target';
import { gdbSignal } from './gdb-signals.table';
import { ERROR_INVALID, ERROR_NO_TARGET, currentThread, parseThread } from './stub-state';
import type { Reply, StubState } from './stub-state';

export const VCONT_ACTIONS = 'vCont;c;C;s;S;t;r';

interface Action {
  readonly verb: 'c' | 's' | 'r' | 't';
  readonly signal: number | undefined;
  readonly range: { readonly start: bigint; readonly end: bigint } | undefined;
  /** Undefined: the default for all other threads. */
  readonly thread: ThreadId | undefined;
}

/** Resumes; the answer is the next stop. */
export function vCont(state: StubState, packet: string): Reply {
  const actions = packet.slice('vCont;'.length).split(';').map(parseAction);
  const known = actions.filter((action) => action !== undefined);
  if (known.length !== actions.length || known.length === 0) return ERROR_INVALID;
  return run(state, optionsOf(state, known), known);
}

/** `c`, `s`, `Csig`, `Ssig`; the optional address is not used by any gdb of today and refused. */
export function legacyResume(state: StubState, packet: string): Reply {
  const verb = packet.charAt(0).toLowerCase() === 's' ? 's' : 'c';
  const signalled = packet.charAt(0) === 'C' || packet.charAt(0) === 'S';
  const rest = packet.slice(1);
  if (signalled ? !/^[0-9a-fA-F]{2}$/.test(rest) : rest !== '') return ERROR_INVALID;
  const signal = signalled ? parseInt(rest, 16) : undefined;
  const thread = verb === 's' ? currentThread(state) : undefined;
  const actions: Action[] = [{ verb, signal, range: undefined, thread }];
  if (thread !== undefined) actions.push({ verb: 'c', signal: undefined, range: undefined, thread: undefined });
  return run(state, optionsOf(state, actions), actions);
}

function run(state: StubState, options: ResumeOptions, actions: readonly Action[]): Reply {
  if (state.target === undefined) return ERROR_NO_TARGET;
  state.target.resume({ ...options, discardSignal: !deliversSignal(state, actions) });
  return undefined;
}

function optionsOf(state: StubState, actions: readonly Action[]): ResumeOptions {
  const othersRun = actions.some(({ verb, thread }) => verb === 'c' && (thread === undefined || thread === -1));
  const stepping = actions.find(({ verb }) => verb === 's' || verb === 'r');
  const thread = threadOf(state, stepping);
  if (stepping !== undefined && thread !== undefined) {
    if (stepping.range !== undefined) return { stepRange: { thread, ...stepping.range }, othersRun };
    return { step: { thread, instructions: 1 }, othersRun };
  }
  const only = actions.filter(({ verb, thread: named }) => verb === 'c' && named !== undefined && named > 0);
  return !othersRun && only.length === 1 ? { only: only[0].thread } : {};
}

/** An action without a thread, or for "any" or "all", means the thread that stopped. */
function threadOf(state: StubState, action: Action | undefined): ThreadId | undefined {
  const named = action?.thread;
  return named !== undefined && named > 0 ? named : currentThread(state);
}

function deliversSignal(state: StubState, actions: readonly Action[]): boolean {
  const stop = state.lastStop;
  if (stop?.reason.kind !== 'signal') return false;
  const pending = gdbSignal(stop.reason.signal.number);
  return actions.some(
    ({ signal, thread }) => signal === pending && (thread === undefined || thread <= 0 || thread === stop.thread),
  );
}

function parseAction(text: string): Action | undefined {
  const parts = text.split(':');
  const body = parts[0];
  const threadText = parts.at(1);
  const thread = threadText === undefined ? undefined : parseThread(threadText);
  if (threadText !== undefined && thread === undefined) return undefined;
  const range = /^r([0-9a-fA-F]+),([0-9a-fA-F]+)$/.exec(body);
  if (range !== null) {
    return {
      verb: 'r',
      signal: undefined,
      range: { start: BigInt(`0x${range[1]}`), end: BigInt(`0x${range[2]}`) },
      thread,
    };
  }
  const signalled = /^([CS])([0-9a-fA-F]{2})$/.exec(body);
  if (signalled !== null) {
    return { verb: signalled[1] === 'C' ? 'c' : 's', signal: parseInt(signalled[2], 16), range: undefined, thread };
  }
  return body === 'c' || body === 's' || body === 't'
    ? { verb: body, signal: undefined, range: undefined, thread }
    : undefined;
}

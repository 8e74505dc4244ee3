// resume-packets.ts: vCont, c, s, C, S: what runs, and with which signal.
//
// All-stop. For each thread the first action that names it counts, one without a thread is for all others; a thread
// without an action stays put. A thread that stopped at a signal gets it only if the packet says so (C, S), and any
// thread may be given one that it had not.

import type { ResumeOptions, ThreadId } from '../../target/target';
import { linuxSignal } from './gdb-signals.table';
import { allThreads, ERROR_INVALID, ERROR_NO_TARGET, currentThread, parseProcess, parseThread } from './stub-state';
import type { Reply, StubState } from './stub-state';

export const VCONT_ACTIONS = 'vCont;c;C;s;S;t;r';

interface Action {
  readonly verb: 'c' | 's' | 'r' | 't';
  /** gdb's number. */
  readonly signal: number | undefined;
  readonly range: { readonly start: bigint; readonly end: bigint } | undefined;
  /** Undefined: every thread without an action of its own. */
  readonly thread: ThreadId | undefined;
  /** Only threads of this one. */
  readonly process: number | undefined;
}

/** Resumes; the answer is the next stop. */
export function vCont(state: StubState, packet: string): Reply {
  const actions = packet.slice('vCont;'.length).split(';').map(parseAction);
  const known = actions.filter((action) => action !== undefined);
  if (known.length !== actions.length || known.length === 0) return ERROR_INVALID;
  return run(state, known);
}

/** `c`, `s`, `Csig`, `Ssig`, each perhaps with an address to go on at. */
export function legacyResume(state: StubState, packet: string): Reply {
  const match = /^([csCS])([0-9a-fA-F]{2})?(?:;?([0-9a-fA-F]+))?$/.exec(packet);
  const plain = /^[cs]([0-9a-fA-F]+)?$/.exec(packet);
  const signalled = packet.startsWith('C') || packet.startsWith('S');
  const form = signalled ? match : plain;
  if (form === null || state.target === undefined) return form === null ? ERROR_INVALID : ERROR_NO_TARGET;
  const alone = state.resumedThread > 0;
  const thread = alone ? state.resumedThread : currentThread(state);
  if (thread === undefined || !allThreads(state).some(({ id }) => id === thread)) return ERROR_NO_TARGET;
  const addressText = signalled ? form.at(3) : form.at(1);
  if (addressText !== undefined) state.target.registers(thread).write(RIP, BigInt(`0x${addressText}`));
  const verb = packet.charAt(0).toLowerCase() === 's' ? 's' : 'c';
  const signal = signalled ? parseInt(packet.slice(1, 3), 16) : undefined;
  const first: Action = { verb, signal, range: undefined, thread, process: undefined };
  return run(state, alone ? [first] : [first, { ...first, verb: 'c', signal: undefined, thread: undefined }]);
}

const RIP = 16;

function run(state: StubState, actions: readonly Action[]): Reply {
  if (state.target === undefined) return ERROR_NO_TARGET;
  const plan = planOf(state, actions);
  if (plan.size === 0) return ERROR_INVALID;
  state.target.resume({ ...optionsOf(state, plan), discardSignal: true, inject: signalsOf(plan) });
  return undefined;
}

/** What each thread does; those that stay put are not in it. */
function planOf(state: StubState, actions: readonly Action[]): Map<ThreadId, Action> {
  const plan = new Map<ThreadId, Action>();
  const any = currentThread(state);
  for (const { id, processId } of threadsByProcess(state)) {
    const action = actions.find(({ thread, process }) => {
      if (process !== undefined && process !== processId) return false;
      if (thread === undefined || thread === -1) return true;
      return thread === 0 ? id === any : thread === id;
    });
    if (action !== undefined && action.verb !== 't') plan.set(id, action);
  }
  return plan;
}

function threadsByProcess(state: StubState): readonly { readonly id: ThreadId; readonly processId: number }[] {
  return [...state.processes.values()].flatMap(({ process }) =>
    process.threads().map(({ id }) => ({ id, processId: process.processId })),
  );
}

/** One thread steps at a time; of several the first does, as a debugger of one CPU would. */
function optionsOf(state: StubState, plan: ReadonlyMap<ThreadId, Action>): ResumeOptions {
  const all = allThreads(state).every(({ id }) => plan.has(id));
  const only = all ? {} : { only: [...plan.keys()] };
  const stepping = [...plan].find(([, { verb }]) => verb === 's' || verb === 'r');
  if (stepping === undefined) return only;
  const [thread, { range }] = stepping;
  const step = range === undefined ? { step: { thread, instructions: 1 } } : { stepRange: { thread, ...range } };
  return { ...step, ...only, othersRun: true };
}

function signalsOf(plan: ReadonlyMap<ThreadId, Action>): ReadonlyMap<ThreadId, number> {
  const signals = new Map<ThreadId, number>();
  const given = new Set<Action>();
  for (const [thread, action] of plan) {
    const signal = action.signal === undefined ? 0 : linuxSignal(action.signal);
    // A signal for "all threads" is one signal.
    if (signal === 0 || given.has(action)) continue;
    given.add(action);
    signals.set(thread, signal);
  }
  return signals;
}

function parseAction(text: string): Action | undefined {
  const parts = text.split(':');
  const body = parts[0];
  const threadText = parts.at(1);
  const thread = threadText === undefined ? undefined : parseThread(threadText);
  if (threadText !== undefined && thread === undefined) return undefined;
  const process = threadText === undefined ? undefined : parseProcess(threadText);
  const range = /^r([0-9a-fA-F]+),([0-9a-fA-F]+)$/.exec(body);
  if (range !== null) {
    return {
      verb: 'r',
      signal: undefined,
      range: { start: BigInt(`0x${range[1]}`), end: BigInt(`0x${range[2]}`) },
      thread,
      process,
    };
  }
  const signalled = /^([CS])([0-9a-fA-F]{2})$/.exec(body);
  if (signalled !== null) {
    return {
      verb: signalled[1] === 'C' ? 'c' : 's',
      signal: parseInt(signalled[2], 16),
      range: undefined,
      thread,
      process,
    };
  }
  return body === 'c' || body === 's' || body === 't'
    ? { verb: body, signal: undefined, range: undefined, thread, process }
    : undefined;
}

// stub-processes.ts: the processes that gdb knows of: the program, and those that it forked while gdb follows forks.
//
// Each has its own breakpoints; a child begins with copies of its parent's, as under gdbserver, and gdb takes them out
// where it does not want them. Where gdb does not follow forks there is one.

import type { DebuggedProcess, FollowedEvents, ProcessEvent, Target, ThreadId } from '../../target/target';
import { ERROR_INVALID, OK, UNSUPPORTED } from './stub-state';
import type { PlantedBreakpoint, StubProcess, StubState } from './stub-state';

const EVENT_WORDS = ['fork-events+', 'vfork-events+', 'exec-events+'];
const NOTHING: FollowedEvents = { forks: false, vforks: false, executions: false };

/** A new program: nothing is planted in it. */
export function adoptProcesses(state: StubState, target: Target): void {
  state.processes.clear();
  for (const process of target.following?.processes() ?? [soleProcess(state, target)]) addProcess(state, process);
}

/** What gdb said that it understands; also for a program that starts later. */
export function tellFollowing(state: StubState): void {
  state.target?.following?.follow(state.followed);
}

/** From the words of gdb's `qSupported`; answers ours. */
export function agreeFollowing(state: StubState, theirs: readonly string[]): readonly string[] {
  const { target } = state;
  // Without a program yet: the one to come can.
  const can = target === undefined || target.following !== undefined;
  const words = EVENT_WORDS.filter((word) => can && theirs.includes(word));
  const [forks, vforks, executions] = EVENT_WORDS.map((word) => words.includes(word));
  state.followed = { forks, vforks, executions };
  tellFollowing(state);
  return can ? [...words, 'QCatchSyscalls+'] : words;
}

/** `QCatchSyscalls:1` all, `QCatchSyscalls:1;NUMBER;…` these, in hexadecimal; `QCatchSyscalls:0` none. */
export function catchCalls(state: StubState, packet: string): string {
  const match = /^QCatchSyscalls:(?:(0)|1((?:;[0-9a-fA-F]+)*))$/.exec(packet);
  const following = state.target?.following;
  if (match === null || following === undefined) return match === null ? ERROR_INVALID : UNSUPPORTED;
  const numbers = (match.at(2) ?? '').split(';').filter(Boolean);
  const listed = new Set(numbers.map((text) => parseInt(text, 16)));
  following.catchCalls(match.at(1) === '0' ? 'none' : listed.size === 0 ? 'all' : listed);
  return OK;
}

/** gdb is gone, or begins from scratch. */
export function followNothing(state: StubState): void {
  state.followed = NOTHING;
  state.target?.following?.catchCalls('none');
  tellFollowing(state);
}

export function processOf(state: StubState, thread: ThreadId): StubProcess | undefined {
  for (const each of state.processes.values()) {
    if (each.process.threads().some(({ id }) => id === thread)) return each;
  }
  return undefined;
}

/** The process that packets without one mean. */
export function currentProcess(state: StubState): StubProcess | undefined {
  const thread = state.generalThread > 0 ? state.generalThread : (state.lastStop?.thread ?? 0);
  const named = state.generalProcess > 0 ? state.processes.get(state.generalProcess) : processOf(state, thread);
  return named ?? [...state.processes.values()].at(0);
}

/** Keeps the book of processes, before gdb is told. */
export function noteProcessEvent(state: StubState, thread: ThreadId, event: ProcessEvent): void {
  switch (event.kind) {
    case 'forked':
    case 'vforked':
      noteChild(state, thread, event.child);
      return;
    case 'executed': {
      const gone = processOf(state, thread);
      const now = state.target?.following?.processes().find(({ processId }) => processId === gone?.process.processId);
      if (gone === undefined || now === undefined) return;
      forgetProcess(state, gone);
      addProcess(state, now);
      now.setCodeStops(new Set());
      state.symbols.clear();
      return;
    }
    case 'ended': {
      const gone = state.processes.get(event.processId);
      if (gone !== undefined) forgetProcess(state, gone);
      return;
    }
    case 'vforkDone':
    case 'enteredCall':
    case 'leftCall':
  }
}

/** Its watches are nobody's any more; its own memory is left as it is. */
export function forgetProcess(state: StubState, { process, breakpoints }: StubProcess): void {
  for (const { watch } of breakpoints.values()) if (watch !== undefined) disarm(state, watch);
  state.processes.delete(process.processId);
}

export function disarm(state: StubState, watch: number): void {
  state.watchOwners.delete(watch);
  state.target?.disarmWatch(watch);
}

function noteChild(state: StubState, thread: ThreadId, childId: number): void {
  const child = state.target?.following?.processes().find(({ processId }) => processId === childId);
  if (child === undefined) return;
  const { breakpoints } = addProcess(state, child);
  for (const [key, planted] of processOf(state, thread)?.breakpoints ?? []) {
    const copy = inherited(state, planted, childId);
    if (copy !== undefined) breakpoints.set(key, copy);
  }
}

/** The target copies code stops itself; a register of all CPUs is shared by those who ask for the same. */
function inherited(state: StubState, planted: PlantedBreakpoint, childId: number): PlantedBreakpoint | undefined {
  const { pieces } = planted;
  if (pieces === undefined) return planted;
  const watch = state.nextWatch++;
  if (state.target?.armWatch(watch, pieces, 'machine').kind !== 'armed') return undefined;
  state.watchOwners.set(watch, childId);
  return { ...planted, watch };
}

function addProcess(state: StubState, process: DebuggedProcess): StubProcess {
  const known: StubProcess = { process, breakpoints: new Map() };
  state.processes.set(process.processId, known);
  return known;
}

function soleProcess(state: StubState, target: Target): DebuggedProcess {
  return {
    processId: target.processId,
    executable: state.host.program,
    threads: () => target.threads(),
    auxiliaryVector: () => target.auxiliaryVector(),
    readMemory: (address, lengthBytes) => target.readMemory(address, lengthBytes),
    writeMemory: (address, bytes) => target.writeMemory(address, bytes),
    setCodeStops: (addresses) => {
      target.setCodeStops(addresses);
    },
    procFile: (path) => target.procFile?.(path),
    procLink: (path) => target.procLink?.(path),
  };
}

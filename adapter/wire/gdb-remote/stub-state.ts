// stub-state.ts: what the stub's commands share: the target, the chosen threads, the breakpoints it planted.

import type {
  DebuggedProcess,
  FollowedEvents,
  ProgramEnd,
  Stop,
  Target,
  ThreadId,
  ThreadInfo,
  WatchId,
  WatchPiece,
} from '../../target/target';

/** What a program is started in. */
export interface Surroundings {
  /** Over the server's own environment; null takes a variable away. */
  readonly environment: ReadonlyMap<string, string | null>;
  /** Undefined: the server's own. */
  readonly directory: string | undefined;
}

export const OWN_SURROUNDINGS: Surroundings = { environment: new Map(), directory: undefined };

/** Files that gdb may ask for (`vFile:`), and programs it may start (`vRun`). */
export interface StubHost {
  /** Undefined where it cannot be read. */
  readFile(path: string): Uint8Array | undefined;
  /** Loads a program; throws UserError with what to do next. */
  launch(program: string, args: readonly string[], surroundings: Surroundings): Target;
  /** The program given on the command line, or by the last `vRun`; empty before. */
  readonly program: string;
  /** Its arguments. */
  readonly args: readonly string[];
  /** Packets that are to look unknown, by gdbserver's names for them (`--disable-packet`). */
  readonly disabledPackets: ReadonlySet<DisabledPacket>;
}

export const DISABLED_PACKETS = ['vCont', 'Tthread', 'qC', 'qfThreadInfo', 'threads', 'T'] as const;
export type DisabledPacket = (typeof DISABLED_PACKETS)[number];

/** The way back to gdb. */
export interface StubConnection {
  send(bytes: Uint8Array): void;
  /** The connection (or the whole server) is done. */
  close(what: 'connection' | 'server'): void;
}

/** What the server hears, whether a gdb is connected or not. */
export interface StubEvents {
  /** The program's own output. */
  output(stream: 'stdout' | 'stderr', bytes: Uint8Array): void;
  /** A line for the person at the server. */
  notice(text: string): void;
  ended(end: ProgramEnd): void;
  /** gdb let go of it: it runs on alone. */
  detached(target: Target): void;
}

export interface PlantedBreakpoint {
  readonly type: number;
  readonly address: bigint;
  readonly lengthBytes: number;
  /** Hardware ones hold slots under this id. */
  readonly watch?: WatchId;
  readonly pieces?: readonly WatchPiece[];
}

export interface StubProcess {
  readonly process: DebuggedProcess;
  /** By type:address:kind. */
  readonly breakpoints: Map<string, PlantedBreakpoint>;
}

export interface StubState {
  readonly host: StubHost;
  target: Target | undefined;
  /** The last stop told to gdb. */
  lastStop: Stop | undefined;
  /** Thread of `g`, `m`, … (`Hg`); 0 any. */
  generalThread: ThreadId;
  /** The one thread that `c` and `s` let run (`Hc`); 0 or -1: all run, and the chosen one steps. */
  resumedThread: ThreadId;
  /** Where `Hg` named a process; 0: the thread's. */
  generalProcess: number;
  /** By id. */
  readonly processes: Map<number, StubProcess>;
  /** Whose each watch is, by process id. */
  readonly watchOwners: Map<WatchId, number>;
  /** What gdb wants to hear of processes. */
  followed: FollowedEvents;
  nextWatch: WatchId;
  /** Both sides speak of processes too: `p1.2` instead of `2`. */
  multiprocess: boolean;
  /** gdb speaks "extended remote": programs come and go. */
  extended: boolean;
  /** gdb's numbers of the signals that go to the program without a stop. */
  passedSignals: ReadonlySet<number>;
  /** For the next program. */
  surroundings: Surroundings;
  /** Where gdb said the dynamic linker's private symbols are (`qSymbol`). */
  readonly symbols: Map<string, bigint>;
  /** Set by packets that end the connection or the server. */
  closing: 'no' | 'connection' | 'server';
}

/** A packet's answer: text, bytes, or nothing yet (the stop will answer). */
export type Reply = string | Uint8Array | undefined;

export const OK = 'OK';
/** Empty: "I do not know this packet". */
export const UNSUPPORTED = '';
export const ERROR_NO_TARGET = 'E01';
export const ERROR_INVALID = 'E22';
export const ERROR_MEMORY = 'E14';
export const ERROR_NO_SPACE = 'E28';

/** The thread that packets without a thread mean; undefined without a program. */
export function currentThread(state: StubState): ThreadId | undefined {
  const chosen = state.generalProcess > 0 ? state.processes.get(state.generalProcess) : undefined;
  const threads = chosen?.process.threads() ?? allThreads(state);
  const wanted = state.generalThread > 0 ? state.generalThread : (state.lastStop?.thread ?? 0);
  return threads.some(({ id }) => id === wanted) ? wanted : threads.at(0)?.id;
}

/** A thread in the words that gdb understands. */
export function threadText(state: StubState, thread: ThreadId): string {
  const id = thread.toString(16);
  if (!state.multiprocess || state.target === undefined) return id;
  const owner = [...state.processes.values()].find(({ process }) =>
    process.threads().some((each) => each.id === thread),
  );
  return `p${(owner?.process.processId ?? state.target.processId).toString(16)}.${id}`;
}

/** Those of all processes that gdb knows. */
export function allThreads(state: StubState): readonly ThreadInfo[] {
  return [...state.processes.values()].flatMap(({ process }) => process.threads());
}

/** Of a text that `parseThread` understands: the process that it names. */
export function parseProcess(text: string): number | undefined {
  const match = /^p([0-9a-fA-F]+)/.exec(text);
  return match === null ? undefined : parseInt(match[1], 16);
}

/** `-1` all, `0` any, else a hexadecimal id; also `pPID.TID`. Undefined for anything else. */
export function parseThread(text: string): ThreadId | undefined {
  const id = text.startsWith('p') ? (text.split('.').at(1) ?? '-1') : text;
  if (id === '-1') return -1;
  return /^[0-9a-fA-F]+$/.test(id) ? parseInt(id, 16) : undefined;
}

/** `ADDR,LENGTH` in hexadecimal. */
export function parseRange(text: string): { readonly address: bigint; readonly lengthBytes: number } | undefined {
  const match = /^([0-9a-fA-F]+),([0-9a-fA-F]+)$/.exec(text);
  return match === null ? undefined : { address: BigInt(`0x${match[1]}`), lengthBytes: parseInt(match[2], 16) };
}

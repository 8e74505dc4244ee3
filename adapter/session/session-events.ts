// session-events.ts: what a session tells whoever speaks for it: a wire, a command line, a test.
//
// Plain data, no protocol. Events come while the program runs or right after a call; never inside one of the
// target's callbacks that forbids calls.

import type { DebugRegisterMap } from '../protocol/debug-register-map';

export type StopKind =
  | 'entry'
  | 'breakpoint'
  | 'function breakpoint'
  | 'instruction breakpoint'
  | 'step'
  | 'pause'
  | 'exception'
  | 'data breakpoint';

export interface SessionStop {
  readonly kind: StopKind;
  readonly thread: number;
  /** The label of the stop: `counter: 41 → 42`. */
  readonly description?: string;
  /** Its detail: who and where. */
  readonly text?: string;
  readonly hitIds: readonly number[];
}

export interface PlaceView {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

export interface BreakpointView {
  readonly id: number;
  readonly verified: boolean;
  readonly message?: string;
  readonly reason?: 'pending' | 'failed';
  readonly path?: string;
  readonly line?: number;
  readonly instruction?: string;
}

export interface ModuleView {
  readonly path: string;
  readonly isMain: boolean;
  readonly addressText: string;
  readonly symbolText: string;
}

/** 'log': lines that watches in mode log have written. */
export type OutputCategory = 'console' | 'important' | 'log' | 'stdout' | 'stderr';

/** Something that takes long, and how far it is. */
export interface ProgressView {
  /** Names it: the same in all that is told of it. */
  readonly number: number;
  readonly title: string;
  readonly ended: boolean;
  /** 0…1. */
  readonly fraction?: number;
}

export interface SessionObserver {
  /** The editor puts a new breakpoint that it is told of into its list: what is then missing there was taken out. */
  readonly takesBreakpoints?: boolean;
  /** It goes on though nobody outside has asked for it: a command of the console has. */
  onContinued?(thread: number): void;
  onStopped(stop: SessionStop): void;
  onThread(thread: number, what: 'started' | 'exited'): void;
  onModule(module: ModuleView, what: 'new' | 'removed'): void;
  /** Whole lines for the console; whatever the program wrote for stdout and stderr. */
  onOutput(category: OutputCategory, text: string, place?: PlaceView): void;
  /** Where it is there, the program's output comes here as it is, and not to `onOutput`. */
  onProgramBytes?(stream: 'stdout' | 'stderr', bytes: Uint8Array): void;
  /** 'changed' where nothing is said. */
  onBreakpointChanged(breakpoint: BreakpointView, what?: 'new' | 'changed' | 'removed'): void;
  onMemoryChanged(address: bigint, lengthBytes: number): void;
  /** The slot map is another now; at most so often as a person can follow. */
  onDebugRegistersChanged(): void;
  /** Watches, their states or their hits are others now; at most so often as a person can follow. */
  onWatchesChanged(): void;
  onProgress?(progress: ProgressView): void;
  /** The program has ended; nothing follows. `signal`: that killed it, as a sentence. */
  onExited(code: number, signal?: string): void;
}

export interface ThreadView {
  readonly id: number;
  readonly name: string;
}

export interface FrameView {
  readonly id: number;
  readonly name: string;
  readonly place?: PlaceView;
  /** False: the source file is not on this machine. */
  readonly sourceExists: boolean;
  /** Of the program itself, as far as it can be told: no start-up code, no library. */
  readonly isOwn: boolean;
  readonly instruction: string;
  readonly modulePath?: string;
}

export type SlotMap = DebugRegisterMap;

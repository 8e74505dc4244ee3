// watches.ts: the custom requests about watches: what the protocol's own data breakpoints cannot say.
//
// The DAP's `setDataBreakpoints` replaces a whole list and knows neither mode, thread, log message nor history. These
// requests name one watch each. Both ways lead to the same list in the session: a watch that came by the protocol can
// be changed here, and keeps the change when an editor sends its list again (the change belongs to its `dataId`).

/** Answers `WatchView[]`; no arguments. */
export const WATCHES_REQUEST = 'trapline/watches';
/** `WatchSpec` → `WatchView`; fails with a sentence where it cannot be watched. */
export const ADD_WATCH_REQUEST = 'trapline/addWatch';
/** `WatchChange` → `WatchView`. */
export const CHANGE_WATCH_REQUEST = 'trapline/changeWatch';
/** `{ id }`; no answer body. */
export const REMOVE_WATCH_REQUEST = 'trapline/removeWatch';
/** `WatchSpec` → `WatchPlan`: what it would cost; arms nothing. */
export const PLAN_WATCH_REQUEST = 'trapline/planWatch';
/** `WatchHistoryQuery` → `WatchHistory`. */
export const WATCH_HISTORY_REQUEST = 'trapline/watchHistory';
/** `GoBackQuery`; answers without a body when the program stands there: back in time, `stopped` tells where. */
export const GO_BACK_REQUEST = 'trapline/goBack';
/** Event without a body: ask `trapline/watches` again. At most so often as a person can follow. */
export const WATCHES_CHANGED_EVENT = 'trapline/watchesChanged';

export type WatchAccessName = 'change' | 'write' | 'read' | 'access';
/** stop: the program stops · count: it does not · log: it does not, and a line is written. */
export type WatchModeName = 'stop' | 'count' | 'log';
/** All, those that start later included; by number; by name, which survives a restart. */
export type WatchThreadsName = 'all' | { id: number } | { name: string };
/** Where it was wished for: the editor's list, our view, the console, a `.watch` file, or this adapter's arguments. */
export type WatchOrigin = 'editor' | 'view' | 'console' | 'file';

export interface WatchSpec {
  /** One of the two. Expression: C's, also `file.c:symbol`, `function::local`, `&expression`, `*pointer`. */
  expression?: string;
  dataId?: string;
  /** For an address (`0x…`) or to narrow or widen what the expression names. */
  lengthBytes?: number;
  /** `->`: what the pointer points to, armed again when the pointer changes. */
  through?: boolean;
  /** A name that nothing defines yet is waited for: a library that is loaded later may bring it. */
  mayCome?: boolean;
  /** Of a stop: locals are found there. */
  frameId?: number;
  access?: WatchAccessName;
  mode?: WatchModeName;
  threads?: WatchThreadsName;
  condition?: string;
  hitCondition?: string;
  /** For mode log: `{$old} → {$new} at {$location}`. */
  logMessage?: string;
  /** More slots than the processor has, where they are full; the launch decides whether that is possible. */
  extend?: boolean;
  /** Wished but not armed. */
  disabled?: boolean;
  origin?: WatchOrigin;
}

/** What is absent stays; null takes away. */
export interface WatchChange {
  id: number;
  access?: WatchAccessName;
  mode?: WatchModeName;
  threads?: WatchThreadsName;
  condition?: string | null;
  hitCondition?: string | null;
  logMessage?: string | null;
  disabled?: boolean;
  extend?: boolean;
}

/**
 * armed: its slots are held on every thread it is for · disabled: by the person · pending: waits for a module, a thread
 * or a pointer · refused: no slots, or it cannot be watched at all · ended: what it watched is over.
 */
export type WatchStateName = 'armed' | 'disabled' | 'pending' | 'refused' | 'ended';

export interface WatchView {
  /** The protocol's breakpoint id. */
  id: number;
  dataId: string;
  label: string;
  expression?: string;
  origin: WatchOrigin;
  state: WatchStateName;
  /** For people, in every state: which slots, the reason, what can be done. */
  message: string;
  access: WatchAccessName;
  mode: WatchModeName;
  threads: WatchThreadsName;
  condition?: string;
  hitCondition?: string;
  logMessage?: string;
  address?: string;
  /** The same as the program's own file has it, which is another where it may be loaded anywhere; absent outside of it. */
  fileAddress?: string;
  lengthBytes?: number;
  typeName?: string;
  /** Debug registers by number, as on the first thread; those from 4 up no processor has. */
  slots: number[];
  isExtended: boolean;
  /** Accesses of the wished kind, those that did not stop included. 0 while armed: armed, and not hit. */
  hits: number;
  /** Of those: where the condition held. */
  matches: number;
  /** In mode log: lines that were too many. Else history entries that were let go. */
  dropped: number;
  /** Of a local of each call of a function. */
  calls?: WatchCalls;
  value?: string;
  oldValue?: string;
  newValue?: string;
  lastWriter?: WatchWriter;
}

export interface WatchCalls {
  /** Watched now. */
  underWay: number;
  /** Watched so far, those under way included. */
  watched: number;
  /** Those for which there was no slot, or that could not be watched; `why`: the last of them. */
  missed: number;
  why?: string;
}

export interface WatchWriter {
  threadId: number;
  threadName: string;
  function?: string;
  path?: string;
  line?: number;
  /** 0x… of the instruction. */
  instruction: string;
  /** `read(3, 0x…, 64)`: the kernel wrote on the program's behalf. */
  systemCall?: string;
}

export interface WatchPlan {
  label: string;
  /** Absent where each call of a function has its own. */
  address?: string;
  lengthBytes: number;
  typeName?: string;
  /** None where no address is known. */
  pieces: { address: string; lengthBytes: number }[];
  /** Of the thread that has least left. */
  slotsNeeded: number;
  slotsFree: number;
  /** "12 bytes, unaligned: 3 slots". */
  text: string;
}

export interface WatchHistoryQuery {
  id: number;
  /** The newest so many entries; all that are kept where absent. */
  last?: number;
}

export interface GoBackQuery {
  /** Of the watch. */
  id: number;
  /** Of the entry in its history; where absent, the last access before the moment at which the program stands. */
  sequence?: number;
}

export interface WatchHistoryEntry {
  /** Counts from 1 over the watch's life: gaps are entries let go. */
  sequence: number;
  /** Emulated time, ns since the program began: one scale for all threads. */
  timeNs: number;
  access: 'read' | 'write';
  oldValue: string;
  newValue: string;
  /** Of integers, floats, pointers: for drawing. */
  number?: number;
  writer: WatchWriter;
  /** Innermost first; only where it was recorded. */
  backtrace?: string[];
}

export interface WatchHistory {
  label: string;
  entries: WatchHistoryEntry[];
  dropped: number;
  /**
   * Every hit is in here, those let go above included. Without path and function: hits that were only counted, since
   * they came too fast to be looked at.
   */
  bySource: { path?: string; line?: number; function?: string; threadId: number; threadName: string; hits: number }[];
}

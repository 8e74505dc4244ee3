// watch.ts: one data breakpoint as the list holds it, from its wish to its last hit.
//
// Changed only by watch-list.ts and watch-judge.ts; everyone else reads.

import type { Frame } from '../symbols/program-symbols';
import type { ThreadId, WatchId, WatchPiece } from '../target/target';
import type { WatchModeName, WatchOrigin } from '../protocol/watches';
import { anchorName } from './place-name';
import { WatchTally } from './watch-tally';
import type { WatchTarget } from './watch-target';
import type { WatchPlace } from './watch-world';
import { hex } from '../util/hex';

/** 'change': the protocol's `write`, since its label says "Break on Value Change"; 'write': the same value too. */
export type WatchAccessWish = 'change' | 'write' | 'read' | 'access';

/** 'all': those that start later as well. */
export type WatchThreads = 'all' | { readonly id: ThreadId } | { readonly name: string };

export interface WatchWish {
  /** Two wishes with the same key and access are the same watch. */
  readonly key: string;
  readonly target: WatchTarget;
  readonly access: WatchAccessWish;
  readonly threads: WatchThreads;
  readonly condition?: string;
  readonly hitCondition?: string;
  /** 'stop' where absent. */
  readonly mode?: WatchModeName;
  /** The template of mode log. */
  readonly logMessage?: string;
  /** Wished, but not armed. */
  readonly disabled?: boolean;
  /** More slots than the processor has, where they are full. */
  readonly extend?: boolean;
  /** 'editor' where absent: from the protocol's list, which is replaced as a whole. */
  readonly origin?: WatchOrigin;
}

/**
 * armed: its slots are held on every thread · disabled: by the person · pending: waits for a module · refused: no
 * slots, or it cannot be watched at all · ended: what it watched is over.
 */
export type WatchState = 'armed' | 'disabled' | 'pending' | 'refused' | 'ended';

/** The slots that one range holds, shared by all watches that want the same pieces. */
export interface ArmedRange {
  readonly id: WatchId;
  readonly key: string;
  readonly pieces: readonly WatchPiece[];
  /** Whose place it is. */
  readonly users: Set<Watch>;
  /** Whose pointers it is: when it changes they look elsewhere. */
  readonly followers: Set<Watch>;
  /** Slot numbers, as on the first thread. */
  readonly slots: readonly number[];
}

/** The calls of a function whose locals are watched. */
export interface WatchedCalls {
  /** Those that hold slots, as they began. */
  readonly underWay: Watch[];
  /** Where such calls return to; kept beyond them, since most calls come from the same places. */
  readonly returns: Set<bigint>;
}

/** Decides hits of a watch in the machine. */
export interface FastJudging {
  /** A hit was counted elsewhere. */
  noteCounted(): void;
  // Binding its condition for an instruction that accesses, when that can be looked at:
  wantsToLearn(instruction: bigint): boolean;
  learn(instruction: bigint, frame: Frame | undefined): void;
}

export class Watch {
  state: WatchState = 'refused';
  private text: string | (() => string) = '';
  place: WatchPlace | undefined;
  armed: ArmedRange | undefined;
  /** The pointers that lead to the place; held while it leads nowhere, too. */
  via: ArmedRange | undefined;
  /** Of a call that found no room on all threads: on its own alone. */
  onlyThread: ThreadId | undefined;
  /** Refused for nothing but slots: when some become free it is tried again. */
  lacksSlots = false;
  /** Where its pointers lead to what is over: armed there only when a pointer has changed since. */
  lostAt: bigint | undefined;
  /** Decides most of its hits in the machine, where that can be. */
  fast: FastJudging | undefined;
  /** The program's time from which on its place is known to be what is watched. */
  sinceNs: number | undefined;
  /** How many programs had taken the place of the one before by then. */
  sinceProgram = 0;
  /** When what it watched was over, and how that is told. */
  ending: { readonly atNs: number; readonly text: string } | undefined;
  /** Of a watch on each call of a function, which holds no slots of its own. */
  calls: WatchedCalls | undefined;
  readonly tally: WatchTally;

  constructor(
    /** The protocol's breakpoint id. */
    readonly id: number,
    public wish: WatchWish,
    /** Of one call: the watch on each of them, which has seen what this one sees. In another run: the session's. */
    readonly of?: Watch,
  ) {
    this.tally = of?.tally ?? new WatchTally();
  }

  get hits(): number {
    return this.tally.hits;
  }

  get matches(): number {
    return this.tally.matches;
  }

  get last(): WatchTally['last'] {
    return this.tally.last;
  }

  get history(): WatchTally['history'] {
    return this.tally.history;
  }

  get countedUntilNs(): number {
    return this.tally.countedUntilNs;
  }

  /** For the person, in every state. */
  get message(): string {
    if (typeof this.text !== 'string') this.text = this.text();
    return this.text;
  }

  set message(text: string) {
    this.text = text;
  }

  /** The message, made when somebody asks for it: most are replaced before. */
  describe(text: () => string): void {
    this.text = text;
  }

  /** It holds slots. */
  get isHeld(): boolean {
    return this.armed !== undefined || this.via !== undefined;
  }

  /**
   * Its place is what was meant, or still would be: it holds slots, waits for some, or is disabled. What ends the place
   * ends the watch.
   */
  get isAlive(): boolean {
    if (this.isHeld) return true;
    const waits = this.state === 'refused' || this.state === 'disabled';
    return waits && this.place !== undefined && this.wish.target.kind !== 'eachCall';
  }

  get mode(): WatchModeName {
    return this.wish.mode ?? 'stop';
  }

  get origin(): WatchOrigin {
    return this.wish.origin ?? 'editor';
  }

  get label(): string {
    return this.place?.label ?? labelOf(this.wish.target);
  }
}

/** Of a watch on one call, or of one in another run: the one in the session's list. */
export function rootOf(watch: Watch): Watch {
  return watch.of === undefined ? watch : rootOf(watch.of);
}

export function labelOf(target: WatchTarget): string {
  if (target.expression !== undefined) return target.expression;
  if (target.kind !== 'address') return '';
  return target.anchor === undefined ? hex(target.address) : anchorName(target.anchor);
}

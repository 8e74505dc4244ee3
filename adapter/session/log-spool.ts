// log-spool.ts: the lines of watches that log: gathered, limited, and what was too much is counted.
//
// A program may write a watched variable a million times a second; a person reads a few lines, and an editor dies of a
// million events. A line needs a token: there are BURST of them, and REFILL_PER_SECOND come back. Where there is none,
// the line is never made. What waits is bounded by the tokens, each line by its length.

import type { HostClock } from './engine';
import type { PlaceView } from './session-events';

export const BURST = 5000;
export const REFILL_PER_SECOND = 2000;
const DELAY_MS = 50;
const LONGEST_LINE = 2000;
/** So many places are told apart in one go; beyond, the lines come without. */
const MOST_GROUPS = 64;

interface Group {
  readonly place: PlaceView | undefined;
  text: string;
}

export class LogSpool {
  private tokens = BURST;
  private filledAt: number;
  private groups: Group[] = [];
  private dropped = 0;
  private cancelTimer: (() => void) | undefined;

  constructor(
    private readonly clock: HostClock,
    private readonly send: (text: string, place?: PlaceView) => void,
  ) {
    this.filledAt = clock.now();
  }

  /** False: a line now would be dropped. */
  get mayLog(): boolean {
    return this.tokens >= 1;
  }

  /** So many lines were not even made. */
  drop(lines: number): void {
    if (lines === 0) return;
    this.dropped += lines;
    this.awaitFlush();
  }

  private awaitFlush(): void {
    this.cancelTimer ??= this.clock.after(DELAY_MS, () => {
      this.flush();
    });
  }

  /** False: there was no room, `line` was not called. */
  tell(place: PlaceView | undefined, line: () => string): boolean {
    this.awaitFlush();
    if (this.tokens < 1) {
      this.dropped++;
      return false;
    }
    this.tokens--;
    const text = shortened(line());
    const last = this.groups.at(-1);
    const isFull = this.groups.length >= MOST_GROUPS;
    if (last !== undefined && (isFull || isSame(last.place, place))) last.text += text;
    else this.groups.push({ place: this.groups.length === MOST_GROUPS - 1 ? undefined : place, text });
    return true;
  }

  flush(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    const { groups, dropped } = this;
    this.groups = [];
    this.dropped = 0;
    this.refill();
    for (const { text, place } of groups) this.send(text, place);
    if (dropped > 0) this.send(`… ${dropped.toLocaleString('en-US')} ${dropped === 1 ? 'line' : 'lines'} dropped\n`);
  }

  /** Nothing comes after this. */
  end(): void {
    this.flush();
    this.tokens = 0;
  }

  private refill(): void {
    const now = this.clock.now();
    this.tokens = Math.min(BURST, this.tokens + ((now - this.filledAt) * REFILL_PER_SECOND) / 1000);
    this.filledAt = now;
  }
}

function isSame(one: PlaceView | undefined, other: PlaceView | undefined): boolean {
  return one?.path === other?.path && one?.line === other?.line;
}

function shortened(line: string): string {
  return line.length <= LONGEST_LINE ? `${line}\n` : `${line.slice(0, LONGEST_LINE)}…\n`;
}

// watch-tally.ts: what one data breakpoint has seen: how often, what it was last, and its history.
//
// One for all places that it is armed at: the calls of a function, of which each has a local of its own.

import type { PassedBytes } from '../judging/hit-filter';
import { WatchHistoryKeeper } from './watch-history';

export class WatchTally {
  /** Accesses of the wished kind, those that did not stop included. */
  hits = 0;
  /** Hits that met the condition: what a hit condition counts. */
  matches = 0;
  /** Lines of mode log that were not told. */
  dropped = 0;
  // Of a function's calls: those that were watched, those that were not, and why the last of them was not.
  watchedCalls = 0;
  missedCalls = 0;
  missedWhy = '';
  conditionTrouble: string | undefined;
  /** What was seen up to this time of the program's is counted: not again where the program is taken back. */
  countedUntilNs = 0;
  /** Who accessed it, and what it was. */
  readonly history = new WatchHistoryKeeper();
  private lastOld: Uint8Array | undefined;
  private lastNew: Uint8Array | undefined;

  /** The last change seen. */
  get last(): { readonly old: Uint8Array; readonly new: Uint8Array } | undefined {
    if (this.lastOld === undefined || this.lastNew === undefined) return undefined;
    return { old: this.lastOld.slice(), new: this.lastNew.slice() };
  }

  /** Copies `lengthBytes` of each. */
  noteChange({ bytes, parts }: PassedBytes, lengthBytes: number): void {
    if (this.lastOld?.length !== lengthBytes) this.lastOld = new Uint8Array(lengthBytes);
    if (this.lastNew?.length !== lengthBytes) this.lastNew = new Uint8Array(lengthBytes);
    let at = 0;
    for (const part of parts) {
      for (let n = 0; n < part.lengthBytes; n++) {
        this.lastOld[at] = bytes.getUint8(part.oldAt + n);
        this.lastNew[at++] = bytes.getUint8(part.newAt + n);
      }
    }
  }

  setChange(old: Uint8Array, now: Uint8Array): void {
    this.lastOld = old.slice();
    this.lastNew = now.slice();
  }
}

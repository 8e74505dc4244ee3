// judge-news.ts: of which watches something was counted that the machine has not decided: it asks their filters anew.
//
// One for all watches of a list. The last pieces of news are remembered by their watch; who has heard nothing for longer
// asks all.

import type { FilterNews } from '../judging/hit-filter';

const REMEMBERED = 64;

export class JudgeNews implements FilterNews {
  private told = 0;
  /** Number n of all lies at n modulo its length. */
  private readonly subjects = new Array<object | undefined>(REMEMBERED).fill(undefined);
  private mayLogLast = true;

  /** May logs write another line now? What they pass over depends on it. */
  constructor(private readonly mayLog: () => boolean = () => true) {}

  get count(): number {
    const may = this.mayLog();
    if (may !== this.mayLogLast) {
      this.mayLogLast = may;
      this.note(undefined);
    }
    return this.told;
  }

  /** Undefined: of any. */
  note(subject: object | undefined): void {
    this.subjects[this.told++ % REMEMBERED] = subject;
  }

  since(count: number): readonly object[] | undefined {
    if (this.told - count > REMEMBERED) return undefined;
    const found: object[] = [];
    for (let n = count; n < this.told; n++) {
      const subject = this.subjects[n % REMEMBERED];
      if (subject === undefined) return undefined;
      found.push(subject);
    }
    return found;
  }
}

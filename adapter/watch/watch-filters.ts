// watch-filters.ts: which of the armed ranges the machine may judge by itself, and by what.

import type { ArmedRanges } from './armed-ranges';
import { fastJudge } from './fast-judge';
import type { FastEvents } from './fast-judge';
import { JudgeNews } from './judge-news';
import type { ArmedRange } from './watch';
import type { WatchWorld } from './watch-world';

export class WatchFilters {
  private readonly news: JudgeNews;

  constructor(
    private readonly world: WatchWorld,
    private readonly ranges: ArmedRanges,
    private readonly events: FastEvents,
  ) {
    this.news = new JudgeNews(() => events.mayLog?.() !== false);
  }

  /** What can be decided in the machine is decided there; `changed`: of these, else of those that are others now. */
  install(changed?: readonly ArmedRange[]): void {
    const news = this.ranges.takeChanged();
    for (const range of changed ?? news) {
      // A pointer's change must be told, and what the loader does is none of the program's.
      const isTold = range.followers.size > 0 || this.world.isLoading === true || this.world.isPast?.() === true;
      const watch = isTold ? undefined : [...range.users].at(0);
      const judging = watch === undefined ? undefined : fastJudge(watch, this.world, this.events, this.news);
      for (const user of range.users) user.fast = judging;
      this.world.target.setWatchFilter(range.id, judging && ((thread) => judging.filterFor(thread)));
    }
  }
}

// watch-filters.ts: which of the armed ranges the machine may judge by itself, and by what.

import type { ArmedRanges } from './armed-ranges';
import { fastJudge } from './fast-judge';
import type { FastEvents, FastJudge } from './fast-judge';
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
      const judges = isTold ? [] : this.judgesOf(range);
      [...range.users].forEach((user, n) => {
        user.fast = judges.at(n);
      });
      this.world.target.setWatchFilters(range.id, (thread) => judges.map((judge) => judge.filterFor(thread)));
    }
  }

  /** One for each user; none where one of them must be judged above, since all are told what one of them is. */
  private judgesOf({ users }: ArmedRange): readonly FastJudge[] {
    const judges = [...users].flatMap((user) => fastJudge(user, this.world, this.events, this.news) ?? []);
    return judges.length === users.size ? judges : [];
  }
}

// news.ts: what has happened while a slice ran, kept until the slice is over, and told in order.

import type { TargetObserver } from '../target';

export class News {
  private events: ((observer: TargetObserver) => void)[] = [];
  private modulesChanged = false;

  add(event: (observer: TargetObserver) => void): void {
    this.events.push(event);
  }

  /** Told once, after the rest. */
  noteModules(): void {
    this.modulesChanged = true;
  }

  /** `hasEnded`: there are no modules any more. */
  tell(observer: TargetObserver, hasEnded: boolean): void {
    const { events } = this;
    this.events = [];
    for (const event of events) event(observer);
    if (!this.modulesChanged || hasEnded) return;
    this.modulesChanged = false;
    observer.onModulesChanged();
  }
}

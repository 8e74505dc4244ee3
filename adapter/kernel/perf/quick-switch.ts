// quick-switch.ts: the events of a task leave its CPU and come back all at once, where one by one would change nothing.
//
// So they do where the CPU has no others, and where each would be as it is when it is taken off and put back
// (`PerfEvent.isSettled`). An event that is set aside stays in its state, since its context's time stands still; whatever
// changes of its context makes the next switch go one by one.

import type { Cpu } from '../sched/task';
import type { PerfContext } from './context';
import { EventState, type PerfEvent } from './event';

type Context = PerfContext<PerfEvent>;

/** Of a context as it was at some number of changes: so many events can go together; undefined: they cannot. */
interface Settled {
  readonly changes: number;
  readonly events: number | undefined;
}

export class QuickSwitch {
  private readonly settled = new WeakMap<Context, Settled>();

  /** False: they must be taken off one by one. */
  setAside(context: Context, cpu: Cpu, cpuContext: Context): boolean {
    context.aside = undefined;
    const { events } = this.settledOf(context);
    if (events === undefined || cpuContext.events.length > 0) return false;
    const held = context.events[0].pmu.setAside?.(cpu, events);
    if (held === undefined) return false;
    context.aside = { held, changes: context.changes };
    return true;
  }

  /** False: they must be put there one by one. */
  putBack(context: Context, cpu: Cpu, cpuContext: Context): boolean {
    const { aside } = context;
    context.aside = undefined;
    if (aside?.changes !== context.changes || cpuContext.events.length > 0) return false;
    return context.events[0].pmu.putBack?.(cpu, aside.held) === true;
  }

  private settledOf(context: Context): Settled {
    const known = this.settled.get(context);
    if (known?.changes === context.changes) return known;
    const found = { changes: context.changes, events: eventsTogether(context) };
    this.settled.set(context, found);
    return found;
  }
}

function eventsTogether(context: Context): number | undefined {
  const { events } = context;
  const first = events.at(0);
  if (first === undefined || context.hasFlexible || context.unseen.size > 0) return undefined;
  const active = events.filter(({ state }) => state === EventState.active);
  const areAll = events.every(
    ({ pmu, cpu, state, isSettled }) => pmu === first.pmu && cpu === -1 && (state <= EventState.off || isSettled),
  );
  return areAll ? active.length : undefined;
}

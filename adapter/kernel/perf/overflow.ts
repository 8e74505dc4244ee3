// overflow.ts: one hit of an event: count it, and say when a period is full.
//
// left counts up from -period; at 0 the period is full and left starts anew. With PERF_SAMPLE_PERIOD (and no
// frequency), or a period of 1, every hit overflows. A period changed while the event is on a CPU leaves left at 0,
// so that the next hit overflows at once: the order of the assignments below is what makes that so.
//
// Truth: shared reference "hw-breakpoint-spec", B.10.5.

import type { Clock } from '../sched/task';
import { POLL_HUP, POLL_IN, SampleType } from './constants.table';
import type { PerfEvent } from './event';
import type { PendingWork } from './pending-work';
import type { SampleInput } from './sample';

/** How a hit reaches the outside; output.ts writes the ring. */
export interface OverflowSinks {
  readonly pending: PendingWork;
  readonly clock: Clock;
  writeSample(event: PerfEvent, sample: SampleInput): void;
}

export type HitInput = Omit<SampleInput, 'period'>;

/** The event's condition was met `once`; filters (user/kernel, stopped) have passed. */
export function countHit(event: PerfEvent, hit: HitInput, sinks: OverflowSinks): void {
  event.count += 1;
  if (!event.isSampling) return;
  const { attributes } = event;
  if ((attributes.sampleType & SampleType.period) !== 0n && !attributes.freq) {
    overflow(event, { ...hit, period: 1n }, sinks);
    return;
  }
  const sample = { ...hit, period: event.lastPeriod };
  if (event.samplePeriod === 1n && !attributes.freq) {
    overflow(event, sample, sinks);
    return;
  }
  event.periodLeft += 1n;
  if (event.periodLeft < 0n) return;
  for (let times = startPeriod(event); times > 0n; times -= 1n) {
    overflow(event, sample, sinks);
    if (event.stopped) break;
  }
}

/** Starts the next period; answers how many were full. Called when the event goes on a CPU, too. */
export function startPeriod(event: PerfEvent): bigint {
  const period = event.lastPeriod;
  event.lastPeriod = event.samplePeriod;
  if (event.periodLeft < 0n) return 0n;
  const full = (period + event.periodLeft) / period;
  event.periodLeft -= full * period;
  return full;
}

/** A period is full. */
export function overflow(event: PerfEvent, sample: SampleInput, sinks: OverflowSinks): void {
  if (event.attributes.freq) adjustPeriod(event, sinks.clock());
  event.pendingKill = POLL_IN;
  if (event.eventLimit !== 0) {
    event.eventLimit -= 1;
    if (event.eventLimit === 0) {
      event.pendingKill = POLL_HUP;
      sinks.pending.queueDisable(event);
      event.stopped = true;
    }
  }
  if (event.attributes.sigtrap && sample.task !== undefined) sinks.pending.queueSigtrap(event, sample.task);
  if (event.handler === undefined) sinks.writeSample(event, sample);
  else event.handler(event, sample);
  if (event.original.async !== undefined) sinks.pending.queueWakeUp(event);
}

const SECOND = 1_000_000_000n;
const TICK = 4_000_000n;

/**
 * Frequency mode: steer the period towards `samplePeriod` overflows a second.
 * Quirk: measured in emulated time, so that runs repeat exactly; Linux measures its clock.
 */
function adjustPeriod(event: PerfEvent, now: bigint): void {
  const passed = now - event.frequencyStamp;
  event.frequencyStamp = now;
  if (passed <= 0n || passed >= 2n * TICK) return;
  const wanted = (event.lastPeriod * SECOND) / (passed * event.attributes.samplePeriod);
  const step = (wanted - event.samplePeriod + 7n) / 8n;
  const period = event.samplePeriod + step;
  event.samplePeriod = period < 1n ? 1n : period;
}

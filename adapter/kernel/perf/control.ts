// control.ts: what one may ask of an event that exists: the meaning of its ioctls.
//
// Enable, disable and reset act on the event and every copy; with `group` on the leader's whole family.
//
// Truth: shared reference "hw-breakpoint-spec", B.10.3.

import { EVENT_TYPE_BREAKPOINT } from './constants.table';
import type { PerfEvent } from './event';
import type { PerfAttributes } from './event-attributes';
import { EventState } from './event';
import type { PerfCore } from './perf-core';
import type { Privileges } from './pmu';
import type { PerfErrno } from './result';
import { RingBuffer, type RingMemory } from './ring-buffer';

export type FamilyAction = 'enable' | 'disable' | 'reset';

export const PERIOD_LIMIT = 1n << 63n;

export function controlFamily(perf: PerfCore, event: PerfEvent, action: FamilyAction, group: boolean): void {
  const members = group ? event.group : [event];
  for (const member of members) {
    for (const one of [member, ...member.children]) controlOne(perf, one, action);
  }
}

function controlOne(perf: PerfCore, event: PerfEvent, action: FamilyAction): void {
  if (action === 'enable') perf.enable(event);
  else if (action === 'disable') perf.disable(event);
  else {
    perf.refresh(event);
    event.count = 0;
  }
}

/** So many overflows more, then off. */
export function refreshLimit(perf: PerfCore, event: PerfEvent, overflows: number): PerfErrno | undefined {
  if (event.attributes.inherit || !event.isSampling) return 'EINVAL';
  event.eventLimit = (event.eventLimit + overflows) | 0;
  perf.enable(event);
  return undefined;
}

/** A new period (or frequency), from now on; copies that live keep theirs. */
export function setPeriod(perf: PerfCore, event: PerfEvent, period: bigint): PerfErrno | undefined {
  const { freq } = event.attributes;
  if (!event.isSampling || period === 0n) return 'EINVAL';
  if (freq ? period > BigInt(perf.settings.perf_event_max_sample_rate) : period >= PERIOD_LIMIT) return 'EINVAL';
  if (event.context?.dead === true) return undefined;
  event.attributes.samplePeriod = period;
  if (!freq) event.samplePeriod = period;
  event.periodLeft = 0n;
  // Restarting an event that is on a CPU also lets it go on where REFRESH had stopped it.
  if (event.state === EventState.active) event.stopped = false;
  return undefined;
}

/** MODIFY_ATTRIBUTES: sig_data is taken over first, even where the rest is refused. */
export function modifyAttributes(
  perf: PerfCore,
  event: PerfEvent,
  wanted: PerfAttributes,
  privileges: Privileges,
): PerfErrno | undefined {
  if (event.attributes.type !== wanted.type) return 'EINVAL';
  for (const one of [event, ...event.children]) {
    if (wanted.type !== EVENT_TYPE_BREAKPOINT) return 'EOPNOTSUPP';
    one.attributes.sigData = wanted.sigData;
    perf.disable(one);
    const errno = one.pmu.modify(one, wanted, privileges);
    if (!one.attributes.disabled) perf.enable(one);
    if (errno !== undefined) return errno;
  }
  return undefined;
}

/** SET_OUTPUT: this event's records go to the other's ring; undefined detaches. */
export function setOutput(event: PerfEvent, other: PerfEvent | undefined): PerfErrno | undefined {
  if (other !== undefined) {
    if (other === event || other.cpu !== event.cpu) return 'EINVAL';
    if (other.cpu === -1 && other.target !== event.target) return 'EINVAL';
    if (other.attributes.writeBackward !== event.attributes.writeBackward) return 'EINVAL';
  }
  if (event.mmapCount > 0) return 'EINVAL';
  if (other !== undefined && (other.ring === undefined || other.ring.mappings === 0)) return 'EINVAL';
  event.ring = other?.ring;
  return undefined;
}

export function pauseOutput(event: PerfEvent, pause: boolean): PerfErrno | undefined {
  if (event.ring === undefined || event.ring.dataPages === 0) return 'EINVAL';
  event.ring.pause(pause);
  return undefined;
}

/** mmap(2) of the event's ring: `pages` with the control page. `overwrite`: mapped read-only. */
export function mapRing(
  event: PerfEvent,
  pages: number,
  overwrite: boolean,
  memory?: RingMemory,
): PerfErrno | undefined {
  const dataPages = pages - 1;
  if (event.cpu === -1 && event.attributes.inherit) return 'EINVAL';
  if (dataPages < 0 || (dataPages & (dataPages - 1)) !== 0) return 'EINVAL';
  if (event.ring !== undefined) {
    if (event.ring.dataPages !== dataPages) return 'EINVAL';
    // The ring is another event's (SET_OUTPUT): two control pages in one make no sense.
    if (event.mmapCount === 0) return 'EBUSY';
  } else {
    const { watermark, wakeup, writeBackward: backward } = event.attributes;
    event.ring = new RingBuffer({ dataPages, overwrite, watermark: watermark ? wakeup : 0, backward, memory });
  }
  event.ring.mappings += 1;
  event.mmapCount += 1;
  return undefined;
}

/** munmap: the last mapping of a ring detaches it from every event that writes to it (`sharers`). */
export function unmapRing(event: PerfEvent, sharers: Iterable<PerfEvent>): void {
  const { ring } = event;
  if (ring === undefined || event.mmapCount === 0) return;
  ring.mappings -= 1;
  event.mmapCount -= 1;
  if (event.mmapCount === 0) event.ring = undefined;
  if (ring.mappings > 0) return;
  for (const sharer of sharers) if (sharer.ring === ring) sharer.ring = undefined;
}

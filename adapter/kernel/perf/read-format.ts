// read-format.ts: what read() of an event answers, and the same inside a sample.
//
//   one:    value [time enabled] [time running] [id] [lost]
//   group:  nr [time enabled] [time running] { value [id] [lost] } × nr, leader first
//
// Truth: shared reference "hw-breakpoint-spec", B.10.4.

import { ByteWriter } from './byte-writer';
import { ReadFormat, SampleType } from './constants.table';
import { EventState, type PerfEvent } from './event';
import { failure, success, type Result } from './result';

/** Brings counts and times of an event up to date. */
export type Refresh = (event: PerfEvent) => void;

function wants(event: PerfEvent, bit: bigint): boolean {
  return (event.attributes.readFormat & bit) !== 0n;
}

/** Length of a read(); a shorter buffer is ENOSPC. */
function readSize(event: PerfEvent): number {
  let perValue = 1;
  if (wants(event, ReadFormat.id)) perValue += 1;
  if (wants(event, ReadFormat.lost)) perValue += 1;
  let words = 0;
  if (wants(event, ReadFormat.totalTimeEnabled)) words += 1;
  if (wants(event, ReadFormat.totalTimeRunning)) words += 1;
  if (wants(event, ReadFormat.group)) words += 1 + perValue * event.group.length;
  else words += perValue;
  return words * 8;
}

/** read(2): no bytes for an event in error state. */
export function readEvent(event: PerfEvent, bufferLength: number, refresh: Refresh): Result<Uint8Array> {
  if (event.state === EventState.error) return success(new Uint8Array(0));
  if (bufferLength < readSize(event)) return failure('ENOSPC');
  return wants(event, ReadFormat.group) ? readGroup(event, refresh) : success(readOne(event, refresh));
}

/** Count and times of the event with all its copies, as one read() sums them. */
function sumOf(event: PerfEvent, refresh: Refresh): { value: number; enabled: bigint; running: bigint } {
  const sum = { value: event.childCount, enabled: event.childTimeEnabled, running: event.childTimeRunning };
  for (const one of [event, ...event.children]) {
    refresh(one);
    sum.value += one.count;
    sum.enabled += one.timeEnabled;
    sum.running += one.timeRunning;
  }
  return sum;
}

function readOne(event: PerfEvent, refresh: Refresh): Uint8Array {
  const { value, enabled, running } = sumOf(event, refresh);
  const out = new ByteWriter().u64(value);
  if (wants(event, ReadFormat.totalTimeEnabled)) out.u64(enabled);
  if (wants(event, ReadFormat.totalTimeRunning)) out.u64(running);
  writeTail(out, event, event);
  return out.finish();
}

function readGroup(event: PerfEvent, refresh: Refresh): Result<Uint8Array> {
  const { leader } = event;
  const copies = leader.children;
  const unlike = copies.some(
    (copy) => copy.groupGeneration !== leader.groupGeneration || copy.siblings.length !== leader.siblings.length,
  );
  if (unlike) return failure('ECHILD');

  const { enabled, running } = sumOf(leader, refresh);
  const out = new ByteWriter().u64(1 + leader.siblings.length);
  if (wants(event, ReadFormat.totalTimeEnabled)) out.u64(enabled);
  if (wants(event, ReadFormat.totalTimeRunning)) out.u64(running);
  event.group.forEach((member, position) => {
    const members = [member, ...copies.map((copy) => copy.group[position])];
    members.forEach(refresh);
    out.u64(members.reduce((sum, one) => sum + one.total(), 0));
    writeTail(out, event, member);
  });
  return success(out.finish());
}

/** The part of a sample that PERF_SAMPLE_READ asks for: no sums over living copies. */
export function writeSampleRead(out: ByteWriter, event: PerfEvent, refresh: Refresh): void {
  const own = event.attributes.inherit && (event.attributes.sampleType & SampleType.read) !== 0n;
  const members = wants(event, ReadFormat.group) ? event.group : [event];
  members.forEach(refresh);
  if (wants(event, ReadFormat.group)) out.u64(members.length);
  else out.u64(event.total(own));
  if (wants(event, ReadFormat.totalTimeEnabled)) {
    out.u64(event.timeEnabled + (wants(event, ReadFormat.group) ? 0n : event.childTimeEnabled));
  }
  if (wants(event, ReadFormat.totalTimeRunning)) {
    out.u64(event.timeRunning + (wants(event, ReadFormat.group) ? 0n : event.childTimeRunning));
  }
  if (!wants(event, ReadFormat.group)) {
    writeTail(out, event, event);
    return;
  }
  for (const member of members) {
    out.u64(member.total(own));
    writeTail(out, event, member);
  }
}

function writeTail(out: ByteWriter, format: PerfEvent, event: PerfEvent): void {
  if (wants(format, ReadFormat.id)) out.u64(event.primaryId);
  if (wants(format, ReadFormat.lost)) out.u64(event.lostSamples);
}

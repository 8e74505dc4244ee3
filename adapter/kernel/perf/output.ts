// output.ts: from an event to its ring: where the bytes go, who is woken, what is lost.
//
// A copy writes to its original's ring. Several events may share a ring (SET_OUTPUT).

import type { Clock, Cpu, TaskRef } from '../sched/task';
import { POLL_IN, ReadFormat } from './constants.table';
import type { PerfEvent } from './event';
import type { PendingWork } from './pending-work';
import { lostRecord, sampleRecord, type RecordOrigin, type RecordSources } from './records';
import type { SampleInput } from './sample';

export class PerfOutput {
  constructor(
    private readonly clock: Clock,
    private readonly pending: PendingWork,
    readonly sources: RecordSources,
  ) {}

  origin(task: TaskRef | undefined, cpu: Cpu | undefined): RecordOrigin {
    return { task, cpu: cpu?.id ?? 0, time: this.clock() };
  }

  sample(event: PerfEvent, sample: SampleInput): void {
    if (event.original.ring === undefined) return;
    if ((event.attributes.readFormat & ReadFormat.totalTimeEnabled) !== 0n) event.updateTimes();
    const bytes = sampleRecord(event, sample, this.sources);
    const { watermark, wakeup } = event.attributes;
    this.write(event, bytes, this.origin(sample.task, sample.cpu), watermark ? 0 : wakeup);
  }

  /** Any record that is not a sample. */
  sideBand(event: PerfEvent, record: Uint8Array, origin: RecordOrigin): void {
    this.write(event, record, origin, 0);
  }

  private write(event: PerfEvent, record: Uint8Array, origin: RecordOrigin, wakeupEvents: number): void {
    const target = event.original;
    const { ring } = target;
    if (ring === undefined) return;
    const outcome = ring.write(record, (lost) => lostRecord(target, lost, origin), wakeupEvents);
    if (!outcome.written && ring.dataPages > 0) target.lostSamples += 1;
    if (!outcome.wake) return;
    if (target.async !== undefined && target.pendingKill === 0) target.pendingKill = POLL_IN;
    this.pending.queueWakeUp(target);
  }
}

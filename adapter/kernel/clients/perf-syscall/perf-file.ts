// perf-file.ts: an open perf event, as its file descriptor offers it: read, ioctl, mmap, poll, F_ASYNC, close.
//
// The system calls resolve descriptors and memory; errors come back as errno. Closing gives the slot back.
//
// Truth: shared reference "hw-breakpoint-spec", B.10.3–B.10.6.

import {
  controlFamily,
  mapRing,
  modifyAttributes,
  pauseOutput,
  refreshLimit,
  setOutput,
  setPeriod,
  unmapRing,
  type FamilyAction,
} from '../../perf/control';
import { EventState, type AsyncOwner, type PerfEvent } from '../../perf/event';
import { parseAttributes } from '../../perf/parse-attributes';
import type { PerfCore } from '../../perf/perf-core';
import { readEvent } from '../../perf/read-format';
import { failure, success, type PerfErrno, type Result } from '../../perf/result';
import type { RingMemory } from '../../perf/ring-buffer';
import { openEvent, type Opener, type OpenRequest } from './open';
import { RingBudget } from './ring-budget';

/** perf_event_open(2) and the files that it makes. One for the kernel. */
export class PerfSyscalls {
  private readonly files = new Set<PerfFile>();

  readonly budget: RingBudget;

  constructor(readonly perf: PerfCore) {
    this.budget = new RingBudget(perf);
  }

  open(request: OpenRequest): Result<PerfFile> {
    const opened = openEvent(this.perf, request);
    if (!opened.ok) return opened;
    const file = new PerfFile(this, opened.value);
    this.files.add(file);
    return success(file);
  }

  /** Events of all open files. */
  *events(): Iterable<PerfEvent> {
    for (const file of this.files) yield file.event;
  }

  forget(file: PerfFile): void {
    this.files.delete(file);
  }
}

export interface PollAnswer {
  readonly in: boolean;
  readonly hangUp: boolean;
  readonly error: boolean;
}

export class PerfFile {
  private mapped = 0;
  private closed = false;

  constructor(
    private readonly owner: PerfSyscalls,
    readonly event: PerfEvent,
  ) {}

  get id(): number {
    return this.event.id;
  }

  /** As read(2) with a buffer of that length; empty = end of file (error state). */
  read(bufferLength: number): Result<Uint8Array> {
    const { perf } = this.owner;
    return readEvent(this.event, bufferLength, (event) => {
      perf.refresh(event);
    });
  }

  control(action: FamilyAction, group: boolean): void {
    controlFamily(this.owner.perf, this.event, action, group);
  }

  refresh(overflows: number): PerfErrno | undefined {
    return refreshLimit(this.owner.perf, this.event, overflows);
  }

  setPeriod(period: bigint): PerfErrno | undefined {
    return setPeriod(this.owner.perf, this.event, period);
  }

  /** `bytes`: a perf_event_attr. */
  modify(bytes: Uint8Array, opener: Opener): PerfErrno | undefined {
    const parsed = parseAttributes(bytes, this.owner.perf.settings.perf_event_max_stack);
    if (!parsed.ok) return parsed.errno;
    return modifyAttributes(this.owner.perf, this.event, parsed.value, { sysAdmin: opener.sysAdmin });
  }

  /** undefined: back to a ring of its own. */
  setOutput(other: PerfFile | undefined): PerfErrno | undefined {
    return setOutput(this.event, other?.event);
  }

  pause(pause: boolean): PerfErrno | undefined {
    return pauseOutput(this.event, pause);
  }

  /** `pages` with the control page; `writable`: the reader moves data_tail. */
  mmap(pages: number, writable: boolean, memory?: RingMemory): PerfErrno | undefined {
    const errno = mapRing(this.event, pages, !writable, memory);
    if (errno === undefined) this.mapped += 1;
    return errno;
  }

  munmap(): void {
    if (this.mapped === 0) return;
    this.mapped -= 1;
    unmapRing(this.event, this.owner.events());
    if (this.closed && this.mapped === 0) this.destroy();
  }

  /** The bytes of the ring that were not read yet; moves data_tail. */
  consume(): Result<Uint8Array> {
    const { ring } = this.event;
    if (ring === undefined || ring.overwrite) return failure('EINVAL');
    return success(ring.consume());
  }

  poll(): PollAnswer {
    const { event } = this;
    if (event.state === EventState.error && event.attributes.pinned) return { in: false, hangUp: false, error: true };
    const ended = event.state === EventState.exit && event.children.length === 0;
    if (ended || event.ring === undefined) return { in: false, hangUp: true, error: false };
    return { in: event.ring.takeReadable(), hangUp: false, error: false };
  }

  /** O_ASYNC with its owner and signal; undefined switches it off. */
  setAsync(async: AsyncOwner | undefined): void {
    this.event.async = async;
  }

  /** The last descriptor is gone. A mapping keeps the event alive until it is unmapped, too. */
  close(): void {
    this.closed = true;
    this.event.async = undefined;
    if (this.mapped === 0) this.destroy();
  }

  private destroy(): void {
    this.owner.forget(this);
    this.owner.perf.close(this.event);
  }
}

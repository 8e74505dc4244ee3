// recorder.ts: samples of perf events → a recording: opens the events on each CPU, reads their rings, counts at the end.
//
// As perf record does it: one event for each CPU, inherited by threads and children, all events of a CPU in one ring.
// The ring is read at each record, while the task still stands at its hit: its stack can be walked.
// Truth: perf_event_open(2); shared reference "hw-breakpoint-spec", B.10.6, B.10.7.

import type { PerfFile } from '../kernel/clients/perf-syscall/perf-file';
import type { Kernel } from '../kernel/kernel';
import { attentiveMemory, readRecords, RECORDED_SAMPLE, type ReadRecord } from '../kernel/perf/read-records';
import type { Task } from '../kernel/process/task';
import { assert } from '../util/assert';
import { hex } from '../util/hex';
import { UserError } from '../util/user-error';
import type { RecordedThread, RecordingWriter } from '../wire/cli/perf/recording';
import { COUNTING, openEvent, type PlacedEvent } from './breakpoint-events';
import type { StackPlaces } from './stack-places';

/** 512 KiB, as perf takes. */
const DATA_PAGES = 128;
const COUNT_BYTES = 24;
/** So many hits take about 0.1 s: then the host's event loop is heard. */
const HITS_PER_SLICE = 8192;

export class Recorder {
  /** Files of each event, one for each CPU. */
  private readonly files: PerfFile[][] = [];
  private readonly eventOfId = new Map<number, number>();
  private readonly threads = new Map<number, RecordedThread>();
  readonly hits: number[];
  lost = 0;

  constructor(
    private readonly kernel: Kernel,
    private readonly events: readonly PlacedEvent[],
    private readonly writer: RecordingWriter,
    private readonly stacks: StackPlaces,
    /** Called now and then while the program runs, where ending its turn changes nothing. */
    private readonly breathe: () => void = () => undefined,
  ) {
    this.hits = events.map(() => 0);
  }

  /** Opens all events, or throws UserError where one finds no debug register. */
  open(task: Task, period: number): void {
    const rings = this.kernel.context.scheduler.cpus.map(() => undefined as PerfFile | undefined);
    this.events.forEach((placed, index) => {
      const files = rings.map((ring, cpu) => {
        const style = { ...COUNTING, samplePeriod: BigInt(period), sampleType: RECORDED_SAMPLE };
        const opened = openEvent(this.kernel, task, placed, style, cpu);
        if (opened.kind === 'refused') throw noRegister(opened.why);
        rings[cpu] = this.attach(opened.file, ring);
        this.eventOfId.set(opened.file.id, index);
        return opened.file;
      });
      this.files.push(files);
    });
  }

  /** The CPU's ring: the first event makes it, the others write to it. */
  private attach(file: PerfFile, ring: PerfFile | undefined): PerfFile {
    const errno =
      ring === undefined
        ? file.mmap(
            1 + DATA_PAGES,
            true,
            attentiveMemory(DATA_PAGES, (bytes) => {
              for (const record of readRecords(bytes)) this.take(record);
            }),
          )
        : file.setOutput(ring);
    assert(errno === undefined, 'an event of ours gets its ring', errno);
    return ring ?? file;
  }

  private take(record: ReadRecord): void {
    if (record.kind === 'lost') {
      this.lost += record.count;
      return;
    }
    const event = this.eventOfId.get(record.id);
    const task = this.kernel.context.tasks.get(record.tid);
    assert(event !== undefined && task !== undefined, 'a sample is of one of our events, and of a task', record);
    this.hits[event] += 1;
    this.threads.set(task.tid, { id: task.tid, process: record.tgid, name: task.comm });
    const isExecution = this.events[event].wish.access === 'execute';
    const stack = this.stacks.stackOf({ task, isExecution, kernelMode: record.kernelMode });
    this.writer.hit({ event, thread: record.tid, cpu: record.cpu, timeNs: Number(record.time), stack });
    // Turns of a task that is alone are long. Where tasks take turns these are left as they are: so is the schedule.
    if (this.writer.hits % HITS_PER_SLICE === 0 && this.kernel.context.scheduler.isAlone(task)) this.breathe();
  }

  /** Writes what is known only at the end; how many threads hit something. */
  finish(exitCode: number): number {
    for (const thread of this.threads.values()) this.writer.thread(thread);
    const counts = this.files.map((files) => files.reduce((sum, file) => sum + countOf(file), 0));
    this.writer.end({ lost: this.lost, counts, exitCode });
    return this.threads.size;
  }
}

function countOf(file: PerfFile): number {
  const read = file.read(COUNT_BYTES);
  if (!read.ok || read.value.length < 8) return 0;
  return Number(new DataView(read.value.buffer, read.value.byteOffset).getBigUint64(0, true));
}

/** For the header of the recording. */
export const recordedEvent = ({ wish, place }: PlacedEvent, period: number) => ({
  text: wish.text,
  address: hex(place.address),
  lengthBytes: place.lengthBytes,
  access: wish.access,
  period,
});

const noRegister = (why: string): UserError =>
  new UserError(
    'record-no-register',
    `${why} Nothing was run: record fewer events, or launch with more --debug-registers.`,
  );

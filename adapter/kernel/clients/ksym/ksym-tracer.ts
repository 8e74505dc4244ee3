// ksym-tracer.ts: the symbol tracer: watch symbols by name, on all CPUs, and keep a line for each access.
//
// `writeFilter` is a write to ksym_trace_filter, one request each: `symbol:rw-`. Hits are recorded only while this is the
// current tracer; switching away removes all entries. Where the first version and the last one (2.6.35) differ, the
// last one's rule holds: an entry whose operation changes stays, and slots are the only limit.
//
// Truth: shared reference "hw-breakpoint-spec", C.1.

import type { BreakpointApi, WideBreakpoint } from '../../hw-breakpoint/core-api';
import {
  BREAKPOINT_EXECUTE,
  BREAKPOINT_READ,
  BREAKPOINT_READ_WRITE,
  BREAKPOINT_WRITE,
  breakpointAttributes,
} from '../../perf/event-attributes';
import { failure, success, type PerfErrno, type Result } from '../../perf/result';
import type { SampleInput } from '../../perf/sample';
import { profileText, traceText, type KsymSymbols, type TraceEntry } from './ksym-text';

/** Symbols are watched so wide, whatever their type. */
const WATCHED_BYTES = 4n;
const OPERATION_LENGTH = 3;
const DEFAULT_CAPACITY = 10_000;
const CLEAR_ALL = new Set(['', '0', '*:---']);

export interface KsymOptions {
  readonly symbols: KsymSymbols;
  /** What the kernel log would say. */
  readonly log: (message: string) => void;
  /** Trace entries that are kept; older ones go. */
  readonly capacity?: number;
  /** After each entry, while the task stands at its access. */
  readonly recorded?: (entry: TraceEntry) => void;
}

interface Watched {
  readonly address: bigint;
  type: number;
  hits: number;
  breakpoint: WideBreakpoint;
}

export class KsymTracer {
  /** Newest first, as they are listed. */
  private watched: Watched[] = [];
  /** Up to twice as many as are kept: cut off now and then, not at each hit. */
  private entries: TraceEntry[] = [];
  private cutOff = 0;
  private current = false;
  /** tracing_on is 0: hits are neither recorded nor counted. */
  paused = false;

  constructor(
    private readonly api: BreakpointApi,
    private readonly options: KsymOptions,
  ) {}

  /** Becomes the current tracer, or stops being it: then all entries go. */
  setCurrent(current: boolean): void {
    this.current = current;
    if (!current) this.clear();
  }

  /** A write to ksym_trace_filter; answers the number of bytes taken. */
  writeFilter(request: string): Result<number> {
    const written = new TextEncoder().encode(request).length;
    const text = request.replace(/\s+$/, '');
    if (CLEAR_ALL.has(text)) {
      this.clear();
      return success(written);
    }
    const parsed = this.parse(text);
    if (!parsed.ok) return parsed;
    const { address, type } = parsed.value;
    const known = this.watched.find((one) => one.address === address);
    const errno = known === undefined ? this.add(address, type) : this.change(known, type);
    return errno === undefined ? success(written) : failure(errno);
  }

  /** What reading ksym_trace_filter shows. */
  readFilter(): string {
    const { symbols } = this.options;
    return this.watched.map(({ address, type }) => `${symbols.describe(address)}:${OPERATION_TEXT[type]}\n`).join('');
  }

  /** The trace, with its header. */
  readTrace(): string {
    return traceText(this.trace, this.options.symbols);
  }

  /** Hits per symbol: trace_stat/ksym_tracer, later ksym_profile. */
  readProfile(): string {
    return profileText(this.watched, this.options.symbols);
  }

  get trace(): readonly TraceEntry[] {
    return this.entries.length > this.capacity ? this.entries.slice(-this.capacity) : this.entries;
  }

  /** Entries that went because there were more than are kept. */
  get dropped(): number {
    return this.cutOff + Math.max(0, this.entries.length - this.capacity);
  }

  private get capacity(): number {
    return this.options.capacity ?? DEFAULT_CAPACITY;
  }

  get isCurrent(): boolean {
    return this.current;
  }

  /** The entries, which are then gone: what trace_pipe reads, and what a write to `trace` drops. */
  takeTrace(): readonly TraceEntry[] {
    const { trace } = this;
    this.cutOff = this.dropped;
    this.entries = [];
    return trace;
  }

  private parse(text: string): Result<{ address: bigint; type: number }> {
    const colon = text.indexOf(':');
    const operation = text.slice(colon + 1);
    const address = colon < 0 ? undefined : this.options.symbols.addressOf(text.slice(0, colon));
    if (address === undefined || operation.length !== OPERATION_LENGTH) return failure('EINVAL');
    const type = operationType(operation);
    return ACCEPTED.has(type) ? success({ address, type }) : failure('EINVAL');
  }

  private add(address: bigint, type: number): PerfErrno | undefined {
    const made = this.register(address, type);
    if (!made.ok) {
      this.options.log(
        made.errno === 'ENOSPC'
          ? 'ksym_tracer: Maximum limit reached. No new requests for tracing can be accepted now.'
          : 'ksym_tracer request failed. Try again later!!',
      );
      return made.errno;
    }
    this.watched.unshift({ address, type, hits: 0, breakpoint: made.value });
    return undefined;
  }

  private change(known: Watched, type: number): PerfErrno | undefined {
    if (known.type === type) return 'EINVAL';
    this.api.unregisterWide(known.breakpoint);
    known.type = type;
    const made = this.register(known.address, type);
    if (made.ok) {
      known.breakpoint = made.value;
      return undefined;
    }
    this.watched = this.watched.filter((one) => one !== known);
    return made.errno;
  }

  private register(address: bigint, type: number): Result<WideBreakpoint> {
    const attributes = breakpointAttributes({
      breakpointType: type,
      breakpointAddress: address,
      breakpointLength: WATCHED_BYTES,
    });
    const made = this.api.registerWide(attributes, 'ksym', (_event, sample) => {
      this.record(address, sample);
    });
    const label = `ksym ${this.options.symbols.describe(address).replace(/\+0x0\/.*$/, '')}:${OPERATION_TEXT[type]}`;
    if (made.ok) for (const event of made.value) event.label = label;
    return made;
  }

  private record(address: bigint, sample: SampleInput): void {
    const watched = this.watched.find((one) => one.address === address);
    if (!this.current || this.paused || watched === undefined) return;
    watched.hits += 1;
    const entry: TraceEntry = {
      command: sample.task?.comm ?? '<idle>',
      pid: sample.task?.tid ?? 0,
      cpu: sample.cpu.id,
      address,
      type: watched.type,
      instructionPointer: sample.instructionPointer,
    };
    this.entries.push(entry);
    this.options.recorded?.(entry);
    if (this.entries.length < 2 * this.capacity) return;
    this.entries = this.entries.slice(-this.capacity);
    this.cutOff += this.capacity;
  }

  private clear(): void {
    for (const { breakpoint } of this.watched) this.api.unregisterWide(breakpoint);
    this.watched = [];
  }
}

const ACCEPTED: ReadonlySet<number> = new Set([BREAKPOINT_READ, BREAKPOINT_WRITE, BREAKPOINT_READ_WRITE]);

const OPERATION_TEXT: Readonly<Record<number, string>> = {
  [BREAKPOINT_READ]: 'r--',
  [BREAKPOINT_WRITE]: '-w-',
  [BREAKPOINT_READ_WRITE]: 'rw-',
};

/** Any character out of place counts as `-`. */
function operationType(operation: string): number {
  const read = operation[0] === 'r' ? BREAKPOINT_READ : 0;
  const write = operation[1] === 'w' ? BREAKPOINT_WRITE : 0;
  const execute = operation[2] === 'x' ? BREAKPOINT_EXECUTE : 0;
  return read | write | execute;
}

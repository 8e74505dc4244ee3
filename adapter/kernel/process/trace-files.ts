// trace-files.ts: the tracing directory of the emulated kernel: the symbol tracer's files and those that switch it.
//
// One tracer for the kernel, made when a file of it is first opened (or the command line asks), with its self-test.
// The names are those below /sys/kernel/tracing and /sys/kernel/debug/tracing; everything else there is the host's.
// Truth: shared reference "hw-breakpoint-spec", C.1; Linux Documentation/trace/ftrace (current_tracer, trace, trace_pipe).

import { KsymTracer } from '../clients/ksym/ksym-tracer';
import { traceLine } from '../clients/ksym/ksym-text';
import { ksymSelfTest, type SelfTestOutcome } from '../clients/ksym/ksym-self-test';
import { ErrnoError } from '../abi/errno.table';
import { O_ACCMODE, O_RDONLY, O_RDWR, O_TRUNC, POLLIN, POLLRDNORM, S_IFREG } from '../abi/file-constants';
import { TextFile } from '../files/devices';
import type { FileStat } from '../files/host';
import { OpenFile, syntheticStat } from '../files/open-file';
import { encodeText } from '../mm/user-copy';
import { GuestSymbols } from './guest-symbols';
import type { KernelContext } from './kernel-context';

const DIRECTORIES = ['/sys/kernel/tracing/', '/sys/kernel/debug/tracing/'];
const TRACER_NAME = 'ksym_tracer';
const NO_TRACER_NAME = 'nop';

/** The tracer with what belongs to it. */
export class TraceSystem {
  readonly symbols: GuestSymbols;
  readonly tracer: KsymTracer;
  readonly selfTest: SelfTestOutcome | undefined;
  readonly pipes = new Set<TracePipeFile>();

  constructor(kernel: KernelContext, capacity?: number) {
    this.symbols = new GuestSymbols(kernel);
    this.selfTest = runSelfTest(kernel);
    if (this.selfTest === 'FAILED') kernel.notice('Testing tracer ksym_tracer: FAILED');
    this.tracer = new KsymTracer(kernel.layer.api, {
      symbols: this.symbols,
      log: (message) => {
        kernel.notice(message);
      },
      recorded: ({ instructionPointer }) => {
        this.symbols.note(instructionPointer);
        for (const pipe of this.pipes) pipe.changed.wakeAll();
      },
      ...(capacity === undefined ? {} : { capacity }),
    });
  }
}

/** undefined: nobody runs yet, on whose time it could be done. */
function runSelfTest(kernel: KernelContext): SelfTestOutcome | undefined {
  const task = kernel.init?.threads.values().next().value;
  return task === undefined ? undefined : ksymSelfTest(kernel.layer, kernel.scheduler.cpus[0], task);
}

const systems = new WeakMap<KernelContext, TraceSystem>();

/** The kernel's one; `capacity` (entries kept) counts when it is made. */
export function traceSystemOf(kernel: KernelContext, capacity?: number): TraceSystem {
  let system = systems.get(kernel);
  if (system === undefined) {
    system = new TraceSystem(kernel, capacity);
    systems.set(kernel, system);
  }
  return system;
}

interface TraceEntryFile {
  readonly read: (system: TraceSystem) => string;
  readonly write?: (system: TraceSystem, text: string) => void;
  /** Opening with O_TRUNC. */
  readonly truncate?: (system: TraceSystem) => void;
}

const currentName = ({ tracer }: TraceSystem): string => (tracer.isCurrent ? TRACER_NAME : NO_TRACER_NAME);

const PROFILE: TraceEntryFile = { read: ({ tracer }) => tracer.readProfile() };

const FILES: Readonly<Record<string, TraceEntryFile>> = {
  available_tracers: { read: () => `${TRACER_NAME} ${NO_TRACER_NAME}\n` },
  current_tracer: { read: (system) => `${currentName(system)}\n`, write: selectTracer },
  tracing_on: {
    read: ({ tracer }) => (tracer.paused ? '0\n' : '1\n'),
    write: ({ tracer }, text) => {
      const word = text.trim();
      if (word !== '0' && word !== '1') throw new ErrnoError('EINVAL');
      tracer.paused = word === '0';
    },
  },
  trace: {
    read: (system) =>
      `# tracer: ${currentName(system)}\n#\n${system.tracer.isCurrent ? system.tracer.readTrace() : ''}`,
    write: () => undefined,
    truncate: ({ tracer }) => {
      tracer.takeTrace();
    },
  },
  ksym_trace_filter: {
    read: ({ tracer }) => tracer.readFilter(),
    write: ({ tracer }, text) => {
      const written = tracer.writeFilter(text);
      if (!written.ok) throw new ErrnoError(written.errno);
    },
    truncate: ({ tracer }) => {
      tracer.writeFilter('0');
    },
  },
  ksym_profile: PROFILE,
  'trace_stat/ksym_tracer': PROFILE,
};

function selectTracer(system: TraceSystem, text: string): void {
  const name = text.trim();
  if (name !== TRACER_NAME && name !== NO_TRACER_NAME) throw new ErrnoError('EINVAL');
  const wanted = name === TRACER_NAME;
  if (wanted !== system.tracer.isCurrent) system.tracer.setCurrent(wanted);
}

const PIPE = 'trace_pipe';

function nameWithin(path: string): string | undefined {
  const directory = DIRECTORIES.find((one) => path.startsWith(one));
  const name = directory === undefined ? undefined : path.slice(directory.length);
  return name !== undefined && (name === PIPE || Object.hasOwn(FILES, name)) ? name : undefined;
}

/** open(2); undefined: not one of ours. `path` is without `.` and `..`. */
export function openTraceFile(kernel: KernelContext, path: string, flags: number): OpenFile | undefined {
  const name = nameWithin(path);
  if (name === undefined) return undefined;
  const system = traceSystemOf(kernel);
  if (name === PIPE) return new TracePipeFile(system, flags, path);
  const { read, write, truncate } = FILES[name];
  const writes = (flags & O_ACCMODE) !== O_RDONLY;
  if (writes && write === undefined) throw new ErrnoError('EACCES');
  if (writes && (flags & O_TRUNC) !== 0) truncate?.(system);
  const onWrite =
    write === undefined
      ? undefined
      : (text: string): void => {
          write(system, text);
        };
  return new TextFile(read(system), flags, path, onWrite);
}

/** stat(2); undefined: not one of ours. */
export function traceFileStat(path: string): FileStat | undefined {
  const name = nameWithin(path);
  if (name === undefined) return undefined;
  const isWritable = Object.hasOwn(FILES, name) && FILES[name].write !== undefined;
  return syntheticStat(S_IFREG | (isWritable ? 0o644 : 0o444), 101);
}

/** Entries as they come, each told once; a reader waits for the next. */
class TracePipeFile extends OpenFile {
  private text: Uint8Array = new Uint8Array(0);

  constructor(
    private readonly system: TraceSystem,
    flags: number,
    path: string,
  ) {
    super(flags & ~O_RDWR, path);
    system.pipes.add(this);
  }

  override stat(): FileStat {
    return syntheticStat(S_IFREG | 0o444, 102);
  }

  override read(maxBytes: number): Uint8Array | undefined {
    if (this.text.length === 0) {
      const { tracer, symbols } = this.system;
      const lines = tracer.takeTrace().map((entry) => `${traceLine(entry, symbols)}\n`);
      this.text = encodeText(lines.join(''));
    }
    if (this.text.length === 0) return undefined;
    const part = this.text.subarray(0, maxBytes);
    this.text = this.text.subarray(part.length);
    return part;
  }

  override poll(): number {
    const waiting = this.text.length > 0 || this.system.tracer.trace.length > 0;
    return waiting ? POLLIN | POLLRDNORM : 0;
  }

  override release(): void {
    this.system.pipes.delete(this);
  }
}

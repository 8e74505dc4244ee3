// breakpoint-events.ts: perf events of the command line: opened through perf_event_open(2)'s own door on the emulated kernel.
//
// An event that finds no slot is refused by the kernel, flexible or not; `openEvents` gives the refusal as data, with
// who holds the slots, and leaves to the verb what to make of it.
// Quirk: the first program is loaded before they are opened; perf's count how the kernel clears its .bss, too.
// Truth: perf_event_open(2); shared reference "hw-breakpoint-spec", B.3, B.10.2.

import type { PerfFile } from '../kernel/clients/perf-syscall/perf-file';
import type { Kernel } from '../kernel/kernel';
import { ReadFormat } from '../kernel/perf/constants.table';
import { encodeAttributes } from '../kernel/perf/encode-attributes';
import {
  BREAKPOINT_EXECUTE,
  BREAKPOINT_READ_WRITE,
  BREAKPOINT_WRITE,
  emptyAttributes,
  type PerfAttributes,
} from '../kernel/perf/event-attributes';
import type { Task } from '../kernel/process/task';
import { perfClientOf } from '../kernel/syscalls/perf-calls';
import { hex } from '../util/hex';
import { UserError } from '../util/user-error';
import type { EventWish } from '../wire/cli/perf/event-text';
import { memoryOf, type KernelSymbols } from './program-symbols';
import { watchedPlace, type WatchedPlace } from './watched-place';

export interface PlacedEvent {
  readonly wish: EventWish;
  readonly place: WatchedPlace;
}

export type OpenedEvent = PlacedEvent &
  (
    | { readonly kind: 'open'; readonly file: PerfFile }
    /** No slot was free. */
    | { readonly kind: 'refused'; readonly why: string }
  );

const TYPE: Readonly<Record<EventWish['access'], number>> = {
  write: BREAKPOINT_WRITE,
  readWrite: BREAKPOINT_READ_WRITE,
  execute: BREAKPOINT_EXECUTE,
};

/**
 * Finds the places; throws UserError where one is not to be found. Variables of shared libraries come with the
 * libraries: where a name is not known yet the program runs to its entry point, where they are loaded, first.
 */
export function placeEvents(
  kernel: Kernel,
  task: Task,
  symbols: KernelSymbols,
  wishes: readonly EventWish[],
): readonly PlacedEvent[] {
  const find = (): readonly PlacedEvent[] =>
    wishes.map((wish) => ({
      wish,
      place: watchedPlace(wish, symbols.of(task.process), memoryOf(task.process)),
    }));
  try {
    return find();
  } catch (error) {
    if (!(error instanceof UserError) || !runToEntry(kernel, task)) throw error;
    symbols.changed(task.process);
    return find();
  }
}

const AT_ENTRY = 9n;

/** False where the program is there already: it has no dynamic loader. */
function runToEntry(kernel: Kernel, task: Task): boolean {
  const { auxiliary, memory } = task.process;
  const view = new DataView(auxiliary.buffer, auxiliary.byteOffset, auxiliary.byteLength);
  let entry: bigint | undefined;
  for (let at = 0; at + 16 <= auxiliary.length; at += 16) {
    if (view.getBigUint64(at, true) === AT_ENTRY) entry = view.getBigUint64(at + 8, true);
  }
  if (entry === undefined || task.registers.rip === entry) return false;
  const tracer = kernel.tracer;
  kernel.tracer = { ...tracer, codeStop: () => 'stop' };
  memory.space.setCodeStops(new Set([entry]));
  kernel.runSlice(() => false);
  memory.space.setCodeStops(new Set());
  kernel.tracer = tracer;
  return task.registers.rip === entry;
}

/** What differs between counting and sampling. */
export type EventStyle = Partial<PerfAttributes>;

export const COUNTING: EventStyle = {
  readFormat: ReadFormat.totalTimeEnabled | ReadFormat.totalTimeRunning,
};

/** Opens the event on the task and all that it will start; `cpu` -1 for wherever they run. */
export function openEvent(
  kernel: Kernel,
  task: Task,
  placed: PlacedEvent,
  style: EventStyle,
  cpu: number,
): OpenedEvent {
  const { wish, place } = placed;
  const attributes = emptyAttributes({
    type: 5,
    inherit: true,
    pinned: wish.pinned,
    excludeUser: !wish.user,
    excludeKernel: !wish.kernel,
    excludeHypervisor: true,
    breakpointType: TYPE[wish.access],
    breakpointAddress: place.address,
    breakpointLength: BigInt(place.lengthBytes),
    ...style,
  });
  const opened = perfClientOf(kernel.context).open({
    attributes: encodeAttributes(attributes),
    target: task,
    cpu,
    group: 'none',
    flags: 0,
    opener: { perfmon: true, sysAdmin: true, mayObserve: () => true },
  });
  if (opened.ok) return { ...placed, kind: 'open', file: opened.value };
  if (opened.errno === 'ENOSPC') return { ...placed, kind: 'refused', why: noSlot(kernel, task, wish) };
  if (opened.errno === 'ENOENT') throw noDebugRegisters();
  throw refusedByKernel(wish, place, opened.errno);
}

/** `mem:counter:w 4 bytes at 0x404040, …`: who holds the slots that the task sees. */
function noSlot(kernel: Kernel, task: Task, wish: EventWish): string {
  const holders = kernel.layer
    .slotHolders(task)
    .map(
      ({ owner, address, lengthBytes, access }) => `${owner}: ${accessText(access, lengthBytes)} at ${hex(address)}`,
    );
  const each = [...new Set(holders)].join('; ');
  return `${wish.text} found no free debug register: of ${kernel.layer.slotsPerCpu} a thread has, all are held (${each}).`;
}

/** `4 bytes, written`, as the ledger and the listings say it. */
export function accessText(access: 'execute' | 'write' | 'readWrite', lengthBytes: number): string {
  if (access === 'execute') return 'execution';
  const verb = access === 'write' ? 'writes of' : 'reads and writes of';
  return `${verb} ${lengthBytes === 1 ? '1 byte' : `${lengthBytes} bytes`}`;
}

const noDebugRegisters = (): UserError =>
  new UserError(
    'event-no-registers',
    'This machine has no debug registers (--debug-registers=0): nothing can be watched. Give it some; x86 has 4.',
  );

function refusedByKernel(wish: EventWish, place: WatchedPlace, errno: string): UserError {
  return new UserError(
    'event-refused',
    `${wish.text}: the emulated kernel refuses ${accessText(wish.access, place.lengthBytes)} at ${hex(place.address)} ` +
      `with ${errno}. The address must lie in the program, and be a multiple of the length.`,
  );
}

// event-writer.ts: what the session tells, as the protocol's events.

import { DEBUG_REGISTERS_CHANGED_EVENT } from '../../protocol/debug-register-map';
import { WATCHES_CHANGED_EVENT } from '../../protocol/watches';
import type {
  BreakpointView,
  ModuleView,
  OutputCategory,
  PlaceView,
  ProgressView,
  SessionObserver,
  SessionStop,
} from '../../session/session-events';
import { addressText } from './addresses';
import { breakpointOut } from './breakpoints';
import { moduleOut } from './modules';
import type { Places } from './places';
import type { Sources } from './sources';

export interface EventSink {
  sendEvent(event: string, body?: unknown): void;
}

const PROGRESS = 'trapline-';

/** Whose progress that is; none is 0. */
export function progressNumber(progressId: string): number {
  return progressId.startsWith(PROGRESS) ? Number(progressId.slice(PROGRESS.length)) : 0;
}

export class EventWriter implements SessionObserver {
  /** The editor shows what takes long. */
  showsProgress = false;
  takesBreakpoints = false;
  private readonly begun = new Set<number>();

  constructor(
    private readonly sink: EventSink,
    private readonly places: Places,
    private readonly sources: Sources,
  ) {}

  processStarted(program: string, processId: number): void {
    this.sink.sendEvent('process', {
      name: program,
      systemProcessId: processId,
      isLocalProcess: true,
      startMethod: 'launch',
      pointerSize: 64,
    });
  }

  onStopped(stop: SessionStop): void {
    const { kind, thread, description, text, hitIds } = stop;
    this.sink.sendEvent('stopped', {
      reason: kind,
      threadId: thread,
      allThreadsStopped: true,
      ...(description === undefined ? {} : { description }),
      ...(text === undefined ? {} : { text }),
      ...(hitIds.length === 0 ? {} : { hitBreakpointIds: hitIds }),
    });
  }

  onContinued(thread: number): void {
    this.sink.sendEvent('continued', { threadId: thread, allThreadsContinued: true });
  }

  onThread(thread: number, what: 'started' | 'exited'): void {
    this.sink.sendEvent('thread', { reason: what, threadId: thread });
  }

  onModule(module: ModuleView, what: 'new' | 'removed'): void {
    this.sink.sendEvent('module', { reason: what, module: moduleOut(module) });
  }

  onOutput(category: OutputCategory, output: string, place?: PlaceView): void {
    this.sink.sendEvent('output', {
      category: category === 'log' ? 'console' : category,
      output,
      ...(place === undefined
        ? {}
        : { source: this.sources.source(place.path, true), line: this.places.lineOut(place.line) }),
    });
  }

  onBreakpointChanged(breakpoint: BreakpointView, what: 'new' | 'changed' | 'removed' = 'changed'): void {
    this.sink.sendEvent('breakpoint', {
      reason: what,
      breakpoint: breakpointOut(breakpoint, this.places, this.sources),
    });
  }

  onMemoryChanged(address: bigint, lengthBytes: number): void {
    this.sink.sendEvent('memory', { memoryReference: addressText(address), offset: 0, count: lengthBytes });
  }

  onDebugRegistersChanged(): void {
    this.sink.sendEvent(DEBUG_REGISTERS_CHANGED_EVENT);
  }

  onWatchesChanged(): void {
    this.sink.sendEvent(WATCHES_CHANGED_EVENT);
  }

  onProgress({ number, title, ended, fraction }: ProgressView): void {
    if (!this.showsProgress) return;
    const progressId = `${PROGRESS}${number}`;
    if (!ended && !this.begun.has(number)) {
      this.begun.add(number);
      this.sink.sendEvent('progressStart', { progressId, title, cancellable: true });
    }
    if (!ended) this.sink.sendEvent('progressUpdate', { progressId, percentage: Math.round(100 * (fraction ?? 0)) });
    else if (this.begun.delete(number)) this.sink.sendEvent('progressEnd', { progressId });
  }

  onExited(code: number): void {
    this.sink.sendEvent('exited', { exitCode: code });
    this.sink.sendEvent('terminated');
  }
}

// slice-loop.ts: runs the kernel in slices on the host's event loop, so that a pause is heard.
//
// The host's clock decides where slices end and nothing else.

import type { Kernel } from '../../kernel/kernel';

/** What running needs of the host. */
export interface HostLoop {
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** Soon, after other events. */
  readonly soon: (callback: () => void) => void;
  readonly after: (delayMs: number, callback: () => void) => void;
}

const SLICE_MS = 10;
const IDLE_MS = 5;
const NS_PER_MS = 1e6;

export interface SliceEvents {
  /** After each slice; answers false to stop running. */
  afterSlice: (end: 'budget' | 'stopped' | 'idle') => boolean;
  ended: () => void;
}

export class SliceLoop {
  private active = false;
  /** Grows with each start, so that callbacks of an earlier run know that they are late. */
  private generation = 0;
  private idleSince: { readonly atMs: number; readonly fromNs: bigint } | undefined;

  constructor(
    private readonly kernel: Kernel,
    private readonly host: HostLoop,
    private readonly events: SliceEvents,
  ) {}

  get running(): boolean {
    return this.active;
  }

  start(): void {
    this.active = true;
    this.idleSince = undefined;
    const generation = ++this.generation;
    this.host.soon(() => {
      this.slice(generation);
    });
  }

  halt(): void {
    this.active = false;
    this.generation++;
  }

  private slice(generation: number): void {
    if (generation !== this.generation) return;
    const until = this.host.now() + SLICE_MS;
    const end = this.kernel.runSlice(() => this.host.now() >= until);
    if (end.kind === 'ended') {
      this.halt();
      this.events.ended();
      return;
    }
    if (!this.events.afterSlice(end.kind) || generation !== this.generation) return;
    if (end.kind === 'idle') this.waitIdle(generation, end.deadlineNs);
    else {
      this.idleSince = undefined;
      this.host.soon(() => {
        this.slice(generation);
      });
    }
  }

  /** Somebody waits for input: time passes as it does outside. */
  private waitIdle(generation: number, deadlineNs: bigint | undefined): void {
    const since = (this.idleSince ??= { atMs: this.host.now(), fromNs: this.kernel.nowNs });
    this.host.after(IDLE_MS, () => {
      if (generation !== this.generation) return;
      const reached = since.fromNs + BigInt(Math.round((this.host.now() - since.atMs) * NS_PER_MS));
      this.kernel.skipIdle(deadlineNs !== undefined && deadlineNs < reached ? deadlineNs : reached);
      this.slice(generation);
    });
  }
}

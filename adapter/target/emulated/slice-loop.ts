// slice-loop.ts: runs the kernel in slices on the host's event loop, so that a pause is heard.
//
// The host's clock decides where slices end and nothing else, unless the machine keeps the host's time.

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
  /** Where the host's time is kept: the two clocks when it began to run. */
  private pace: { readonly atMs: number; readonly fromNs: bigint } | undefined;
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
    const generation = this.begin();
    this.host.soon(() => {
      this.slice(generation);
    });
  }

  /** As `start`, where something is to be told before anything runs. */
  startStanding(): void {
    const generation = this.begin();
    this.host.soon(() => {
      if (generation !== this.generation || !this.events.afterSlice('stopped')) return;
      if (generation === this.generation) this.slice(generation);
    });
  }

  private begin(): number {
    this.active = true;
    this.idleSince = undefined;
    if (this.kernel.context.options.hostTime === true) {
      this.pace = { atMs: this.host.now(), fromNs: this.kernel.nowNs };
    }
    return ++this.generation;
  }

  halt(): void {
    this.active = false;
    this.generation++;
  }

  private slice(generation: number): void {
    if (generation !== this.generation) return;
    const until = this.host.now() + SLICE_MS;
    const end = this.kernel.runSlice(() => this.host.now() >= until);
    if (this.pace !== undefined) this.kernel.skipIdle(this.reached(this.pace));
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
      const reached = this.reached(since);
      this.kernel.skipIdle(deadlineNs !== undefined && deadlineNs < reached ? deadlineNs : reached);
      this.slice(generation);
    });
  }

  /** The kernel's time if it had passed as outside since then. */
  private reached({ atMs, fromNs }: { readonly atMs: number; readonly fromNs: bigint }): bigint {
    return fromNs + BigInt(Math.round((this.host.now() - atMs) * NS_PER_MS));
  }
}

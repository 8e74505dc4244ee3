// program-run.ts: runs a started kernel to its end at the command line, with the host's event loop heard in between.

import { performance } from 'node:perf_hooks';
import { Signal } from '../kernel/abi/signals.table';
import type { Kernel } from '../kernel/kernel';

/** How long the guest runs before the event loop is heard. */
const SLICE_MS = 15;

/** What this process is told, the program is told. */
export function passSignals(kernel: Kernel): void {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH'] as const) {
    process.on(name, () => {
      kernel.signalInit(Signal[name]);
    });
  }
}

/** Returns when every process has ended. `afterSlice` is called every few milliseconds. */
export async function runToEnd(kernel: Kernel, afterSlice: () => void = () => undefined): Promise<void> {
  for (;;) {
    const sliceEnds = performance.now() + SLICE_MS;
    const slice = kernel.runSlice(() => performance.now() >= sliceEnds);
    afterSlice();
    if (slice.kind === 'ended') return;
    if (slice.kind === 'idle') await waitForHost(kernel, slice.deadlineNs);
    else await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

const IDLE_POLL_MS = 5;

/** Until input or a signal has come, or real time has reached the deadline. */
async function waitForHost(kernel: Kernel, deadlineNs: bigint | undefined): Promise<void> {
  const from = kernel.nowNs;
  const started = performance.now();
  while (!kernel.hasWork()) {
    await new Promise<void>((resolve) => setTimeout(resolve, IDLE_POLL_MS));
    const elapsedNs = BigInt(Math.round((performance.now() - started) * 1e6));
    const reached = from + elapsedNs;
    kernel.skipIdle(deadlineNs !== undefined && deadlineNs < reached ? deadlineNs : reached);
    if (deadlineNs !== undefined && deadlineNs <= reached) return;
  }
}

// signal-state.ts: pending signals, masks and actions: data only. Who sends is send.ts, who delivers deliver.ts.
//
// A set of signals is a bigint: bit n-1 is signal n, as sigset_t has it.

import { Signal } from '../abi/signals.table';
import type { SignalInfo } from './signal-info';

export type SignalSet = bigint;

export function bitOf(signal: number): SignalSet {
  return 1n << BigInt(signal - 1);
}

/** SIGKILL and SIGSTOP can be neither blocked nor handled. */
export const UNBLOCKABLE: SignalSet = bitOf(Signal.SIGKILL) | bitOf(Signal.SIGSTOP);

export const SIG_DFL = 0n;
export const SIG_IGN = 1n;

export interface SignalAction {
  /** SIG_DFL, SIG_IGN or the handler's address. */
  readonly handler: bigint;
  readonly flags: number;
  readonly restorer: bigint;
  readonly mask: SignalSet;
}

export const DEFAULT_ACTION: SignalAction = { handler: SIG_DFL, flags: 0, restorer: 0n, mask: 0n };

export class SignalActions {
  private readonly actions = new Map<number, SignalAction>();

  get(signal: number): SignalAction {
    return this.actions.get(signal) ?? DEFAULT_ACTION;
  }

  set(signal: number, action: SignalAction): void {
    this.actions.set(signal, action);
  }

  fork(): SignalActions {
    const copy = new SignalActions();
    for (const [signal, action] of this.actions) copy.set(signal, action);
    return copy;
  }

  /** execve: handlers are gone, what is ignored stays ignored. */
  resetHandlers(): void {
    for (const [signal, action] of this.actions) {
      if (action.handler !== SIG_IGN) this.actions.delete(signal);
    }
  }
}

export class PendingSignals {
  private list: SignalInfo[] = [];

  get set(): SignalSet {
    return this.list.reduce((set, info) => set | bitOf(info.signal), 0n);
  }

  /** In the order they were sent. */
  get queue(): readonly SignalInfo[] {
    return this.list;
  }

  get isEmpty(): boolean {
    return this.list.length === 0;
  }

  /** A classic signal is pending once, a real-time one as often as it was sent. */
  add(info: SignalInfo): void {
    if (info.signal < 32 && this.list.some((other) => other.signal === info.signal)) return;
    this.list.push(info);
  }

  /** Next signal outside `blocked`: faults of the thread first, then the lowest number. */
  take(blocked: SignalSet): SignalInfo | undefined {
    let best: SignalInfo | undefined;
    for (const info of this.list) {
      if ((bitOf(info.signal) & blocked) !== 0n) continue;
      if (best === undefined || rank(info) < rank(best)) best = info;
    }
    if (best !== undefined) this.list.splice(this.list.indexOf(best), 1);
    return best;
  }

  has(wanted: SignalSet): boolean {
    return (this.set & wanted) !== 0n;
  }

  discard(set: SignalSet): void {
    this.list = this.list.filter((info) => (bitOf(info.signal) & set) === 0n);
  }
}

function rank(info: SignalInfo): number {
  const synchronous = info.origin.kind === 'fault' || info.origin.kind === 'perf';
  return info.signal === Signal.SIGKILL ? -2 : synchronous ? -1 : info.signal;
}

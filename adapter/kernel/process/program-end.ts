// program-end.ts: how the first process ended.

import { SI_KERNEL } from '../abi/signals.table';
import type { SignalInfo } from '../signal/signal-info';
import type { Process } from './task';

export type ProgramEnd =
  { readonly kind: 'exited'; readonly code: number } | { readonly kind: 'killed'; readonly signal: SignalInfo };

export function programEndOf(process: Process, killedBy: SignalInfo | undefined): ProgramEnd {
  const status = process.exitStatus ?? 0;
  const signal = status & 0x7f;
  if (signal === 0) return { kind: 'exited', code: (status >> 8) & 0xff };
  return { kind: 'killed', signal: killedBy ?? { signal, code: SI_KERNEL, origin: { kind: 'kernel' } } };
}

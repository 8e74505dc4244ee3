// signals.ts: which signals the debugger is shown, and how they are told.

import { defaultAction, signalName } from '../../kernel/abi/signals.table';
import type { Task } from '../../kernel/process/task';
import type { SignalInfo as KernelSignal } from '../../kernel/signal/signal-info';
import type { ProgramEnd as KernelEnd } from '../../kernel/process/program-end';
import { SIG_DFL, SIG_IGN } from '../../kernel/signal/signal-state';
import type { ProgramEnd, SignalInfo } from '../target';

/** Those that would do nothing are not shown. */
export function signalShown(task: Task, info: KernelSignal): boolean {
  const { handler } = task.process.actions.get(info.signal);
  if (handler === SIG_IGN) return false;
  return handler !== SIG_DFL || !['ignore', 'continue'].includes(defaultAction(info.signal));
}

export function toSignalInfo(info: KernelSignal): SignalInfo {
  const address = info.origin.kind === 'fault' || info.origin.kind === 'perf' ? { address: info.origin.address } : {};
  return {
    number: info.signal,
    name: signalName(info.signal),
    detail: info.detail ?? '',
    code: info.code,
    ...address,
  };
}

export function toProgramEnd(end: KernelEnd): ProgramEnd {
  return end.kind === 'exited' ? end : { kind: 'killed', signal: toSignalInfo(end.signal) };
}

/** SI_USER from the debugged process itself: where a debugger makes a signal up. */
export function injectedSignal(signal: number, pid: number): KernelSignal {
  return { signal, code: 0, origin: { kind: 'process', pid, uid: 0 } };
}

// stop-replies.ts: what gdb is told when the program stops or ends: T, W and X.

import type { ProcessEvent, ProgramEnd, StopReason, WatchHit } from '../../target/target';
import { toHex } from './packet';
import { gdbSignal } from './gdb-signals.table';
import { RBP_NUMBER, readRegister, RIP_NUMBER, RSP_NUMBER } from './remote-registers';
import { threadText } from './stub-state';
import type { StubState } from './stub-state';

const SIGINT = 2;
const SIGTRAP = 5;

/** The last stop, with the registers that gdb asks for first. `W00` where there is no program. */
export function stopReply(state: StubState): string {
  const stop = state.lastStop;
  if (stop === undefined || state.target === undefined) return 'W00';
  if (stop.reason.kind === 'process' && stop.reason.event.kind === 'ended') {
    return endReply(stop.reason.event.end, state.multiprocess ? stop.reason.event.processId : undefined);
  }
  const registers = state.target.registers(stop.thread);
  const expedited = [RBP_NUMBER, RSP_NUMBER, RIP_NUMBER].map((number) => {
    const value = readRegister(registers, number);
    return value === undefined ? '' : `${number.toString(16).padStart(2, '0')}:${toHex(value)};`;
  });
  const { signal, detail } = describe(stop.reason);
  const thread = state.host.disabledPackets.has('Tthread') ? '' : `thread:${threadText(state, stop.thread)};core:0;`;
  return `T${byte(signal)}${detail}${expedited.join('')}${thread}`;
}

/** `processId`: told to a gdb that speaks of processes. */
export function endReply(end: ProgramEnd, processId: number | undefined): string {
  const process = processId === undefined ? '' : `;process:${processId.toString(16)}`;
  return end.kind === 'exited' ? `W${byte(end.code)}${process}` : `X${byte(gdbSignal(end.signal.number))}${process}`;
}

function describe(reason: StopReason): { readonly signal: number; readonly detail: string } {
  switch (reason.kind) {
    case 'watch':
      return { signal: SIGTRAP, detail: watchDetail(reason.hits) };
    case 'codeStop':
      return { signal: SIGTRAP, detail: 'swbreak:;' };
    case 'signal':
      return { signal: gdbSignal(reason.signal.number), detail: '' };
    case 'pause':
    case 'present':
      return { signal: SIGINT, detail: '' };
    case 'process':
      return { signal: SIGTRAP, detail: processDetail(reason.event) };
    case 'entry':
    case 'step':
      return { signal: SIGTRAP, detail: '' };
  }
}

function processDetail(event: ProcessEvent): string {
  switch (event.kind) {
    case 'forked':
    case 'vforked': {
      const child = event.child.toString(16);
      return `${event.kind === 'forked' ? 'fork' : 'vfork'}:p${child}.${child};`;
    }
    case 'vforkDone':
      return 'vforkdone:;';
    case 'executed':
      return `exec:${toHex(new TextEncoder().encode(event.path))};`;
    case 'enteredCall':
      return `syscall_entry:${event.number.toString(16)};`;
    case 'leftCall':
      return `syscall_return:${event.number.toString(16)};`;
    case 'ended':
      return '';
  }
}

/** One address can be told: as with gdbserver the last register's, whichever kind of watch it is. */
function watchDetail(hits: readonly WatchHit[]): string {
  const data = hits.filter(({ access }) => access !== 'execute').at(-1);
  return data === undefined ? 'hwbreak:;' : `watch:${data.piece.address.toString(16)};`;
}

const byte = (value: number): string => (value & 0xff).toString(16).padStart(2, '0');

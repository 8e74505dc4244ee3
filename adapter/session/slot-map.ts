// slot-map.ts: the debug registers of all threads and CPUs, with the person's own names and numbers on them.

import type { DebugRegister } from '../protocol/debug-register-map';
import type { TargetDebugRegisters } from '../target/target';
import type { Watch } from '../watch/watch';
import type { WatchList } from '../watch/watch-list';
import { changeValues } from './change-text';
import type { Debuggee } from './debuggee';
import type { SlotMap } from './session-events';

export function slotMap(raw: TargetDebugRegisters, watches: WatchList, debuggee: Debuggee): SlotMap {
  const named = (register: DebugRegister, owner: Watch | undefined): DebugRegister =>
    register.state === 'free' ? register : { ...register, ...describe(register, owner, debuggee) };
  return {
    slots: raw.map.slots,
    threads: raw.map.threads.map((thread) => ({
      ...thread,
      registers: thread.registers.map((register) => {
        const id = raw.watches.get(`${thread.id}:${register.index}`);
        return named(register, id === undefined ? undefined : watches.usersOf(id)[0]);
      }),
    })),
    cpus: raw.map.cpus.map((cpu) => ({
      ...cpu,
      registers: cpu.registers.map((register) => named(register, holderOf(register, watches))),
    })),
  };
}

function describe(register: DebugRegister, owner: Watch | undefined, debuggee: Debuggee): Partial<DebugRegister> {
  if (owner === undefined) {
    const symbol = register.address === undefined ? undefined : debuggee.symbols.symbolize(BigInt(register.address));
    return symbol === undefined ? {} : { symbol };
  }
  return {
    symbol: owner.label,
    hits: owner.hits,
    ...(owner.last === undefined ? {} : changeValues(owner, owner.last, debuggee)),
  };
}

/** A CPU's register says no owner's name: the watch with a piece just like it. */
function holderOf(register: DebugRegister, watches: WatchList): Watch | undefined {
  if (register.address === undefined) return undefined;
  const address = BigInt(register.address);
  return watches.watches.find((watch) =>
    watch.armed?.pieces.some(
      (piece) =>
        piece.address === address && piece.lengthBytes === register.lengthBytes && piece.access === register.access,
    ),
  );
}

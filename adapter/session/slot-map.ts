// slot-map.ts: the debug registers of all threads and CPUs, with the person's own names and numbers on them.

import type { DebugRegister } from '../protocol/debug-register-map';
import type { TargetDebugRegisters, WatchPiece } from '../target/target';
import { placeName } from '../watch/place-name';
import type { Watch } from '../watch/watch';
import type { WatchList } from '../watch/watch-list';
import { changeValues } from './change-text';
import type { Debuggee } from './debuggee';
import type { SlotMap } from './session-events';

export function slotMap(raw: TargetDebugRegisters, watches: WatchList, debuggee: Debuggee): SlotMap {
  const named = (register: DebugRegister, owner: Watch | undefined): DebugRegister =>
    register.state === 'free' ? register : { ...register, ...describe(register, owner, debuggee) };
  const holders = new Map([...holdersOnAllCpus(watches), ...holdersOnThreads(raw, watches)]);
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
      registers: cpu.registers.map((register) => named(register, holders.get(registerKey(register)))),
    })),
  };
}

function describe(register: DebugRegister, owner: Watch | undefined, debuggee: Debuggee): Partial<DebugRegister> {
  if (owner === undefined) {
    const { address, lengthBytes = 1 } = register;
    const symbol = address === undefined ? undefined : placeName(BigInt(address), lengthBytes, debuggee);
    return symbol === undefined ? {} : { symbol };
  }
  return {
    symbol: owner.label,
    hits: owner.hits,
    ...(owner.last === undefined ? {} : changeValues(owner, owner.last, debuggee)),
  };
}

type Holder = readonly [string, Watch];

function holdersOnAllCpus(watches: WatchList): readonly Holder[] {
  return watches.placed
    .toReversed()
    .flatMap((watch) => (watch.armed?.pieces ?? []).map((piece) => [pieceKey(piece), watch] as const));
}

/** Of what is thread-local each thread has a piece of its own. */
function holdersOnThreads({ map, watches: ids }: TargetDebugRegisters, watches: WatchList): readonly Holder[] {
  return map.threads.flatMap(({ id, registers }) =>
    registers.flatMap((register) => {
      const watch = ids.get(`${id}:${register.index}`);
      const user = watch === undefined ? undefined : watches.usersOf(watch).at(0);
      return user === undefined ? [] : [[registerKey(register), user] as const];
    }),
  );
}

/** A CPU's register says no owner's name: it is the watch with a piece just like it, on some thread or on all CPUs. */
function registerKey({ address = '0', lengthBytes, access }: DebugRegister): string {
  return `${BigInt(address)} ${lengthBytes} ${access}`;
}

function pieceKey({ address, lengthBytes, access }: WatchPiece): string {
  return `${address} ${lengthBytes} ${access}`;
}

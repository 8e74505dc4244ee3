// convenience.ts: the debugger's own values in expressions: `$old`, `$new`, `$dr7`, …
//
// Made only where the text has a `$`. Those of a watch are known at its stop; elsewhere they say so.

import type { TypeInfo, Value } from '../../symbols/program-symbols';
import type { ThreadId } from '../../target/target';
import { accessContext } from '../../watch/watch-judge';
import type { SessionCore } from '../session-core';
import type { ValueHistory } from './value-history';

const OF_WATCH = ['old', 'new', 'thread', 'hits', 'writer'];
const VOID: TypeInfo = { kind: 'void', name: 'void', sizeBytes: 0 };
/** Shown in hexadecimal, with the symbol of what it points at. */
const ADDRESS: TypeInfo = { kind: 'pointer', name: 'void *', sizeBytes: 8, target: VOID };

/** By name without `$`; undefined where the text needs none. */
export function convenienceFor(
  text: string,
  core: SessionCore,
  thread: ThreadId | undefined,
  history: ValueHistory,
): ReadonlyMap<string, Value> | undefined {
  if (!text.includes('$')) return undefined;
  const ofRegisters = /\$dr\d/.test(text) ? debugRegisterValues(core, thread) : [];
  return new Map([...ofRegisters, ...watchValues(core), ...history.namedIn(text)]);
}

function watchValues(core: SessionCore): readonly (readonly [string, Value])[] {
  const stop = core.watchStop;
  if (stop !== undefined) {
    // They are made when they are asked for, by name.
    const values = accessContext(stop, core.world, undefined).convenience;
    return OF_WATCH.flatMap((name) => {
      const value = values?.get(name);
      return value === undefined ? [] : [[name, value] as const];
    });
  }
  const error = 'it is known where a data breakpoint has stopped the program';
  return OF_WATCH.map((name) => [
    name,
    { type: VOID, location: { kind: 'optimizedOut', why: error }, bytes: new Uint8Array(0), error },
  ]);
}

/** As the thread has them: virtual, whatever CPU it is on. */
function debugRegisterValues(core: SessionCore, thread: ThreadId | undefined): readonly (readonly [string, Value])[] {
  const { threads } = core.debuggee.target.debugRegisters().map;
  const own = threads.find(({ id }) => id === thread) ?? threads.at(0);
  if (own === undefined) return [];
  return [
    ...own.registers.map(({ index, address }) => [`dr${index}`, addressValue(BigInt(address ?? 0))] as const),
    ['dr6', addressValue(BigInt(own.dr6))],
    ['dr7', addressValue(BigInt(own.dr7))],
  ];
}

function addressValue(bits: bigint): Value {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, bits, true);
  return { type: ADDRESS, location: { kind: 'value', bytes }, bytes };
}

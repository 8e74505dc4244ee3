// disassembly.ts: instructions around an address, each with its symbol and line.
//
// x86 instructions cannot be read backwards: what lies before an address is decoded from the beginning of its function
// and found in step with it, else shown as unknown bytes.

import type { Debuggee } from './debuggee';
import type { Engine } from './engine';
import type { PlaceView } from './session-events';

export interface DisassembledLine {
  readonly address: bigint;
  readonly bytes: Uint8Array;
  readonly text: string;
  readonly symbol?: string;
  readonly place?: PlaceView;
}

const LONGEST = 15;

/** `count` lines from the one that is `offset` instructions after `address`. */
export function disassemble(
  address: bigint,
  offset: number,
  count: number,
  debuggee: Debuggee,
  engine: Engine,
): readonly DisassembledLine[] {
  const before = offset < 0 ? linesBefore(address, -offset, debuggee, engine) : [];
  const skipped = Math.max(offset, 0);
  const wanted = Math.max(count + offset, 0);
  const after = linesFrom(address, offset < 0 ? wanted : skipped + count, debuggee, engine).slice(skipped);
  return [...before, ...after].slice(0, count);
}

function linesFrom(address: bigint, count: number, debuggee: Debuggee, engine: Engine): DisassembledLine[] {
  const lines: DisassembledLine[] = [];
  for (let at = address; lines.length < count;) {
    const line = lineAt(BigInt.asUintN(64, at), debuggee, engine);
    lines.push(line);
    at = line.address + BigInt(Math.max(line.bytes.length, 1));
  }
  return lines;
}

/** Exactly `count`, padded in front where the function does not go back so far. */
function linesBefore(address: bigint, count: number, debuggee: Debuggee, engine: Engine): DisassembledLine[] {
  const lines: DisassembledLine[] = [];
  let end = address;
  while (lines.length < count && end > 0n) {
    const low = debuggee.symbols.functionAt(end - 1n)?.low;
    const run = low === undefined ? [] : linesUpTo(low, end, debuggee, engine);
    if (run.length === 0) break;
    lines.unshift(...run);
    end = run[0]?.address ?? 0n;
  }
  const missing = count - lines.length;
  const padding = Array.from({ length: Math.max(missing, 0) }, (_, index) =>
    unknown(BigInt.asUintN(64, end - BigInt(missing - index)), debuggee),
  );
  return [...padding, ...lines.slice(-count)];
}

function linesUpTo(start: bigint, end: bigint, debuggee: Debuggee, engine: Engine): DisassembledLine[] {
  const lines: DisassembledLine[] = [];
  for (let at = start; at < end;) {
    const line = lineAt(at, debuggee, engine);
    lines.push(line);
    at += BigInt(Math.max(line.bytes.length, 1));
  }
  return lines;
}

function lineAt(address: bigint, debuggee: Debuggee, engine: Engine): DisassembledLine {
  const bytes = debuggee.memory.read(address, LONGEST);
  if (bytes.length === 0) return { address, bytes, text: '<not mapped>' };
  const { lengthBytes, text } = engine.disassemble(bytes, address);
  if (text === undefined) return unknown(address, debuggee);
  const symbol = debuggee.symbols.symbolize(address);
  const place = debuggee.symbols.locationOf(address);
  return {
    address,
    bytes: bytes.slice(0, lengthBytes),
    text,
    ...(symbol === undefined ? {} : { symbol }),
    ...(place === undefined ? {} : { place }),
  };
}

function unknown(address: bigint, debuggee: Debuggee): DisassembledLine {
  const bytes = debuggee.memory.read(address, 1);
  const byte = bytes.at(0);
  return {
    address,
    bytes,
    text: byte === undefined ? '<not mapped>' : `.byte 0x${byte.toString(16).padStart(2, '0')}`,
  };
}

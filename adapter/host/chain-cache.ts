// chain-cache.ts: call chains that were walked before: a loop hits the same place from the same callers again and again.
//
// A chain is what a walk made of a few registers and of what it read from the stack; where both are the same it is the
// same chain. So a chain is kept with its reads, and those are made again before it is believed.

import type { FrameRegisters, MemoryReader } from '../symbols/program-symbols';
import { sameBytes } from '../util/same-bytes';

/** DWARF numbers of what frames are counted from: rsp and rbp; r10 and rbx where a stack was aligned. */
const ANCHORS = [7, 6, 10, 3] as const;
const RIP = 16;
const CHAINS_PER_PLACE = 8;

interface Read {
  readonly address: bigint;
  readonly bytes: Uint8Array;
}

interface Chain {
  readonly anchors: readonly (bigint | undefined)[];
  readonly reads: readonly Read[];
  readonly places: readonly number[];
}

/** Of one program's symbols. */
export class ChainCache {
  /** By rip; the latest first. */
  private readonly chains = new Map<bigint | undefined, Chain[]>();

  /** The places of the walk, which is made only where no earlier one holds. `walk` reads memory only as it is handed. */
  get(
    registers: FrameRegisters,
    memory: MemoryReader,
    walk: (registers: FrameRegisters, memory: MemoryReader) => readonly number[],
  ): readonly number[] {
    const rip = registers(RIP);
    const anchors = ANCHORS.map((number) => registers(number));
    const known = this.chains.get(rip) ?? [];
    const found = known.find((chain) => isSame(chain, anchors, memory));
    if (found !== undefined) return found.places;
    const reads: Read[] = [];
    const places = walk(registers, {
      read: (address, lengthBytes) => {
        const bytes = memory.read(address, lengthBytes);
        reads.push({ address, bytes: bytes.slice() });
        return bytes;
      },
    });
    this.chains.set(rip, [{ anchors, reads, places }, ...known].slice(0, CHAINS_PER_PLACE));
    return places;
  }
}

function isSame(chain: Chain, anchors: readonly (bigint | undefined)[], memory: MemoryReader): boolean {
  return (
    chain.anchors.every((anchor, index) => anchor === anchors[index]) &&
    chain.reads.every(({ address, bytes }) => sameBytes(memory.read(address, bytes.length), bytes))
  );
}

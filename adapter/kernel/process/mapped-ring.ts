// mapped-ring.ts: a perf ring's bytes: pages of its own, and every place where a program has mapped them.
//
// The kernel writes to all of them; what the program writes (data_tail) is read where it is mapped. Between address
// spaces the pages are carried over as all shared memory is (MemoryMap.publish and refresh).

import type { MemoryMap } from '../mm/memory-map';
import type { SharedBacking } from '../mm/vma-list';
import type { RingMemory } from '../perf/ring-buffer';

interface Mapping {
  readonly memory: MemoryMap;
  readonly backing: SharedBacking;
}

export class MappedRing implements RingMemory {
  private readonly bytes: Uint8Array;
  private mappings: Mapping[] = [];

  constructor(lengthBytes: number) {
    this.bytes = new Uint8Array(lengthBytes);
  }

  /** What to map there; `released` is called when that mapping is gone. */
  mapInto(memory: MemoryMap, released: () => void): SharedBacking {
    const mapping: Mapping = {
      memory,
      backing: {
        bytes: this.bytes,
        users: 0,
        released: () => {
          this.mappings = this.mappings.filter((other) => other !== mapping);
          released();
        },
      },
    };
    this.mappings.push(mapping);
    return mapping.backing;
  }

  read(offset: number, lengthBytes: number): Uint8Array {
    for (const { memory, address } of this.places()) return memory.space.read(BigInt(address + offset), lengthBytes);
    return this.bytes.slice(offset, offset + lengthBytes);
  }

  write(offset: number, bytes: Uint8Array): void {
    this.bytes.set(bytes, offset);
    for (const { memory, address } of this.places()) memory.space.write(BigInt(address + offset), bytes);
  }

  readU64(offset: number): bigint {
    const bytes = this.read(offset, 8);
    return new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  }

  writeU64(offset: number, value: bigint): void {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, value, true);
    this.write(offset, bytes);
  }

  /** Where it is mapped now, also after mremap; the newest first, which is the one whose reader moves data_tail. */
  private *places(): Iterable<{ readonly memory: MemoryMap; readonly address: number }> {
    for (const { memory, backing } of this.mappings.toReversed()) {
      const address = memory.users > 0 ? memory.addressOf(backing) : undefined;
      if (address !== undefined) yield { memory, address };
    }
  }
}

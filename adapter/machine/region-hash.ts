// region-hash.ts: where translated code finds regions: guest address → slot of the function table, in the memory.
//
// Each address has one place; addresses that share it displace each other and come back through `resolve`. The entry
// counts how often it was used (helpers/helper-module.ts, `go`), and says where the region's micro-code is.

import { HASH, HASH_ENTRIES, HASH_ENTRY_BYTES } from './layout';

export class RegionHash {
  constructor(private readonly view: DataView) {}

  private place(address: number): number {
    return HASH + ((address ^ (address >>> 12)) & (HASH_ENTRIES - 1)) * HASH_ENTRY_BYTES;
  }

  has(address: number): boolean {
    return this.view.getUint32(this.place(address), true) === address;
  }

  /** The region was entered as often as was asked for. */
  isUsedUp(address: number): boolean {
    return this.has(address) && this.view.getInt32(this.place(address) + 8, true) <= 0;
  }

  /** `entries`: after so many, translated code asks again. `micro`: where the micro-code is, or 0. */
  write(address: number, slot: number, entries: number, micro: number): void {
    const { view } = this;
    const at = this.place(address);
    view.setUint32(at, address, true);
    view.setUint32(at + 4, slot, true);
    view.setInt32(at + 8, entries, true);
    view.setUint32(at + 12, micro, true);
  }

  forget(address: number): void {
    if (this.has(address)) this.view.setUint32(this.place(address), 0, true);
  }
}

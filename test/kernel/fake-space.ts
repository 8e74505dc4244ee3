// fake-space.ts: an address space without a CPU: pages in a map. For tests of what only needs memory.

import type { Access, AddressSpace, Permissions, RunResult } from '../../adapter/machine/machine';

const PAGE = 4096;

export class FakeSpace implements AddressSpace {
  readonly limit = 0x40000000n;
  private readonly pages = new Map<number, { bytes: Uint8Array; permissions: Permissions }>();

  get pageCount(): number {
    return this.pages.size;
  }

  map(address: bigint, lengthBytes: number, permissions: Permissions): boolean {
    for (const page of pagesOf(address, lengthBytes))
      this.pages.set(page, { bytes: new Uint8Array(PAGE), permissions });
    return true;
  }

  unmap(address: bigint, lengthBytes: number): void {
    for (const page of pagesOf(address, lengthBytes)) this.pages.delete(page);
  }

  protect(address: bigint, lengthBytes: number, permissions: Permissions): void {
    for (const page of pagesOf(address, lengthBytes)) {
      const old = this.pages.get(page);
      if (old !== undefined) old.permissions = permissions;
    }
  }

  permissionsAt(address: bigint): Permissions | undefined {
    return this.pages.get(Math.floor(Number(address) / PAGE))?.permissions;
  }

  accessibleBytes(address: bigint, lengthBytes: number, access: Access): number {
    let done = 0;
    while (done < lengthBytes) {
      const at = Number(address) + done;
      if (this.permissionsAt(BigInt(at))?.[access] !== true) break;
      done += PAGE - (at % PAGE);
    }
    return Math.min(done, lengthBytes);
  }

  read(address: bigint, lengthBytes: number): Uint8Array {
    return Uint8Array.from({ length: lengthBytes }, (_, i) => {
      const at = Number(address) + i;
      return this.pages.get(Math.floor(at / PAGE))?.bytes[at % PAGE] ?? 0;
    });
  }

  write(address: bigint, bytes: Uint8Array): void {
    bytes.forEach((byte, i) => {
      const at = Number(address) + i;
      const page = this.pages.get(Math.floor(at / PAGE));
      if (page !== undefined) page.bytes[at % PAGE] = byte;
    });
  }

  readU64(address: bigint): bigint {
    return new DataView(this.read(address, 8).buffer).getBigUint64(0, true);
  }

  writeU64(address: bigint, value: bigint): void {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, value, true);
    this.write(address, bytes);
  }

  readU32(address: bigint): number {
    return new DataView(this.read(address, 4).buffer).getUint32(0, true);
  }

  writeU32(address: bigint, value: number): void {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, value, true);
    this.write(address, bytes);
  }

  setCodeStops(): void {
    // No code runs here.
  }

  setExactFlags(): void {
    // No CPU, no flags.
  }

  run(): RunResult {
    throw new Error('a fake space has no CPU');
  }

  fork(): FakeSpace {
    const copy = new FakeSpace();
    for (const [page, { bytes, permissions }] of this.pages)
      copy.pages.set(page, { bytes: bytes.slice(), permissions });
    return copy;
  }

  dispose(): void {
    this.pages.clear();
  }
}

function* pagesOf(address: bigint, lengthBytes: number): Iterable<number> {
  const first = Number(address) / PAGE;
  for (let page = first; page < first + lengthBytes / PAGE; page++) yield page;
}

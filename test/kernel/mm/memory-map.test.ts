// mmap and its kin over a memory without a CPU.

import * as assert from 'node:assert';
import { ErrnoError } from '../../../adapter/kernel/abi/errno.table';
import { MAP_FIXED, MAP_FIXED_NOREPLACE, PROT_READ, PROT_WRITE } from '../../../adapter/kernel/abi/file-constants';
import { MemoryMap } from '../../../adapter/kernel/mm/memory-map';
import { UserMemory, type KernelAccess } from '../../../adapter/kernel/mm/user-copy';
import { FakeSpace } from '../fake-space';

const RW = PROT_READ | PROT_WRITE;
const MIB = 1 << 20;

function fresh(): { memory: MemoryMap; space: FakeSpace; user: UserMemory; seen: KernelAccess[] } {
  const space = new FakeSpace();
  const memory = new MemoryMap(space);
  const seen: KernelAccess[] = [];
  return { memory, space, user: new UserMemory(memory, (access) => seen.push(access)), seen };
}

function refuses(name: string, action: () => unknown): void {
  assert.throws(action, (error) => error instanceof ErrnoError && error.message === name);
}

describe('memory map', () => {
  it('places mappings top-down, always at the same addresses', () => {
    const places = [0, 1].map(() => {
      const { memory } = fresh();
      return [1, 2, 3].map((pages) => memory.mmap({ address: 0, lengthBytes: pages * 4096, prot: RW, flags: 0 }));
    });
    assert.deepStrictEqual(places[0], places[1]);
    assert.ok(places[0][0] > places[0][1] && places[0][1] > places[0][2]);
  });

  it('costs nothing for memory that is only promised', () => {
    const { memory, space } = fresh();
    memory.mmap({ address: 0, lengthBytes: 128 * MIB, prot: 0, flags: 0 });
    memory.mmap({ address: 0, lengthBytes: 128 * MIB, prot: RW, flags: 0 });
    assert.strictEqual(space.pageCount, 0);
  });

  it('gives pages when they are touched, by the program or by the kernel', () => {
    const { memory, user } = fresh();
    const address = memory.mmap({ address: 0, lengthBytes: 8 * MIB, prot: RW, flags: 0 });
    assert.strictEqual(memory.fault(address + 5 * MIB, 'write'), 'retry');
    assert.strictEqual(memory.fault(address - 4096, 'read'), 'notMapped');
    assert.strictEqual(memory.fault(address, 'execute'), 'forbidden');
    user.write(BigInt(address + MIB), Uint8Array.of(1, 2, 3));
    assert.deepStrictEqual([...user.read(BigInt(address + MIB), 3)], [1, 2, 3]);
  });

  it('keeps what a page holds when its protection changes to none and back', () => {
    const { memory, user } = fresh();
    const address = memory.mmap({ address: 0, lengthBytes: 4096, prot: RW, flags: 0 });
    user.writeU32(BigInt(address), 77);
    memory.mprotect(address, 4096, 0);
    refuses('EFAULT', () => user.readU32(BigInt(address)));
    memory.mprotect(address, 4096, PROT_READ);
    assert.strictEqual(user.readU32(BigInt(address)), 77);
    refuses('EFAULT', () => {
      user.writeU32(BigInt(address), 1);
    });
  });

  it('reads zeros after MADV_DONTNEED', () => {
    const { memory, user } = fresh();
    const address = memory.mmap({ address: 0, lengthBytes: 8192, prot: RW, flags: 0 });
    user.writeU32(BigInt(address), 5);
    memory.discard(address, 4096);
    assert.strictEqual(user.readU32(BigInt(address)), 0);
  });

  it('takes a small mapping where a high hint says, a large one where it is fast', () => {
    const { memory, user } = fresh();
    const hint = 0x100000000000;
    const small = memory.mmap({ address: hint, lengthBytes: MIB, prot: RW, flags: 0 });
    assert.strictEqual(small, hint);
    user.writeU32(BigInt(hint + MIB - 4), 3);
    const large = memory.mmap({ address: hint * 2, lengthBytes: 2 * MIB, prot: RW, flags: 0 });
    assert.ok(large < 2 ** 31);
  });

  it('refuses what lies between the fast memory and the windows', () => {
    const { memory } = fresh();
    const request = { lengthBytes: 8192, prot: RW, flags: MAP_FIXED };
    for (const address of [0x70000000, 0x7ffff000, 2 ** 47])
      refuses('ENOMEM', () => memory.mmap({ ...request, address }));
    assert.strictEqual(memory.mmap({ ...request, address: 0x80000000 }), 0x80000000);
  });

  it('grows and shrinks the heap', () => {
    const { memory, user } = fresh();
    memory.brkStart = memory.brkEnd = 0x500000;
    assert.strictEqual(memory.brk(0), 0x500000);
    assert.strictEqual(memory.brk(0x521000), 0x521000);
    user.writeU32(0x520000n, 9);
    assert.strictEqual(memory.brk(0x510000), 0x510000);
    refuses('EFAULT', () => user.readU32(0x520000n));
  });

  it('moves a mapping with its bytes', () => {
    const { memory, user } = fresh();
    const address = memory.mmap({ address: 0, lengthBytes: 4096, prot: RW, flags: 0 });
    user.writeU32(BigInt(address), 42);
    const moved = memory.mremap(address, 4096, 3 * 4096, true);
    assert.strictEqual(user.readU32(BigInt(moved)), 42);
    user.writeU32(BigInt(moved + 2 * 4096), 1);
    const below = memory.mmap({ address: moved - 4096, lengthBytes: 4096, prot: RW, flags: MAP_FIXED });
    refuses('ENOMEM', () => memory.mremap(below, 4096, 2 * 4096, false));
  });

  it('answers with the errnos of mmap(2)', () => {
    const { memory } = fresh();
    const at = 0x20000000;
    refuses('EINVAL', () => memory.mmap({ address: 0, lengthBytes: 0, prot: RW, flags: 0 }));
    refuses('EPERM', () => memory.mmap({ address: 0, lengthBytes: 4096, prot: RW, flags: MAP_FIXED }));
    refuses('EINVAL', () => memory.mmap({ address: at + 1, lengthBytes: 4096, prot: RW, flags: MAP_FIXED }));
    memory.mmap({ address: at, lengthBytes: 4096, prot: RW, flags: MAP_FIXED });
    refuses('EEXIST', () => memory.mmap({ address: at, lengthBytes: 4096, prot: RW, flags: MAP_FIXED_NOREPLACE }));
    refuses('ENOMEM', () => {
      memory.mprotect(at, 3 * 4096, RW);
    });
  });

  it('tells each copy of the kernel, with its direction', () => {
    const { memory, user, seen } = fresh();
    const address = BigInt(memory.mmap({ address: 0, lengthBytes: 4096, prot: RW, flags: 0 }));
    user.write(address, Uint8Array.of(104, 105, 0));
    assert.strictEqual(user.readString(address), 'hi');
    assert.deepStrictEqual(seen, [
      { address, lengthBytes: 3, write: true, bytewise: true },
      { address, lengthBytes: 3, write: false },
    ]);
  });

  it('a fork has its own bytes; shared memory is carried over', () => {
    const { memory, user } = fresh();
    const own = memory.mmap({ address: 0, lengthBytes: 4096, prot: RW, flags: 0 });
    const backing = { bytes: new Uint8Array(4096), users: 0 };
    const shared = memory.mmap({ address: 0, lengthBytes: 4096, prot: RW, flags: 0, shared: true, backing });
    user.writeU32(BigInt(own), 1);
    memory.publish();
    const child = memory.fork();
    user.writeU32(BigInt(own), 2);
    user.writeU32(BigInt(shared), 3);
    memory.publish();
    child.refresh();
    const childUser = new UserMemory(child);
    assert.strictEqual(childUser.readU32(BigInt(own)), 1);
    assert.strictEqual(childUser.readU32(BigInt(shared)), 3);
  });
});

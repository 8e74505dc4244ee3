// thread-local.ts: addresses of thread-local variables.
//
// The thread pointer (fs base) lies right behind the program's own block; other modules' blocks are found through the
// thread's table (dtv): fs:[8] → slots of 16 bytes, by module number, which the loader stored where the module's
// R_X86_64_DTPMOD64 relocation says.
// Truth: ELF Handling For Thread-Local Storage, variant II; glibc's layout of the dtv.

import { ByteReader } from '../byte-reader';
import { Unavailable } from '../dwarf/stack-values';
import type { MemoryReader } from '../program-symbols';
import type { ModuleSymbols } from './module-symbols';

const R_X86_64_DTPMOD64 = 16;
const R_X86_64_TPOFF64 = 18;
const RELA_BYTES = 24;

export function threadLocalAddress(
  module: ModuleSymbols,
  offset: bigint,
  fsBase: bigint | undefined,
  memory: MemoryReader,
): bigint {
  const segment = module.elf.tls;
  if (fsBase === undefined) throw new Unavailable('it is thread-local: choose a thread first');
  if (!segment) throw new Unavailable('it is thread-local, but its module has no thread-local block');
  if (!module.isMain) return inOtherModule(module, offset, fsBase, memory);
  const alignment = Math.max(1, segment.alignment);
  const misaligned = segment.virtualAddress % alignment;
  const first = misaligned === 0 ? 0 : alignment - misaligned;
  const size = Math.ceil((segment.memorySizeBytes - first) / alignment) * alignment + first;
  return BigInt.asUintN(64, fsBase - BigInt(size) + offset);
}

function inOtherModule(module: ModuleSymbols, offset: bigint, fsBase: bigint, memory: MemoryReader): bigint {
  const relocations = threadLocalRelocations(module);
  const word = (address: bigint): bigint | undefined => {
    const bytes = memory.read(BigInt.asUintN(64, address), 8);
    return bytes.length < 8 ? undefined : new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  };
  // A slot that holds a variable's distance from the thread pointer gives the block's; symbol 0 is its start.
  const distance = relocations.find(({ type, symbol }) => type === R_X86_64_TPOFF64 && symbol === 0);
  const stored = distance && word(module.toRunTime(distance.address));
  if (distance && stored !== undefined) {
    return BigInt.asUintN(64, fsBase + stored - BigInt(distance.addend) + offset);
  }
  const slot = relocations.find(({ type }) => type === R_X86_64_DTPMOD64);
  const number = slot && word(module.toRunTime(slot.address));
  const table = word(fsBase + 8n);
  if (number === undefined || number === 0n || table === undefined) {
    throw new Unavailable('it is thread-local in a library whose block is not known');
  }
  const block = word(table + number * 16n);
  if (block === undefined || block === 0n || block === BigInt.asUintN(64, -1n)) {
    throw new Unavailable('it is thread-local, and this thread has not used it yet');
  }
  return BigInt.asUintN(64, block + offset);
}

interface Relocation {
  readonly address: number;
  readonly type: number;
  readonly symbol: number;
  readonly addend: number;
}

function threadLocalRelocations(module: ModuleSymbols): Relocation[] {
  const bytes = module.attempt(() => module.elf.sectionBytes('.rela.dyn'), undefined) ?? new Uint8Array();
  const reader = new ByteReader(bytes, 'Section .rela.dyn');
  const found: Relocation[] = [];
  while (reader.remaining >= RELA_BYTES) {
    const address = reader.u64();
    const type = reader.u32();
    const symbol = reader.u32();
    const addend = Number(reader.i64big());
    if (type === R_X86_64_DTPMOD64 || type === R_X86_64_TPOFF64) found.push({ address, type, symbol, addend });
  }
  return found;
}

// modules.ts: which object files a process has mapped, and where.
//
// A module is a file of which some part may be executed. Its bias is where its first page lies, less where its
// program headers (in memory) say that it should.

import type { Process } from '../../kernel/process/task';
import type { LoadedModule } from '../target';

const ELF_MAGIC = 0x464c457f;
const PT_LOAD = 1;
const PROT_EXEC = 4;
const HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;

export function loadedModules(process: Process): LoadedModule[] {
  const byPath = new Map<string, { start: number; executable: boolean }>();
  for (const vma of process.memory.vmas.all()) {
    if (vma.file === undefined) continue;
    const known = byPath.get(vma.file.path);
    const executable = (vma.prot & PROT_EXEC) !== 0;
    if (known === undefined) {
      if (vma.offset === 0) byPath.set(vma.file.path, { start: vma.start, executable });
    } else if (executable) {
      known.executable = true;
    }
  }
  const modules: LoadedModule[] = [];
  for (const [path, { start, executable }] of byPath) {
    const isMain = path === process.executable;
    if (!executable && !isMain) continue;
    const bias = isMain ? process.bias : biasOf(process, start);
    if (bias !== undefined) modules.push({ path, bias: BigInt(bias), isMain });
  }
  return modules.sort((a, b) => Number(b.isMain) - Number(a.isMain));
}

/** undefined: what lies there is no ELF file. */
function biasOf(process: Process, start: number): number | undefined {
  const { memory } = process;
  const header = peek(process, start, HEADER_BYTES);
  if (header?.getUint32(0, true) !== ELF_MAGIC) return undefined;
  const tableOffset = Number(header.getBigUint64(32, true));
  const count = header.getUint16(56, true);
  for (let i = 0; i < count; i++) {
    const entry = peek(process, start + tableOffset + i * PROGRAM_HEADER_BYTES, PROGRAM_HEADER_BYTES);
    if (entry === undefined) return undefined;
    if (entry.getUint32(0, true) !== PT_LOAD) continue;
    const address = Number(entry.getBigUint64(16, true));
    return start - (address - (address % 4096));
  }
  return memory.vmas.find(start) === undefined ? undefined : start;
}

function peek(process: Process, address: number, lengthBytes: number): DataView | undefined {
  if (process.memory.mappedBytes(address, lengthBytes) < lengthBytes) return undefined;
  const bytes = process.memory.space.read(BigInt(address), lengthBytes);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

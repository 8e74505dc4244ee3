// load-program.ts: the bytes of a program → its symbols, for watch files: nothing runs.

import { parseElf } from '../../symbols/elf/elf-file';
import { createProgramSymbols } from '../../symbols/load-symbols';
import type { FileProgram } from './bind-place';

/** Throws UserError for what is no x86-64 ELF. `path` is for messages. */
export function loadFileProgram(path: string, bytes: Uint8Array): FileProgram {
  const symbols = createProgramSymbols();
  symbols.addModule(path, bytes, 0n, true);
  const elf = parseElf(path, bytes);
  return {
    symbols,
    name: path.slice(path.lastIndexOf('/') + 1),
    isMoved: elf.header.type === 'sharedObject',
    isDynamic: elf.interpreter !== undefined,
  };
}

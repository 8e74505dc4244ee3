// load-program.ts: the bytes of a program → its symbols, for watch files: nothing runs.

import type { DebugFileReader } from '../../symbols/elf/separate-debug';
import { parseElf, type ElfFile } from '../../symbols/elf/elf-file';
import { neededLibraries } from '../../symbols/elf/needed-libraries';
import { createProgramSymbols } from '../../symbols/load-symbols';
import { UserError } from '../../util/user-error';
import type { FileProgram } from './bind-place';
import { baseName } from '../../util/base-name';

/** Throws UserError for what is no x86-64 ELF. `read` finds debug information in files of their own, as a session does. */
export function loadFileProgram(path: string, bytes: Uint8Array, read: DebugFileReader): FileProgram {
  const symbols = createProgramSymbols(read);
  symbols.addModule(path, bytes, 0n, true);
  const elf = parseElf(path, bytes);
  return {
    symbols,
    name: baseName(path),
    isMoved: elf.header.type === 'sharedObject',
    isDynamic: elf.interpreter !== undefined,
    hasLibraries: elf.interpreter !== undefined && hasLibraries(elf),
  };
}

/** Their variables are hardly what a person means who writes a name like one of the program's. */
const LANGUAGES_OWN = /^(?:lib(?:c|m|dl|rt|pthread|gcc_s|stdc\+\+|c\+\+|c\+\+abi|unwind)\.so|ld-)/;

function hasLibraries(elf: ElfFile): boolean {
  try {
    return (
      neededLibraries(elf).some((name) => !LANGUAGES_OWN.test(name)) ||
      elf.symbols(true).some(({ name, defined }) => !defined && /^dlm?open$/.test(name))
    );
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return true;
  }
}

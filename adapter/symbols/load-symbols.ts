// load-symbols.ts: the symbols' front door: an empty program, to which modules are added.

import type { DebugFileReader } from './elf/separate-debug';
import type { ProgramSymbols } from './program-symbols';
import { Program } from './program/program';

/** `readFile` finds debug information in files of their own. */
export function createProgramSymbols(readFile?: DebugFileReader): ProgramSymbols {
  return new Program(readFile);
}

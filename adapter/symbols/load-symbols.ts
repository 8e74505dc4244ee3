// load-symbols.ts: the symbols' front door: an empty program, to which modules are added.

import type { ProgramSymbols } from './program-symbols';
import { Program } from './program/program';

export function createProgramSymbols(): ProgramSymbols {
  return new Program();
}

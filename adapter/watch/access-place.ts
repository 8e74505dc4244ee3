// access-place.ts: `$writer` and `$location` of an access: the function and the source line of its instruction.

import type { ProgramSymbols } from '../symbols/program-symbols';
import { hex } from '../util/hex';

export interface AccessPlace {
  /** The function's name; the nearest symbol or the address where none is known. */
  readonly writer: string;
  /** `race.c:12`, or as `writer` where no line is known. */
  readonly location: string;
}

export function accessPlace(instruction: bigint, symbols: ProgramSymbols): AccessPlace {
  const writer = symbols.functionAt(instruction)?.name ?? symbols.symbolize(instruction) ?? hex(instruction);
  const at = symbols.locationOf(instruction);
  if (at === undefined) return { writer, location: writer };
  return { writer, location: `${at.path.slice(at.path.lastIndexOf('/') + 1)}:${at.line}` };
}

// access-place.ts: what is known of an access by `$…`; and two of these: the function and the line of its instruction.

import type { ProgramSymbols } from '../symbols/program-symbols';
import { hex } from '../util/hex';
import { baseName } from '../util/base-name';

export type AccessName = 'old' | 'new' | 'thread' | 'hits' | 'writer' | 'location';

export const ACCESS_NAMES: readonly AccessName[] = ['old', 'new', 'thread', 'hits', 'writer', 'location'];

export interface AccessPlace {
  /** The function's name; the nearest symbol or the address where none is known. */
  readonly writer: string;
  /** `race.c:12`, or as `writer` where no line is known. */
  readonly location: string;
}

export function accessPlace(instruction: bigint, symbols: ProgramSymbols): AccessPlace {
  const writer = symbols.innermostFunctionAt(instruction)?.name ?? symbols.symbolize(instruction) ?? hex(instruction);
  const at = symbols.locationOf(instruction);
  if (at === undefined) return { writer, location: writer };
  return { writer, location: `${baseName(at.path)}:${at.line}` };
}

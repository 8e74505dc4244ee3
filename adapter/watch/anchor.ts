// anchor.ts: the symbol that an address lies in, by which it is found again in another session.
//
// A program that was built anew, or is loaded elsewhere, has its variables at other addresses: an address alone would
// then watch something else without a word.

import type { MemoryReader, ProgramSymbols } from '../symbols/program-symbols';
import { matchGroups } from '../util/match-groups';
import { UserError } from '../util/user-error';

/** The program as it is now. */
export interface AnchorGround {
  readonly symbols: ProgramSymbols;
  readonly memory: MemoryReader;
}

export interface Anchor {
  readonly symbol: string;
  readonly offsetBytes: number;
}

/** Undefined where no variable lies there that an expression would find: the heap, a stack, mapped memory. */
export function anchorAt(address: bigint, { symbols, memory }: AnchorGround): Anchor | undefined {
  const [, symbol, offset = '0'] = matchGroups(/^(.+?)(?:\+0x([0-9a-f]+))?$/.exec(symbols.symbolize(address) ?? ''));
  if (symbol === undefined) return undefined;
  const anchor = { symbol, offsetBytes: parseInt(offset, 16) };
  return addressOf(anchor, { symbols, memory }) === address ? anchor : undefined;
}

/** Where it is in this program; undefined where it is not. */
export function addressOf({ symbol, offsetBytes }: Anchor, { symbols, memory }: AnchorGround): bigint | undefined {
  try {
    const { location } = symbols.evaluate(symbol, { memory });
    return location.kind === 'memory' ? location.address + BigInt(offsetBytes) : undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return undefined;
  }
}

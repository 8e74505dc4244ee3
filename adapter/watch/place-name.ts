// place-name.ts: what bytes are called that somebody watches by their address alone: `a[1]`, `cfg.flags`.
//
// Where a variable lies there that an expression finds, it is the variable, or the element or member of it; bytes of
// several are named by the first and the last. What else has a symbol is told by it and a distance; the rest has no name.

import type { TypeInfo } from '../symbols/program-symbols';
import { anchorAt, type Anchor, type AnchorGround } from './anchor';
import { leafAt } from './hit-part';
import { hex } from '../util/hex';

/** Undefined where nothing that has a name is near. */
export function placeName(address: bigint, lengthBytes: number, ground: AnchorGround): string | undefined {
  const anchor = anchorAt(address, ground);
  const type = anchor === undefined ? undefined : ground.symbols.evaluate(anchor.symbol, ground).type;
  const named = anchor === undefined || type === undefined ? undefined : partName(anchor, lengthBytes, type);
  return named ?? ground.symbols.symbolize(address);
}

/** Where it is in its variable, without a look at the program: `table+0x4`. */
export function anchorName({ symbol, offsetBytes }: Anchor): string {
  return offsetBytes === 0 ? symbol : `${symbol}+${hex(offsetBytes)}`;
}

function partName({ symbol, offsetBytes }: Anchor, lengthBytes: number, type: TypeInfo): string | undefined {
  if (offsetBytes + lengthBytes > type.sizeBytes) return undefined;
  if (offsetBytes === 0 && lengthBytes === type.sizeBytes) return symbol;
  const at = (offset: number): string | undefined => leafAt(symbol, type, { offset, bits: 0xff });
  const first = at(offsetBytes);
  const last = at(offsetBytes + lengthBytes - 1);
  if (first === undefined || last === undefined || first === symbol) return undefined;
  let inner = 0;
  while (inner < offsetBytes && at(offsetBytes - inner - 1) === first) inner++;
  const begin = inner === 0 ? first : `${first}+${hex(inner)}`;
  return first === last ? begin : `${begin} … ${last}`;
}

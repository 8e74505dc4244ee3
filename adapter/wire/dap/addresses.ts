// addresses.ts: addresses and memory references as editors write them.

import { UserError } from '../../util/user-error';
import { hex } from '../../util/hex';

/** `0x1000`, `4096`; throws UserError. */
export function parseAddress(text: string): bigint {
  const trimmed = text.trim();
  if (/^(0[xX][0-9a-fA-F]+|\d+)$/.test(trimmed)) {
    const address = BigInt(trimmed);
    if (address < 1n << 64n) return address;
  }
  throw new UserError('bad-address', `"${text}" is no address: write it as 0x404028 or in decimal.`);
}

export function addressText(address: bigint): string {
  return hex(BigInt.asUintN(64, address));
}

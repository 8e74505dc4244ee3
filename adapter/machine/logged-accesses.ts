// logged-accesses.ts: what an instruction that ran alone has read and written.

import { ACCESS_READ, ACCESS_WRITE, AT } from './layout';
import type { TracedAccess } from './machine';

/** In the instruction's own order. Reads are logged too, where they are checked at all. */
export function loggedAccesses(view: DataView): TracedAccess[] {
  const accesses: TracedAccess[] = [];
  const end = AT.log + 16 * view.getInt32(AT.logCount, true);
  for (let at = AT.log; at < end; at += 16) {
    const kind = view.getUint8(at + 12);
    const first = view.getBigUint64(at, true);
    accesses.push({
      first,
      end: first + BigInt(view.getInt32(at + 8, true)),
      reads: (kind & ACCESS_READ) !== 0,
      writes: (kind & ACCESS_WRITE) !== 0,
    });
  }
  return accesses;
}

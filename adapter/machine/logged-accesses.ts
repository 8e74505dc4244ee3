// logged-accesses.ts: what an instruction that ran alone has read and written.

import { ACCESS_READ, ACCESS_WRITE, AT } from './layout';
import type { TracedAccess } from './machine';

/** Those of the kinds (ACCESS_…), in the instruction's own order. Reads are logged where they are checked at all. */
export function loggedAccesses(view: DataView, kinds: number): TracedAccess[] {
  const accesses: TracedAccess[] = [];
  const end = AT.log + 16 * view.getInt32(AT.logCount, true);
  for (let at = AT.log; at < end; at += 16) {
    const kind = view.getUint8(at + 12);
    if ((kind & kinds) === 0) continue;
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

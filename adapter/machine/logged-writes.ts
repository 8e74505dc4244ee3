// logged-writes.ts: what an instruction that ran alone has written.

import { ACCESS_WRITE, AT } from './layout';

export interface LoggedWrite {
  readonly first: bigint;
  /** One past the last byte. */
  readonly end: bigint;
}

export function loggedWrites(view: DataView): LoggedWrite[] {
  const writes: LoggedWrite[] = [];
  const end = AT.log + 16 * view.getInt32(AT.logCount, true);
  for (let at = AT.log; at < end; at += 16) {
    if ((view.getUint8(at + 12) & ACCESS_WRITE) === 0) continue;
    const first = view.getBigUint64(at, true);
    writes.push({ first, end: first + BigInt(view.getInt32(at + 8, true)) });
  }
  return writes;
}

// credential-calls.ts: getuid and its kin.
//
// Truth: getuid(2), getresuid(2), setuid(2), setreuid(2), setresuid(2), getgroups(2).

import { ErrnoError } from '../abi/errno.table';
import { type Credentials, type IdWish, isPrivileged, withGroupIds, withUserIds } from '../process/credentials';
import type { Call, Handler } from './call';

/** -1 leaves an id as it is. */
function wishAt(call: Call, index: number): number | undefined {
  const id = call.uint(index);
  return id === 0xffffffff ? undefined : id;
}

function take(call: Call, next: Credentials | undefined): number {
  if (next === undefined) throw new ErrnoError('EPERM');
  const { process } = call;
  const old = process.credentials;
  process.credentials = next;
  // Whoever changes sides is not for others to look into.
  if (next.effectiveUid !== old.effectiveUid || next.effectiveGid !== old.effectiveGid) process.dumpable = 0;
  return 0;
}

/** setuid(2): all three with privilege, else the effective one. */
function single(call: Call): IdWish {
  const id = call.uint(0);
  return isPrivileged(call.process.credentials) ? [id, id, id] : [undefined, id, undefined];
}

/** setreuid(2): the saved id follows a new effective one, where the real one is set or it differs from the real one. */
function pair(call: Call, real: number): IdWish {
  const [first, second] = [wishAt(call, 0), wishAt(call, 1)];
  const saves = first !== undefined || (second !== undefined && second !== real);
  return [first, second, saves ? second : undefined];
}

const triple = (call: Call): IdWish => [wishAt(call, 0), wishAt(call, 1), wishAt(call, 2)];

function tell(call: Call, ids: readonly number[]): number {
  ids.forEach((id, n) => {
    call.user.writeU32(call.pointer(n), id);
  });
  return 0;
}

function getgroups(call: Call): number {
  if (call.int(0) > 0) call.user.writeU32(call.pointer(1), call.process.credentials.gid);
  return 1;
}

export const CREDENTIAL_CALLS: Readonly<Record<string, Handler>> = {
  getuid: ({ process }) => process.credentials.uid,
  geteuid: ({ process }) => process.credentials.effectiveUid,
  getgid: ({ process }) => process.credentials.gid,
  getegid: ({ process }) => process.credentials.effectiveGid,
  getresuid: (call) => {
    const { uid, effectiveUid, savedUid } = call.process.credentials;
    return tell(call, [uid, effectiveUid, savedUid]);
  },
  getresgid: (call) => {
    const { gid, effectiveGid, savedGid } = call.process.credentials;
    return tell(call, [gid, effectiveGid, savedGid]);
  },
  setuid: (call) => take(call, withUserIds(call.process.credentials, single(call))),
  setgid: (call) => take(call, withGroupIds(call.process.credentials, single(call))),
  setreuid: (call) => take(call, withUserIds(call.process.credentials, pair(call, call.process.credentials.uid))),
  setregid: (call) => take(call, withGroupIds(call.process.credentials, pair(call, call.process.credentials.gid))),
  setresuid: (call) => take(call, withUserIds(call.process.credentials, triple(call))),
  setresgid: (call) => take(call, withGroupIds(call.process.credentials, triple(call))),
  getgroups,
};

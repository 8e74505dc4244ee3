// credentials.ts: whose behalf a process acts on, and what that allows.
//
// Capabilities are all or none: the effective user 0 has them all. The host's files are not reached with these: what
// the guest may open there is what the person may.
//
// Quirk: all threads of a process share their credentials; capget and capset are refused.
// Truth: credentials(7), setresuid(2), capabilities(7), ptrace(2) "Ptrace access mode checking".

export interface Credentials {
  readonly uid: number;
  readonly effectiveUid: number;
  readonly savedUid: number;
  readonly gid: number;
  readonly effectiveGid: number;
  readonly savedGid: number;
}

export function credentialsOf(uid: number, gid: number): Credentials {
  return { uid, effectiveUid: uid, savedUid: uid, gid, effectiveGid: gid, savedGid: gid };
}

/** CAP_SYS_ADMIN, CAP_PERFMON, CAP_SYS_PTRACE, … */
export function isPrivileged({ effectiveUid }: Credentials): boolean {
  return effectiveUid === 0;
}

/** Real, effective and saved id, as set…id want them; undefined stays. */
export type IdWish = readonly [number | undefined, number | undefined, number | undefined];

/** setresuid(2); undefined: EPERM. */
export function withUserIds(old: Credentials, [uid, effectiveUid, savedUid]: IdWish): Credentials | undefined {
  const own = new Set([old.uid, old.effectiveUid, old.savedUid]);
  if (!mayTake(old, own, [uid, effectiveUid, savedUid])) return undefined;
  return {
    ...old,
    uid: uid ?? old.uid,
    effectiveUid: effectiveUid ?? old.effectiveUid,
    savedUid: savedUid ?? old.savedUid,
  };
}

/** setresgid(2); undefined: EPERM. */
export function withGroupIds(old: Credentials, [gid, effectiveGid, savedGid]: IdWish): Credentials | undefined {
  const own = new Set([old.gid, old.effectiveGid, old.savedGid]);
  if (!mayTake(old, own, [gid, effectiveGid, savedGid])) return undefined;
  return {
    ...old,
    gid: gid ?? old.gid,
    effectiveGid: effectiveGid ?? old.effectiveGid,
    savedGid: savedGid ?? old.savedGid,
  };
}

function mayTake(old: Credentials, own: ReadonlySet<number>, wish: IdWish): boolean {
  return isPrivileged(old) || wish.every((id) => id === undefined || own.has(id));
}

/** Who looks at whom. */
export interface Observed {
  readonly credentials: Credentials;
  readonly dumpable: number;
}

/** May the caller look at (or trace) a process of other threads? */
export function mayAccess(caller: Credentials, { credentials, dumpable }: Observed): boolean {
  if (isPrivileged(caller)) return true;
  const { uid, gid } = caller;
  const sameUser = [credentials.uid, credentials.effectiveUid, credentials.savedUid].every((id) => id === uid);
  const sameGroup = [credentials.gid, credentials.effectiveGid, credentials.savedGid].every((id) => id === gid);
  return sameUser && sameGroup && dumpable === 1;
}

// path-policy.ts: which of the host's files a guest may change.
//
// Reading is the host user's own right. Writing is allowed under the working directory, /tmp, and what the launch
// adds; a few devices are always writable. Looked up on the resolved path, so that a link leads nowhere else.

import { ErrnoError } from '../abi/errno.table';

export interface PathPolicy {
  /** Throws EACCES where the guest may not write. `realPath` has no links. */
  requireWritable(realPath: string): void;
}

const ALWAYS_WRITABLE = new Set(['/dev/null', '/dev/zero', '/dev/full', '/dev/tty', '/dev/shm']);

/** `roots`: directories without links; '/' allows everything. `onRefused` is told each path that was refused once. */
export function createPathPolicy(roots: readonly string[], onRefused: (path: string) => void): PathPolicy {
  const refused = new Set<string>();
  return {
    requireWritable(realPath: string): void {
      if (ALWAYS_WRITABLE.has(realPath)) return;
      if (roots.some((root) => root === '/' || realPath === root || realPath.startsWith(`${root}/`))) return;
      if (!refused.has(realPath)) {
        refused.add(realPath);
        onRefused(realPath);
      }
      throw new ErrnoError('EACCES');
    },
  };
}

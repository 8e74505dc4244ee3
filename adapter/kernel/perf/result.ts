// result.ts: how this subsystem answers: a value, or an errno as data.
//
// Nothing is thrown for what a caller may ask wrongly; assert() is for our own bugs only.

/** The errors that perf and its clients answer, by their Linux names. */
export type PerfErrno =
  | 'E2BIG'
  | 'EACCES'
  | 'EBADF'
  | 'EBUSY'
  | 'ECHILD'
  | 'EEXIST'
  | 'EFAULT'
  | 'EINVAL'
  | 'EIO'
  | 'ENODEV'
  | 'ENOENT'
  | 'ENOMEM'
  | 'ENOSPC'
  | 'ENOSYS'
  | 'ENOTTY'
  | 'EOPNOTSUPP'
  | 'EOVERFLOW'
  | 'EPERM'
  | 'ESRCH';

export interface Failure {
  readonly ok: false;
  readonly errno: PerfErrno;
}

export type Result<Value> = { readonly ok: true; readonly value: Value } | Failure;

export function success<Value>(value: Value): Result<Value> {
  return { ok: true, value };
}

export function failure(errno: PerfErrno): Failure {
  return { ok: false, errno };
}

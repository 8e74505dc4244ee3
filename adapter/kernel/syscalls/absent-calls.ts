// absent-calls.ts: families that Trapline's Linux does not have, and that programs expect to be missing at times.

import { Errno } from '../abi/errno.table';
import type { Handler } from './call';

/** No file has extended attributes. */
const noAttributes: Handler = () => -Errno.EOPNOTSUPP;

export const ABSENT_CALLS: Readonly<Record<string, Handler>> = {
  getxattr: noAttributes,
  lgetxattr: noAttributes,
  fgetxattr: noAttributes,
  listxattr: noAttributes,
  llistxattr: noAttributes,
  flistxattr: noAttributes,
  setxattr: noAttributes,
  lsetxattr: noAttributes,
  fsetxattr: noAttributes,
  removexattr: noAttributes,
  io_uring_setup: () => -Errno.ENOSYS,
  copy_file_range: () => -Errno.EXDEV,
};

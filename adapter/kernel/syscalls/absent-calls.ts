// absent-calls.ts: families that Trapline's Linux does not have, and that programs expect to be missing at times.

import { Errno } from '../abi/errno.table';
import type { Call, Handler } from './call';

const AF_UNIX = 1;

/** No file has extended attributes. */
const noAttributes: Handler = () => -Errno.EOPNOTSUPP;

/** There is no network. C libraries try local sockets (nscd) and do without. */
function socket(call: Call): number {
  if (call.int(0) !== AF_UNIX) {
    call.kernel.notice('The program asked for a network socket; the emulated machine has no network.');
  }
  return -Errno.EAFNOSUPPORT;
}

/** No descriptor is a socket. */
function notSocket(call: Call): number {
  call.process.files.get(call.int(0));
  return -Errno.ENOTSOCK;
}

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
  socket,
  socketpair: socket,
  getpeername: notSocket,
  getsockname: notSocket,
  getsockopt: notSocket,
  setsockopt: notSocket,
  connect: notSocket,
  bind: notSocket,
  listen: notSocket,
  accept: notSocket,
  accept4: notSocket,
  shutdown: notSocket,
  sendto: notSocket,
  recvfrom: notSocket,
  sendmsg: notSocket,
  recvmsg: notSocket,
  io_uring_setup: () => -Errno.ENOSYS,
  copy_file_range: () => -Errno.EXDEV,
};

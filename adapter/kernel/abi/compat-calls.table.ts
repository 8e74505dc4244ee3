// compat-calls.table.ts: the calls of 32-bit Linux (INT 80h) that a 64-bit program may use here, by their own numbers.
//
// Only those whose arguments are numbers, descriptors, strings and buffers: the same call, with arguments of 32 bits.
// Truth: the public header asm/unistd_32.h.

import type { SYSCALL_NUMBERS } from './syscall-names.table';

/** 32-bit number → the name of the 64-bit call. */
export const COMPAT_CALLS: ReadonlyMap<number, keyof typeof SYSCALL_NUMBERS> = new Map<
  number,
  keyof typeof SYSCALL_NUMBERS
>([
  [0, 'restart_syscall'],
  [1, 'exit'],
  [2, 'fork'],
  [3, 'read'],
  [4, 'write'],
  [5, 'open'],
  [6, 'close'],
  [10, 'unlink'],
  [12, 'chdir'],
  [20, 'getpid'],
  [27, 'alarm'],
  [29, 'pause'],
  [33, 'access'],
  [37, 'kill'],
  [39, 'mkdir'],
  [40, 'rmdir'],
  [41, 'dup'],
  [42, 'pipe'],
  [45, 'brk'],
  [60, 'umask'],
  [63, 'dup2'],
  [64, 'getppid'],
  [65, 'getpgrp'],
  [66, 'setsid'],
  [91, 'munmap'],
  [125, 'mprotect'],
  [158, 'sched_yield'],
  [199, 'getuid'],
  [200, 'getgid'],
  [201, 'geteuid'],
  [202, 'getegid'],
  [219, 'madvise'],
  [224, 'gettid'],
  [238, 'tkill'],
  [252, 'exit_group'],
  [270, 'tgkill'],
]);

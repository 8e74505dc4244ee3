// gdb-signals.table.ts: Linux's signal numbers ↔ the numbers of the remote protocol.
//
// The protocol has its own numbering, fixed for every system. Truth: gdb's include/gdb/signals.def (numbers only),
// Linux's asm/signal.h for x86-64.

const LINUX_TO_GDB: Readonly<Record<number, number>> = {
  1: 1, // HUP
  2: 2, // INT
  3: 3, // QUIT
  4: 4, // ILL
  5: 5, // TRAP
  6: 6, // ABRT
  7: 10, // BUS
  8: 8, // FPE
  9: 9, // KILL
  10: 30, // USR1
  11: 11, // SEGV
  12: 31, // USR2
  13: 13, // PIPE
  14: 14, // ALRM
  15: 15, // TERM
  17: 20, // CHLD
  18: 19, // CONT
  19: 17, // STOP
  20: 18, // TSTP
  21: 21, // TTIN
  22: 22, // TTOU
  23: 16, // URG
  24: 24, // XCPU
  25: 25, // XFSZ
  26: 26, // VTALRM
  27: 27, // PROF
  28: 28, // WINCH
  29: 23, // IO
  30: 32, // PWR
  31: 12, // SYS
  32: 77, // real-time 32
  64: 78, // real-time 64
};

const GDB_UNKNOWN = 143;
/** Real-time signals 33…63 are 45…75. */
const FIRST_REALTIME = 33;
const GDB_FIRST_REALTIME = 45;

export function gdbSignal(linux: number): number {
  if (linux >= FIRST_REALTIME && linux <= 63) return linux - FIRST_REALTIME + GDB_FIRST_REALTIME;
  return LINUX_TO_GDB[linux] ?? GDB_UNKNOWN;
}

/** 0 for a number that Linux does not have. */
export function linuxSignal(gdb: number): number {
  if (gdb >= GDB_FIRST_REALTIME && gdb <= 75) return gdb - GDB_FIRST_REALTIME + FIRST_REALTIME;
  const found = Object.entries(LINUX_TO_GDB).find(([, number]) => number === gdb);
  return found === undefined ? 0 : Number(found[0]);
}

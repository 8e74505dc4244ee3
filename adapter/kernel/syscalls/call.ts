// call.ts: what a system call's handler is given, and how it reads its arguments.
//
// Handlers throw ErrnoError for failures; dispatch.ts turns it into a negative errno.

import { StructWriter, viewOf } from '../abi/struct-writer';
import type { Outcome } from '../process/blocking';
import type { KernelContext } from '../process/kernel-context';
import type { Process, Task } from '../process/task';
import type { UserMemory } from '../mm/user-copy';

export class Call {
  readonly process: Process;
  readonly user: UserMemory;

  constructor(
    readonly kernel: KernelContext,
    readonly task: Task,
    /** rdi rsi rdx r10 r8 r9 */
    readonly args: readonly bigint[],
  ) {
    this.process = task.process;
    this.user = task.user;
  }

  /** An `int`. */
  int(index: number): number {
    return Number(BigInt.asIntN(32, this.args[index]));
  }

  /** An `unsigned int`. */
  uint(index: number): number {
    return Number(BigInt.asUintN(32, this.args[index]));
  }

  /** A `size_t` or address as a number; inexact above 2^53, which no valid one is. */
  size(index: number): number {
    return Number(this.args[index]);
  }

  /** An `off_t`. */
  offset(index: number): number {
    return Number(BigInt.asIntN(64, this.args[index]));
  }

  pointer(index: number): bigint {
    return this.args[index];
  }

  string(index: number): string {
    return this.user.readString(this.args[index]);
  }
}

export type Handler = (call: Call) => Outcome;

export interface Timespec {
  readonly seconds: bigint;
  readonly nanoseconds: bigint;
}

export const NS_PER_SECOND = 1_000_000_000n;

export function readTimespec(user: UserMemory, address: bigint): Timespec {
  const view = viewOf(user.read(address, 16));
  return { seconds: view.getBigInt64(0, true), nanoseconds: view.getBigInt64(8, true) };
}

export function isValidTimespec(time: Timespec): boolean {
  return time.seconds >= 0n && time.nanoseconds >= 0n && time.nanoseconds < NS_PER_SECOND;
}

export function timespecNs(time: Timespec): bigint {
  return time.seconds * NS_PER_SECOND + time.nanoseconds;
}

export function encodeTimespec(ns: bigint): Uint8Array {
  return new StructWriter(16).u64(ns / NS_PER_SECOND).u64(ns % NS_PER_SECOND).bytes;
}

/** struct timeval: microseconds. */
export function encodeTimeval(ns: bigint): Uint8Array {
  return new StructWriter(16).u64(ns / NS_PER_SECOND).u64((ns % NS_PER_SECOND) / 1000n).bytes;
}

export function readTimevalNs(user: UserMemory, address: bigint): bigint {
  const view = viewOf(user.read(address, 16));
  return view.getBigInt64(0, true) * NS_PER_SECOND + view.getBigInt64(8, true) * 1000n;
}

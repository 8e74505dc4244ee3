// full-trace.ts: what a program has really done: each of its instructions run alone on a machine without watches.
//
// The oracle of the random tests. It asks no debug register, no table of watched memory and no translated region: only
// what each instruction itself says that it accessed, and the memory before and after.

import { assert } from '../../../adapter/util/assert';
import type { Kernel } from '../../../adapter/kernel/kernel';
import type { TracedInstruction } from '../../../adapter/machine/machine';
import { runEmulated } from '../../kernel/emulated-run';

export interface TracedStep extends TracedInstruction {
  readonly thread: number;
}

/** An access to one of the traced bytes. */
export interface TracedTouch {
  readonly thread: number;
  readonly instruction: bigint;
  readonly kind: 'w' | 'r';
  /** Of its first byte, from where the traced bytes begin; may be negative. */
  readonly offset: number;
  readonly size: number;
  /** All of the traced bytes. */
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** Runs the program to its end, as a debugger that this process starts would, and tells each instruction. */
export function traceProgram(program: string, stdin: string, see: (step: TracedStep) => void): void {
  let kernel: Kernel | undefined;
  runEmulated(program, {
    stdin,
    environment: Object.entries(process.env).map(([name, value]) => `${name}=${value ?? ''}`),
    trace: (instruction) => {
      const cpu = kernel?.context.scheduler.cpus.find(({ debugRegisters }) => debugRegisters === instruction.debug);
      assert(cpu?.current !== undefined, 'somebody ran the instruction');
      see({ ...instruction, thread: cpu.current.tid });
    },
    prepare: (made) => {
      kernel = made;
    },
  });
}

export const overlaps = (first: bigint, end: bigint, at: bigint, past: bigint): boolean => first < past && at < end;

/** Follows `lengthBytes` bytes from `first`; zero at first, unless they can be read. */
export class FollowedBytes {
  private last: Uint8Array;

  constructor(
    readonly first: bigint,
    readonly lengthBytes: number,
    read?: TracedStep['read'],
  ) {
    this.last = read?.(first, lengthBytes) ?? new Uint8Array(lengthBytes);
  }

  /** What the instruction does to them. An access that reads and writes is a write, as for a debug register. */
  touches({ thread, address, accesses, read }: TracedStep): TracedTouch[] {
    const end = this.first + BigInt(this.lengthBytes);
    const own = accesses.filter((access) => overlaps(this.first, end, access.first, access.end));
    if (own.length === 0) return [];
    const [before, after] = [this.last, read(this.first, this.lengthBytes)];
    this.last = after;
    return own.map(({ first, end: past, writes }) => ({
      thread,
      instruction: address,
      kind: writes ? 'w' : 'r',
      offset: Number(first - this.first),
      size: Number(past - first),
      before,
      after,
    }));
  }
}

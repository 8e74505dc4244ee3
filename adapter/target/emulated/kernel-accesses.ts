// kernel-accesses.ts: what system calls do to watched memory, as hits that name the call.
//
// A processor's data breakpoints fire in the kernel too, but Linux passes those of ptrace over without a word. Here they
// are collected while a call copies, with the bytes from before its first copy, and handed over once the call has its
// result and before any signal is looked at: the program stands right after its SYSCALL instruction. One hit for each
// watched piece, however often the call touched it; a write counts more than a read.
//
// Quirk: the word that the kernel clears when a thread exits (CLONE_CHILD_CLEARTID) is not told: nobody is there to stop.
// Truth: Linux arch/x86/kernel/traps.c, exc_debug_kernel (behaviour).

import type { KernelAccess } from '../../kernel/mm/user-copy';
import type { KernelEvents } from '../../kernel/process/kernel-context';
import type { Task } from '../../kernel/process/task';
import type { WatchHit, WatchId, WatchPiece } from '../target';
import { callText } from './call-text';

export interface ArmedPiece {
  readonly watch: WatchId;
  readonly slot: number;
  readonly piece: WatchPiece;
}

interface Touched extends ArmedPiece {
  /** Where the kernel has written or is about to. */
  before: Uint8Array | undefined;
  access: 'read' | 'write';
  /** It has happened, and was not only announced. */
  done: boolean;
}

const SYSCALL_BYTES = 2n;
/** Outside of system calls the kernel writes for one reason only. */
const SIGNAL_FRAME = 'the kernel, setting up a signal handler';

export class KernelAccesses {
  private readonly touched = new Map<Task, Map<string, Touched>>();

  /** `armed`: what is armed for the task now; nearly always nothing. */
  constructor(private readonly armed: (task: Task) => readonly ArmedPiece[]) {}

  /** Hears of every copy from now on. */
  follow(events: KernelEvents): void {
    events.kernelWriting = (task, address, lengthBytes) => {
      this.writing(task, address, lengthBytes);
    };
    events.kernelAccess = (task, access) => {
      this.accessed(task, access);
    };
  }

  private writing(task: Task, address: bigint, lengthBytes: number): void {
    for (const piece of this.overlapping(task, address, lengthBytes)) {
      const entry = this.entry(task, piece, 'write');
      entry.before ??= bytesOf(task, piece.piece);
    }
  }

  private accessed(task: Task, { address, lengthBytes, write }: KernelAccess): void {
    for (const piece of this.overlapping(task, address, lengthBytes)) {
      if (!write && piece.piece.access !== 'readWrite') continue;
      const entry = this.entry(task, piece, 'read');
      if (write) entry.access = 'write';
      entry.done = true;
    }
  }

  /** The hits of the call that has ended, in order of registers; they are forgotten. */
  take(task: Task): readonly WatchHit[] {
    const touched = this.touched.get(task);
    if (touched === undefined) return [];
    this.touched.delete(task);
    const call = callText(task);
    const { rip } = task.registers;
    const instruction = call === undefined ? rip : rip - SYSCALL_BYTES;
    return [...touched.values()]
      .filter(({ done }) => done)
      .sort((a, b) => a.slot - b.slot)
      .map(({ watch, slot, piece, access, before }) => {
        const after = bytesOf(task, piece);
        return {
          ...{ watch, slot, piece, access, instruction, after },
          before: access === 'write' ? (before ?? after) : after,
          systemCall: call ?? SIGNAL_FRAME,
        };
      });
  }

  forget(task: Task): void {
    this.touched.delete(task);
  }

  private overlapping(task: Task, address: bigint, lengthBytes: number): readonly ArmedPiece[] {
    const armed = this.armed(task);
    if (armed.length === 0) return armed;
    const end = address + BigInt(lengthBytes);
    return armed.filter(({ piece }) => {
      const isData = piece.access !== 'execute';
      return isData && piece.address < end && address < piece.address + BigInt(piece.lengthBytes);
    });
  }

  private entry(task: Task, piece: ArmedPiece, access: 'read' | 'write'): Touched {
    let own = this.touched.get(task);
    if (own === undefined) this.touched.set(task, (own = new Map<string, Touched>()));
    const key = `${piece.watch} ${piece.slot}`;
    let entry = own.get(key);
    if (entry === undefined) own.set(key, (entry = { ...piece, access, before: undefined, done: false }));
    return entry;
  }
}

function bytesOf(task: Task, { address, lengthBytes }: WatchPiece): Uint8Array {
  return task.process.memory.space.read(address, lengthBytes);
}

// nonlocal-exits.ts: frames that are left without a return: longjmp and C++ exceptions.
//
// Knows the functions through which a thread leaves frames, and where its stack pointer will be afterwards. Asked
// only while the watch of some local depends on it.
//
// glibc's jmp_buf on x86-64, eight words: rbx rbp r12 r13 r14 r15 rsp rip, where rbp, rsp and rip are rotated left by
// 17 after an exclusive or with the thread's guard at fs:0x30; musl keeps the same words plain.

import type { ThreadId } from '../target/target';
import type { Debuggee } from './debuggee';

const JUMPS = ['longjmp', '_longjmp', 'siglongjmp', '__longjmp_chk', '__libc_longjmp', '__libc_siglongjmp'];
/** Called by the handler's or the clean-up's own frame, when the frames between are gone. */
const LANDINGS = ['__cxa_begin_catch', '_Unwind_Resume'];

const RDI = 5;
const JMP_BUF_RSP = 48n;
const JMP_BUF_RIP = 56n;
const POINTER_GUARD = 0x30n;

export class NonlocalExits {
  private jumps = new Set<bigint>();
  private landings = new Set<bigint>();

  constructor(private readonly debuggee: Debuggee) {}

  /** Looks for the functions anew: modules came or went. */
  refresh(): void {
    const entries = (names: readonly string[]): Set<bigint> =>
      new Set(names.flatMap((name) => this.debuggee.symbols.linkedFunctions(name)));
    this.jumps = entries(JUMPS);
    this.landings = entries(LANDINGS);
  }

  addresses(): readonly bigint[] {
    return [...this.jumps, ...this.landings];
  }

  /** Where the thread's stack pointer is once the exit at `address` is done; undefined: not known. */
  stackPointerAfter(thread: ThreadId, address: bigint): bigint | undefined {
    if (this.landings.has(address)) return this.debuggee.stackPointer(thread);
    if (!this.jumps.has(address)) return undefined;
    const registers = this.debuggee.target.registers(thread);
    const buffer = registers.read(RDI);
    const pointer = this.word(buffer + JMP_BUF_RSP);
    const target = this.word(buffer + JMP_BUF_RIP);
    const guard = this.word(registers.fsBase + POINTER_GUARD);
    if (pointer === undefined || target === undefined) return undefined;
    if (guard !== undefined && this.isCode(demangle(target, guard))) return demangle(pointer, guard);
    return this.isCode(target) ? pointer : undefined;
  }

  private isCode(address: bigint): boolean {
    return this.debuggee.symbols.functionAt(address) !== undefined;
  }

  private word(address: bigint): bigint | undefined {
    const bytes = this.debuggee.memory.read(BigInt.asUintN(64, address), 8);
    if (bytes.length < 8) return undefined;
    return new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  }
}

function demangle(word: bigint, guard: bigint): bigint {
  return ((word >> 17n) | BigInt.asUintN(64, word << 47n)) ^ guard;
}

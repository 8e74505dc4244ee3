// trace-requests.ts: what a tracer may do to a tracee that stands still.
//
// The caller has checked that the thread is a tracee of the calling thread and in a stop. Bytes in, bytes out: nothing
// here touches the tracer's memory.
//
// Truth: ptrace(2).

import { ErrnoError } from '../abi/errno.table';
import { StructWriter } from '../abi/struct-writer';
import { encodeSignalInfo } from '../signal/signal-info';
import type { KernelContext } from './kernel-context';
import { disableStep, enableStep } from './single-step';
import type { Task } from './task';
import { TraceEvent, type TraceStop } from './trace';
import { breakSleep } from '../signal/send';
import { DEBUG_REGISTERS_AT, readUserWord, USER_BYTES, USER_REGS_BYTES, writeUserWord } from './user-area';

const AUDIT_ARCH_X86_64 = 0xc000003e;
const AUDIT_ARCH_I386 = 0x40000003;
const SYSCALL_INFO_BYTES = 88;
const CALL_NONE = 0;
const CALL_ENTRY = 1;
const CALL_EXIT = 2;
const MARKED_CALL = 0x85;
/** rdi rsi rdx r10 r8 r9, by register number. */
const ARGUMENTS = [7, 6, 2, 10, 8, 9] as const;
/** ebx ecx edx esi edi ebp. */
const COMPAT_ARGUMENTS = [3, 1, 2, 6, 7, 5] as const;
const ERRNO_END = 4096n;

/** How a tracee goes on. */
export interface Resumption {
  readonly signal: number;
  readonly syscalls?: boolean;
  readonly emulatesCalls?: boolean;
  readonly step?: boolean;
}

export function resume(kernel: KernelContext, task: Task, how: Resumption): void {
  const { trace } = task;
  if (trace === undefined) return;
  if (how.signal < 0 || how.signal > 64) throw new ErrnoError('EIO');
  trace.syscalls = how.syscalls === true;
  trace.emulatesCalls = how.emulatesCalls === true;
  if (how.step === true) enableStep(task);
  else disableStep(task);
  kernel.letGo(task, how.signal);
}

/** PTRACE_INTERRUPT: needs no stop, but a tracer that seized. */
export function interrupt(kernel: KernelContext, task: Task): void {
  const { trace } = task;
  if (trace?.seized !== true) throw new ErrnoError('EIO');
  trace.trapDue = true;
  if (trace.listening) kernel.letGo(task, 0);
  else breakSleep(kernel, task);
}

/** PTRACE_LISTEN: a seized thread stays in its group-stop, and tells when that changes. */
export function listen(kernel: KernelContext, task: Task): void {
  const { trace } = task;
  if (trace?.seized !== true || trace.stop === undefined || trace.stop.code >> 8 !== TraceEvent.stop) {
    throw new ErrnoError('EIO');
  }
  trace.listening = true;
  if (trace.notifyDue) kernel.letGo(task, 0);
}

function requireUserOffset(offset: bigint): number {
  if (offset % 8n !== 0n || offset >= BigInt(USER_BYTES)) throw new ErrnoError('EIO');
  return Number(offset);
}

function debugRegisterAt(offset: number): number | undefined {
  const register = (offset - DEBUG_REGISTERS_AT) / 8;
  return register >= 0 && register <= 7 ? register : undefined;
}

export function peekUser(kernel: KernelContext, task: Task, address: bigint): bigint {
  const offset = requireUserOffset(address);
  if (offset < USER_REGS_BYTES) return readUserWord(task, offset);
  const register = debugRegisterAt(offset);
  if (register === undefined) return 0n;
  const read = kernel.layer.ptrace.peek(task, register);
  if (!read.ok) throw new ErrnoError(read.errno);
  return read.value;
}

export function pokeUser(kernel: KernelContext, task: Task, address: bigint, value: bigint): void {
  const offset = requireUserOffset(address);
  if (offset < USER_REGS_BYTES) {
    writeUserWord(task, offset, value);
    return;
  }
  const register = debugRegisterAt(offset);
  const errno = register === undefined ? 'EIO' : kernel.layer.ptrace.poke(task, register, value, tracerLabel(task));
  if (errno !== undefined) throw new ErrnoError(errno);
}

/** As the ledger of slots names the holder. */
function tracerLabel({ trace }: Task): string {
  return trace === undefined ? '' : `ptrace by pid ${trace.tracer.tgid}`;
}

/** struct ptrace_syscall_info; the bytes that mean something come first. */
export function syscallInfo(task: Task): { readonly bytes: Uint8Array; readonly lengthBytes: number } {
  const { registers, trace } = task;
  const operation = callOperation(trace?.stop);
  const writer = new StructWriter(SYSCALL_INFO_BYTES)
    .u8(operation)
    .u32(task.compatCall ? AUDIT_ARCH_I386 : AUDIT_ARCH_X86_64);
  writer.u64(registers.rip).u64(registers.readGpr(4));
  if (operation === CALL_NONE) return { bytes: writer.bytes, lengthBytes: 24 };
  if (operation === CALL_ENTRY) {
    writer.u64(BigInt.asIntN(32, task.originalRax));
    if (task.compatCall) for (const register of COMPAT_ARGUMENTS) writer.u64(registers.readGpr(register) & 0xffffffffn);
    else for (const register of ARGUMENTS) writer.u64(registers.readGpr(register));
    return { bytes: writer.bytes, lengthBytes: 80 };
  }
  const value = BigInt.asIntN(64, registers.readGpr(0));
  writer.u64(value).u8(value < 0n && value > -ERRNO_END ? 1 : 0);
  return { bytes: writer.bytes, lengthBytes: 33 };
}

function callOperation(stop: TraceStop | undefined): number {
  if (stop?.code !== MARKED_CALL) return CALL_NONE;
  return stop.kind === 'syscallEnter' ? CALL_ENTRY : CALL_EXIT;
}

/** PTRACE_PEEKSIGINFO: pending signals, the thread's own or its process's; `offset` into the queue. */
export function pendingInfos(task: Task, shared: boolean, offset: bigint, count: number): readonly Uint8Array[] {
  const queue = (shared ? task.process : task).pending.queue;
  if (offset >= BigInt(queue.length)) return [];
  return queue.slice(Number(offset), Number(offset) + count).map(encodeSignalInfo);
}

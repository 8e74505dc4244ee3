// frame.ts: the rt_sigframe that a handler finds on its stack, and what rt_sigreturn makes of it.
//
//   rsp → pretcode (the restorer)            0
//         ucontext: flags link stack         8
//                   sigcontext              48   r8 … r15 rdi rsi rbp rbx rdx rax rcx rsp rip eflags cs… err trapno
//                                                oldmask cr2 fpstate
//                   sigmask                304
//         siginfo                          312
//         (aligned) fpstate: 512 bytes of FXSAVE
//
// Truth: the layout of x86-64 Linux's struct rt_sigframe as glibc's ucontext.h and sigcontext.h show it.

import type { RegisterFile } from '../../machine/machine';
import { StructWriter, viewOf } from '../abi/struct-writer';
import { SA_ONSTACK } from '../abi/signals.table';
import { NO_CALL, SS_DISABLE, type Task } from '../process/task';
import { encodeSignalInfo, type SignalInfo, SIGINFO_BYTES } from './signal-info';
import { type SignalAction, type SignalSet, UNBLOCKABLE } from './signal-state';

const UCONTEXT_BYTES = 304;
const FRAME_BYTES = 8 + UCONTEXT_BYTES + SIGINFO_BYTES;
const FXSAVE_BYTES = 512;
const RED_ZONE = 128n;
const SS_ONSTACK = 1;
/** UC_SIGCONTEXT_SS | UC_STRICT_RESTORE_SS; no UC_FP_XSTATE, for there is no XSAVE. */
const UC_FLAGS = 6;
const USER_CS = 0x33;
const USER_SS = 0x2b;

const FLAG_TF = 1n << 8n;
const FLAG_DF = 1n << 10n;
const FLAG_RF = 1n << 16n;
/** AC RF OF DF TF SF ZF AF PF CF: what sigreturn may set. */
const RESTORABLE_FLAGS = 0x50dd5n;

/** Numbers of the registers in sigcontext's order. */
const CONTEXT_GPRS = [8, 9, 10, 11, 12, 13, 14, 15, 7, 6, 5, 3, 2, 0, 1, 4] as const;

const FXSAVE_AT_RESET = ((): Uint8Array => {
  const image = new StructWriter(FXSAVE_BYTES).u16(0x37f).at(24).u32(0x1f80).u32(0xffff);
  return image.bytes;
})();

/** What the FPU and SSE hold when a program starts. */
export function resetFloatingPoint(registers: RegisterFile): void {
  registers.fxsave.set(FXSAVE_AT_RESET);
  registers.ymmHigh.fill(0);
}

export function isOnAlternateStack(task: Task, sp: bigint): boolean {
  const { address, sizeBytes } = task.alternateStack;
  return sizeBytes > 0n && sp > address && sp - address <= sizeBytes;
}

/** Puts the frame on the stack and the thread at the handler's first instruction. Throws EFAULT. */
export function pushSignalFrame(task: Task, info: SignalInfo, action: SignalAction, oldMask: SignalSet): void {
  const registers = task.registers;
  const fpstate = (stackFor(task, action) - BigInt(FXSAVE_BYTES)) & ~63n;
  const frame = ((fpstate - BigInt(FRAME_BYTES)) & ~15n) - 8n;
  task.user.require(frame, Number(fpstate - frame) + FXSAVE_BYTES, 'write');
  task.user.write(fpstate, registers.fxsave.slice());
  task.user.write(frame, encodeFrame(task, info, action, oldMask, fpstate));
  registers.writeGpr(7, BigInt(info.signal));
  registers.writeGpr(6, frame + 8n + BigInt(UCONTEXT_BYTES));
  registers.writeGpr(2, frame + 8n);
  registers.writeGpr(0, 0n);
  registers.writeGpr(4, frame);
  registers.rip = action.handler;
  registers.rflags &= ~(FLAG_DF | FLAG_TF | FLAG_RF);
}

function stackFor(task: Task, action: SignalAction): bigint {
  const sp = task.registers.readGpr(4);
  const alternate = task.alternateStack;
  const usable = (action.flags & SA_ONSTACK) !== 0 && (alternate.flags & SS_DISABLE) === 0 && alternate.sizeBytes > 0n;
  if (usable && !isOnAlternateStack(task, sp)) return alternate.address + alternate.sizeBytes;
  return sp - RED_ZONE;
}

function encodeFrame(
  task: Task,
  info: SignalInfo,
  action: SignalAction,
  oldMask: SignalSet,
  fpstate: bigint,
): Uint8Array {
  const registers = task.registers;
  const stack = task.alternateStack;
  const onStack = isOnAlternateStack(task, registers.readGpr(4));
  const writer = new StructWriter(FRAME_BYTES);
  writer.u64(action.restorer).u64(UC_FLAGS).u64(0);
  writer
    .u64(stack.address)
    .u32(onStack ? SS_ONSTACK : stack.flags)
    .u64(stack.sizeBytes);
  for (const gpr of CONTEXT_GPRS) writer.u64(registers.readGpr(gpr));
  writer.u64(registers.rip).u64(registers.rflags).u16(USER_CS).u16(0).u16(0).u16(USER_SS);
  // The last exception, whatever the signal.
  writer.u64(task.fault.errorCode).u64(task.fault.trap).u64(oldMask).u64(task.fault.address);
  writer
    .u64(fpstate)
    .at(8 + 296)
    .u64(oldMask)
    .put(encodeSignalInfo(info));
  return writer.bytes;
}

/** rt_sigreturn: registers, mask and alternate stack as the frame at rsp says. Throws EFAULT. */
export function popSignalFrame(task: Task): void {
  const registers = task.registers;
  const view = viewOf(task.user.read(registers.readGpr(4), UCONTEXT_BYTES));
  const u64 = (offset: number): bigint => view.getBigUint64(offset, true);
  const fpstate = u64(40 + 184);
  if (fpstate === 0n) resetFloatingPoint(registers);
  else restoreFloatingPoint(registers, task.user.read(fpstate, FXSAVE_BYTES));
  CONTEXT_GPRS.forEach((gpr, index) => {
    registers.writeGpr(gpr, u64(40 + index * 8));
  });
  registers.rip = u64(40 + 128);
  task.originalRax = NO_CALL;
  registers.rflags = (registers.rflags & ~RESTORABLE_FLAGS) | (u64(40 + 136) & RESTORABLE_FLAGS);
  task.blockedSignals = u64(296) & ~UNBLOCKABLE;
  const flags = view.getUint32(24, true);
  task.alternateStack = { address: u64(16), flags: flags & SS_DISABLE, sizeBytes: u64(32) };
}

function restoreFloatingPoint(registers: RegisterFile, image: Uint8Array): void {
  const view = viewOf(image);
  view.setUint32(24, view.getUint32(24, true) & 0xffff, true);
  registers.fxsave.set(image.subarray(0, 416));
}

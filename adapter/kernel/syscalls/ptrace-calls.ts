// ptrace-calls.ts: ptrace(2), process_vm_readv(2), process_vm_writev(2): arguments in, answers out.
//
// What the requests mean is in process/trace-*.ts.
// Truth: ptrace(2), process_vm_readv(2).

import { ErrnoError } from '../abi/errno.table';
import { SI_KERNEL, Signal } from '../abi/signals.table';
import { StructWriter, viewOf } from '../abi/struct-writer';
import { blockOn, type Outcome } from '../process/blocking';
import { mayAccess } from '../process/credentials';
import { readForeign, writeForeign } from '../process/foreign-memory';
import type { Task } from '../process/task';
import { PTRACE_OPTIONS, type Trace } from '../process/trace';
import { attach, detach, isTrapping, parentThread, traceMe } from '../process/trace-links';
import {
  interrupt,
  listen,
  peekUser,
  pendingInfos,
  pokeUser,
  type Resumption,
  resume,
  syscallInfo,
} from '../process/trace-requests';
import { readUserRegs, USER_REGS_BYTES, writeUserRegs } from '../process/user-area';
import { sendToTask } from '../signal/send';
import { decodeSignalInfo, encodeSignalInfo, SIGINFO_BYTES } from '../signal/signal-info';
import { UNBLOCKABLE } from '../signal/signal-state';
import type { Call, Handler } from './call';

const TRACEME = 0;
const KILL = 8;
const ATTACH = 16;
const SEIZE = 0x4206;
const INTERRUPT = 0x4207;
const SIGSET_BYTES = 8n;
const FXSAVE_BYTES = 512;
const PEEKSIGINFO_SHARED = 1;
const NT_PRSTATUS = 1n;
const NT_PRFPREG = 2n;
const NT_X86_XSTATE = 0x202n;
/** struct iovec. */
const IOVEC_BYTES = 16;
const MOST_IOVECS = 1024;

/** A request to a tracee in a stop: the thread, and addr and data as they were given. */
interface Request {
  readonly call: Call;
  readonly task: Task;
  readonly trace: Trace<Task>;
  readonly address: bigint;
  readonly data: bigint;
}

type RequestHandler = (request: Request) => number;

function taskNamed(call: Call, tid: number): Task {
  const task = call.kernel.tasks.get(tid);
  if (task === undefined) throw new ErrnoError('ESRCH');
  return task;
}

function beTraced(call: Call): number {
  const tracer = parentThread(call.process);
  if (call.task.trace !== undefined || tracer === undefined) throw new ErrnoError('EPERM');
  traceMe(call.task, tracer);
  return 0;
}

function beginTracing(call: Call, seized: boolean): Outcome {
  const options = call.pointer(3);
  if (seized && (call.pointer(2) !== 0n || (options & ~BigInt(PTRACE_OPTIONS)) !== 0n)) throw new ErrnoError('EIO');
  const task = call.kernel.tasks.get(call.int(1));
  if (task === undefined) throw new ErrnoError(call.kernel.processes.has(call.int(1)) ? 'EPERM' : 'ESRCH');
  if (task.process === call.process || task.trace !== undefined) throw new ErrnoError('EPERM');
  if (!mayAccess(call.process.credentials, task.process)) throw new ErrnoError('EPERM');
  attach(call.kernel, call.task, task, seized, seized ? Number(options) : 0);
  const attached = (): Outcome =>
    isTrapping(call.task, task) ? blockOn([call.process.childChanged], attached, { killable: true }) : 0;
  return attached();
}

function ptrace(call: Call): Outcome {
  const request = Number(BigInt.asIntN(64, call.pointer(0)));
  if (request === TRACEME) return beTraced(call);
  if (request === ATTACH) return beginTracing(call, false);
  if (request === SEIZE) return beginTracing(call, true);
  const task = taskNamed(call, call.int(1));
  const { trace } = task;
  if (trace?.tracer !== call.task) throw new ErrnoError('ESRCH');
  if (request === KILL) {
    sendToTask(call.kernel, task, { signal: Signal.SIGKILL, code: SI_KERNEL, origin: { kind: 'kernel' } });
    return 0;
  }
  if (request === INTERRUPT) {
    interrupt(call.kernel, task);
    return 0;
  }
  if (trace.stop === undefined || trace.listening) throw new ErrnoError('ESRCH');
  const handler = REQUESTS.get(request);
  if (handler === undefined) throw new ErrnoError('EIO');
  return handler({ call, task, trace, address: call.pointer(2), data: call.pointer(3) });
}

// Memory and registers -------------------------------------------------------------------------------------------

function peekData({ call, task, address, data }: Request): number {
  const bytes = readForeign(task.process.memory, call.process.memory, address, 8, 'tracer');
  if (bytes.length < 8) throw new ErrnoError('EIO');
  call.user.write(data, bytes);
  return 0;
}

function pokeData({ call, task, address, data }: Request): number {
  const { bytes } = new StructWriter(8).u64(data);
  const written = writeForeign(task.process.memory, call.process.memory, address, bytes, 'tracer');
  if (written < 8) throw new ErrnoError('EIO');
  return 0;
}

function getRegisters({ call, task, data }: Request): number {
  call.user.write(data, readUserRegs(task));
  return 0;
}

function setRegisters({ call, task, data }: Request): number {
  writeUserRegs(task, call.user.read(data, USER_REGS_BYTES));
  return 0;
}

function getFloatingPoint({ call, task, data }: Request): number {
  call.user.write(data, task.registers.fxsave.slice());
  return 0;
}

function setFloatingPoint({ call, task, data }: Request): number {
  storeFloatingPoint(task, call.user.read(data, FXSAVE_BYTES));
  return 0;
}

/** Throws EINVAL where MXCSR has bits that do not exist. */
function storeFloatingPoint(task: Task, image: Uint8Array): void {
  const whole = task.registers.fxsave.slice();
  whole.set(image);
  const view = viewOf(whole);
  if ((view.getUint32(24, true) & ~0xffff) !== 0) throw new ErrnoError('EINVAL');
  task.registers.fxsave.set(whole.subarray(0, 416));
}

/** PTRACE_GETREGSET and SETREGSET: the buffer's length, cut to the set's; the iovec tells how much it was. */
function registerSet(request: Request, transfer: (buffer: bigint, lengthBytes: number) => void): number {
  const { call, address, data } = request;
  const view = viewOf(call.user.read(data, IOVEC_BYTES));
  const wanted = view.getBigUint64(8, true);
  const size = address === NT_PRSTATUS ? USER_REGS_BYTES : address === NT_PRFPREG ? FXSAVE_BYTES : undefined;
  // No XSAVE, no such state.
  if (address === NT_X86_XSTATE && wanted % 8n === 0n) throw new ErrnoError('ENODEV');
  if (size === undefined || wanted % 8n !== 0n) throw new ErrnoError('EINVAL');
  const length = Math.min(Number(wanted), size);
  transfer(view.getBigUint64(0, true), length);
  call.user.writeU64(data + 8n, BigInt(length));
  return 0;
}

function getRegisterSet(request: Request): number {
  const { call, task, address } = request;
  return registerSet(request, (buffer, length) => {
    const bytes = address === NT_PRSTATUS ? readUserRegs(task) : task.registers.fxsave;
    call.user.write(buffer, bytes.slice(0, length));
  });
}

function setRegisterSet(request: Request): number {
  const { call, task, address } = request;
  return registerSet(request, (buffer, length) => {
    const bytes = call.user.read(buffer, length);
    if (address === NT_PRSTATUS) writeUserRegs(task, bytes);
    else if (length < FXSAVE_BYTES) throw new ErrnoError('EINVAL');
    else storeFloatingPoint(task, bytes);
  });
}

// Signals and events ---------------------------------------------------------------------------------------------

function getSignalInfo({ call, trace, data }: Request): number {
  const info = trace.stop?.info;
  if (info === undefined) throw new ErrnoError('EINVAL');
  call.user.write(data, encodeSignalInfo(info));
  return 0;
}

function setSignalInfo({ call, trace, data }: Request): number {
  const bytes = call.user.read(data, SIGINFO_BYTES);
  if (trace.stop?.info === undefined) throw new ErrnoError('EINVAL');
  trace.stop.info = decodeSignalInfo(viewOf(bytes).getInt32(0, true), bytes);
  return 0;
}

function peekSignalInfos({ call, task, address, data }: Request): number {
  const view = viewOf(call.user.read(address, 16));
  const [offset, flags, count] = [view.getBigUint64(0, true), view.getUint32(8, true), view.getInt32(12, true)];
  if ((flags & ~PEEKSIGINFO_SHARED) !== 0 || count < 0) throw new ErrnoError('EINVAL');
  const infos = pendingInfos(task, (flags & PEEKSIGINFO_SHARED) !== 0, offset, count);
  let done = 0;
  for (const info of infos) {
    const target = data + BigInt(done * SIGINFO_BYTES);
    // What fits has been told; only where nothing does it is an error.
    if (done > 0 && call.user.accessible(target, SIGINFO_BYTES, 'write') < SIGINFO_BYTES) break;
    call.user.write(target, info);
    done++;
  }
  return done;
}

function getSignalMask({ call, task, address, data }: Request): number {
  if (address !== SIGSET_BYTES) throw new ErrnoError('EINVAL');
  call.user.writeU64(data, task.savedMask ?? task.blockedSignals);
  return 0;
}

function setSignalMask({ call, task, address, data }: Request): number {
  if (address !== SIGSET_BYTES) throw new ErrnoError('EINVAL');
  task.blockedSignals = call.user.readU64(data) & ~UNBLOCKABLE;
  return 0;
}

function setOptions({ trace, data }: Request): number {
  if ((data & ~BigInt(PTRACE_OPTIONS)) !== 0n) throw new ErrnoError('EINVAL');
  trace.options = Number(data);
  return 0;
}

function getEventMessage({ call, trace, data }: Request): number {
  call.user.writeU64(data, trace.message);
  return 0;
}

function getSyscallInfo({ call, task, address, data }: Request): number {
  const { bytes, lengthBytes } = syscallInfo(task);
  const room = address < BigInt(lengthBytes) ? Number(address) : lengthBytes;
  call.user.write(data, bytes.slice(0, room));
  return lengthBytes;
}

// Going on -------------------------------------------------------------------------------------------------------

function goOn(how: Omit<Resumption, 'signal'>): RequestHandler {
  return ({ call, task, data }) => {
    resume(call.kernel, task, { ...how, signal: signalOf(data) });
    return 0;
  };
}

function signalOf(data: bigint): number {
  return data <= 64n ? Number(data) : -1;
}

const REQUESTS: ReadonlyMap<number, RequestHandler> = new Map<number, RequestHandler>([
  [1, peekData],
  [2, peekData],
  [
    3,
    ({ call, task, address, data }) => {
      call.user.writeU64(data, peekUser(call.kernel, task, address));
      return 0;
    },
  ],
  [4, pokeData],
  [5, pokeData],
  [
    6,
    ({ call, task, address, data }) => {
      pokeUser(call.kernel, task, address, data);
      return 0;
    },
  ],
  [7, goOn({})],
  [9, goOn({ step: true })],
  [12, getRegisters],
  [13, setRegisters],
  [14, getFloatingPoint],
  [15, setFloatingPoint],
  [
    17,
    ({ call, task, data }) => {
      const signal = signalOf(data);
      if (signal < 0) throw new ErrnoError('EIO');
      detach(call.kernel, task, signal);
      return 0;
    },
  ],
  [24, goOn({ syscalls: true })],
  [31, goOn({ emulatesCalls: true })],
  [32, goOn({ emulatesCalls: true, step: true })],
  [0x4200, setOptions],
  [0x4201, getEventMessage],
  [0x4202, getSignalInfo],
  [0x4203, setSignalInfo],
  [0x4204, getRegisterSet],
  [0x4205, setRegisterSet],
  [
    0x4208,
    ({ call, task }) => {
      listen(call.kernel, task);
      return 0;
    },
  ],
  [0x4209, peekSignalInfos],
  [0x420a, getSignalMask],
  [0x420b, setSignalMask],
  [0x420e, getSyscallInfo],
]);

// process_vm_readv and process_vm_writev -------------------------------------------------------------------------

interface Piece {
  readonly address: bigint;
  readonly lengthBytes: number;
}

function pieces(call: Call, address: bigint, count: bigint): Piece[] {
  if (count > BigInt(MOST_IOVECS)) throw new ErrnoError('EINVAL');
  const view = viewOf(call.user.read(address, Number(count) * IOVEC_BYTES));
  return Array.from({ length: Number(count) }, (_, n) => ({
    address: view.getBigUint64(n * IOVEC_BYTES, true),
    lengthBytes: Number(view.getBigInt64(n * IOVEC_BYTES + 8, true)),
  }));
}

/** Copies piece after piece, as far as both sides go. */
function transfer(call: Call, copy: (task: Task, local: Piece, remote: Piece) => number): number {
  const local = pieces(call, call.pointer(1), call.pointer(2));
  const remote = pieces(call, call.pointer(3), call.pointer(4));
  if (call.pointer(5) !== 0n || [...local, ...remote].some(({ lengthBytes }) => lengthBytes < 0)) {
    throw new ErrnoError('EINVAL');
  }
  const task = taskNamed(call, call.int(0));
  if (task.process !== call.process && !mayAccess(call.process.credentials, task.process))
    throw new ErrnoError('EPERM');
  let done = 0;
  let room = local.shift();
  let source = remote.shift();
  while (room !== undefined && source !== undefined) {
    const lengthBytes = Math.min(room.lengthBytes, source.lengthBytes);
    const copied = lengthBytes === 0 ? 0 : copy(task, { ...room, lengthBytes }, { ...source, lengthBytes });
    done += copied;
    if (copied < lengthBytes) break;
    room = room.lengthBytes === lengthBytes ? local.shift() : rest(room, lengthBytes);
    source = source.lengthBytes === lengthBytes ? remote.shift() : rest(source, lengthBytes);
  }
  if (done === 0 && source !== undefined && source.lengthBytes > 0 && room !== undefined)
    throw new ErrnoError('EFAULT');
  return done;
}

function rest({ address, lengthBytes }: Piece, taken: number): Piece {
  return { address: address + BigInt(taken), lengthBytes: lengthBytes - taken };
}

const readVector = (call: Call): number =>
  transfer(call, ({ process }, local, remote) => {
    const bytes = readForeign(process.memory, call.process.memory, remote.address, remote.lengthBytes, 'peer');
    call.user.write(local.address, bytes);
    return bytes.length;
  });

const writeVector = (call: Call): number =>
  transfer(call, ({ process }, local, remote) => {
    const bytes = call.user.read(local.address, local.lengthBytes);
    return writeForeign(process.memory, call.process.memory, remote.address, bytes, 'peer');
  });

export const PTRACE_CALLS: Readonly<Record<string, Handler>> = {
  ptrace,
  process_vm_readv: readVector,
  process_vm_writev: writeVector,
};

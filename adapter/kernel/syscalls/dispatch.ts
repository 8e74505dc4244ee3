// dispatch.ts: from the number in rax to the handler, and from its outcome to rax or to sleep.

import { Errno, ErrnoError } from '../abi/errno.table';
import { COMPAT_CALLS } from '../abi/compat-calls.table';
import { SYSCALL_NUMBERS, syscallName } from '../abi/syscall-names.table';
import { SI_KERNEL, Signal, TRAP_BRKPT } from '../abi/signals.table';
import { assert } from '../../util/assert';
import type { Block, EventStop, Outcome, WakeReason } from '../process/blocking';
import type { KernelContext } from '../process/kernel-context';
import type { Task } from '../process/task';
import { stopAtCall, stopAtEvent } from '../process/trace-stop';
import { hasDelivery } from '../signal/deliver';
import { breakSleep, endIsTold, forceSignal, isKilled, sendToTask } from '../signal/send';
import type { SignalInfo } from '../signal/signal-info';
import { ABSENT_CALLS } from './absent-calls';
import { Call, type Handler } from './call';
import { FUTEX_CALLS } from './futex-calls';
import { CREDENTIAL_CALLS } from './credential-calls';
import { IDENTITY_CALLS } from './identity-calls';
import { IO_CALLS } from './io-calls';
import { MEMORY_CALLS } from './memory-calls';
import { MESSAGE_CALLS } from './message-calls';
import { OPEN_CALLS } from './open-calls';
import { PERF_CALLS } from './perf-calls';
import { PATH_CALLS } from './path-calls';
import { POLL_CALLS } from './poll-calls';
import { PROCESS_CALLS } from './process-calls';
import { PTRACE_CALLS } from './ptrace-calls';
import { SIGNAL_CALLS } from './signal-calls';
import { SOCKET_CALLS } from './socket-calls';
import { TIMER_CALLS } from './timer-calls';
import { TIME_CALLS } from './time-calls';

/** rdi rsi rdx r10 r8 r9, by register number. */
const ARGUMENT_REGISTERS = [7, 6, 2, 10, 8, 9] as const;

const TRAP_DEBUG = 1;

/** ebx ecx edx esi edi ebp: the arguments of 32-bit calls. */
const COMPAT_REGISTERS = [3, 1, 2, 6, 7, 5] as const;

/** Calls that programs try and do without: not worth a word. */
const QUIETLY_ABSENT: ReadonlySet<string> = new Set(['rseq', 'statx', 'map_shadow_stack']);

/** A guest's system calls by number; further families (perf, ptrace) are added by `addCalls`. */
export class SystemCalls {
  private readonly handlers: (Handler | undefined)[] = [];

  constructor(private readonly kernel: KernelContext) {
    for (const family of [
      MEMORY_CALLS,
      PROCESS_CALLS,
      IDENTITY_CALLS,
      CREDENTIAL_CALLS,
      TIME_CALLS,
      FUTEX_CALLS,
      SIGNAL_CALLS,
      OPEN_CALLS,
      IO_CALLS,
      PATH_CALLS,
      POLL_CALLS,
      PERF_CALLS,
      PTRACE_CALLS,
      TIMER_CALLS,
      SOCKET_CALLS,
      MESSAGE_CALLS,
      ABSENT_CALLS,
    ]) {
      this.addCalls(family);
    }
  }

  addCalls(family: Readonly<Record<string, Handler>>): void {
    const numbers: Readonly<Record<string, number>> = SYSCALL_NUMBERS;
    for (const [name, handler] of Object.entries(family)) {
      assert(Object.hasOwn(numbers, name), 'a handler is named like a system call', name);
      this.handlers[numbers[name]] = handler;
    }
  }

  /** The task has executed SYSCALL, or INT 80h. */
  enter(task: Task, gate: 'syscall' | 'int80'): void {
    task.compatCall = gate === 'int80';
    const rax = task.registers.readGpr(0);
    task.originalRax = task.compatCall ? BigInt.asUintN(32, rax) : rax;
    const { trace } = task;
    if (trace === undefined || !(trace.syscalls || trace.emulatesCalls)) {
      if (trace === undefined && this.kernel.events.entersCall?.(task) === true) this.holdAtEntry(task);
      else this.perform(task);
      return;
    }
    const isEmulated = trace.emulatesCalls;
    task.registers.writeGpr(0, BigInt.asUintN(64, BigInt(-Errno.ENOSYS)));
    stopAtCall(this.kernel, task, true, (signal) => {
      if (signal !== 0) sendToTask(this.kernel, task, kernelSignal(signal));
      if (isEmulated || isKilled(task)) return;
      this.performUnlessUndone(task);
    });
  }

  /** The debugger looks at it; a signal meanwhile waits for the call's end. */
  private holdAtEntry(task: Task): void {
    task.registers.writeGpr(0, BigInt.asUintN(64, BigInt(-Errno.ENOSYS)));
    task.continuation = () => {
      this.performUnlessUndone(task);
    };
  }

  /** Who looked at the call's entry may have written -1 to orig_rax. */
  private performUnlessUndone(task: Task): void {
    if (BigInt.asIntN(32, task.originalRax) === -1n) this.settle(task, 'noReturn');
    else this.perform(task);
  }

  /** A call of a traced task has ended: syscall-exit-stop, or the trap of a step. */
  end(task: Task): void {
    task.callEnding = false;
    if (task.singleStep && task.trace?.emulatesCalls !== true) {
      forceSignal(this.kernel, task, stepSignal(task));
      return;
    }
    if (task.trace === undefined) this.kernel.events.callEnded?.(task);
    if (task.trace?.syscalls !== true) return;
    stopAtCall(this.kernel, task, false, (signal) => {
      if (signal !== 0) sendToTask(this.kernel, task, kernelSignal(signal));
    });
  }

  private perform(task: Task): void {
    const { registers } = task;
    const number = task.compatCall ? compatNumber(task) : Number(BigInt.asIntN(32, task.originalRax));
    task.currentCall = number;
    const args = task.compatCall
      ? COMPAT_REGISTERS.map((register) => BigInt.asUintN(32, registers.readGpr(register)))
      : ARGUMENT_REGISTERS.map((register) => registers.readGpr(register));
    const handler = this.handlers[number];
    this.settle(
      task,
      attempt(() => (handler === undefined ? this.absent(number) : handler(new Call(this.kernel, task, args)))),
    );
  }

  /** The task's sleep is over. */
  resume(task: Task, reason: WakeReason): void {
    const block = task.block;
    assert(block !== undefined, 'only a sleeping call resumes', task.tid);
    task.block = undefined;
    task.wakeReason = undefined;
    this.settle(
      task,
      attempt(() => block.resume(reason)),
    );
  }

  private absent(number: number): Outcome {
    if (number < 0) return -Errno.ENOSYS;
    const name = syscallName(number);
    if (!QUIETLY_ABSENT.has(name)) {
      this.kernel.notice(`The program used ${name}, which is not emulated: it got ENOSYS.`);
    }
    return -Errno.ENOSYS;
  }

  private settle(task: Task, outcome: Outcome): void {
    if (typeof outcome === 'object') {
      if ('event' in outcome) this.stopAt(task, outcome);
      else this.sleep(task, outcome);
      return;
    }
    if (outcome !== 'noReturn') {
      task.registers.writeGpr(0, BigInt.asUintN(64, BigInt(outcome)));
      this.kernel.events.leavesKernel?.(task);
    }
    task.currentCall = -1;
    task.callEnding = endIsTold(this.kernel, task);
  }

  private sleep(task: Task, block: Block): void {
    task.block = block;
    task.state = 'blocked';
    task.wakeReason = undefined;
    this.kernel.scheduler.dequeue(task);
    task.leaveQueues = block.subscribe({ wake: () => this.kernel.wake(task, 'woken') });
    if (hasDelivery(task)) breakSleep(this.kernel, task);
  }

  private stopAt(task: Task, { event, message, next }: EventStop): void {
    const goOn = (): void => {
      this.settle(task, attempt(next));
    };
    if (!stopAtEvent(this.kernel, task, event, message, goOn)) goOn();
  }
}

/** Of a 32-bit call the number that the same call has in 64-bit Linux; -1 where it has none. */
function compatNumber(task: Task): number {
  const name = COMPAT_CALLS.get(Number(BigInt.asIntN(32, task.originalRax)));
  return name === undefined ? -1 : SYSCALL_NUMBERS[name];
}

/** A signal that the tracer injects at a syscall-stop comes from the kernel. */
function kernelSignal(signal: number): SignalInfo {
  return { signal, code: SI_KERNEL, origin: { kind: 'process', pid: 0, uid: 0 } };
}

/** A step ends with the system call, before any instruction of the program. */
function stepSignal(task: Task): SignalInfo {
  return {
    signal: Signal.SIGTRAP,
    code: TRAP_BRKPT,
    origin: { kind: 'fault', address: task.registers.rip, trap: TRAP_DEBUG, errorCode: 0 },
  };
}

function attempt(action: () => Outcome): Outcome {
  try {
    return action();
  } catch (error) {
    if (error instanceof ErrnoError) return -error.errno;
    throw error;
  }
}

// dispatch.ts: from the number in rax to the handler, and from its outcome to rax or to sleep.

import { Errno, ErrnoError } from '../abi/errno.table';
import { SYSCALL_NUMBERS, syscallName } from '../abi/syscall-names.table';
import { assert } from '../../util/assert';
import type { Outcome, WakeReason } from '../process/blocking';
import type { KernelContext } from '../process/kernel-context';
import type { Task } from '../process/task';
import { hasDeliverableSignal, breakSleep } from '../signal/send';
import { ABSENT_CALLS } from './absent-calls';
import { Call, type Handler } from './call';
import { FUTEX_CALLS } from './futex-calls';
import { IDENTITY_CALLS } from './identity-calls';
import { IO_CALLS } from './io-calls';
import { MEMORY_CALLS } from './memory-calls';
import { OPEN_CALLS } from './open-calls';
import { PERF_CALLS } from './perf-calls';
import { PATH_CALLS } from './path-calls';
import { POLL_CALLS } from './poll-calls';
import { PROCESS_CALLS } from './process-calls';
import { SIGNAL_CALLS } from './signal-calls';
import { TIMER_CALLS } from './timer-calls';
import { TIME_CALLS } from './time-calls';

/** rdi rsi rdx r10 r8 r9, by register number. */
const ARGUMENT_REGISTERS = [7, 6, 2, 10, 8, 9] as const;

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
      TIME_CALLS,
      FUTEX_CALLS,
      SIGNAL_CALLS,
      OPEN_CALLS,
      IO_CALLS,
      PATH_CALLS,
      POLL_CALLS,
      PERF_CALLS,
      TIMER_CALLS,
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

  /** The task has executed SYSCALL. */
  enter(task: Task): void {
    const registers = task.registers;
    const number = Number(BigInt.asIntN(32, registers.readGpr(0)));
    task.currentCall = number;
    const args = ARGUMENT_REGISTERS.map((register) => registers.readGpr(register));
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
    const name = syscallName(number);
    if (!QUIETLY_ABSENT.has(name)) {
      this.kernel.notice(`The program used ${name}, which is not emulated: it got ENOSYS.`);
    }
    return -Errno.ENOSYS;
  }

  private settle(task: Task, outcome: Outcome): void {
    if (outcome === 'noReturn') {
      task.currentCall = -1;
      return;
    }
    if (typeof outcome === 'object') {
      task.block = outcome;
      task.state = 'blocked';
      task.wakeReason = undefined;
      this.kernel.scheduler.dequeue(task);
      task.leaveQueues = outcome.subscribe({ wake: () => this.kernel.wake(task, 'woken') });
      if (hasDeliverableSignal(task)) breakSleep(this.kernel, task);
      return;
    }
    task.registers.writeGpr(0, BigInt.asUintN(64, BigInt(outcome)));
  }
}

function attempt(action: () => Outcome): Outcome {
  try {
    return action();
  } catch (error) {
    if (error instanceof ErrnoError) return -error.errno;
    throw error;
  }
}

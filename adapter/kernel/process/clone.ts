// clone.ts: fork, vfork, clone and clone3: a new thread or a new process.
//
// Truth: clone(2).

import { ErrnoError } from '../abi/errno.table';
import { Signal } from '../abi/signals.table';
import { releaseMemory } from './exit';
import { DEFAULT_ACTION, SIG_IGN, type SignalActions } from '../signal/signal-state';
import type { KernelContext } from './kernel-context';
import { Process, SS_DISABLE, Task } from './task';
import { TraceEvent } from './trace';
import { inheritTracer } from './trace-links';

export const CLONE_VM = 0x100;
const CLONE_FS = 0x200;
export const CLONE_FILES = 0x400;
const CLONE_SIGHAND = 0x800;
const CLONE_PTRACE = 0x2000;
export const CLONE_VFORK = 0x4000;
const CLONE_PARENT = 0x8000;
export const CLONE_THREAD = 0x10000;
const CLONE_SETTLS = 0x80000;
const CLONE_PARENT_SETTID = 0x100000;
export const CLONE_CHILD_CLEARTID = 0x200000;
const CLONE_CHILD_SETTID = 0x1000000;
const CLONE_UNTRACED = 0x800000;
const TF = 0x100n;
const CLONE_CLEAR_SIGHAND = 0x100000000;
/** New namespaces: not here. */
const CLONE_NEW = 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000 | 0x20000;

export interface CloneRequest {
  readonly flags: number;
  readonly exitSignal: number;
  /** 0: the parent's. */
  readonly stackPointer: bigint;
  readonly parentTid: bigint;
  readonly childTid: bigint;
  readonly tls: bigint;
}

/** Makes the child runnable and returns it. Throws ErrnoError. */
export function cloneTask(kernel: KernelContext, parent: Task, request: CloneRequest): Task {
  const has = (flag: number): boolean => hasFlag(request.flags, flag);
  check(has);
  const isThread = has(CLONE_THREAD);
  const tid = kernel.takeId();
  const process = isThread ? parent.process : forkProcess(kernel, parent, tid, request);
  const event = eventOf(parent, request);
  const child = new Task(
    tid,
    process,
    parent.registers.clone(),
    { comm: parent.comm, affinity: parent.affinity, nowNs: kernel.nowNs },
    kernel.userMemory,
  );
  child.blockedSignals = parent.blockedSignals;
  child.alternateStack =
    has(CLONE_VM) && !has(CLONE_VFORK) ? { address: 0n, sizeBytes: 0n, flags: SS_DISABLE } : parent.alternateStack;
  child.registers.writeGpr(0, 0n);
  if (request.stackPointer !== 0n) child.registers.writeGpr(4, request.stackPointer);
  if (has(CLONE_SETTLS)) child.registers.fsBase = request.tls;
  if (has(CLONE_PARENT_SETTID)) parent.user.writeU32(request.parentTid, tid);
  if (has(CLONE_CHILD_SETTID)) child.user.writeU32(request.childTid, tid);
  if (has(CLONE_CHILD_CLEARTID)) child.clearChildTid = request.childTid;
  process.threads.set(tid, child);
  kernel.tasks.set(tid, child);
  const refused = kernel.layer.forked(parent, child, isThread);
  if (refused !== undefined) {
    undo(kernel, child, isThread);
    throw new ErrnoError(refused);
  }
  if (has(CLONE_PTRACE) || event !== undefined) inheritTracer(parent, child);
  child.originalRax = parent.originalRax;
  if (parent.forcedTrapFlag) child.registers.rflags &= ~TF;
  kernel.scheduler.enqueue(child);
  kernel.events.taskStarted?.(child);
  return child;
}

/** The event that the parent's tracer wants to hear of. */
export function eventOf(parent: Task, request: CloneRequest): number | undefined {
  if (hasFlag(request.flags, CLONE_UNTRACED)) return undefined;
  const event = hasFlag(request.flags, CLONE_VFORK)
    ? TraceEvent.vfork
    : request.exitSignal === Signal.SIGCHLD
      ? TraceEvent.fork
      : TraceEvent.clone;
  return parent.trace?.wants(event) === true ? event : undefined;
}

/** An inherited breakpoint found no slot: there is no child. */
function undo(kernel: KernelContext, child: Task, isThread: boolean): void {
  const process = child.process;
  child.state = 'dead';
  process.threads.delete(child.tid);
  kernel.tasks.delete(child.tid);
  if (isThread) return;
  kernel.processes.delete(process.pid);
  process.parent?.children.delete(process);
  process.files.closeAll();
  releaseMemory(process);
}

function hasFlag(flags: number, flag: number): boolean {
  // Flags may lie above bit 31.
  return Math.floor(flags / flag) % 2 === 1;
}

function check(has: (flag: number) => boolean): void {
  if (has(CLONE_THREAD) && !has(CLONE_SIGHAND)) throw new ErrnoError('EINVAL');
  if (has(CLONE_SIGHAND) && !has(CLONE_VM)) throw new ErrnoError('EINVAL');
  for (let bit = 1; bit <= CLONE_NEW; bit *= 2) {
    if ((CLONE_NEW & bit) !== 0 && has(bit)) throw new ErrnoError('EPERM');
  }
}

function forkProcess(kernel: KernelContext, parent: Task, pid: number, request: CloneRequest): Process {
  const has = (flag: number): boolean => hasFlag(request.flags, flag);
  const old = parent.process;
  const memory = has(CLONE_VM) ? old.memory : old.memory.fork();
  if (has(CLONE_VM)) memory.users++;
  const process = new Process(
    {
      pid,
      parent: has(CLONE_PARENT) ? old.parent : old,
      memory,
      files: old.files.fork(),
      fileSystem: has(CLONE_FS) ? old.fileSystem : { ...old.fileSystem },
      actions: actionsFor(old, has(CLONE_SIGHAND), has(CLONE_CLEAR_SIGHAND)),
      credentials: old.credentials,
    },
    kernel.nowNs,
  );
  process.exitSignal = request.exitSignal;
  process.forkedBy = has(CLONE_PARENT) ? old.forkedBy : parent;
  process.executable = old.executable;
  process.commandLine = old.commandLine;
  process.auxiliary = old.auxiliary;
  process.bias = old.bias;
  process.dumpable = old.dumpable;
  process.oomScoreAdjustment = old.oomScoreAdjustment;
  for (const [resource, limit] of old.resourceLimits) process.resourceLimits.set(resource, limit);
  kernel.processes.set(pid, process);
  return process;
}

/**
 * Quirk: CLONE_FILES without CLONE_THREAD copies the descriptors instead of sharing them.
 */
function actionsFor(old: Process, share: boolean, clear: boolean): SignalActions {
  if (share) return old.actions;
  const copy = old.actions.fork();
  if (!clear) return copy;
  for (let signal = 1; signal <= 64; signal++) {
    if (copy.get(signal).handler !== SIG_IGN) copy.set(signal, DEFAULT_ACTION);
  }
  return copy;
}

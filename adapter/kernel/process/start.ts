// start.ts: the first process, and what execve replaces in one.

import { assert } from '../../util/assert';
import { execProgram, type ExecRequest, type ExecResult } from '../exec/exec';
import { STACK_LIMIT_BYTES } from '../exec/load-program';
import { ConsoleInput, ConsoleOutput } from '../files/console';
import { FdTable } from '../files/fd-table';
import { RegularFile } from '../files/host-file';
import { O_RDONLY } from '../abi/file-constants';
import { resetFloatingPoint } from '../signal/frame';
import { SignalActions } from '../signal/signal-state';
import { tellAllMappings } from './mapping-records';
import { credentialsOf } from './credentials';
import { releaseMemory } from './exit';
import type { KernelContext } from './kernel-context';
import { Process, SS_DISABLE, Task } from './task';
import { unlink } from './trace-links';

export interface LaunchRequest extends ExecRequest {
  readonly cwd: string;
}

const RLIMIT_STACK = 3;
const RLIMIT_CORE = 4;
const RLIMIT_NOFILE = 7;
/** How much memory a process may lock; perf's rings count, too. */
export const RLIMIT_MEMLOCK = 8;
const MEMLOCK_BYTES = 8n << 20n;
const INFINITY = 0xffffffffffffffffn;

/** Throws UserError where the program cannot be run. */
export function startInit(kernel: KernelContext, launch: LaunchRequest): Task {
  assert(kernel.init === undefined, 'a kernel starts one program');
  const image = execProgram(kernel, launch);
  const pid = kernel.takeId();
  const process = new Process(
    {
      pid,
      parent: undefined,
      memory: image.memory,
      files: standardFiles(kernel),
      fileSystem: { cwd: launch.cwd, umask: 0o022 },
      actions: new SignalActions(),
      credentials: credentialsOf(kernel.host.identity.uid, kernel.host.identity.gid),
    },
    kernel.nowNs,
  );
  process.resourceLimits.set(RLIMIT_STACK, [BigInt(STACK_LIMIT_BYTES), INFINITY]);
  process.resourceLimits.set(RLIMIT_CORE, [0n, INFINITY]);
  process.resourceLimits.set(RLIMIT_NOFILE, [1024n, 1048576n]);
  process.resourceLimits.set(RLIMIT_MEMLOCK, [MEMLOCK_BYTES, MEMLOCK_BYTES]);
  const task = new Task(
    pid,
    process,
    kernel.machine.createRegisterFile(),
    { comm: image.comm, affinity: kernel.allCpus, nowNs: kernel.nowNs },
    kernel.userMemory,
  );
  process.threads.set(pid, task);
  kernel.processes.set(pid, process);
  kernel.tasks.set(pid, task);
  kernel.init = process;
  enterImage(kernel, task, image);
  kernel.scheduler.enqueue(task);
  kernel.events.taskStarted?.(task);
  return task;
}

/** execve, once the new image is loaded and the other threads are gone: the old memory goes. */
export function replaceImage(kernel: KernelContext, task: Task, image: ExecResult): void {
  const process = task.process;
  takeLeadership(kernel, task);
  task.clearChildTid = 0n;
  task.robustList = 0n;
  task.alternateStack = { address: 0n, sizeBytes: 0n, flags: SS_DISABLE };
  for (const { timer } of process.timers.values()) kernel.timers.delete(timer);
  process.timers.clear();
  releaseMemory(process);
  process.memory = image.memory;
  if (task.trace !== undefined) image.memory.space.setExactFlags(true);
  process.actions = process.actions.fork();
  process.actions.resetHandlers();
  process.files.closeAllOnExec();
  process.dumpable = 1;
  task.comm = image.comm;
  enterImage(kernel, task, image);
  kernel.layer.executed(task);
  tellCleared(kernel, task);
  tellAllMappings(kernel, task);
}

/** Breakpoint events that look into the kernel count how it clears .bss, byte by byte. */
function tellCleared(kernel: KernelContext, task: Task): void {
  for (const access of task.process.cleared) kernel.layerAccess(task, access);
}

/** A thread that is not the first takes over the process's id. */
function takeLeadership(kernel: KernelContext, task: Task): void {
  if (task.isLeader) return;
  const { deadLeader } = task.process;
  if (deadLeader?.trace !== undefined) {
    // It vanishes without a word; whoever waits for it must look again.
    deadLeader.trace.tracer.process.childChanged.wakeAll();
    unlink(deadLeader);
  }
  task.process.deadLeader = undefined;
  kernel.tasks.delete(task.tid);
  task.process.threads.delete(task.tid);
  task.tid = task.process.pid;
  kernel.tasks.set(task.tid, task);
  task.process.threads.set(task.tid, task);
}

function enterImage(kernel: KernelContext, task: Task, image: ExecResult): void {
  const process = task.process;
  process.executable = image.executable;
  process.commandLine = image.argv;
  process.auxiliary = image.auxiliary;
  process.bias = image.bias;
  process.cleared = image.cleared;
  image.memory.onFilesChanged = () => {
    kernel.events.mappingsChanged?.(process);
  };
  const registers = task.registers;
  for (let gpr = 0; gpr < 16; gpr++) registers.writeGpr(gpr, 0n);
  registers.writeGpr(4, image.stackPointer);
  registers.rip = image.entry;
  registers.rflags = 0x202n;
  registers.fsBase = 0n;
  registers.gsBase = 0n;
  resetFloatingPoint(registers);
  kernel.events.executed?.(task);
}

function standardFiles(kernel: KernelContext): FdTable {
  const terminal = kernel.host.terminal;
  const table = new FdTable();
  const stdin = terminal.stdin;
  table.add(
    stdin.kind === 'file'
      ? new RegularFile(stdin.file, O_RDONLY, stdin.path)
      : new ConsoleInput(terminal, stdin.input, stdin.device),
    false,
  );
  table.add(new ConsoleOutput(terminal, terminal.stdout, 4), false);
  table.add(new ConsoleOutput(terminal, terminal.stderr, 5), false);
  return table;
}

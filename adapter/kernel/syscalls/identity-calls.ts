// identity-calls.ts: who and where a process is, its limits, what the machine is called, scheduling parameters.
//
// Truth: getpid(2), uname(2), prlimit(2), getrusage(2), prctl(2), arch_prctl(2), sched_setaffinity(2).

import { MAX_LIMIT } from '../../machine/layout';
import { Errno, ErrnoError } from '../abi/errno.table';
import { StructWriter, viewOf } from '../abi/struct-writer';
import type { Process, Task } from '../process/task';
import type { Outcome } from '../process/blocking';
import { type Call, type Handler, NS_PER_SECOND } from './call';
import { encodeUsage } from './process-calls';

const ARCH_SET_GS = 0x1001;
const ARCH_SET_FS = 0x1002;
const ARCH_GET_FS = 0x1003;
const ARCH_GET_GS = 0x1004;
const PR_SET_PDEATHSIG = 1;
const PR_GET_PDEATHSIG = 2;
const PR_GET_DUMPABLE = 3;
const PR_SET_DUMPABLE = 4;
const PR_SET_NAME = 15;
const PR_GET_NAME = 16;
const PR_SET_CHILD_SUBREAPER = 36;
const PR_SET_NO_NEW_PRIVS = 38;
const PR_GET_NO_NEW_PRIVS = 39;
const PR_SET_THP_DISABLE = 41;
const PR_SET_PTRACER = 0x59616d61;
const PR_SET_VMA = 0x53564d41;
const RLIM_INFINITY = 0xffffffffffffffffn;
const RUSAGE_CHILDREN = -1;
const RUSAGE_THREAD = 1;
const UTS_FIELD = 65;
const ADDRESS_END = 1n << 47n;
const RELEASE = '6.1.0-trapline';
const NS_PER_TICK = 10_000_000;

function arch(call: Call): number {
  const registers = call.task.registers;
  const value = call.pointer(1);
  switch (call.int(0)) {
    case ARCH_SET_FS:
      if (value >= ADDRESS_END) throw new ErrnoError('EPERM');
      registers.fsBase = value;
      call.kernel.events.threadPointerSet?.(call.task);
      return 0;
    case ARCH_SET_GS:
      if (value >= ADDRESS_END) throw new ErrnoError('EPERM');
      registers.gsBase = value;
      return 0;
    case ARCH_GET_FS:
      call.user.writeU64(value, registers.fsBase);
      return 0;
    case ARCH_GET_GS:
      call.user.writeU64(value, registers.gsBase);
      return 0;
    default:
      return -Errno.EINVAL;
  }
}

function prctl(call: Call): number {
  const argument = call.pointer(1);
  switch (call.int(0)) {
    case PR_SET_NAME:
      call.task.comm = call.user.readString(argument).slice(0, 15);
      call.kernel.layer.perf.renamed(call.task);
      call.kernel.events.renamed?.(call.task);
      return 0;
    case PR_GET_NAME:
      call.user.write(argument, new StructWriter(16).text(call.task.comm, 16).bytes);
      return 0;
    case PR_GET_DUMPABLE:
      return call.process.dumpable;
    case PR_SET_DUMPABLE:
      call.process.dumpable = Number(argument & 3n);
      return 0;
    case PR_SET_PDEATHSIG:
      call.process.deathSignal = Number(argument & 0x7fn);
      return 0;
    case PR_GET_PDEATHSIG:
      call.user.writeU32(argument, call.process.deathSignal);
      return 0;
    case PR_GET_NO_NEW_PRIVS:
    case PR_SET_NO_NEW_PRIVS:
    case PR_SET_CHILD_SUBREAPER:
    case PR_SET_THP_DISABLE:
    case PR_SET_PTRACER:
    case PR_SET_VMA:
      return 0;
    default:
      return -Errno.EINVAL;
  }
}

function uname(call: Call): number {
  const writer = new StructWriter(UTS_FIELD * 6);
  const fields = ['Linux', call.kernel.host.identity.hostName, RELEASE, '#1 SMP Trapline', 'x86_64', '(none)'];
  for (const field of fields) writer.text(field, UTS_FIELD);
  call.user.write(call.pointer(0), writer.bytes);
  return 0;
}

function sysinfo(call: Call): number {
  const total = BigInt(MAX_LIMIT);
  const writer = new StructWriter(112)
    .u64(call.kernel.nowNs / NS_PER_SECOND)
    .u64(0)
    .u64(0)
    .u64(0);
  writer
    .u64(total)
    .u64(total / 2n)
    .u64(0)
    .u64(0)
    .u64(0)
    .u64(0);
  writer.u16(call.kernel.tasks.size).at(104).u32(1);
  call.user.write(call.pointer(0), writer.bytes);
  return 0;
}

function processNamed(call: Call, pid: number): Process {
  const process = pid === 0 ? call.process : call.kernel.processes.get(pid);
  if (process === undefined) throw new ErrnoError('ESRCH');
  return process;
}

function limitOf(process: Process, resource: number): readonly [bigint, bigint] {
  return process.resourceLimits.get(resource) ?? [RLIM_INFINITY, RLIM_INFINITY];
}

function prlimit(call: Call, pid: number, resource: number, next: bigint, old: bigint): number {
  const RLIMIT_NOFILE = 7;
  if (resource < 0 || resource > 15) throw new ErrnoError('EINVAL');
  const process = processNamed(call, pid);
  const [soft, hard] = limitOf(process, resource);
  const wanted = next === 0n ? undefined : viewOf(call.user.read(next, 16));
  if (old !== 0n) call.user.write(old, new StructWriter(16).u64(soft).u64(hard).bytes);
  if (wanted === undefined) return 0;
  const limits = [wanted.getBigUint64(0, true), wanted.getBigUint64(8, true)] as const;
  if (limits[0] > limits[1]) throw new ErrnoError('EINVAL');
  process.resourceLimits.set(resource, limits);
  if (resource === RLIMIT_NOFILE) process.files.limit = Number(limits[0]);
  return 0;
}

function getrusage(call: Call): number {
  const who = call.int(0);
  const instructions =
    who === RUSAGE_CHILDREN
      ? call.process.childInstructions
      : who === RUSAGE_THREAD
        ? call.task.instructions
        : call.process.instructions;
  call.user.write(call.pointer(1), encodeUsage(instructions));
  return 0;
}

function times(call: Call): bigint {
  const ticks = (instructions: number): number => Math.floor(instructions / NS_PER_TICK);
  if (call.pointer(0) !== 0n) {
    const writer = new StructWriter(32).u64(ticks(call.process.instructions)).u64(0);
    call.user.write(call.pointer(0), writer.u64(ticks(call.process.childInstructions)).u64(0).bytes);
  }
  return call.kernel.nowNs / BigInt(NS_PER_TICK);
}

function taskNamed(call: Call, tid: number): Task {
  const task = tid === 0 ? call.task : call.kernel.tasks.get(tid);
  if (task === undefined) throw new ErrnoError('ESRCH');
  return task;
}

function schedGetaffinity(call: Call): number {
  const task = taskNamed(call, call.int(0));
  if (call.uint(1) < 8 || call.uint(1) % 8 !== 0) throw new ErrnoError('EINVAL');
  call.user.writeU64(call.pointer(2), BigInt(task.affinity));
  return 8;
}

function schedSetaffinity(call: Call): number {
  const task = taskNamed(call, call.int(0));
  const bytes = call.user.read(call.pointer(2), Math.min(call.uint(1), 8));
  let mask = 0;
  bytes.slice(0, 4).forEach((byte, i) => {
    mask |= byte << (8 * i);
  });
  mask &= call.kernel.allCpus;
  if (mask === 0) throw new ErrnoError('EINVAL');
  task.affinity = mask;
  call.kernel.scheduler.reconsider(task);
  return 0;
}

function getcpu(call: Call): number {
  if (call.pointer(0) !== 0n) call.user.writeU32(call.pointer(0), call.task.lastCpu);
  if (call.pointer(1) !== 0n) call.user.writeU32(call.pointer(1), 0);
  return 0;
}

function getrandom(call: Call): number {
  const count = Math.min(call.size(1), 1 << 20);
  call.user.write(call.pointer(0), call.kernel.random.bytes(count));
  return count;
}

function setsid(call: Call): number {
  if (call.process.groupId === call.process.pid && call.process.parent !== undefined) return -Errno.EPERM;
  call.process.groupId = call.process.sessionId = call.process.pid;
  return call.process.pid;
}

function setpgid(call: Call): number {
  const process = processNamed(call, call.int(0));
  process.groupId = call.int(1) === 0 ? process.pid : call.int(1);
  return 0;
}

function setRobustList(call: Call): number {
  if (call.size(1) !== 24) throw new ErrnoError('EINVAL');
  call.task.robustList = call.pointer(0);
  return 0;
}

function getRobustList(call: Call): number {
  const task = taskNamed(call, call.int(0));
  call.user.writeU64(call.pointer(1), task.robustList);
  call.user.writeU64(call.pointer(2), 24n);
  return 0;
}

function membarrier(call: Call): number {
  const MEMBARRIER_CMD_QUERY = 0;
  const ALL_COMMANDS = 0x1f;
  return call.int(0) === MEMBARRIER_CMD_QUERY ? ALL_COMMANDS : 0;
}

function schedYield(call: Call): Outcome {
  call.kernel.scheduler.yield(call.task);
  return 0;
}

function schedGetparam(call: Call): number {
  taskNamed(call, call.int(0));
  call.user.writeU32(call.pointer(1), 0);
  return 0;
}

function setTidAddress(call: Call): number {
  call.task.clearChildTid = call.pointer(0);
  return call.task.tid;
}

const zero: Handler = () => 0;

export const IDENTITY_CALLS: Readonly<Record<string, Handler>> = {
  arch_prctl: arch,
  prctl,
  uname,
  sysinfo,
  getpid: (call) => call.process.pid,
  gettid: (call) => call.task.tid,
  getppid: (call) => call.process.parent?.pid ?? call.kernel.standIn?.pid ?? 1,
  getpgrp: (call) => call.process.groupId,
  getpgid: (call) => processNamed(call, call.int(0)).groupId,
  getsid: (call) => processNamed(call, call.int(0)).sessionId,
  setsid,
  setpgid,
  prlimit64: (call) => prlimit(call, call.int(0), call.int(1), call.pointer(2), call.pointer(3)),
  getrlimit: (call) => prlimit(call, 0, call.int(0), 0n, call.pointer(1)),
  setrlimit: (call) => prlimit(call, 0, call.int(0), call.pointer(1), 0n),
  getrusage,
  times,
  sched_getaffinity: schedGetaffinity,
  sched_setaffinity: schedSetaffinity,
  sched_yield: schedYield,
  sched_getscheduler: zero,
  sched_getparam: schedGetparam,
  sched_setscheduler: zero,
  sched_setparam: zero,
  sched_get_priority_max: zero,
  sched_get_priority_min: zero,
  getpriority: () => 20,
  setpriority: zero,
  getcpu,
  getrandom,
  set_robust_list: setRobustList,
  get_robust_list: getRobustList,
  set_tid_address: setTidAddress,
  membarrier,
  personality: zero,
  // Without rseq the C library uses its other ways.
  rseq: () => -Errno.ENOSYS,
  capget: () => -Errno.EPERM,
  capset: () => -Errno.EPERM,
};

// process-calls.ts: making, replacing, ending and waiting for processes.
//
// Truth: clone(2), execve(2), exit_group(2), wait4(2), waitid(2).

import { Errno, ErrnoError } from '../abi/errno.table';
import { AT_EMPTY_PATH } from '../abi/file-constants';
import { SI_USER, Signal } from '../abi/signals.table';
import { StructWriter, viewOf } from '../abi/struct-writer';
import { execErrno, execProgram, type ExecResult } from '../exec/exec';
import { blockOn, type Outcome } from '../process/blocking';
import { CLONE_VFORK, CLONE_VM, type CloneRequest, cloneTask, eventOf } from '../process/clone';
import { endOthers, endTask, exitGroup } from '../process/exit';
import { resolvePath } from '../process/paths';
import { procLink } from '../process/proc-files';
import { replaceImage } from '../process/start';
import type { Task } from '../process/task';
import { TraceEvent } from '../process/trace';
import {
  type ChildNews,
  takeChildNews,
  WAIT4_OPTIONS,
  WAITID_OPTIONS,
  WCONTINUED,
  WEXITED,
  WNOHANG,
  WSTOPPED,
  type WaitWish,
} from '../process/wait';
import { sendToTask } from '../signal/send';
import { encodeSignalInfo, SIGINFO_BYTES } from '../signal/signal-info';
import { type Call, encodeTimeval, type Handler } from './call';

const AT_FDCWD = -100;
const MAX_ARGUMENTS = 1 << 16;
const RUSAGE_BYTES = 144;
const P_ALL = 0;
const P_PID = 1;
const P_PGID = 2;

/** The low byte of clone's flags is the signal; VM, SIGHAND, THREAD fit 32 bits. */
function clone(call: Call): Outcome {
  const flags = call.size(0);
  return startClone(call, {
    flags: flags - (flags % 256),
    exitSignal: flags % 256,
    stackPointer: call.pointer(1),
    parentTid: call.pointer(2),
    childTid: call.pointer(3),
    tls: call.pointer(4),
  });
}

function clone3(call: Call): Outcome {
  const size = call.size(1);
  if (size < 64) throw new ErrnoError('EINVAL');
  const view = viewOf(call.user.read(call.pointer(0), 64));
  const u64 = (index: number): bigint => view.getBigUint64(index * 8, true);
  const stackBytes = u64(6);
  return startClone(call, {
    flags: Number(u64(0)),
    exitSignal: Number(u64(4)),
    stackPointer: u64(5) === 0n ? 0n : u64(5) + stackBytes,
    parentTid: u64(3),
    childTid: u64(2),
    tls: u64(7),
  });
}

function startClone(call: Call, request: CloneRequest): Outcome {
  const event = eventOf(call.task, request);
  const child = cloneTask(call.kernel, call.task, request);
  const { tid } = child;
  const message = BigInt(tid);
  const isVfork = Math.floor(request.flags / CLONE_VFORK) % 2 === 1;
  const next = (): Outcome => (isVfork ? awaitMemory(child, tid) : tid);
  return event === undefined ? next() : { event, message, next };
}

/** vfork's parent waits until the child has left its memory. */
function awaitMemory(child: Task, tid: number): Outcome {
  const shared = child.process.memory;
  const attempt = (): Outcome =>
    child.process.isZombie || child.process.memory !== shared
      ? { event: TraceEvent.vforkDone, message: BigInt(tid), next: () => tid }
      : blockOn([child.process.memoryReleased], attempt, { interrupt: 'fail', killable: true });
  return attempt();
}

const FORK: CloneRequest = {
  flags: 0,
  exitSignal: Signal.SIGCHLD,
  stackPointer: 0n,
  parentTid: 0n,
  childTid: 0n,
  tls: 0n,
};

function stringList(call: Call, address: bigint): string[] {
  const strings: string[] = [];
  if (address === 0n) return strings;
  for (let i = 0; i < MAX_ARGUMENTS; i++) {
    const pointer = call.user.readU64(address + BigInt(i * 8));
    if (pointer === 0n) return strings;
    strings.push(call.user.readString(pointer));
  }
  throw new ErrnoError('E2BIG');
}

function exec(call: Call, path: string, argv: bigint, environment: bigint): Outcome {
  const target = procLink(call.kernel, call.task, path) ?? path;
  let image: ExecResult;
  try {
    image = execProgram(call.kernel, {
      path: target,
      argv: stringList(call, argv),
      environment: stringList(call, environment),
    });
  } catch (error) {
    return -execErrno(error);
  }
  endOthers(call.kernel, call.task);
  const { threads, unreapedThreads, threadGone } = call.process;
  // Tracers may hold the other threads up, alive or dead.
  const attempt = (): Outcome =>
    threads.size > 1 || unreapedThreads.size > 0
      ? blockOn([threadGone], attempt, { interrupt: 'fail', killable: true })
      : enterImage(call, image);
  return attempt();
}

function enterImage(call: Call, image: ExecResult): Outcome {
  const formerTid = call.task.tid;
  replaceImage(call.kernel, call.task, image);
  const { trace } = call.task;
  // Who neither seizes nor asks for the event gets a plain SIGTRAP.
  if (trace !== undefined && !trace.seized && !trace.wants(TraceEvent.exec)) {
    sendToTask(call.kernel, call.task, {
      signal: Signal.SIGTRAP,
      code: SI_USER,
      origin: { kind: 'process', pid: call.process.pid, uid: call.kernel.host.identity.uid },
    });
  }
  return { event: TraceEvent.exec, message: BigInt(formerTid), next: () => 'noReturn' };
}

function execveat(call: Call): Outcome {
  const path = call.string(1);
  if (path === '' && (call.int(4) & AT_EMPTY_PATH) !== 0) {
    return exec(call, call.process.files.get(call.int(0)).path, call.pointer(2), call.pointer(3));
  }
  return exec(call, resolvePath(call.task, call.int(0), path), call.pointer(2), call.pointer(3));
}

function exit(call: Call): Outcome {
  endTask(call.kernel, call.task, (call.int(0) & 0xff) << 8);
  return 'noReturn';
}

function exitGroupCall(call: Call): Outcome {
  exitGroup(call.kernel, call.process, (call.int(0) & 0xff) << 8);
  return 'noReturn';
}

function waitFor(call: Call, wish: WaitWish, finish: (news: ChildNews | undefined) => number): Outcome {
  const attempt = (): Outcome => {
    const news = takeChildNews(call.kernel, call.task, wish);
    if (news !== undefined || (wish.options & WNOHANG) !== 0) return finish(news);
    return blockOn([call.process.childChanged], attempt);
  };
  return attempt();
}

function wait4(call: Call): Outcome {
  const [pid, options] = [call.int(0), call.uint(2)];
  if ((options & ~WAIT4_OPTIONS) !== 0) throw new ErrnoError('EINVAL');
  const group = call.process.groupId;
  const matches: WaitWish['matches'] = (id, child) => {
    if (pid > 0) return id === pid;
    if (pid === -1) return true;
    return child.groupId === (pid === 0 ? group : -pid);
  };
  return waitFor(call, { matches, options: options | WEXITED }, (news) => {
    if (news === undefined) return 0;
    if (call.pointer(1) !== 0n) call.user.writeU32(call.pointer(1), news.status);
    if (call.pointer(3) !== 0n) call.user.write(call.pointer(3), encodeUsage(news.instructions));
    return news.id;
  });
}

function waitid(call: Call): Outcome {
  const [kind, id, options] = [call.int(0), call.int(1), call.uint(3)];
  if ((options & ~WAITID_OPTIONS) !== 0) throw new ErrnoError('EINVAL');
  if ((options & (WEXITED | WSTOPPED | WCONTINUED)) === 0) throw new ErrnoError('EINVAL');
  const matches: WaitWish['matches'] = (own, child) => {
    if (kind === P_ALL) return true;
    if (kind === P_PID) return own === id;
    if (kind === P_PGID) return child.groupId === (id === 0 ? call.process.groupId : id);
    throw new ErrnoError('EINVAL');
  };
  return waitFor(call, { matches, options }, (news) => {
    if (call.pointer(2) !== 0n) call.user.write(call.pointer(2), childInfo(call, news));
    if (call.pointer(4) !== 0n && news !== undefined) {
      call.user.write(call.pointer(4), encodeUsage(news.instructions));
    }
    return 0;
  });
}

function childInfo(call: Call, news: ChildNews | undefined): Uint8Array {
  if (news === undefined) return new Uint8Array(SIGINFO_BYTES);
  const uid = call.kernel.host.identity.uid;
  return encodeSignalInfo({
    signal: Signal.SIGCHLD,
    code: news.code,
    origin: { kind: 'child', pid: news.id, uid, status: news.value },
  });
}

/** struct rusage with its user time. */
export function encodeUsage(instructions: number): Uint8Array {
  return new StructWriter(RUSAGE_BYTES).put(encodeTimeval(BigInt(instructions))).bytes;
}

export const PROCESS_CALLS: Readonly<Record<string, Handler>> = {
  clone,
  clone3,
  fork: (call) => startClone(call, FORK),
  vfork: (call) => startClone(call, { ...FORK, flags: CLONE_VFORK | CLONE_VM }),
  execve: (call) => exec(call, resolvePath(call.task, AT_FDCWD, call.string(0)), call.pointer(1), call.pointer(2)),
  execveat,
  exit,
  exit_group: exitGroupCall,
  wait4,
  waitid,
  unshare: () => -Errno.EPERM,
  setns: () => -Errno.EPERM,
};

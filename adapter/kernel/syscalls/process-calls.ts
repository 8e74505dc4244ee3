// process-calls.ts: making, replacing, ending and waiting for processes.
//
// Truth: clone(2), execve(2), exit_group(2), wait4(2), waitid(2).

import { Errno, ErrnoError } from '../abi/errno.table';
import { AT_EMPTY_PATH } from '../abi/file-constants';
import { Signal } from '../abi/signals.table';
import { StructWriter, viewOf } from '../abi/struct-writer';
import { execErrno, execProgram, type ExecResult } from '../exec/exec';
import { blockOn, type Outcome } from '../process/blocking';
import { CLONE_VFORK, CLONE_VM, type CloneRequest, cloneTask } from '../process/clone';
import { exitGroup, exitTask } from '../process/exit';
import { resolvePath } from '../process/paths';
import { procLink } from '../process/proc-files';
import { replaceImage } from '../process/start';
import type { Process } from '../process/task';
import { type ChildNews, takeChildNews, WEXITED, WNOHANG, type WaitWish } from '../process/wait';
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
  const child = cloneTask(call.kernel, call.task, request);
  const tid = child.tid;
  if (Math.floor(request.flags / CLONE_VFORK) % 2 === 0) return tid;
  const shared = child.process.memory;
  const attempt = (): Outcome =>
    child.process.isZombie || child.process.memory !== shared
      ? tid
      : blockOn([child.process.memoryReleased], attempt, { interrupt: 'fail' });
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
  replaceImage(call.kernel, call.task, image);
  return 'noReturn';
}

function execveat(call: Call): Outcome {
  const path = call.string(1);
  if (path === '' && (call.int(4) & AT_EMPTY_PATH) !== 0) {
    return exec(call, call.process.files.get(call.int(0)).path, call.pointer(2), call.pointer(3));
  }
  return exec(call, resolvePath(call.task, call.int(0), path), call.pointer(2), call.pointer(3));
}

function exit(call: Call): Outcome {
  exitTask(call.kernel, call.task, (call.int(0) & 0xff) << 8);
  return 'noReturn';
}

function exitGroupCall(call: Call): Outcome {
  exitGroup(call.kernel, call.process, (call.int(0) & 0xff) << 8);
  return 'noReturn';
}

function waitFor(
  call: Call,
  wish: WaitWish,
  noHang: boolean,
  finish: (news: ChildNews | undefined) => number,
): Outcome {
  const attempt = (): Outcome => {
    const news = takeChildNews(call.kernel, call.process, wish);
    if (news !== undefined || noHang) return finish(news);
    return blockOn([call.process.childChanged], attempt);
  };
  return attempt();
}

function wait4(call: Call): Outcome {
  const pid = call.int(0);
  const options = call.int(2);
  const group = call.process.groupId;
  const matches = (child: Process): boolean => {
    if (pid > 0) return child.pid === pid;
    if (pid === -1) return true;
    return child.groupId === (pid === 0 ? group : -pid);
  };
  return waitFor(call, { matches, options: options | WEXITED }, (options & WNOHANG) !== 0, (news) => {
    if (news === undefined) return 0;
    if (call.pointer(1) !== 0n) call.user.writeU32(call.pointer(1), news.status);
    if (call.pointer(3) !== 0n) call.user.write(call.pointer(3), encodeUsage(news.child.instructions));
    return news.child.pid;
  });
}

function waitid(call: Call): Outcome {
  const [kind, id, options] = [call.int(0), call.int(1), call.int(3)];
  const matches = (child: Process): boolean => {
    if (kind === P_ALL) return true;
    if (kind === P_PID) return child.pid === id;
    if (kind === P_PGID) return child.groupId === (id === 0 ? call.process.groupId : id);
    throw new ErrnoError('EINVAL');
  };
  return waitFor(call, { matches, options }, (options & WNOHANG) !== 0, (news) => {
    if (call.pointer(2) !== 0n) call.user.write(call.pointer(2), childInfo(call, news));
    if (call.pointer(4) !== 0n && news !== undefined) {
      call.user.write(call.pointer(4), encodeUsage(news.child.instructions));
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
    origin: { kind: 'child', pid: news.child.pid, uid, status: news.value },
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

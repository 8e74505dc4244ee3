// proc-files.ts: what /proc says of the guest's processes. Made when the file is opened.
//
// Everything else under /proc is the host's own.
// Truth: proc(5).

import { ErrnoError } from '../abi/errno.table';
import { PROT_EXEC, PROT_READ, PROT_WRITE } from '../abi/file-constants';
import { isSetting, writeSetting } from '../perf/settings';
import type { Vma } from '../mm/vma-list';
import { isPrivileged } from './credentials';
import type { KernelContext } from './kernel-context';
import type { Process, Task } from './task';

export interface ProcText {
  readonly content: string;
  readonly onWrite?: (text: string) => void;
}

const NAME = /^\/proc\/(self|thread-self|\d+)(?:\/task\/(\d+))?\/([a-z_]+)$/;
const KERNEL_SETTING = /^\/proc\/sys\/kernel\/(perf_\w+)$/;
const CPU_INFO = '/proc/cpuinfo';
const STATE_LETTERS: Readonly<Record<Task['state'], string>> = {
  runnable: 'R',
  blocked: 'S',
  stopped: 'T',
  traced: 't',
  dead: 'Z',
};

/** undefined: not one of ours. */
export function procText(kernel: KernelContext, task: Task, path: string): ProcText | undefined {
  const setting = KERNEL_SETTING.exec(path)?.[1];
  if (setting !== undefined) return settingText(kernel, task, setting);
  if (path === CPU_INFO) return { content: cpuInfo(kernel.options.cpus) };
  const match = NAME.exec(path);
  if (match === null) return undefined;
  const { standIn } = kernel;
  if (match[1] === String(standIn?.pid) && match[3] === 'status') return { content: standIn?.status ?? '' };
  const process = processNamed(kernel, task, match[1]);
  if (process === undefined) return undefined;
  const thread = threadNamed(task, process, match[1], match[2]);
  if (thread === undefined) return undefined;
  return textOf(kernel, process, thread, match[3]);
}

/** Only the privileged may write. */
function settingText(kernel: KernelContext, task: Task, name: string): ProcText | undefined {
  if (!isSetting(name)) return undefined;
  const { settings } = kernel.layer.perf;
  const content = `${settings[name]}\n`;
  if (!isPrivileged(task.process.credentials)) return { content };
  const onWrite = (text: string): void => {
    const errno = writeSetting(settings, name, text);
    if (errno !== undefined) throw new ErrnoError(errno);
  };
  return { content, onWrite };
}

/** The target of /proc/self/exe and /proc/self/cwd. */
export function procLink(kernel: KernelContext, task: Task, path: string): string | undefined {
  if (path === '/proc/self') return String(task.tgid);
  const match = /^\/proc\/(self|thread-self|\d+)\/(exe|cwd|root)$/.exec(path);
  if (match === null) return undefined;
  const process = processNamed(kernel, task, match[1]);
  if (process === undefined) return undefined;
  if (match[2] === 'root') return '/';
  return match[2] === 'exe' ? process.executable : process.fileSystem.cwd;
}

function processNamed(kernel: KernelContext, task: Task, name: string): Process | undefined {
  return name === 'self' || name === 'thread-self' ? task.process : kernel.tasks.get(Number(name))?.process;
}

function threadNamed(task: Task, process: Process, name: string, thread: string | undefined): Task | undefined {
  if (name === 'thread-self') return task;
  return (
    // A thread's own id names it, too.
    process.threads.get(Number(thread ?? (name === 'self' ? process.pid : name))) ?? [...process.threads.values()].at(0)
  );
}

function textOf(kernel: KernelContext, process: Process, task: Task, name: string): ProcText | undefined {
  switch (name) {
    case 'maps':
      return { content: process.memory.vmas.all().map(mapsLine).join('') };
    case 'cmdline':
      return { content: process.commandLine.map((word) => `${word}\0`).join('') };
    case 'comm':
      return {
        content: `${task.comm}\n`,
        onWrite: (text) => {
          task.comm = text.replace(/\n.*/s, '').slice(0, 15);
          kernel.layer.perf.renamed(task);
          kernel.events.renamed?.(task);
        },
      };
    case 'oom_score_adj':
      return {
        content: `${process.oomScoreAdjustment}\n`,
        onWrite: (text) => {
          adjustOomScore(process, text);
        },
      };
    case 'stat':
      return { content: statLine(process, task) };
    case 'statm':
      return { content: `${totalPages(process)} ${totalPages(process)} 0 0 0 0 0\n` };
    case 'status':
      return { content: statusText(kernel, process, task) };
    default:
      return undefined;
  }
}

/** Any number from -1000 to 1000; who may lower it is not asked. */
function adjustOomScore(process: Process, text: string): void {
  const number = /^\s*([-+]?\d+)\s*$/.exec(text);
  if (number === null || Math.abs(Number(number[1])) > 1000) throw new ErrnoError('EINVAL');
  process.oomScoreAdjustment = Number(number[1]);
}

function mapsLine(vma: Vma): string {
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
  const rights =
    ((vma.prot & PROT_READ) !== 0 ? 'r' : '-') +
    ((vma.prot & PROT_WRITE) !== 0 ? 'w' : '-') +
    ((vma.prot & PROT_EXEC) !== 0 ? 'x' : '-') +
    (vma.shared ? 's' : 'p');
  const device = vma.file?.device ?? 0;
  const head = [
    `${hex(vma.start, 8)}-${hex(vma.end, 8)}`,
    rights,
    hex(vma.file === undefined ? 0 : vma.offset, 8),
    `${hex((device >>> 8) & 0xfff, 2)}:${hex(device & 0xff, 2)}`,
    String(vma.file?.inode ?? 0),
  ].join(' ');
  const name = vma.file?.path ?? vma.name;
  return name === '' ? `${head} \n` : `${head.padEnd(73)}${name}\n`;
}

function totalPages(process: Process): number {
  return process.memory.vmas.all().reduce((sum, vma) => sum + (vma.end - vma.start) / 4096, 0);
}

function statLine(process: Process, task: Task): string {
  const ticks = Math.floor(process.instructions / 10_000_000);
  const fields = [
    task.tid,
    `(${task.comm})`,
    STATE_LETTERS[task.state],
    process.parent?.pid ?? 0,
    process.groupId,
    process.sessionId,
    0,
    -1,
    0,
    0,
    0,
    0,
    0,
    ticks,
    0,
    0,
    0,
    20,
    0,
    process.threads.size,
    0,
    process.startedNs / 10_000_000n,
    totalPages(process) * 4096,
    totalPages(process),
  ];
  return `${fields.join(' ')}${' 0'.repeat(28)}\n`;
}

function tracerOf({ standIn }: KernelContext, { trace, process }: Task): number {
  if (trace !== undefined) return trace.tracer.tgid;
  return standIn?.traces(process) === true ? standIn.pid : 0;
}

function statusText(kernel: KernelContext, process: Process, task: Task): string {
  const { uid, effectiveUid, savedUid, gid, effectiveGid, savedGid } = process.credentials;
  const letter = STATE_LETTERS[task.state];
  const hexSet = (set: bigint): string => set.toString(16).padStart(16, '0');
  const words: Readonly<Record<string, string>> = {
    R: 'running',
    S: 'sleeping',
    T: 'stopped',
    t: 'tracing stop',
    Z: 'zombie',
  };
  const lines = [
    ['Name', task.comm],
    ['Umask', process.fileSystem.umask.toString(8).padStart(4, '0')],
    ['State', `${letter} (${words[letter]})`],
    ['Tgid', process.pid],
    ['Pid', task.tid],
    ['PPid', process.parent?.pid ?? kernel.standIn?.pid ?? 0],
    ['TracerPid', tracerOf(kernel, task)],
    ['Uid', `${uid}	${effectiveUid}	${savedUid}	${effectiveUid}`],
    ['Gid', `${gid}	${effectiveGid}	${savedGid}	${effectiveGid}`],
    ['VmSize', `${totalPages(process) * 4} kB`],
    ['VmRSS', `${totalPages(process) * 4} kB`],
    ['Threads', process.threads.size],
    ['SigPnd', hexSet(task.pending.set)],
    ['ShdPnd', hexSet(process.pending.set)],
    ['SigBlk', hexSet(task.blockedSignals)],
    ['Cpus_allowed', task.affinity.toString(16)],
  ];
  return lines.map(([name, value]) => `${name}:\t${value}\n`).join('');
}

function cpuInfo(count: number): string {
  const flags = 'fpu tsc msr pae cx8 cmov mmx fxsr sse sse2 syscall nx lm';
  return Array.from(
    { length: count },
    (_, id) =>
      `processor\t: ${id}\nvendor_id\t: Trapline\nmodel name\t: Trapline emulated x86-64\ncpu MHz\t\t: 1000.000\n` +
      `cpu cores\t: ${count}\nflags\t\t: ${flags}\nbugs\t\t:\naddress sizes\t: 32 bits physical, 48 bits virtual\n\n`,
  ).join('');
}

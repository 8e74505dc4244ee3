// worker-operations.ts: the operations on workers: making and ending them, running stubs, virtual debug registers.
//
// Truth: the recording server's line protocol ("Operations").

import { parseAddress, formatAddress } from './addresses';
import type { Bench } from './bench';
import { Gpr, isMapped, RFLAGS_RF } from './bench-cpu';
import { parseNumber } from './attribute-keys';
import { JUMP, RETURN, STUB_PLACES, SYSCALL } from './stubs.table';
import type { SystemCall, Worker } from './worker';

const MAX_WORKERS = 16;

/** Words after the operation's name → the answer. */
export type Operation = (bench: Bench, words: readonly string[]) => string;

const NO_WORKER = 'err=noworker';

function workerAt(bench: Bench, word: string | undefined): Worker | undefined {
  const worker = bench.workers[Number.parseInt(word ?? '-1', 10)] as Worker | undefined;
  return worker?.alive === true ? worker : undefined;
}

function onWorker(action: (bench: Bench, worker: Worker, words: readonly string[]) => string): Operation {
  return (bench, words) => {
    const worker = workerAt(bench, words[0]);
    return worker === undefined ? NO_WORKER : action(bench, worker, words);
  };
}

/** Registers as the server sets them before each stub. */
function prepare(worker: Worker): void {
  worker.registers.rflags &= ~RFLAGS_RF;
  worker.registers.writeGpr(Gpr.rbx, RETURN);
}

function runSystemCall(worker: Worker, call: SystemCall): readonly string[] {
  prepare(worker);
  worker.registers.rip = SYSCALL;
  return worker.run(false, call);
}

function makeChild(bench: Bench, parent: Worker, thread: boolean): string {
  let child: Worker | undefined;
  let errno: string | undefined;
  runSystemCall(parent, () => {
    const made = bench.addWorker(parent, thread);
    made.registers.copyFrom(parent.registers);
    made.cpu = parent.cpu;
    errno = bench.layer.forked(parent, made, thread);
    if (errno === undefined) child = made;
    else bench.workers.pop();
    return false;
  });
  if (child === undefined) return `err=${errno ?? 'EAGAIN'}`;
  child.registers.rip += 2n;
  const tokens = child.run(false);
  return tokens.length === 0 ? `ok w=${child.index}` : `${tokens.join(',')} w=${child.index}`;
}

function exit(bench: Bench, worker: Worker): string {
  const tokens = runSystemCall(worker, () => {
    endWorker(bench, worker);
    return true;
  });
  return `ok ${[...tokens, 'exit(7)'].join(',')}`;
}

function endWorker(bench: Bench, worker: Worker): void {
  worker.alive = false;
  bench.layer.exited(worker);
  bench.deliver(bench.layer.takeSignals());
  if (worker.tid === worker.tgid) worker.parent?.childEnded();
}

/** SIGKILL ends the whole process; each thread runs once more, to its end. */
function kill(bench: Bench, victim: Worker): string {
  for (const worker of bench.workers.filter((other) => other.alive && other.tgid === victim.tgid)) {
    const cpu = bench.cpus[worker.cpu];
    bench.layer.switchIn(worker, cpu);
    bench.tick();
    endWorker(bench, worker);
    bench.layer.switchOut(worker, cpu);
  }
  return 'ok';
}

function exec(bench: Bench, worker: Worker): string {
  const others = bench.workers.some((other) => other !== worker && other.alive && other.tgid === worker.tgid);
  if (others) return 'err=threads';
  const tokens = runSystemCall(worker, () => {
    bench.layer.executed(worker);
    bench.deliver(bench.layer.takeSignals());
    return false;
  });
  return tokens.length === 0 ? 'ok' : `ok t=[${tokens.join(',')}]`;
}

function setAffinity(bench: Bench, worker: Worker, words: readonly string[]): string {
  const cpu = Number.parseInt(words[1] ?? '0', 10);
  if (cpu < 0 || cpu >= bench.cpus.length) return 'err=EINVAL';
  worker.cpu = cpu;
  return 'ok';
}

function touch(step: boolean): Operation {
  return onWorker((_bench, worker, words) => {
    prepare(worker);
    const { registers } = worker;
    const [, name, first, count, repeat, second] = words as readonly (string | undefined)[];
    const address = first === undefined ? 0n : parseAddress(first);
    const address2 = second === undefined ? 0n : parseAddress(second);
    if (address === undefined || address2 === undefined) return 'err=badaddr';
    const calls = name === 'x';
    const place = STUB_PLACES.get(name ?? '');
    if (!calls && place === undefined) return 'err=badinsn';
    const stack = registers.readGpr(Gpr.rsp);
    registers.writeGpr(Gpr.rdi, address);
    registers.writeGpr(Gpr.rsi, address2 === 0n ? address : address2);
    registers.writeGpr(Gpr.r10, count === undefined ? 1n : parseNumber(count));
    registers.writeGpr(Gpr.rcx, repeat === undefined ? 1n : parseNumber(repeat));
    registers.writeGpr(Gpr.r11, 0n);
    const jumpTo = step ? address : JUMP;
    registers.rip = place?.start ?? jumpTo;
    if (name === 'push8') registers.writeGpr(Gpr.rsp, address + 8n);
    if (name === 'pop8') registers.writeGpr(Gpr.rsp, address);
    if (name === 'lods2' || name === 'rlods1') registers.writeGpr(Gpr.rsi, address);
    const answer = `ok [${worker.run(step).join(',')}]`;
    const ran = calls && !step && worker.alive ? ` ran=${String(registers.readGpr(Gpr.r11))}` : '';
    registers.writeGpr(Gpr.rsp, stack);
    return answer + ran;
  });
}

/** A system call whose kernel side stores or loads four bytes at a user address. */
function kernelAccess(access: 'read' | 'write'): Operation {
  return onWorker((bench, worker, words) => {
    const address = parseAddress(words[1] ?? '') ?? 0n;
    const mapped = isMapped({ address, lengthBytes: 4 });
    const aligned = address % 4n === 0n;
    const result = kernelResult(access, mapped, aligned);
    const tokens = runSystemCall(worker, (cpu) => {
      if (mapped && (access === 'write' || aligned)) {
        bench.layer.handleKernelAccess(cpu, worker, { access, address, lengthBytes: 4 });
      }
      return false;
    });
    return `ok [${tokens.join(',')}] rc=${result}`;
  });
}

function kernelResult(access: 'read' | 'write', mapped: boolean, aligned: boolean): string {
  if (access === 'read' && !aligned) return 'EINVAL';
  if (!mapped) return 'EFAULT';
  return access === 'read' ? 'EAGAIN' : '0';
}

function poke(bench: Bench, worker: Worker, words: readonly string[]): string {
  const value = parseAddress(words[2] ?? '');
  if (value === undefined) return 'err=badval';
  const errno = bench.layer.ptrace.poke(worker, Number.parseInt(words[1], 10), value);
  return errno === undefined ? 'ok' : `err=${errno}`;
}

function peekText(bench: Bench, worker: Worker, register: number): string {
  const peeked = bench.layer.ptrace.peek(worker, register);
  if (!peeked.ok) return `err=${peeked.errno}`;
  return register < 4 ? formatAddress(peeked.value) : peeked.value.toString(16);
}

export const WORKER_OPERATIONS: Readonly<Record<string, Operation>> = {
  drop: (bench) => {
    bench.privileged = false;
    return 'ok';
  },
  new: (bench) => (bench.workers.length >= MAX_WORKERS ? 'ok w=-1' : `ok w=${bench.addWorker().index}`),
  fork: onWorker((bench, worker) => makeChild(bench, worker, false)),
  clone: onWorker((bench, worker) => makeChild(bench, worker, true)),
  exec: onWorker(exec),
  exit: onWorker(exit),
  kill: onWorker(kill),
  cpu: onWorker(setAffinity),
  touch: touch(false),
  step: touch(true),
  kst4: kernelAccess('write'),
  kld4: kernelAccess('read'),
  poke: onWorker(poke),
  peek: onWorker((bench, worker, words) => {
    const text = peekText(bench, worker, Number.parseInt(words[1], 10));
    return text.startsWith('err=') ? text : `ok ${text}`;
  }),
  drs: onWorker((bench, worker) => `ok ${[0, 1, 2, 3, 6, 7].map((n) => peekText(bench, worker, n)).join(' ')}`),
};

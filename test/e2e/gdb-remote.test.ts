// A real gdb over the remote protocol: what it prints equals what the same commands print on the native process.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { compile, scratch } from './support/compiled';
import type { Compiled } from './support/compiled';

const adapter = path.resolve(__dirname, '../../dist/adapter.js');
const SETTINGS = [
  'set confirm off',
  'set pagination off',
  'set width 0',
  'set debuginfod enabled off',
  'set breakpoint pending off',
  'set sysroot',
];

async function gdb(compiled: Compiled, begin: string, commands: readonly string[], told = facts): Promise<string[]> {
  const script = path.join(scratch(), 'remote.gdb');
  writeFileSync(script, `${[...SETTINGS, begin, ...commands].join('\n')}\n`);
  const { stdout } = await promisify(execFile)('gdb', ['-nx', '-batch', '-x', script, compiled.program], {
    encoding: 'utf8',
    timeout: 40_000,
  });
  return told(stdout);
}

/** What both must print: stops, values, source lines; not addresses, process numbers or the program's own output. */
function facts(text: string): string[] {
  const told =
    /^(Old value|New value|Value = |Hardware|(Temporary b|B)reakpoint \d+, |Catchpoint|(cmdline|cwd|exe) = |#\d|\$\d+ = |Run till exit|\d+\t|\* \d|Thread \d+ )|signal SIG|exited/;
  return text
    .split('\n')
    .filter((line) => told.test(line) && !/_start|__futex/.test(line))
    .filter((line) => !line.startsWith('[Thread'))
    .map((line) =>
      line.replace(/0x[0-9a-f]+/g, '0x…').replace(/^Thread (\d+) [^"]*"[^"]*" (hit|received)/, 'thread $1 $2'),
    )
    .map((line) => line.replace(/^thread 1 (hit|received)/, '$1').replace(/Thread [^"]*"[^"]*" /, ''))
    .map((line) => line.replace(/process \d+/, 'process').replace(/pid=\d+/, 'pid=…'));
}

interface Server {
  readonly process: ChildProcess;
  readonly port: number;
}

function serve(args: readonly string[]): Promise<Server> {
  const process_ = spawn(process.execPath, [adapter, 'gdbserver', ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  return new Promise((resolve, reject) => {
    let said = '';
    process_.stderr.on('data', (bytes: Buffer) => {
      said += bytes.toString();
      const port = /Listening on port (\d+)/.exec(said)?.[1];
      if (port !== undefined) resolve({ process: process_, port: Number(port) });
    });
    process_.on('exit', () => {
      reject(new Error(`gdbserver ended: ${said}`));
    });
  });
}

async function overRemote(compiled: Compiled, commands: readonly string[], told = facts): Promise<string[]> {
  const server = await serve(['--once', ':0', compiled.program]);
  try {
    return await gdb(compiled, `target remote :${server.port}`, commands, told);
  } finally {
    server.process.kill();
  }
}

const same = async (compiled: Compiled, commands: readonly string[], atLeast: number): Promise<void> => {
  const native = await gdb(compiled, 'starti', commands);
  assert.ok(native.length >= atLeast, `gdb on the native process printed only ${native.join('\n')}`);
  assert.deepEqual(await overRemote(compiled, commands), native);
};

describe('a real gdb over the remote protocol', () => {
  it('watch, break, step, finish and print as on the native process', async () => {
    const compiled = compile('counter', ['-g', '-O0']);
    const look = ['bt', 'print counter', 'print total', 'print by', 'print message'];
    const commands = ['break bump', 'continue', ...look, 'finish', 'next', 'next', 'step', 'delete'];
    await same(compiled, [...commands, 'watch counter', 'continue', 'continue', 'bt', 'continue'], 20);
  });

  it('rwatch, awatch and hbreak, and a register that is written', async () => {
    const compiled = compile('counter', ['-g', '-O0']);
    const commands = ['hbreak rewrite', 'continue', 'bt', 'delete', 'awatch steady', 'continue', 'continue'];
    await same(
      compiled,
      [...commands, 'rwatch total', 'continue', 'set var steady = 99', 'print steady', 'print $pc == $rip'],
      8,
    );
  });

  it('several threads: each access is told for the thread that did it, and one can be held back', async () => {
    const compiled = compile('relay', ['-g', '-O0', '-pthread']);
    const who = ['print $_thread', 'info threads', 'print laps', 'print mine'];
    const commands = [
      ...['tbreak main', 'continue', 'watch laps', 'continue', ...who, 'continue', ...who, 'bt 2'],
      ...['delete', 'awatch looks', 'continue', 'print runner', 'continue', ...who, 'delete'],
      ...['hbreak lap', 'continue', ...who, 'finish', 'step', 'next', 'print $_thread', 'delete'],
      ...['rwatch last', `tbreak ${compiled.line('done')}`, 'break lap', 'continue', 'thread 1', 'print $_thread'],
      ...['set scheduler-locking on', 'thread 4', 'stepi', 'print $_thread', 'set scheduler-locking off', 'delete'],
      ...['handle SIGUSR1 stop print pass', 'continue', 'print $_siginfo.si_signo', 'print caught', 'break on_signal'],
      ...['continue', 'bt 1', 'detach'],
    ];
    await same(compiled, commands, 50);
  });

  it('a signal of gdb’s own reaches the chosen thread, and one that is not passed does not', async () => {
    const compiled = compile('relay', ['-g', '-O0', '-pthread']);
    const commands = ['break on_signal', 'break lap', 'continue', 'print $_thread', 'signal SIGUSR1', 'print $_thread'];
    const rest = ['print number', 'delete', 'handle SIGUSR1 stop nopass', `break ${compiled.line('done')}`, 'continue'];
    await same(compiled, [...commands, ...rest, 'continue', 'print caught', 'continue'], 10);
  });

  it('a crash is the same signal at the same line', async () => {
    await same(compile('crash', ['-g', '-O0']), ['continue', 'bt 1'], 1);
  });

  const look = ['print counter', 'print generation', 'print by', 'print $_inferior', 'bt 1'];

  it('of a fork gdb follows the parent, and the child runs on without its breakpoints', async () => {
    const compiled = compile('family', ['-g', '-O0']);
    const steps = Array.from({ length: 3 }, () => ['continue', ...look]).flat();
    await same(compiled, ['watch counter', 'break bump', ...steps, 'delete', 'continue'], 15);
  });

  it('or it follows the child, whose watches and breakpoints hold, into the program that it becomes', async () => {
    const compiled = compile('family', ['-g', '-O0']);
    const into = [`tbreak ${compiled.line('after')}`, 'continue', 'set follow-fork-mode child'];
    const program = [`tbreak ${compiled.line('replaced')}`, 'continue', 'print argc', 'watch counter', 'continue'];
    await same(compiled, [...into, ...program, ...look, 'continue'], 8);
    const worker = ['set follow-fork-mode child', 'watch generation', 'continue', 'break bump', 'continue', ...look];
    await same(compiled, ['tbreak main', 'continue', ...worker, 'finish', 'delete', 'continue'], 10);
  });

  it('or it keeps both, each with its own memory and breakpoints', async () => {
    const compiled = compile('family', ['-g', '-O0']);
    const both = ['set detach-on-fork off', 'set schedule-multiple off', `tbreak ${compiled.line('fork')}`];
    const child = ['inferior 2', 'tbreak bump', 'continue', ...look, 'set var counter = 7', 'finish', 'print counter'];
    const commands = [...both, 'continue', 'next', ...look.slice(0, 2), ...child, 'continue'];
    await same(compiled, [...commands, 'inferior 1', 'print counter', 'tbreak bump', 'continue', ...look], 12);
  });

  it('catch syscall stops at a call and at its end, and a call that is undone there is not made', async () => {
    const compiled = compile('family', ['-g', '-O0']);
    const look = ['print $orig_rax', 'print (int)$rax', 'bt 1'];
    const ends = ['catch syscall wait4', 'continue', ...look, 'continue', 'print $orig_rax'];
    const vfork = ['delete', 'catch syscall vfork', 'continue', ...look, 'continue', 'print $orig_rax', 'delete'];
    await same(compiled, [...ends, ...vfork, 'continue'], 14);
    const undone = ['catch syscall exit_group', 'continue', 'set var $orig_rax = -1', 'stepi', 'print (int)$rax'];
    await same(compiled, ['set follow-fork-mode child', `tbreak bump if by == 10`, 'continue', ...undone], 4);
  });

  it('info proc tells of the program, not of this machine', async () => {
    const compiled = compile('counter', ['-g', '-O0']);
    await same(compiled, ['info proc cmdline', 'info proc cwd', 'info proc exe'], 3);
    const mapped = await overRemote(compiled, ['info proc mappings'], (text) => text.split('\n'));
    for (const name of [compiled.program, '[stack]'])
      assert.ok(
        mapped.some((line) => line.endsWith(name)),
        name,
      );
  });

  it('a program that stops its debugger: each thread stops alone, and gdb hears of all when it goes on', async () => {
    const compiled = compile('held', ['-g', '-O0', '-pthread']);
    const told = await overRemote(compiled, ['watch first', 'watch second', ...Array<string>(3).fill('continue')]);
    const values = told.filter((line) => /^New value|exited/.test(line)).sort();
    assert.deepEqual(values, ['New value = 1', 'New value = 2', '[Inferior 1 (process) exited with code 03]']);
  });

  it('a fifth watch is refused, and one that went makes room', async () => {
    const compiled = compile('shapes', ['-g', '-O0']);
    const server = await serve(['--once', ':0', compiled.program]);
    try {
      const watches = [0, 8, 16, 24, 32].map((offset) => `watch *(long *)((char *)&settings + ${offset})`);
      const lines = [...SETTINGS, `target remote :${server.port}`, 'break main', 'continue', 'delete', ...watches];
      // Unlike a script, commands of the command line go on after one that failed.
      const each = [...lines, 'stepi', 'delete 2', 'stepi', 'print $pc == $rip'].flatMap((line) => ['-ex', line]);
      const run = promisify(execFile)('gdb', ['-nx', '-batch', ...each, compiled.program]);
      const { stderr, stdout } = await run;
      assert.equal(stderr.match(/Could not insert hardware watchpoint/g)?.length, 1, stderr);
      assert.match(stdout, /\$1 = 1/);
    } finally {
      server.process.kill();
    }
  });
});

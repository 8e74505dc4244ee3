// C programs, natively and emulated: the same output, the same end.

import * as assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Kernel } from '../../adapter/kernel/kernel';
import { isSetting, writeSetting } from '../../adapter/kernel/perf/settings';
import { runEmulated } from './emulated-run';
import { sameAsNative } from './same-as-native';

const sources = path.resolve(__dirname, '../programs/kernel');
let directory: string;

function compile(name: string, flags: readonly string[]): string {
  const program = path.join(directory, `${name}${flags.join('')}`);
  if (!fs.existsSync(program)) {
    execFileSync('gcc', ['-pthread', ...flags, '-o', program, path.join(sources, `${name}.c`)]);
  }
  return program;
}

describe('programs run as natively', function () {
  this.timeout(60_000);

  before(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'trapline-programs-'));
  });

  after(() => {
    fs.rmSync(directory, { recursive: true });
  });

  const greeting = { args: ['one', 'two words'], environment: ['GREETING=good day', 'PATH=/usr/bin:/bin'] };
  const builds = [['-O1'], ['-O0', '-static'], ['-O2', '-static-pie'], ['-O1', '-no-pie']];
  for (const flags of builds) {
    it(`hello, built with ${flags.join(' ')}`, () => {
      sameAsNative(compile('hello', flags), greeting);
    });
  }

  const shell = { environment: ['PATH=/usr/bin:/bin'] };
  const levels = process.env['TRAPLINE_LONG_TESTS'] === undefined ? ['-O1'] : ['-O0', '-O1', '-O2', '-O3'];
  it('CPU timers count what the process runs', () => {
    const { stdout } = runEmulated(compile('cpu-timers', ['-O1']));
    assert.equal(stdout, 'asleep: 0, interval 1000, left 1\n'.repeat(2));
  });

  for (const name of [
    'memory',
    'threads',
    'signals',
    'files',
    'waiting',
    'processes',
    'perf',
    'high-memory',
    'sockets',
  ]) {
    for (const optimisation of levels) {
      it(`${name}, built with ${optimisation}`, () => {
        sameAsNative(compile(name, [optimisation]), shell);
      });
    }
  }

  it('perf-records, with frame pointers', () => {
    const settings = (kernel: Kernel): void => {
      const { settings } = kernel.layer.perf;
      for (const name of Object.keys(settings).filter(isSetting)) {
        writeSetting(settings, name, fs.readFileSync(`/proc/sys/kernel/${name}`, 'utf8'));
      }
    };
    const flags = ['-O1', '-fno-omit-frame-pointer', '-fno-optimize-sibling-calls'];
    sameAsNative(compile('perf-records', flags), { ...shell, cpus: os.cpus().length, prepare: settings });
  });

  it('perf-processes, at fixed addresses', () => {
    sameAsNative(compile('perf-processes', ['-O1', '-no-pie']), shell);
  });

  it('system programs: cat, sort, ls, sh', () => {
    const text = path.join(directory, 'text');
    fs.writeFileSync(text, Array.from({ length: 300 }, (_, i) => `${(i * 7919) % 1000} line\n`).join(''));
    sameAsNative('/bin/cat', { stdin: text });
    sameAsNative('/usr/bin/sort', { args: ['-n', text] });
    sameAsNative('/bin/ls', { args: ['-l', '--time-style=+%Y', directory] });
    sameAsNative('/bin/sh', {
      args: ['-c', `for i in 1 2 3; do echo $i; done | tail -n 2; cat ${text} | wc -l`],
      ...shell,
    });
  });

  it('is the same in each run, to the instruction', () => {
    const program = compile('threads', ['-O1']);
    const [first, second] = [0, 1].map(() => runEmulated(program).kernel.instructions);
    assert.strictEqual(first, second);
  });
});

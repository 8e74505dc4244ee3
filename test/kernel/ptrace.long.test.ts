// Tracers among the guest's programs: natively and emulated the same output, the same end.

import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { sameAsNative } from './same-as-native';

const sources = path.resolve(__dirname, '../programs/ptrace');

describe('tracers of the guest', function () {
  this.timeout(60_000);
  let directory: string;

  before(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'trapline-ptrace-'));
  });

  after(() => {
    fs.rmSync(directory, { recursive: true });
  });

  const programs: readonly (readonly [string, string])[] = [
    ['calls', 'see each system call at its entry and exit, and change it'],
    ['step', 'step through code, with exact flags'],
    ['flags', 'see exact flags at stops in code that has run often'],
    ['watch', 'set data and execute breakpoints by POKEUSER'],
    ['follow', 'follow forks, vforks, clones, execs and exits'],
    ['group', 'see group-stops, listen and interrupt'],
    ['attach', 'attach to what runs and sleeps, read and change it, and die'],
  ];
  for (const [name, what] of programs) {
    it(`${name}: ${what}`, () => {
      const program = path.join(directory, name);
      const flags = ['-O1', '-no-pie', '-pthread', '-Wno-unused-result'];
      execFileSync('gcc', [...flags, '-o', program, path.join(sources, `${name}.c`)]);
      sameAsNative(program, { environment: ['PATH=/usr/bin:/bin'] });
    });
  }
});

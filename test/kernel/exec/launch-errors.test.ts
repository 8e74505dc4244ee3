// What cannot be started, and what the person is told.

import * as assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { UserError } from '../../../adapter/util/user-error';
import { runEmulated } from '../emulated-run';

let directory: string;

function place(name: string, content: string | Uint8Array, mode = 0o755): string {
  const file = path.join(directory, name);
  fs.writeFileSync(file, content, { mode });
  return file;
}

function told(program: string): string {
  try {
    runEmulated(program);
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return error.message;
  }
  return assert.fail('started');
}

describe('launch errors', () => {
  before(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'trapline-launch-'));
  });

  after(() => {
    fs.rmSync(directory, { recursive: true });
  });

  it('missing: says to check the path or to build', () => {
    assert.match(told(path.join(directory, 'nothing')), /no program at .*nothing.*gcc/);
  });

  it('a directory: says to give the file inside', () => {
    assert.match(told(directory), /is a directory/);
  });

  it('not executable: gives the command that allows it', () => {
    assert.match(told(place('plain', 'x', 0o644)), /chmod \+x/);
  });

  it('source instead of a program', () => {
    assert.match(told(place('source.c', 'int main(void) {}')), /not an ELF executable/);
  });

  it('a script whose interpreter is missing names the script and the interpreter', () => {
    assert.match(told(place('script', '#!/nowhere/sh\n')), /script begins with #!\/nowhere\/sh/);
  });

  it('a program whose loader is missing names both', () => {
    const program = path.join(directory, 'odd');
    const source = place('odd.c', 'int main(void) { return 0; }');
    execFileSync('gcc', ['-o', program, source, '-Wl,--dynamic-linker=/nowhere/ld.so']);
    assert.match(told(program), /odd needs \/nowhere\/ld\.so.*-static/);
  });

  it('a program cut short', () => {
    const whole = Uint8Array.from(fs.readFileSync('/bin/true'));
    assert.match(told(place('cut', whole.subarray(0, 5000))), /damaged/);
  });
});

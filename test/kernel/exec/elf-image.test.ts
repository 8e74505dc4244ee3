// The loader's ELF reader on a real executable: whole, cut at each byte, and damaged.

import * as assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import fc from 'fast-check';
import { parseElfImage } from '../../../adapter/kernel/exec/elf-image';
import { UserError } from '../../../adapter/util/user-error';

let directory: string;
let program: Uint8Array;
let object: Uint8Array;

function compile(args: readonly string[]): Uint8Array {
  const source = path.join(directory, 'a.c');
  fs.writeFileSync(source, 'int main(void) { return 0; }\n');
  const output = path.join(directory, 'a.out');
  execFileSync('gcc', [...args, '-o', output, source]);
  return Uint8Array.from(fs.readFileSync(output));
}

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    assert.ok(error.message.length > 20, 'says what to do');
    return error.code;
  }
  return 'accepted';
}

describe('elf image', () => {
  before(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'trapline-elf-'));
    program = compile([]);
    object = compile(['-c']);
  });

  after(() => {
    fs.rmSync(directory, { recursive: true });
  });

  it('reads a dynamically linked, position-independent executable', () => {
    const image = parseElfImage('/x', program);
    assert.strictEqual(image.relocatable, true);
    assert.match(image.interpreter ?? '', /ld-linux-x86-64/);
    assert.strictEqual(image.headersAddress, 64);
    assert.strictEqual(image.segments.length, 4);
    assert.strictEqual(image.segments.filter((segment) => segment.executable).length, 1);
  });

  it('refuses a file cut at any byte, or reads it whole', () => {
    const end = Math.max(...parseElfImage('/x', program).segments.map((s) => s.fileOffset + s.fileBytes));
    for (let length = 0; length < end; length += length < 1200 ? 1 : 97) {
      const code = codeOf(() => parseElfImage('/x', program.subarray(0, length)));
      assert.ok(['program-not-elf', 'program-truncated'].includes(code), `${length}: ${code}`);
    }
  });

  it('never fails otherwise than with a UserError, whatever the header says', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 800 }), fc.integer({ min: 0, max: 255 }), (at, value) => {
        const bytes = program.slice();
        bytes[at] = value;
        codeOf(() => parseElfImage('/x', bytes));
      }),
    );
  });

  it('says what a file is that is no x86-64 program', () => {
    const machine = program.slice();
    machine[18] = 183;
    assert.throws(() => parseElfImage('/x', machine), /AArch64/);
    const bits32 = program.slice();
    bits32[18] = 3;
    bits32[4] = 1;
    assert.throws(() => parseElfImage('/x', bits32), /32-bit x86/);
    assert.throws(() => parseElfImage('/x', object), /object file/);
    assert.throws(() => parseElfImage('/x', new TextEncoder().encode('int main(void) {}')), /not an ELF/);
  });
});

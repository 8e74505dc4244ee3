// Debug information that gives types a size that none has: only what is of such a type has no value.

import * as assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { createProgramSymbols } from '../../../adapter/symbols/load-symbols';
import type { MemoryReader } from '../../../adapter/symbols/program-symbols';
import { UserError } from '../../../adapter/util/user-error';
import { bytesOf } from '../support/programs';

const SOURCE = `
enum color { RED } color;
int number = 5, *pointer = &number;
struct pair { int first, second; } pair;
int main(void) { return number + color + pair.first + *pointer; }
`;
const memory: MemoryReader = {
  read(_, lengthBytes) {
    assert.ok(lengthBytes >= 0 && lengthBytes <= 65_536, `${lengthBytes} bytes are asked for`);
    return new Uint8Array(lengthBytes);
  },
};

/**
 * The program with this size for all types: said by the abbreviations (DW_FORM_implicit_const), while the byte that had
 * the size belongs to an attribute that nobody knows, so that no entry moves.
 */
function withSizes(folder: string, sizeBytes: bigint): string {
  const program = path.join(folder, 'program');
  fs.writeFileSync(path.join(folder, 'main.c'), SOURCE);
  const text = execFileSync('gcc', ['-g', '-gdwarf-5', '-dA', '-S', '-o', '-', 'main.c'], { cwd: folder }).toString();
  const changed = text.replace(
    /\.uleb128 0xb\s+# \(DW_AT_byte_size\)/g,
    `.uleb128 0xb, 0x21\n\t.sleb128 ${sizeBytes}\n\t.uleb128 0x2fff`,
  );
  assert.notStrictEqual(changed, text);
  fs.writeFileSync(path.join(folder, 'main.s'), changed);
  execFileSync('gcc', ['-o', program, 'main.s'], { cwd: folder });
  return program;
}

describe('types of a size that none has', () => {
  let folder: string;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trapline-sizes-'));
  });
  afterEach(() => {
    fs.rmSync(folder, { recursive: true });
  });

  for (const size of [0x13000000000000n, 65n, -1n]) {
    it(`are read, cast, indexed and shown as nothing, and never crash (${size} bytes)`, () => {
      const program = withSizes(folder, size);
      const symbols = createProgramSymbols();
      symbols.addModule(program, bytesOf(program), 0n, true);
      assert.deepStrictEqual(symbols.globalsNamed('number').at(0)?.type.kind, 'unknown');
      for (const text of [
        'number',
        'color',
        '*pointer',
        'pointer[1]',
        'pair',
        'pair.second',
        '(int)5',
        '&pair',
        'number = 5',
      ]) {
        try {
          const value = symbols.evaluate(text, { memory, write: () => undefined });
          symbols.format(value, memory);
          symbols.children(value, memory);
        } catch (error) {
          assert.ok(error instanceof UserError, `${text}: ${String(error)}`);
        }
      }
    });
  }
});

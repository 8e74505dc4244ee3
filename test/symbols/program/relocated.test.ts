// Programs whose debug information names their sources relative to the program: reproducible builds.

import * as assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { createProgramSymbols } from '../../../adapter/symbols/load-symbols';
import { bytesOf } from '../support/programs';

function sourcesOf(program: string): readonly string[] {
  const symbols = createProgramSymbols();
  symbols.addModule(program, bytesOf(program), 0n, true);
  return symbols.sourceFiles();
}

describe('a program built with -ffile-prefix-map', () => {
  let folder: string;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trapline-relocated-'));
  });

  afterEach(() => {
    fs.rmSync(folder, { recursive: true });
  });

  for (const version of ['4', '5']) {
    it(`has its sources where it lies itself, also after both were moved (DWARF ${version})`, () => {
      const built = path.join(folder, 'built');
      fs.mkdirSync(path.join(built, 'out'), { recursive: true });
      fs.writeFileSync(path.join(built, 'main.c'), 'int main(void) { return 0; }\n');
      const flags = ['-g', `-gdwarf-${version}`, `-ffile-prefix-map=${built}=..`];
      execFileSync('gcc', [...flags, '-o', 'out/program', 'main.c'], { cwd: built });
      const moved = path.join(folder, 'moved');
      fs.renameSync(built, moved);
      assert.ok(sourcesOf(path.join(moved, 'out/program')).includes(path.join(moved, 'main.c')));
    });
  }
});

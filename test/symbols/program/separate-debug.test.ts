// Stripped programs whose debug information is in files of its own, made with binutils as distributions make them.

import * as assert from 'node:assert';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { parseElf } from '../../../adapter/symbols/elf/elf-file';
import { createProgramSymbols } from '../../../adapter/symbols/load-symbols';
import type { ProgramSymbols } from '../../../adapter/symbols/program-symbols';
import { bytesOf, compile, run } from '../support/programs';

const readFile = (file: string): Uint8Array | undefined => (fs.existsSync(file) ? bytesOf(file) : undefined);

describe('debug information in a file of its own', () => {
  let folder: string;
  let stripped: string;
  let debugFile: string;

  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trapline-separate-'));
    stripped = path.join(folder, 'basics');
    debugFile = path.join(folder, 'basics.debug');
    const whole = compile('basics.c', ['-O0', '-gdwarf-5']);
    run('objcopy', '--only-keep-debug', whole, debugFile);
    run('objcopy', '--strip-all', `--add-gnu-debuglink=${debugFile}`, whole, stripped);
  });
  after(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  function load(read?: (file: string) => Uint8Array | undefined): ProgramSymbols {
    const symbols = createProgramSymbols(read);
    symbols.addModule(stripped, bytesOf(stripped), 0n, true);
    return symbols;
  }

  it('is found beside the program by its link', () => {
    const symbols = load(readFile);
    assert.equal(symbols.hasDebugInfo, true);
    const [main] = symbols.functionsNamed('main');
    assert.equal(path.basename(symbols.locationOf(main.low)?.path ?? ''), 'basics.c');
    assert.ok(symbols.globals().length > 0);
  });

  it('is found below .debug', () => {
    const below = path.join(folder, '.debug', 'basics.debug');
    const symbols = load((file) => (file === below ? bytesOf(debugFile) : undefined));
    assert.equal(symbols.hasDebugInfo, true);
  });

  it('is found by the build id', () => {
    const { buildId = '' } = parseElf(stripped, bytesOf(stripped));
    const wanted = `/usr/lib/debug/.build-id/${buildId.slice(0, 2)}/${buildId.slice(2)}.debug`;
    const symbols = load((file) => (file === wanted ? bytesOf(debugFile) : undefined));
    assert.equal(symbols.hasDebugInfo, true);
    assert.equal(symbols.functionsNamed('main').length, 1);
  });

  it('of another build is not taken', () => {
    const other = compile('basics.c', ['-O1', '-gdwarf-5', '-static']);
    const symbols = load((file) => (file.endsWith('.debug') ? bytesOf(other) : undefined));
    assert.equal(symbols.hasDebugInfo, false);
  });

  it('is missed without harm where a file is cut short', () => {
    for (const length of [0, 3, 64, 1000]) {
      const symbols = load((file) => (file.endsWith('.debug') ? bytesOf(debugFile).subarray(0, length) : undefined));
      assert.equal(symbols.hasDebugInfo, false);
    }
  });
});

describe('debug information that cannot be read says so', () => {
  for (const version of ['-gdwarf-4', '-gdwarf-5']) {
    it(`split into .dwo files (${version})`, () => {
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trapline-split-'));
      const source = path.join(folder, 'split.c');
      fs.writeFileSync(source, 'int counter;\nint main(void) { return counter; }\n');
      const program = path.join(folder, 'split');
      run('gcc', version, '-gsplit-dwarf', '-o', program, source, '-dumpdir', `${folder}/`);
      const symbols = createProgramSymbols();
      symbols.addModule(program, bytesOf(program), 0n, true);
      fs.rmSync(folder, { recursive: true, force: true });
      assert.equal(symbols.problems.length, 1);
      assert.match(symbols.problems[0], /compiled with -gsplit-dwarf.*Compile without/s);
      assert.equal(symbols.addressesOfLine(source, 2).line, 2);
    });
  }
});

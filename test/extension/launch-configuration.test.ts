// launch-configuration.test.ts: what F5 does with a launch configuration, and what it says when that cannot work.

import * as assert from 'node:assert';
import {
  completeConfiguration,
  configurationForSource,
  initialConfiguration,
  type ActiveSource,
  type FileKind,
  type LaunchConfiguration,
} from '../../extension/debug/launch-configuration';
import { english } from '../../extension/view/translate';

const source: ActiveSource = { languageId: 'c', file: '/home/me/race.c' };

function complete(
  attributes: Partial<LaunchConfiguration>,
  files: Readonly<Record<string, FileKind>> = {},
): ReturnType<typeof completeConfiguration> {
  const configuration = { type: 'trapline', request: 'launch', name: 'Watch', ...attributes };
  const probe = (file: string): FileKind => files[file] ?? 'missing';
  return completeConfiguration(configuration, { folder: '/home/me', source, probe }, english);
}

function refusal(attributes: Partial<LaunchConfiguration>, files: Readonly<Record<string, FileKind>> = {}): string {
  const resolved = complete(attributes, files);
  assert.ok(resolved.kind === 'refused', 'it is refused');
  return resolved.message;
}

describe('F5 with a launch configuration', () => {
  it('makes relative paths absolute, counted from the folder', () => {
    const files: Record<string, FileKind> = { '/home/me/build/race': 'file', '/home/me/in.txt': 'file' };
    const resolved = complete({ program: 'build/race', stdin: 'in.txt', cwd: 'build' }, files);
    assert.ok(resolved.kind === 'ready');
    assert.deepStrictEqual(resolved.configuration, {
      type: 'trapline',
      request: 'launch',
      name: 'Watch',
      program: '/home/me/build/race',
      stdin: '/home/me/in.txt',
      cwd: '/home/me/build',
    });
  });

  it('runs the program in the folder where nothing else is said', () => {
    const resolved = complete({ program: '/bin/race' }, { '/bin/race': 'file' });
    assert.ok(resolved.kind === 'ready');
    assert.strictEqual(resolved.configuration.cwd, '/home/me');
  });

  it('leaves alone what it does not know', () => {
    const resolved = complete({ program: '/bin/race', stopOnEntry: true, cpus: 4 }, { '/bin/race': 'file' });
    assert.ok(resolved.kind === 'ready');
    assert.strictEqual(resolved.configuration.stopOnEntry, true);
    assert.strictEqual(resolved.configuration.cpus, 4);
  });

  it('says what is missing without a program', () => {
    assert.match(refusal({}), /"Watch" has no "program"/);
    assert.match(refusal({ program: '' }), /has no "program"/);
    assert.match(refusal({ program: 7 }), /must be a path/);
  });

  it('says that it cannot attach, and what it does instead', () => {
    assert.match(refusal({ request: 'attach', program: 'race' }, { '/home/me/race': 'file' }), /"request": "launch"/);
  });

  it('says how to compile a program that is not there, when its source is open', () => {
    assert.match(refusal({ program: 'race' }), /no program "\/home\/me\/race".*gcc -g -O0 -pthread -o race race\.c/);
    assert.match(refusal({ program: '/other/race' }), /Compile it with -g, or correct "program"/);
  });

  it('has the command at hand that compiles it, whatever its name', () => {
    const missing = (program: string, open: ActiveSource): unknown => {
      const configuration = { type: 'trapline', request: 'launch', name: 'Watch', program };
      const context = { folder: '/home/me', source: open, probe: (): FileKind => 'missing' };
      const resolved = completeConfiguration(configuration, context, english);
      return resolved.kind === 'refused' ? resolved.compile : resolved;
    };
    const spaced = { languageId: 'cpp', file: "/home/me/my program's.cpp" };
    assert.deepStrictEqual(missing('a', spaced), {
      command: "g++ -g -O0 -pthread -o a 'my program'\\''s.cpp'",
      cwd: '/home/me',
    });
    const cargo = { program: '/home/me/target/debug/server', root: '/home/me' };
    const rust = { languageId: 'rust', file: '/home/me/src/main.rs', cargo };
    assert.deepStrictEqual(missing(cargo.program, rust), { command: 'cargo build', cwd: '/home/me' });
    const example = { ...cargo, program: '/home/me/target/debug/examples/demo' };
    assert.deepStrictEqual(missing(example.program, { ...rust, cargo: example }), {
      command: 'cargo build --example demo',
      cwd: '/home/me',
    });
    assert.strictEqual(missing('/other/race', spaced), undefined);
  });

  it('refuses a folder and a source file, and says what is wanted instead', () => {
    assert.match(refusal({ program: 'build' }, { '/home/me/build': 'directory' }), /is a folder/);
    assert.match(refusal({ program: 'race.c' }, { '/home/me/race.c': 'file' }), /is source code/);
  });

  it('refuses an input file that is not there', () => {
    assert.match(refusal({ program: '/bin/race', stdin: 'in.txt' }, { '/bin/race': 'file' }), /"\/home\/me\/in\.txt"/);
  });
});

describe('F5 without a launch configuration', () => {
  it('debugs the program next to the open source file', () => {
    const resolved = configurationForSource(source, english);
    assert.ok(resolved.kind === 'ready');
    assert.strictEqual(resolved.configuration.program, '${fileDirname}/${fileBasenameNoExtension}');
  });

  it('debugs what Cargo makes of a Rust source', () => {
    const cargo = { program: '/home/me/server/target/debug/server', root: '/home/me/server' };
    const rust = { languageId: 'rust', file: '/home/me/server/src/main.rs', cargo };
    const resolved = configurationForSource(rust, english);
    assert.ok(resolved.kind === 'ready');
    assert.strictEqual(resolved.configuration.program, cargo.program);
    assert.strictEqual(resolved.configuration.cwd, cargo.root);
    const written = initialConfiguration(english, rust, '/home/me');
    assert.strictEqual(written.program, '${workspaceFolder}/server/target/debug/server');
  });

  it('says what to open where there is no such file', () => {
    for (const other of [undefined, { languageId: 'markdown', file: '/home/me/README.md' }]) {
      const resolved = configurationForSource(other, english);
      assert.ok(resolved.kind === 'refused');
      assert.match(resolved.message, /Open a C, C\+\+ or Rust file, or create a launch\.json/);
    }
  });

  it('writes a first configuration that is complete', () => {
    assert.deepStrictEqual(initialConfiguration(english), {
      type: 'trapline',
      request: 'launch',
      name: 'Trapline: watch a program',
      program: '${workspaceFolder}/a.out',
      args: [],
      cwd: '${workspaceFolder}',
    });
  });
});

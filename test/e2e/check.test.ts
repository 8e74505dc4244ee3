// `trapline check` from outside: a watch file as a test of a program.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { compile } from './support/compiled';

const root = path.resolve(__dirname, '../..');
const adapter = path.join(root, 'dist/adapter.js');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trapline-check-'));

interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

function check(words: readonly string[], input = '', cwd = folder): Ended {
  const environment = { ...process.env, FORCE_COLOR: '' };
  return spawnSync(process.execPath, [adapter, 'check', ...words], {
    encoding: 'utf8',
    timeout: 60_000,
    input,
    cwd,
    env: environment,
  });
}

function watchFile(text: string): string {
  const name = path.join(folder, 'guard.watch');
  fs.writeFileSync(name, text);
  return 'guard.watch';
}

interface Location {
  readonly physicalLocation?: {
    readonly artifactLocation: { readonly uri: string; readonly uriBaseId?: string };
    readonly region: { readonly startLine: number };
  };
  readonly logicalLocations?: readonly { readonly fullyQualifiedName: string }[];
}

interface Sarif {
  readonly $schema: string;
  readonly version: string;
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly invocations: readonly { readonly exitCode: number; readonly executionSuccessful: boolean }[];
    readonly originalUriBaseIds: Readonly<Record<string, { readonly uri: string }>>;
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations: readonly Location[];
      readonly relatedLocations?: readonly Location[];
      readonly stacks?: readonly { readonly frames: readonly { readonly location: Location }[] }[];
      readonly codeFlows?: readonly { readonly threadFlows: readonly { readonly locations: readonly unknown[] }[] }[];
    }[];
  }[];
}

describe('trapline check', function () {
  this.timeout(60_000);
  after(() => {
    fs.rmSync(folder, { recursive: true });
  });

  it('passes, with the program’s output and exit code, where nothing happens that must not', () => {
    const { program } = compile('guarded');
    const file = watchFile('never write config_table[2]\ncount write guarded.c:total\n');
    const { stdout, stderr, status } = check([file, '--', program]);
    assert.equal(stdout, 'total 45, sensors 6\n');
    assert.equal(status, 0, stderr);
    assert.match(stderr, /guard\.watch:1: never write config_table\[2\]: never happened\n/);
    assert.match(stderr, /guard\.watch:2: count write guarded\.c:total: 10 hits\n/);
    assert.match(stderr, /check passed: none of 1 "never" happened/);
    const five = check([file, '--', program, 'no', '5']);
    assert.equal(five.status, 5);
    assert.match(five.stderr, /check failed: the program exited with 5; none of 1 "never" happened\.\n$/);
    const ignored = check([file, '--ignore-exit-code', '--', program, 'no', '5']);
    assert.equal(ignored.status, 0);
    assert.match(
      ignored.stderr,
      /check passed: none of 1 "never" happened; the program exited with 5, which does not count/,
    );
  });

  it('fails when a never happens, and tells who, where, old → new', () => {
    const compiled = compile('guarded');
    const { program } = compiled;
    const file = watchFile(`program ${program}\nargs reload\nnever write config_table[2]   # fixed\n`);
    const { stdout, stderr, status } = check([file]);
    assert.equal(stdout, 'total 45, sensors 6\n');
    assert.equal(status, 1, stderr);
    assert.match(stderr, /guard\.watch:3: never write config_table\[2\]: happened, once\n/);
    assert.match(stderr, /config_table\[2\]: 3 → 7\n/);
    assert.match(
      stderr,
      new RegExp(`written by thread \\d+ ".*" in reload at .*guarded\\.c:${compiled.line('never')}\n`),
    );
    assert.match(stderr, /called from main at .*guarded\.c:\d+\n/);
  });

  it('writes SARIF with the place, the stack and the line of the file', () => {
    const compiled = compile('guarded');
    const { program, source } = compiled;
    const file = watchFile('never write config_table[2]\n');
    const { status } = check([file, '--sarif', 'out/result.sarif', '--', program, 'reload']);
    assert.equal(status, 1);
    const sarif = JSON.parse(fs.readFileSync(path.join(folder, 'out/result.sarif'), 'utf8')) as Sarif;
    assert.equal(sarif.version, '2.1.0');
    const [run] = sarif.runs;
    assert.equal(run.invocations[0].exitCode, 1);
    assert.equal(run.originalUriBaseIds['%SRCROOT%'].uri, `file://${fs.realpathSync(folder)}/`);
    const [result, ...rest] = run.results;
    assert.deepEqual(rest, []);
    assert.equal(run.tool.driver.rules[result.ruleIndex].id, result.ruleId);
    assert.equal(result.level, 'error');
    assert.match(result.message.text, /config_table\[2\]: 3 → 7, written by thread/);
    const place = result.locations[0].physicalLocation;
    assert.equal(place?.region.startLine, compiled.line('never'));
    assert.equal(place.artifactLocation.uri, `file://${source}`);
    const frames = result.stacks?.[0].frames.map(({ location }) => location.logicalLocations?.[0].fullyQualifiedName);
    assert.deepEqual(frames?.slice(0, 2), ['reload', 'main']);
    assert.equal(result.codeFlows?.[0].threadFlows[0].locations.length, 2);
    const watched = result.relatedLocations?.[0].physicalLocation;
    assert.deepEqual(watched?.artifactLocation, { uri: 'guard.watch', uriBaseId: '%SRCROOT%' });
    assert.equal(watched.region.startLine, 1);
  });

  it('tells places relative to the working directory, in SARIF to the repository', () => {
    const inside = path.join(folder, 'repository/source');
    fs.mkdirSync(inside, { recursive: true });
    fs.mkdirSync(path.join(folder, 'repository/.git'));
    fs.copyFileSync(compile('guarded').source, path.join(inside, 'guarded.c'));
    execFileSync('gcc', ['-g', '-pthread', '-o', 'guarded', path.join(fs.realpathSync(inside), 'guarded.c')], {
      cwd: inside,
    });
    const file = watchFile('never write config_table[2]\n');
    const words = [path.join(folder, file), '--sarif', 'r.sarif', '--', './guarded', 'reload'];
    const { stderr } = check(words, '', inside);
    assert.match(stderr, / in reload at guarded\.c:\d+\n/);
    const sarif = JSON.parse(fs.readFileSync(path.join(inside, 'r.sarif'), 'utf8')) as Sarif;
    const place = sarif.runs[0].results[0].locations[0].physicalLocation;
    assert.deepEqual(place?.artifactLocation, { uri: 'source/guarded.c', uriBaseId: '%SRCROOT%' });
    const base = sarif.runs[0].originalUriBaseIds['%SRCROOT%'].uri;
    assert.equal(base, `file://${fs.realpathSync(path.join(folder, 'repository'))}/`);
  });

  it('writes JUnit XML with a case for each line', () => {
    const { program } = compile('guarded');
    const file = watchFile('never write config_table[2]\ncount write guarded.c:total when $new > 3\n');
    check([file, '--junit=result.xml', '--', program, 'reload']);
    const xml = fs.readFileSync(path.join(folder, 'result.xml'), 'utf8');
    assert.match(xml, /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites [^>]*tests="3" failures="1" errors="0"/);
    assert.match(xml, /<testsuite name="guard\.watch" tests="3" failures="1" errors="0" skipped="0" [^>]*>/);
    assert.match(
      xml,
      /name="never write config_table\[2\] \(line 1\)"[^>]*>\s*<failure message="config_table\[2\]: 3 → 7,/,
    );
    assert.match(xml, /name="count write guarded\.c:total when \$new &gt; 3 \(line 2\)"/);
    // Each element that begins also ends, in order.
    const open: string[] = [];
    for (const [, end, name, self] of xml.replace(/<\?.*?\?>/, '').matchAll(/<(\/?)([\w-]+)(?:\s[^<>]*?)?(\/?)>/g)) {
      if (end === '/') assert.equal(open.pop(), name);
      else if (self === '') open.push(name);
    }
    assert.deepEqual(open, []);
  });

  it('gives the whole as JSON', () => {
    const { program } = compile('guarded');
    const file = watchFile('never write config_table[2] when $new > 6\nlog write config_table[2] "{$old}>{$new}"\n');
    const { stderr } = check([file, '--json', '--output=report.json', '--', program, 'reload']);
    assert.equal(stderr, '3>7\n');
    const report = JSON.parse(fs.readFileSync(path.join(folder, 'report.json'), 'utf8')) as {
      readonly exitCode: number;
      readonly lines: readonly { readonly hits: number; readonly happenings: readonly { newValue: string }[] }[];
    };
    assert.equal(report.exitCode, 1);
    assert.deepEqual(
      report.lines.map(({ hits, happenings }) => [hits, happenings.map(({ newValue }) => newValue)]),
      [
        [1, ['7']],
        [1, []],
      ],
    );
  });

  it('watches locals at each call, and threads by name', () => {
    const { program } = compile('guarded');
    const file = watchFile(
      'count change sum::result\ncount write sensors[0] in thread worker\ncount write sensors[0]\n',
    );
    const { stderr } = check([file, '--', program]);
    // In sum(3) and sum(4): result = 0, then 3 and 4 additions, of which those of 0 change nothing; nor may the first.
    assert.match(stderr, /:1: count change sum::result: 9 hits, [5-7] where it held/);
    assert.match(stderr, /:2: count write sensors\[0\] in thread worker: 5 hits\n/);
    assert.match(stderr, /:3: count write sensors\[0\]: 6 hits\n/);
  });

  it('follows pointers that are not set yet when the program starts', () => {
    const { program } = compile('guarded');
    const file = watchFile(
      'watch write cfg->head\nnever write cfg->open when $new == 1\ncount write cfg through\nnever write queue.head->key\n',
    );
    const { stderr, status } = check([file, '--', program]);
    assert.equal(status, 1, stderr);
    assert.match(stderr, /:1: watch write cfg->head: 1 hit\n/);
    assert.match(stderr, /:2: .*happened, once\n {4}cfg->open: 0 → 1\n/);
    assert.match(stderr, /:3: count write cfg through: 2 hits/);
    assert.match(stderr, /:4: never write queue\.head->key: never happened/);
  });

  it('emulates more debug registers than x86 has, and says so; or refuses, where it must not', () => {
    const { program } = compile('guarded');
    const lines = [0, 1, 2, 3, 4, 5].map((index) => `never write sensors[${index}] when $new > 99`);
    const file = watchFile(lines.join('\n'));
    const { stderr, status } = check([file, '--', program]);
    assert.equal(status, 0, stderr);
    assert.match(stderr, /6 debug registers are emulated for these watches; x86 has 4/);
    assert.match(stderr, /sensors\[5\] when \$new > 99: never happened.* \(emulated slot\)/);
    const refused = check([file, '--debug-registers=4', '--', program]);
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /sensors\[4\] when \$new > 99: not armed: .*needs 1 of 4 debug registers/);
  });

  it('tells mistakes in the file before it runs anything', () => {
    const { program } = compile('guarded');
    const { stdout, stderr, status } = check([watchFile('# x\nnever write config_tabel\n'), '--', program]);
    assert.deepEqual([stdout, status], ['', 2]);
    assert.match(stderr, /^guard\.watch:2:13: error: guarded\S* has no variable `config_tabel`.* `config_table`\?/);
  });

  it('ends a program that never ends, and tells one that is killed', () => {
    const { program } = compile('guarded');
    const file = watchFile('never write config_table[2]\n');
    const slow = check([file, '--timeout=1', '--', program, 'hang']);
    assert.equal(slow.status, 124);
    assert.match(slow.stderr, /ran longer than 1 s/);
    const killed = check([file, '--', program, 'crash']);
    assert.equal(killed.status, 139);
    assert.match(killed.stderr, /check failed: the program was killed by SIGSEGV.*; none of 1 "never" happened\.\n$/);
  });

  it('reads the files of a folder, and marks lines where GitHub runs it', () => {
    const { program, line } = compile('guarded');
    fs.mkdirSync(path.join(folder, 'several'));
    fs.writeFileSync(path.join(folder, 'several/b.watch'), 'count write guarded.c:total\n');
    fs.writeFileSync(path.join(folder, 'several/a.watch'), 'never write config_table[2]\n');
    const words = [adapter, 'check', 'several', '--', program, 'reload'];
    const env = { ...process.env, FORCE_COLOR: '', GITHUB_ACTIONS: 'true' };
    const { stderr, status } = spawnSync(process.execPath, words, { encoding: 'utf8', cwd: folder, env });
    assert.equal(status, 1);
    assert.match(stderr, /^several\/a\.watch:1: never .*\n[^]*several\/b\.watch:1: count .*: 10 hits\n/m);
    assert.match(
      stderr,
      new RegExp(`^::error file=.*guarded\\.c,line=${line('never')},col=\\d+,title=never write .*::`, 'm'),
    );
    fs.mkdirSync(path.join(folder, 'none'));
    assert.match(check(['none', '--', program]).stderr, /no \.watch file in the folder none/);
  });

  it('passes standard input and output bytes through', () => {
    const { program } = compile('guarded');
    const { stdout } = check([watchFile('count write guarded.c:total\n'), '--', program, 'echo'], 'what I say');
    assert.equal(stdout, 'total 45, sensors 6\nwhat I say');
  });

  it('refuses what it cannot use with a sentence', () => {
    assert.match(check([]).stderr, /No watch file was given/);
    assert.match(check(['none.watch']).stderr, /none\.watch cannot be read/);
    assert.match(check([watchFile('count write x\n')]).stderr, /names no program/);
    assert.match(check([watchFile('program nowhere\n')]).stderr, /nowhere/);
    assert.match(check(['a.watch', '--frobnicate']).stderr, /does not know --frobnicate/);
  });

  it('says how files of different programs are run', () => {
    fs.writeFileSync(path.join(folder, 'one.watch'), 'program bin/one\ncount write x\n');
    fs.writeFileSync(path.join(folder, 'two.watch'), 'program bin/two\ncount write x\n');
    fs.writeFileSync(path.join(folder, 'more.watch'), 'program bin/one\ncount write y\n');
    const { stderr, status } = check(['one.watch', 'two.watch', 'more.watch']);
    assert.notEqual(status, 0);
    assert.match(stderr, /different programs: bin\/one, bin\/two\./);
    assert.match(stderr, /\n {4}trapline check one\.watch more\.watch\n {4}trapline check two\.watch\n/);
  });

  it('finds the race of the sample', () => {
    const { stderr, status } = check([path.join(root, 'samples/races.watch')]);
    assert.equal(status, 1, stderr);
    assert.match(stderr, /tellers_at_work: 1 → 2\n/);
    assert.match(stderr, /balance 100 → /);
  });

  it('watches the local that a name means where several blocks have one', () => {
    const { program, line } = compile('shadows');
    const second = line('second');
    const text = [
      'count write mixed::n', // its own: depth, and n++
      `count write mixed::L${line('inner')}::n`,
      `count write mixed::L${line('first')}::i`,
      `count write mixed::L${second}::i`,
      'count write begins::n', // its own, though the block comes first
      `count write begins::L${line('begins')}::n`,
      'count write line::one', // a block in the middle of a line
    ];
    const { stderr, status } = check([watchFile(`${text.join('\n')}\n`), '--', program]);
    assert.equal(status, 0, stderr);
    const hits = text.map(
      (each) =>
        stderr
          .split('\n')
          .find((told) => told.includes(`${each}: `))
          ?.match(/\d+ hits?/)?.[0],
    );
    assert.deepEqual(hits, ['2 hits', '2 hits', '3 hits', '6 hits', '2 hits', '1 hit', '4 hits']);
    const unclear = check([watchFile('count write mixed::i\n'), '--', program]);
    assert.equal(unclear.status, 2);
    assert.match(unclear.stderr, /mixed has 2 variables `i`, in different blocks: say which, by the line/);
    assert.ok(unclear.stderr.includes(`\`mixed::L${line('first')}::i\`, \`mixed::L${second}::i\``), unclear.stderr);
  });

  it('watches locals of inner blocks in each call of their function', () => {
    const { program, line } = compile('blocks');
    const file = watchFile('count write fill::i\nnever change fill::twice when $new > 3\n');
    const { stderr, status } = check([file, '--', program]);
    assert.equal(status, 1, stderr);
    // for (i = 0; …; i++) with 3, 2 and 1 rounds.
    assert.match(stderr, /count write fill::i.*\b9\b/, stderr);
    assert.match(stderr, new RegExp(`fill.*blocks\\.c:${line('twice')}`), stderr);
    assert.match(stderr, /2 → 4/, stderr);
    const few = watchFile('never write fill::i when $new > 99\nnever write fill::twice when $new > 99\n');
    assert.equal(check([few, '--', program]).status, 0, 'as many registers as the calls take');
    const refused = check([few, '--debug-registers=4', '--', program]);
    assert.equal(refused.status, 2, refused.stderr);
    assert.match(refused.stderr, /never write fill::i when \$new > 99: 1 call was not watched: .*needs 1 of 4/);
  });
});

// bind.test.ts: a watch file against a program's symbols: what is known before anything runs.

import * as assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { FileProgram } from '../../../adapter/watch/watch-file/bind-place';
import { bindWatchFile } from '../../../adapter/watch/watch-file/bind-watch-file';
import { loadFileProgram } from '../../../adapter/watch/watch-file/load-program';
import { parseWatchFile } from '../../../adapter/watch/watch-file/parse-watch-file';
import { specOf } from '../../../adapter/watch/watch-file/watch-spec';

const source = path.resolve(__dirname, '../../programs/guarded.c');

describe('a .watch file against its program', () => {
  let folder = '';
  let program: FileProgram;
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trapline-bind-'));
    const file = path.join(folder, 'guarded');
    execFileSync('gcc', ['-g', '-O0', '-pthread', '-o', file, source]);
    program = loadFileProgram(file, fs.readFileSync(file), () => undefined);
  });
  after(() => {
    fs.rmSync(folder, { recursive: true });
  });

  const bind = (text: string) => bindWatchFile(parseWatchFile(text), program);
  const mistakes = (text: string): string[] =>
    bind(text).mistakes.map(
      ({ code, severity, span, message }) => `${severity} ${code} ${span.start}-${span.end} ${message}`,
    );
  const one = (text: string): string => {
    const [first, ...rest] = mistakes(text);
    assert.deepStrictEqual(rest, [], text);
    return first;
  };
  const place = (text: string) => bind(text).lines[0].place;

  it('finds variables, members, elements, statics of a file, and what a pointer will point to', () => {
    const nm = execFileSync('nm', [path.join(folder, 'guarded')], { encoding: 'utf8' });
    const address = (name: string): bigint => BigInt(`0x${new RegExp(`^(\\w+) . ${name}$`, 'm').exec(nm)?.[1] ?? ''}`);
    assert.strictEqual(place('watch write config_table[2]')?.address, address('config_table') + 8n);
    assert.strictEqual(place('watch write queue.head')?.address, address('queue'));
    assert.strictEqual(place('watch write guarded.c:total')?.address, address('total'));
    assert.deepStrictEqual(place('watch write queue.mode')?.bits, { offset: 1, width: 5 });
    assert.strictEqual(place('watch write cfg->head')?.address, undefined);
    assert.strictEqual(place('watch write cfg->head')?.lengthBytes, 8);
    assert.strictEqual(place('watch write sum::result')?.functionName, 'sum');
    assert.strictEqual(place('watch write sum::i')?.functionName, 'sum', 'of an inner block, too');
    assert.strictEqual(place('watch write 0x404040 bytes 8')?.lengthBytes, 8);
  });

  it('a thread-local variable is each thread’s own, on its slots', () => {
    const own = place('watch write own');
    assert.deepStrictEqual([own?.isThreadLocal, own?.address, own?.slots], [true, undefined, 1]);
    assert.deepStrictEqual(mistakes('watch write own'), []);
    assert.strictEqual(specOf(bind('watch write own').lines[0], false)?.through, undefined);
  });

  it('takes `through` a pointer as what it points to', () => {
    const [through, plain] = bind('watch write queue.head through\nwatch write queue.head').lines;
    assert.deepStrictEqual([through.place?.type.name, plain.place?.type.name], ['struct node', 'struct node *']);
    const spec = specOf(through, false);
    assert.deepStrictEqual([spec?.expression, spec?.through], ['*(queue.head)', true]);
    assert.strictEqual(specOf(plain, false)?.through, undefined);
  });

  it('names the nearest where there is no such symbol, with a fix', () => {
    assert.match(one('watch write sensor[0]'), /^error watch-file.no-such-symbol 12-18 .*Did you mean `sensors`\?/);
    const [fix] = bind('watch write sensor[0]').mistakes[0].fixes ?? [];
    assert.deepStrictEqual([fix.text, fix.span.start, fix.span.end], ['sensors', 12, 18]);
    assert.match(one('watch write queue.hed'), /noSuchMember 18-21 .*`head`/);
    const [member] = bind('watch write queue.hed').mistakes[0].fixes ?? [];
    assert.deepStrictEqual([member.text, member.span.start, member.span.end], ['head', 18, 21]);
    assert.match(one('watch write qqqqqqqq_zzzz'), /^warning .*shared library/);
    const loading = { ...program, hasLibraries: true };
    const [maybe] = bindWatchFile(parseWatchFile('watch write sensor[0]'), loading).mistakes;
    assert.match(`${maybe.severity} ${maybe.message}`, /^warning .*Did you mean `sensors`\? If a shared library/);
  });

  it('says why a place cannot be watched', () => {
    assert.match(one('watch write total + 1'), /^error watch.computed .*computed and stored nowhere/);
    assert.match(one('watch write main'), /^error watch.isCode .*function breakpoint/);
    assert.match(one('watch write grid'), /^error watch-file.too-wide .*400 bytes; four slots watch at most 32/);
    assert.match(one('watch write total through'), /^error watch-file.through-no-pointer 18-25/);
  });

  it('offers narrower places for one that is too wide', () => {
    const fixes = bind('watch write grid').mistakes[0].fixes ?? [];
    assert.deepStrictEqual(
      fixes.map(({ text }) => text),
      ['grid[0]', 'grid bytes 32'],
    );
    for (const { text } of fixes) assert.deepStrictEqual(mistakes(`watch write ${text}`), []);
  });

  it('counts slots: five are wanted and x86 has four', () => {
    const lines = ['write queue.head', 'write total', 'read total', 'write config_table[0]', 'write sensors[0]'];
    const text = lines.map((line) => `watch ${line}`).join('\n');
    assert.match(one(text), /^warning watch-file.too-many-slots 12-22 Five slots are wanted .*x86 has four/);
    assert.strictEqual(bind(text).slotsWanted, 5);
    assert.deepStrictEqual(mistakes(`registers 5\n${text}`), []);
    // What hangs on a pointer takes the pointer's slots, too: its place moves with it.
    assert.strictEqual(bind('watch write cfg->head').slotsWanted, 2);
    assert.strictEqual(bind('watch write cfg->head->key').slotsWanted, 3);
    assert.match(
      one('watch write *cfg\ncount read total'),
      /^warning watch-file.too-many-slots 11-16 Five slots are wanted/,
    );
    // The same place and kind of access share; threads do not compete with each other.
    assert.strictEqual(bind('watch write total\ncount change total\nnever write total').slotsWanted, 1);
    assert.strictEqual(bind('watch write total in thread a\nwatch write sensors[0] in thread b').slotsWanted, 1);
  });

  it('tells what an unaligned place costs', () => {
    assert.match(one('watch write record.amount'), /^note watch-file.unaligned .*takes 4 slots.*take 1/);
  });

  it('reads conditions against the program', () => {
    assert.deepStrictEqual(mistakes('watch write total when $new > $old && queue.head != 0'), []);
    assert.deepStrictEqual(mistakes('watch write total when 10 / $old > cfg->head->key'), []);
    assert.match(one('watch write total when $nw > 3'), /^error expression.unknownDollar 23-26/);
    assert.match(one('watch write total when queue.hed'), /^error expression.noSuchMember 29-32/);
    assert.match(one('watch write total when i > 3'), /^warning watch-file.condition-local 23-24/);
  });

  it('tells lines that say the same', () => {
    assert.match(one('watch write total\nwatch write guarded.c:total'), /^warning watch-file.duplicate 0-27 Line 1/);
  });

  it('gives the session one watch for each line', () => {
    const { lines } = bind(
      'log change cfg->head every 3 when $new != 0 in thread worker "{$new}"\nnever read 0x10 bytes 4',
    );
    assert.deepStrictEqual(
      lines.map((line) => specOf(line, false)),
      [
        {
          expression: 'cfg->head',
          access: 'change',
          mode: 'log',
          threads: { name: 'worker' },
          origin: 'file',
          condition: '$new != 0',
          hitCondition: '% 3',
          logMessage: '{$new}',
          through: true,
        },
        { expression: '0x10', access: 'read', mode: 'stop', threads: 'all', origin: 'file', lengthBytes: 4 },
      ],
    );
  });
});

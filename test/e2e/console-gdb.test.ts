// What people type most, here and in the real gdb on the same program: the same answers, the same stops.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { compile } from './support/compiled';
import type { Compiled } from './support/compiled';
import { Person } from './support/session';

/** Lines that let the program go on. */
const RUNS = /^(?:c|cont|continue|n|next|s|step|si|stepi|ni|u|until|advance|fin|finish)(?:\s|$)/;

/** gdb does these without a word. */
const SAYS_MORE = /^(?:condition|disable|enable|delete|ignore)\s/;

/** After each line: what gdb printed, and where the program stands. */
function inGdb({ program, source }: Compiled, line: number, lines: readonly string[]): readonly string[] {
  const where = 'python f = gdb.selected_frame(); print("##%s:%d" % (f.name(), f.find_sal().line))';
  const setup = ['set debuginfod enabled off', 'set width 0', 'set confirm off', `break ${source}:${line}`, 'run'];
  const commands = [...setup, ...lines.flatMap((each) => ['echo @@', each, ...(RUNS.test(each) ? [where] : [])])];
  const args = ['-nx', '-batch', ...commands.flatMap((each) => ['-ex', each]), program];
  const { stdout } = spawnSync('gdb', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return stdout.split('@@').slice(1);
}

/** The programs lie elsewhere, and their sources are named in another way. */
const plain = (text: string): string =>
  text
    .trim()
    .replace(/^\$\d+ = /, '')
    .replace(/0x[0-9a-f]+/g, '0x…')
    .replaceAll(/(?:[\w./-]*\/)?(\w+\.c)\b/g, '$1')
    .replace(/[ \t]+/g, ' ');

const firstLine = (text: string): string => text.slice(0, text.indexOf('\n'));

describe('the debug console answers as gdb does', () => {
  let person: Person;
  beforeEach(() => {
    person = new Person();
  });
  afterEach(async () => {
    await person.close();
  });

  const type = (line: string): Promise<string> => person.evaluate(line, 'repl');

  async function compare(compiled: Compiled, marker: string, lines: readonly string[]): Promise<void> {
    await person.runTo(compiled, [marker]);
    const theirs = inGdb(compiled, compiled.line(marker), lines);
    for (const [at, line] of lines.entries()) {
      const answer = theirs.at(at) ?? '';
      const ours = await type(line);
      // gdb lists the line, which an editor shows.
      const gdb = /^(?:up|down|frame)/.test(line) ? firstLine(answer) : answer;
      if (RUNS.test(line)) {
        await person.stop();
        const { name, line: stoppedAt } = await person.top();
        assert.equal(`${name}:${stoppedAt}`, /##(.*)/.exec(gdb)?.[1], line);
      } else if (!SAYS_MORE.test(line)) assert.equal(plain(ours), plain(gdb), line);
    }
  }

  it('about pointers, functions and registers', async () => {
    await compare(compile('counter'), 'start', [
      ...['p &counter', 'p message', 'p &message', 'p argv', 'p bump', 'p &bump', 'p *&counter', 'p main', 'p &steady'],
      ...['p $rip', 'p $pc', 'p $rsp', 'p $rsp+8', 'p (char)65', 'p (void *)0', 'p &argv[0]', 'p counter == 40'],
      ...[
        'p sizeof(counter)',
        'p/x counter',
        'p/t 5',
        'p/c 65',
        'p -5 % 3',
        'p 7/2',
        'p 7/2.0',
        'p !counter',
        'p ~counter',
      ],
      ...['whatis &counter', 'whatis bump', 'whatis &bump', 'whatis argv', 'whatis counter + 1L'],
      ...['ptype bump', 'ptype argv', 'whatis message', 'whatis *message', 'whatis $rip', 'whatis $rsp', 'whatis 1.5f'],
    ]);
  });

  it('about texts and lines', async () => {
    await compare(compile('counter'), 'start', [
      'printf "%d %s %5.2f|%-5d|%05d %x %c %%\\n", counter, message, 1.5, 7, 8, 255, 97',
      'printf "%lu %#x %+d %e %g %.3s|%8s|%-8s|\\n", 5, 255, 7, 12345.678, 0.0001, message, message, message',
      'printf "%g %g %g %5c|%o %i %X\\n", 100000.0, 1e10, 1.5, 65, 8, -3, 48879',
      ...[
        'echo hello\\n',
        'echo a\\tb\\n',
        'list',
        'list',
        'list -',
        'list bump',
        'list 3,5',
        'list 10',
        'l counter.c:4',
      ],
      ...['list 20,', 'info line 17', 'info line bump', 'info line 12', 'info line counter.c:21'],
      ...['info args', 'info locals'],
    ]);
  });

  it('and stops where gdb stops: next, step, until, advance', async () => {
    await compare(compile('counter'), 'start', [
      ...['next', 'n', 's', 'fin', 'n 2', 'until', 'p counter', 'advance 26', 'p total'],
    ]);
    await person.close();
    person = new Person();
    await compare(compile('counter'), 'start', [
      'n 2',
      'step',
      'up',
      'info line',
      'down',
      'until 11',
      'advance rewrite',
    ]);
    await person.close();
    person = new Person();
    await compare(compile('recursion'), 'add', ['step', 'frame', 'advance 12', 'p n', 'u', 'u', 'p partial']);
  });

  it('and breakpoints: break, tbreak, ignore, conditions', async () => {
    await compare(compile('counter'), 'start', [
      ...['break bump', 'tbreak rewrite', 'c', 'p counter', 'c', 'p counter', 'condition 2 counter > 41', 'c'],
      ...['p counter', 'disable 2', 'tb 25 if total > 100', 'c', 'p counter'],
    ]);
  });
});

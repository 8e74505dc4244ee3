// The debug console: gdb's fingers, and what they do stays in step with the editor.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { WatchView } from '../../adapter/protocol/watches';
import { compile } from './support/compiled';
import type { Compiled } from './support/compiled';
import { Person } from './support/session';

describe('the debug console', () => {
  let person: Person;
  let counter: Compiled;
  let racers: Compiled;
  let shapes: Compiled;
  let recursion: Compiled;

  before(() => {
    counter = compile('counter');
    racers = compile('racers');
    shapes = compile('shapes');
    recursion = compile('recursion');
  });
  beforeEach(() => {
    person = new Person();
  });
  afterEach(async () => {
    await person.close();
  });

  const type = (line: string): Promise<string> => person.evaluate(line, 'repl');
  const refused = async (line: string, context = 'repl'): Promise<string> =>
    person.client.refused('evaluate', { expression: line, context, frameId: (await person.top()).id });
  const list = async (): Promise<WatchView[]> =>
    (await person.client.request('trapline/watches')) as unknown as WatchView[];
  const told = (): unknown[] =>
    person.client.events('breakpoint').map(({ body }) => {
      const { reason, breakpoint } = body as { reason: string; breakpoint: { id: number } };
      return [reason, breakpoint.id];
    });

  it('watches with gdb’s commands, and the editor is told', async () => {
    await person.runTo(counter, ['start']);
    assert.match(
      await type('watch counter'),
      /^Hardware watchpoint 2: counter\nArmed, 0 hits\. DR0 on every thread: 4 bytes at 0x/,
    );
    assert.match(await type('rwatch steady'), /^Hardware read watchpoint 3: steady\n/);
    assert.match(await type('awatch -l total if $new > 50'), /^Hardware access \(read\/write\) watchpoint 4: total\n/);
    assert.deepEqual(
      (await list()).map(({ id, label, access, condition, origin }) => [id, label, access, condition, origin]),
      [
        [2, 'counter', 'change', undefined, 'console'],
        [3, 'steady', 'read', undefined, 'console'],
        [4, 'total', 'access', '$new > 50', 'console'],
      ],
    );
    assert.deepEqual(told(), [
      ['new', 2],
      ['new', 3],
      ['new', 4],
    ]);
    await person.client.event('trapline/watchesChanged');
    assert.equal((await person.continue()).description, 'counter: 40 → 41');
    assert.equal(await type('$old'), '40');
    assert.equal(await type('$new'), '41');
    assert.equal(await type('$writer'), '"bump"');
    assert.equal(await type('p $new - $old'), '$1 = 1');
    assert.match(await type('p $dr0'), /^\$2 = \(void \*\) 0x[0-9a-f]+ <counter>$/);
  });

  it('deletes, disables and changes watches of the editor, too', async () => {
    await person.runTo(counter, ['start']);
    const [editors] = await person.watch({ dataId: await person.idOf('counter'), accessType: 'write' });
    assert.match(await type('info watchpoints'), /\n2 +hw watchpoint +keep +y +0x[0-9a-f]+ +counter \(4 bytes\) +0$/);
    assert.equal(await type('condition 2 $new > 41'), '2: counter acts only if $new > 41.');
    assert.equal((await person.continue()).description, 'counter: 41 → 42');
    assert.match(await type('info wat'), / 41 → 42 +bump at counter\.c:10, thread \d+/);
    await type('disable 2');
    assert.match(await type('info watchpoints'), / keep +n /);
    await type('enable 2');
    assert.equal((await list())[0]?.state, 'armed');
    assert.equal(await type('delete 2'), 'Deleted 2.');
    assert.deepEqual(told().at(-1), ['removed', editors.id]);
    assert.deepEqual(await list(), []);
    assert.equal(await type('delete 1'), 'Deleted 1.');
    assert.deepEqual(told().at(-1), ['removed', 1]);
    assert.equal(await type('info breakpoints'), 'There are no breakpoints and no watches.');
    assert.equal(await person.toTheEnd(), 3);
  });

  it('ignores the next hits', async () => {
    await person.runTo(counter, ['start']);
    await type('watch counter');
    assert.equal(await type('ignore 2 2'), '2: counter passes over its next 2 hits.');
    assert.equal((await person.continue()).description, 'counter: 42 → 43');
    assert.match(await type('info watchpoints 2'), /breakpoint already hit 3 times/);
  });

  it('counts and logs without a stop', async () => {
    await person.runTo(counter, ['start', 'print']);
    assert.match(await type('count steady'), /count, without a stop/);
    await type('log counter every 2 "{$old} → {$new}"');
    await person.continue();
    assert.match(person.client.output('console'), /^41 → 42$/m);
    assert.doesNotMatch(person.client.output('console'), /^40 → 41$/m);
    const table = await type('info watchpoints');
    assert.match(table, /\n3 +hw watchpoint +count +y +\S+ +steady \(4 bytes\) +4 +7 → 8 +main at counter\.c:\d+/);
    assert.match(table, /\n4 +hw watchpoint +log .*\n +log only at hits % 2\n/);
    const lines = (await type('history 4 2')).split('\n');
    assert.match(lines[2] ?? '', /^ *2 +[\d.]+ +41 → 42 +bump at counter\.c:\d+, thread \d+/);
    assert.match(lines[3] ?? '', /^ *3 +[\d.]+ +42 → 43 /);
    assert.match(lines[5] ?? '', /^ *3 +bump at counter\.c:\d+ +thread /);
  });

  it('watches a location beyond the end of its call, with -l only', async () => {
    await person.runTo(recursion, ['add']);
    await type('watch partial');
    await type('watch -l partial');
    const [own, location] = await list();
    assert.match(own.message, /Ends when this call of sum/);
    assert.doesNotMatch(location.message, /Ends when/);
    assert.equal(location.label, 'partial');
    assert.equal(location.typeName, 'int');
  });

  it('watches in one thread, by its place or its name', async () => {
    await person.runTo(racers, ['write']);
    const threads = (await type('info threads')).split('\n');
    const second = /^\S* +2 +(\d+)/.exec(threads[2] ?? '')?.[1];
    await type('watch shared thread 2');
    assert.deepEqual((await list())[0]?.threads, { id: Number(second) });
    assert.match(await type('info watchpoints'), new RegExp(`stop only in thread ${second}`));
    assert.match(await refused('watch shared thread nobody'), /no thread nobody now\. There are: \d+/);
  });

  it('tells who holds which debug register', async () => {
    await person.runTo(counter, ['start']);
    await type('watch counter');
    for (const line of ['info dr', 'info registers dr', 'i r dr7']) {
      const text = await type(line);
      assert.match(text, /DR0 +armed +0x[0-9a-f]+ +4 +write +counter +0 +ptrace\n/, line);
      assert.match(text, /1 of 4 debug registers used, 3 free/, line);
    }
    assert.match(await type('info registers rip'), /^rip +0x[0-9a-f]{16} +main$/);
  });

  it('shows values, memory and types as gdb does', async () => {
    await person.runTo(shapes, ['member']);
    const ours = new Map<string, string>();
    const lines = [
      'x/4xw &table',
      'x/3dw table',
      'x/2xg &quad',
      'x/5xb &half',
      'x/8c settings.name',
      'x/s settings.name',
    ];
    const more = [
      'x/2uh &half',
      'x/tb &byte',
      'x/ow &word',
      'x/fg &precise',
      'p/x word',
      'p/t byte',
      'p/o word',
      'p/c byte',
      'p/d quad',
    ];
    const types = ['whatis chosen', 'whatis table', 'ptype struct config', 'ptype chosen', 'ptype byte'];
    for (const line of [...lines, ...more, ...types]) ours.set(line, await type(line));
    const gdb = execFileSync(
      'gdb',
      [
        ...[
          '-nx',
          '-batch',
          '-ex',
          'set debuginfod enabled off',
          '-ex',
          `break ${shapes.line('member')}`,
          '-ex',
          'run',
        ],
        ...[...ours.keys()].flatMap((line) => ['-ex', `echo @@`, '-ex', line]),
        shapes.program,
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    )
      .split('@@')
      .slice(1);
    // The programs lie elsewhere: addresses are left out, and gdb's numbers of values.
    const plain = (text: string): string =>
      text
        .trim()
        .replace(/^\$\d+ = /, '')
        .replace(/^0x[0-9a-f]+/gm, '')
        .replace(/\s+/g, ' ');
    assert.deepEqual([...ours.values()].map(plain), gdb.map(plain));
  });

  it('tells the numbers and hits that gdb tells', async () => {
    await person.runTo(counter, ['start']);
    await type('watch counter');
    await type('watch steady if $new == 8');
    await person.continue();
    await person.continue();
    const facts = (text: string): unknown[] =>
      [...text.matchAll(/^(\d+) +(hw watchpoint) +(keep) +(y) .*?(counter|steady)[^\n]*((?:\n\s+\S[^\n]*)*)/gm)].map(
        ([, number, kind, disposition, enabled, what, notes]) => {
          const hits = /already hit (\d+) time/.exec(notes)?.[1];
          return [number, kind, disposition, enabled, what, hits];
        },
      );
    const script = [`break ${counter.line('start')}`, 'run', 'watch counter', 'watch steady if steady == 8'];
    const commands = ['set can-use-hw-watchpoints 1', ...script, 'continue', 'continue', 'info watchpoints'];
    const gdb = execFileSync('gdb', ['-nx', '-batch', ...commands.flatMap((line) => ['-ex', line]), counter.program], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ours = facts(await type('info watchpoints'));
    assert.equal(ours.length, 2);
    assert.deepEqual(ours, facts(gdb));
  });

  it('evaluates what only begins with a command’s word', async () => {
    await person.runTo(compile('named-like-commands'), ['here']);
    assert.equal(await type('watch'), '1');
    assert.equal(await type('count + 1'), '3');
    assert.equal(await type('count = 5'), '5');
    assert.equal(await type('count'), '5');
    assert.equal(await type('p * x'), '12');
    assert.equal(await type('v *x'), '24');
    assert.equal(await type('p -x'), '$1 = -4');
    assert.equal(await type('log.delete'), '7');
    assert.match(await type('watch watch'), /^Hardware watchpoint 2: watch\n/);
    assert.match(await type('-exec count count'), /^Hardware watchpoint 3: count /);
  });

  it('runs commands only where the person types, never in a hover or in the Watch view', async () => {
    await person.runTo(counter, ['start']);
    for (const context of ['hover', 'watch', 'variables', 'clipboard']) {
      assert.match(await refused('watch counter', context), /counter|watch/);
    }
    assert.deepEqual(await list(), []);
  });

  it('says what is wrong and what to type', async () => {
    await person.runTo(counter, ['start']);
    const cases: readonly (readonly [string, RegExp])[] = [
      ['wtach counter', /`wtach` is neither a command nor a variable\. Did you mean `watch counter`\?/],
      ['watch counter mask 0xf0', /`mask` is not possible/],
      ['watch', /It needs what to watch/],
      ['watch conter', /Did you mean `counter`\?/],
      ['watch counter + 1', /computed value without a place in memory/],
      ['watch $rip', /register/],
      ['delete 7', /There is no breakpoint 7/],
      ['condition 1 x =', /cannot be read/],
      ['history 1', /only watches keep a history/],
      ['info nothing', /`info nothing` is not known/],
      ['help nothing', /There is no command `nothing`/],
      ['advance', /It needs a place to run to/],
      ['advance nowhere', /No loaded module has a function `nowhere`/],
      ['break conter.c:17', /Did you mean `counter\.c`\?/],
      ['break main if', /Nothing follows `if`/],
      ['break main if counter ==', /cannot be read/],
      ['clear 12', /No breakpoint at counter\.c:12/],
      ['call main()', /Not done in this console: .*Functions of the program are not called/],
      ['twatch counter', /a watch that ends after its first hit/i],
      ['rwatch $rip', /register/],
      ['awatch $rax', /register/],
      ['set print pretty on', /show values as trees/],
      ['printf "%d"', /1 conversion, and 0 follow/],
      ['printf "%q", counter', /`%q` is no conversion/],
      ['printf "%s", counter', /%s takes a text/],
      ['undisplay 4', /There is no display 4/],
      ['list 90', /Line 85 is out of range: counter\.c has 28 lines/],
      ['con', /`con` may be `condition`, `continue`: write more of it/],
      ['next two', /`two` is no count/],
      ['thread 99', /There is no thread 99 now/],
      ['x/3q &counter', /no letter of a format/],
      ['x 0', /0x0 is not mapped/],
      ['ptype struct nothing', /No type `struct nothing`/],
      ['$old', /it is known where a data breakpoint has stopped the program/],
      ['$nothing', /neither a register nor a value/],
      ['-exec frobnicate', /There is no command `frobnicate`/],
      ['conter', /Did you mean `counter`\?/],
    ];
    for (const [line, reason] of cases) assert.match(await refused(line), reason, line);
    assert.deepEqual(await list(), []);
  });

  it('helps', async () => {
    await person.runTo(counter, ['start']);
    const help = await type('help');
    for (const word of ['watch', 'rwatch', 'awatch', 'info', 'delete', 'history', 'log', 'count', 'x[']) {
      assert.ok(help.includes(`\n${word}`), word);
    }
    assert.match(await type('help watch'), /^watch \[-l\] EXPRESSION \[if CONDITION\]/);
  });

  it('tells the watches while the program runs', async () => {
    await person.launch(compile('spin').program, { stopOnEntry: true });
    await person.begin();
    const enter = async (expression: string): Promise<string> =>
      String((await person.client.request('evaluate', { expression, context: 'repl' })).result);
    await person.client.request('continue', { threadId: person.thread });
    // Set while it runs, too: the program is paused for it, unseen.
    assert.match(await enter('count turns'), /^Hardware watchpoint \d+: turns \(count, without a stop\)/);
    assert.match(await enter('info watchpoints'), / turns \(\d bytes\) /);
    assert.match(await enter('help'), /watch/);
    assert.match(await person.client.refused('evaluate', { expression: 'bt', context: 'repl' }), /pause it first/);
    assert.equal(person.client.events('stopped').length, 1);
  });

  it('tells the watches after the end', async () => {
    await person.runTo(counter, ['start']);
    await type('count counter');
    assert.equal(await person.toTheEnd(), 3);
    const enter = async (expression: string): Promise<string> =>
      String((await person.client.request('evaluate', { expression, context: 'repl' })).result);
    assert.match(await enter('info watchpoints'), /counter \(4 bytes\) +3 +42 → 43/);
    assert.match(await enter('history 2'), /42 → 43/);
    assert.match(await person.client.refused('evaluate', { expression: 'bt', context: 'repl' }), /has ended/);
  });

  it('follows pointers, as gdb does, unless a location is meant', async () => {
    await person.runTo(shapes, ['arrow']);
    await type('watch chosen->x');
    await type('watch -l chosen->x');
    const [through, location] = await list();
    assert.match(through.message, /on the pointers that lead there/);
    assert.doesNotMatch(location.message, /pointers/);
    const stop = await person.continue();
    assert.equal(stop.description, 'chosen->x: 1 → 11; chosen->x: 1 → 11');
  });

  it('completes commands, symbols, members, registers and numbers', async () => {
    await person.runTo(shapes, ['member']);
    await type('watch word');
    const frameId = (await person.top()).id;
    const complete = async (text: string): Promise<string[]> => {
      const body = await person.client.request('completions', { frameId, text, column: text.length + 1 });
      return (body.targets as DebugProtocol.CompletionItem[]).map(({ label, start, length = 0 }) => {
        assert.equal(start, text.length - length + 1);
        return label;
      });
    };
    assert.deepEqual(await complete('aw'), ['awatch']);
    assert.deepEqual(await complete('watch sett'), ['settings']);
    assert.deepEqual(await complete('watch -l settings.origin.'), ['x', 'y']);
    assert.deepEqual(await complete('p chosen->'), ['x', 'y']);
    assert.deepEqual(await complete('p (&settings)->fl'), ['flags']);
    assert.deepEqual(await complete('table[settings.le'), ['level']);
    assert.deepEqual(await complete('watch -'), ['-location']);
    assert.ok((await complete('watch word ')).includes('if'));
    assert.deepEqual(await complete('info wat'), ['watchpoints']);
    assert.deepEqual(await complete('delete '), ['2', '1']);
    assert.deepEqual(await complete('condition '), ['2', '1']);
    assert.deepEqual(await complete('help rw'), ['rwatch']);
    assert.ok((await complete('p $dr')).includes('dr7'));
    assert.ok((await complete('condition 2 $o')).includes('old'));
    for (const none of ['p nothing->', 'log word "{', 'p 1.', 'bt ', '']) {
      if (none !== '') assert.deepEqual(await complete(none), [], none);
      else assert.ok((await complete(none)).includes('watch'));
    }
  });

  it('keeps what print has shown, as gdb does', async () => {
    await person.runTo(shapes, ['member']);
    assert.match(await type('info symbol table'), /^table is at 0x[0-9a-f]+\.$/);
    assert.equal(await type('p table[5]'), '$1 = 0');
    assert.equal(await type('p/x word'), '$2 = 0x3');
    assert.equal(await type('p $ + $1'), '$3 = 3');
    assert.equal(await type('p $$2'), '$4 = 0');
    assert.equal(await type('p $$'), '$5 = 3');
    assert.equal(await type('p settings.origin'), '$6 = {x = 1, y = 2}');
    assert.equal(await type('print'), '$7 = {x = 1, y = 2}');
    await type('settings.origin.y = 9');
    assert.equal(await type('p $6.y + settings.origin.y'), '$8 = 11');
    assert.match(await refused('p $99'), /no value with that number has been printed yet/);
    assert.equal(await type('word + $2'), '6');
  });

  it('chooses frames until the editor does, or the program goes on', async () => {
    await person.runTo(recursion, ['leave']);
    assert.match(await type('frame'), /^#0 {2}sum \(n=0\) at recursion\.c:\d+$/);
    assert.match(await type('up'), /^#1 {2}0x[0-9a-f]+ in sum \(n=1\) at recursion\.c:\d+$/);
    assert.equal(await type('n'), '1');
    assert.match(await type('up 1'), /^#2 .* in sum \(n=2\)/);
    assert.equal(await type('p n'), '$1 = 2');
    assert.match(await type('info args'), /^n = 2$/);
    assert.match(await type('down'), /^#1 .*n=1/);
    assert.match(await type('frame 3'), /^#3 /);
    assert.match(await type('down 99'), /^#0 .*n=0/);
    assert.match(await refused('down'), /innermost frame is chosen: you cannot go down/);
    assert.match(await refused('frame 99'), /There is no frame 99/);
    await type('up 99');
    assert.match(await refused('up'), /outermost frame is chosen: you cannot go up/);
    const second = (await person.frames())[1].id;
    const inSecond = { expression: 'n', context: 'repl', frameId: second };
    assert.equal((await person.client.request('evaluate', inSecond)).result, '1');
    await person.step('next');
    assert.match(await type('frame'), /^#0 {2}sum/);
  });

  it('runs and steps, and the editor is told', async () => {
    await person.runTo(counter, ['start']);
    await type('watch counter');
    assert.equal(await type('c'), 'Continuing.');
    assert.equal((await person.stop()).description, 'counter: 40 → 41');
    assert.equal(person.client.events('continued').length, 1);
    await type('finish');
    assert.equal((await person.stop()).reason, 'step');
    assert.equal((await person.top()).name, 'main');
    const { line } = await person.top();
    await type('next');
    await person.stop();
    assert.equal((await person.top()).line > line, true);
    await type('stepi');
    assert.equal((await person.stop()).reason, 'step');
    assert.equal(await type('c'), 'Continuing.');
    await person.stop();
    const story = person.client.messages.flatMap((message) => ('event' in message ? [String(message.event)] : []));
    const running = story.filter((name) => name === 'continued' || name === 'stopped');
    assert.deepEqual(
      running.slice(1),
      running.slice(1).map((_, at) => (at % 2 === 0 ? 'continued' : 'stopped')),
    );
  });

  it('displays at each stop what means something there', async () => {
    await person.runTo(counter, ['start']);
    assert.equal(await type('display counter'), '1: counter = 40');
    assert.equal(await type('display/x rounds'), '2: /x rounds = 0x0');
    assert.match(await type('display/i $pc'), /^3: x\/i \$pc\n=> 0x[0-9a-f]+ <main\+\d+>:\t/);
    await type('watch counter');
    await person.continue();
    // In bump there are no rounds.
    assert.match(person.client.output('console'), /\n1: counter = 41\n3: x\/i \$pc\n=> 0x/);
    assert.equal(await type('undisplay 3'), 'Ended 3 ($pc).');
    assert.equal(await type('disable display 1'), 'Not shown: 1 (counter).');
    assert.equal(await type('info display'), 'Num  Enb  Expression\n1    n    counter\n2    y    /x rounds');
    const before = person.client.output('console').length;
    await type('finish');
    await person.stop();
    assert.equal(person.client.output('console').slice(before), '2: /x rounds = 0x3\n');
    assert.equal(await type('delete display'), 'Ended 1 (counter), 2 (/x rounds).'.replace('/x ', ''));
  });

  it('looks at other threads, and asks each of them', async () => {
    await person.runTo(racers, ['write']);
    const [first] = (await type('thread 1')).split('\n');
    assert.match(first, /^\[Switching to thread \d+ "racers[^"]*"\]$/);
    assert.match(await type('bt 1'), /^#0 .*libc/);
    await person.client.request('stackTrace', { threadId: person.thread });
    assert.match(
      await type('thread apply all bt 1'),
      /^Thread 5 [^]*\nThread 2 \(thread \d+ "racers[^"]*"\):\n#0 {2}work \(/,
    );
    assert.match(await type('thread apply 2 p argument'), /^Thread 2 .*\n\$1 = \(void \*\) 0x1$/);
  });

  it('tells of code, sources, libraries and signals', async () => {
    await person.runTo(counter, ['bump']);
    const frame = await type('info frame');
    assert.match(
      frame,
      /^Stack level 0, frame at 0x[0-9a-f]+:\n rip = 0x[0-9a-f]+ in bump \(counter\.c:10\); saved rip = 0x/,
    );
    assert.match(await type('info sharedlibrary'), /libc\.so\.6$/m);
    assert.match(await type('info signals SIGSEGV'), /^SIGSEGV +Yes +Yes +invalid memory access$/m);
    assert.match(await type('info signals alrm'), /^SIGALRM +No +Yes /m);
    assert.equal(await type('info functions ump'), 'bump');
    assert.equal(await type('info variables count'), 'int counter;');
    assert.match(await type('info source'), /counter\.c, line 10\.\nIt is on this machine\.$/);
    assert.match(await type('info sources'), /counter\.c$/m);
    assert.match(await type('info address counter'), /^Symbol "counter" is at address 0x[0-9a-f]+, 4 bytes\.$/);
    assert.match(await type('info s'), /^#0 {2}bump \(by=1\)/);
  });

  it('takes the beginning of a command where only one has it', async () => {
    await person.runTo(counter, ['start']);
    assert.match(await type('wat counter'), /^Hardware watchpoint 2: counter/);
    assert.equal(await type('wha counter'), 'type = int');
    assert.match(await type('disab 2'), /^2: counter is disabled/);
    assert.match(await type('fram'), /^#0 {2}main \(/);
  });

  it('understands lldb’s words for what it has', async () => {
    await person.runTo(counter, ['start']);
    assert.match(await type('watchpoint set variable counter'), /^Hardware watchpoint 2: counter\n/);
    assert.match(await type('w s e -w read -s 4 -- &steady'), /^Hardware read watchpoint 3: .*\nArmed, 0 hits\./);
    assert.match(await type('br s -n bump'), /^Breakpoint 4 at .* line 10\.$/);
    assert.equal(await type('frame variable'), await type('info locals'));
    assert.match(await type('register read rip'), /^rip +0x[0-9a-f]{16} +main$/);
    assert.equal(await type('expr -- counter + 1'), '$1 = 41');
    assert.equal(await type('w del 3'), 'Deleted 3.');
    await type('thread step-over');
    await person.stop();
    assert.equal((await person.top()).line, counter.line('start') + 1);
  });

  it('walks the stack', async () => {
    await person.runTo(recursion, ['leave']);
    const lines = (await type('bt 3')).split('\n');
    assert.match(lines[0] ?? '', /^#0 {2}sum \(n=0\) at recursion\.c:\d+$/);
    assert.match(lines[1] ?? '', /^#1 {2}0x[0-9a-f]+ in sum \(n=1\) at recursion\.c:\d+$/);
    assert.equal(lines[3], '(more: `bt 6`)');
  });
});

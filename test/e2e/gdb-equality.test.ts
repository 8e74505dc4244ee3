// The same program under gdb with a hardware watchpoint on the real CPU: the same writers in the same order.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { WatchView } from '../../adapter/protocol/watches';
import { compile, scratch } from './support/compiled';
import type { Compiled } from './support/compiled';
import { Person } from './support/session';

interface Change {
  readonly function: string;
  readonly line: number;
  readonly old: string;
  readonly new: string;
}

/**
 * gdb stops after the writing instruction: the byte before $pc belongs to it (it is no jump), and so do that byte's
 * line and function. It gives a local's watch up when its frame ends, as we do.
 */
function gdbChanges(compiled: Compiled, expression: string, marker: string): Change[] {
  const commands = [
    ...[
      'set confirm off',
      'set pagination off',
      'set width 0',
      'set debuginfod enabled off',
      'set can-use-hw-watchpoints 1',
    ],
    `break ${compiled.line(marker)}`,
    'run',
    'delete',
    `watch ${expression}`,
    'python',
    'import gdb',
    'while True:',
    '  gdb.execute("continue")',
    '  try: frame = gdb.newest_frame()',
    '  except gdb.error: break',
    '  at = gdb.find_pc_line(frame.pc() - 1)',
    '  block = gdb.block_for_pc(frame.pc() - 1)',
    '  while block and not block.function: block = block.superblock',
    '  print("@@ %s %d" % (block.function if block else frame.name(), at.line))',
    'end',
  ];
  const script = path.join(scratch(), 'watch.gdb');
  writeFileSync(script, `${commands.join('\n')}\n`);
  const stdio: ('ignore' | 'pipe')[] = ['ignore', 'pipe', 'ignore'];
  const text = execFileSync('gdb', ['-nx', '-batch', '-x', script, compiled.program], { encoding: 'utf8', stdio });
  const pattern = /Old value = (.*)\nNew value = (.*)\n[^]*?\n@@ (\S+) (\d+)/g;
  return [...text.matchAll(pattern)].map(([, old, now, name, line]) => ({
    function: name,
    line: Number(line),
    old: old,
    new: now,
  }));
}

async function ourChanges(compiled: Compiled, expression: string, marker: string): Promise<Change[]> {
  const person = new Person();
  try {
    await person.runTo(compiled, [marker]);
    await person.client.request('setBreakpoints', { source: { path: compiled.source }, breakpoints: [] });
    const [answer] = await person.watch({ dataId: await person.idInFrame(expression), accessType: 'write' });
    assert.equal(answer.verified, true, answer.message);
    const changes: Change[] = [];
    for (;;) {
      await person.client.request('continue', { threadId: person.thread });
      const event = await person.client.event('stopped').catch(() => undefined);
      if (event === undefined) return changes;
      const [, old = '', now = ''] = /: (.*) → (.*)$/.exec(String(event.description)) ?? [];
      const top = await person.top();
      const [{ lastWriter }] = (await person.client.request('trapline/watches')) as unknown as WatchView[];
      assert.equal(lastWriter?.function, top.name, 'the view names who the stack names');
      changes.push({ function: top.name, line: top.line, old, new: now });
    }
  } finally {
    await person.close();
  }
}

/** At -O2 several lines are one: the marker's code of others may be gone. */
const OPTIMIZED: ReadonlySet<string> = new Set(['shapes', 'inlined', 'stores']);

describe('the stops equal those of gdb on the real CPU', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['counter', 'counter', 'start'],
    ['counter', 'total', 'start'],
    ['counter', 'steady', 'start'],
    ['recursion', 'partial', 'add'],
    ['recursion', 'mine', 'mine'],
    ['shapes', 'settings.origin.y', 'member'],
    ['shapes', 'table[5]', 'member'],
    ['shapes', 'quad', 'member'],
    ['shapes', 'precise', 'member'],
    ['inlined', 'total', 'start'],
    ['stores', 'page[1024]', 'start'],
    ['stores', 'copies[5]', 'start'],
    ['stores', 'packed.wide', 'start'],
    ['stores', 'handled', 'start'],
  ];
  for (const flags of [
    ['-g', '-O0'],
    ['-g', '-O2'],
  ]) {
    for (const [name, expression, marker] of cases) {
      if (flags.includes('-O2') && !OPTIMIZED.has(name)) continue;
      it(`${name}: ${expression} at ${flags.join(' ')}`, async () => {
        const compiled = compile(name, flags);
        const expected = gdbChanges(compiled, expression, marker);
        assert.ok(expected.length > 0, 'gdb saw a change');
        assert.deepEqual(await ourChanges(compiled, expression, marker), expected);
      });
    }
  }
});

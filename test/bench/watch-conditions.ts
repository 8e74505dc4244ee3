// watch-conditions.ts: what conditions cost that look further than at a number: at members, bits, through pointers, and
// watches that share what they watch.
//
// npm run bench -- conditions [PART]    Each case writes one global of conditions.c again and again; every write is a hit.
// With a part of its text: only the cases that have it.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { WatchSpec } from '../../adapter/protocol/watches';
import { runWatched } from './watched-run';

interface Case {
  readonly expression: string;
  /** Of what is written, by its writer's name. */
  readonly writer: string;
  readonly more: WatchSpec;
  /** One more watch, of the same where it names nothing else. */
  readonly second?: WatchSpec;
}

const when = (writer: string, condition: string, expression = writer): Case => ({
  expression,
  writer,
  more: { condition },
});
const counted: WatchSpec = { mode: 'count' };

const CASES: readonly Case[] = [
  when('value', '$new == 5000000'),
  { expression: 'value', writer: 'value', more: { condition: '$new == 5000000' }, second: counted },
  { expression: 'value', writer: 'value', more: { condition: '$new < 0' }, second: { condition: '$old == 5000000' } },
  { expression: 'value', writer: 'value', more: counted, second: { access: 'write', condition: '$new == 5000000' } },
  { expression: 'point', writer: 'point', more: counted, second: { expression: 'point.y', condition: '$new < 0' } },
  { expression: 'point', writer: 'point', more: counted, second: { condition: '$new.y < 0' } },
  { expression: 'value', writer: 'value', more: { hitCondition: '% 100000' } },
  when('value', 'cfg->mode == 3'),
  when('value', 'cfg->next->level == 9'),
  when('value', '*cursor > 3'),
  when('value', 'table[at] == $new && at == 4'),
  when('value', '(unsigned char)$new == 255 && $new < 0'),
  when('value', '&table[3] == cursor'),
  when('value', 'second.level == 3'),
  when('value', '(cfg ? cfg->mode : 0) == 3'),
  when('value', '($new & 1) << 3 == 4'),
  { expression: 'first.level', writer: 'level', more: counted },
  when('level', '$new == 5 && other', 'first.level'),
  when('point', '$new.y == 5000000'),
  when('point', '$old.y > $new.y && $new.x != 1'),
  when('wide', '$new == 5000000'),
  when('ratio', '$new > 1500000.0'),
  when('slope', '$new > 1500000.0f'),
  when('flag', '$new == true && $old == true'),
  when('mode', '$new == DONE'),
  when('letter', "$new == 'z'"),
  when('cursor', '*$new == 77'),
  when('cursor', '$new == &table[20]'),
  { expression: 'walker->mode', writer: 'through', more: counted },
];
const TURNS = 2;
const FEW = 200_000;

/** Prints a table. */
export async function watchConditions(part = ''): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'trapline-bench-'));
  const program = path.join(folder, 'conditions');
  execFileSync('gcc', ['-g', '-O0', '-o', program, path.resolve(__dirname, '../programs/conditions.c')]);
  console.log('\nconditions of a watch                                            M hits/s');
  for (const each of CASES) {
    const text = textOf(each);
    if (!text.includes(part)) continue;
    const speed = await speedOf(program, each);
    console.log(text.padEnd(62) + speed.toFixed(3).padStart(12));
  }
  rmSync(folder, { recursive: true });
}

function textOf({ expression, more, second }: Case): string {
  const what = (spec: WatchSpec | undefined): unknown[] => [spec?.mode, spec?.condition, spec?.hitCondition];
  const another = second === undefined ? [] : ['+ another', second.expression, ...what(second)];
  return [expression, ...what(more), ...another].filter(Boolean).join('  ');
}

/** Many rounds only where a few are fast. */
async function speedOf(program: string, { expression, writer, more, second }: Case): Promise<number> {
  const specs = [more, ...(second === undefined ? [] : [second])].map((spec) => ({ expression, ...spec }));
  const measure = async (rounds: number): Promise<number> => {
    const { milliseconds, hits } = await runWatched(program, [String(rounds), writer], specs);
    return hits / milliseconds / 1000;
  };
  const slow = await measure(FEW);
  if (slow < 0.2) return slow;
  let best = slow;
  for (let turn = 0; turn < TURNS; turn++) best = Math.max(best, await measure(10 * FEW));
  return best;
}

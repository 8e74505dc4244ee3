// Counts as text: for people, as fields, as JSON; one run or several; counted all the time, partly, or not at all.

import * as assert from 'node:assert';
import { statText, type StatCount, type StatRun } from '../../../../adapter/wire/cli/perf/stat-text';

const count = (value: number, changes: Partial<StatCount> = {}): StatCount => ({
  event: 'mem:counter:w',
  value,
  enabledNs: 2000,
  runningNs: 2000,
  place: 'writes of 4 bytes at 0x404040',
  ...changes,
});
const run = (...counts: readonly StatCount[]): StatRun => ({ counts, elapsedSeconds: 0.25, emulatedSeconds: 0.000002 });
const lineWith = (text: string, part: string): string => text.split('\n').find((line) => line.includes(part)) ?? '';

describe('counts as text', () => {
  it('for people: as perf stat lays them out', () => {
    assert.strictEqual(
      statText('./a b', [run(count(1234567))], { kind: 'people' }),
      [
        '',
        " Performance counter stats for './a b':",
        '',
        '         1,234,567      mem:counter:w                     # writes of 4 bytes at 0x404040',
        '',
        '       0.250000000 seconds time elapsed',
        '       0.000002000 seconds emulated (1 ns an instruction)',
        '',
        '',
      ].join('\n'),
    );
  });

  it('an event that ran half of the time is scaled, and says its share', () => {
    const text = statText('a', [run(count(10, { runningNs: 1000 }))], { kind: 'people' });
    assert.match(lineWith(text, 'mem:counter'), /^ {16}20 {6}mem:counter:w .*\(50\.00%\)$/);
  });

  it('an event that never ran is not counted', () => {
    const refusal = 'mem:counter:w found no free debug register.';
    const text = statText('a', [run(count(0, { enabledNs: 0, runningNs: 0, refusal }))], { kind: 'people' });
    assert.match(lineWith(text, '# writes'), /^ {5}<not counted> .*\(0\.00%\)$/);
    assert.ok(text.includes(refusal));
  });

  it('fields: count, unit, event, time running, percent, metric', () => {
    const runs = [run(count(7), count(0, { runningNs: 0 }))];
    assert.strictEqual(
      statText('a', runs, { kind: 'fields', separator: ',' }),
      '7,,mem:counter:w,2000,100.00,,\n<not counted>,,mem:counter:w,0,0.00,,\n',
    );
  });

  it('JSON: one object a line, with the names that perf gives', () => {
    assert.deepStrictEqual(JSON.parse(statText('a', [run(count(7))], { kind: 'json' })), {
      'counter-value': '7.000000',
      unit: '',
      event: 'mem:counter:w',
      'event-runtime': 2000,
      'pcnt-running': 100,
    });
  });

  it('several runs: the mean, and how far it is off', () => {
    const text = statText('a', [run(count(90)), run(count(110))], { kind: 'people' });
    assert.match(text, /\(2 runs\)/);
    assert.match(lineWith(text, 'mem:counter'), /^ {15}100 .*\( \+- {2}10\.00% \)$/);
    assert.match(text, /seconds time elapsed {2}\( \+- {2}0\.00% \)/);
  });
});

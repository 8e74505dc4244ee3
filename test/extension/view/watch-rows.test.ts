// watch-rows.test.ts: the texts of the branch "Watches", row by row.

import * as assert from 'node:assert';
import type { WatchView } from '../../../adapter/protocol/watches';
import type { Row } from '../../../extension/view/register-rows';
import { english } from '../../../extension/view/translate';
import { watchRows } from '../../../extension/view/watch-rows';
import { counter } from '../watch/sample';

const branch = (...watches: WatchView[]): Row => watchRows(watches, english)[0];
const row = (change: Partial<WatchView>): Row => branch({ ...counter, ...change }).children[0];

describe('the branch Watches', () => {
  it('is not there without watches', () => {
    assert.deepStrictEqual(watchRows([], english), []);
  });

  it('says how many are in which state', () => {
    const states = (['armed', 'armed', 'pending', 'disabled', 'refused', 'ended'] as const).map((state, id) => ({
      ...counter,
      id,
      state,
    }));
    assert.strictEqual(branch(...states).description, '2 armed, 1 pending, 1 disabled, 1 refused, 1 ended');
  });

  it('says in one line what a watch is for, its hits and its last values', () => {
    assert.strictEqual(row({}).label, 'counter');
    assert.strictEqual(row({}).description, '12 hits · 41 → 42 · stops on change');
    assert.strictEqual(
      row({ mode: 'count', access: 'access', threads: { name: 'worker' } }).description,
      '12 hits · 41 → 42 · counts at reads and writes · only threads named worker',
    );
    assert.strictEqual(
      row({ mode: 'log', condition: '$new > 3', hitCondition: '% 5', matches: 2, dropped: 1500 }).description,
      '2 of 12 hits · 41 → 42 · logs on change if $new > 3 · hit count % 5 · 1,500 dropped',
    );
    const many = { condition: '$new > 3', hits: 2_400_000, matches: 1_200_000 };
    assert.match(row(many).description, /^1,200,000 of 2,400,000 hits /);
    assert.strictEqual(row({ isExtended: true, slots: [4], hits: 1, matches: 1 }).description.includes('1 hit '), true);
    assert.match(row({ isExtended: true, slots: [4] }).description, /beyond x86’s four/);
  });

  it('shortens a long name in the middle, so that hits and values stay in sight', () => {
    const long = row({ label: 'server->connections[1024].statistics.bytes_received' });
    assert.strictEqual(long.label, 'server->…_received');
    assert.match(long.tooltip, /server->connections\[1024\]\.statistics\.bytes_received/);
    assert.match(long.accessibilityLabel, /^Watch server->connections\[1024\]\.statistics\.bytes_received, /);
    assert.strictEqual(row({ label: 'lock.__data.__lock' }).label, 'lock.__data.__lock');
  });

  it('says first what hinders it', () => {
    const refused = row({
      state: 'refused',
      hits: 0,
      message: '`counter` needs 1 of 4 debug registers, and thread 1 has no slot free. Held by DR0 a (4 bytes).',
      oldValue: undefined,
      newValue: undefined,
      value: undefined,
    });
    assert.strictEqual(
      refused.description,
      'refused: counter needs 1 of 4 debug registers, and thread 1 has no slot free · stops on change',
    );
    assert.strictEqual(refused.icon, 'watch.refused');
    const message = 'The watch on `amount` has ended: this call of deposit has returned. Its slots are free again.';
    assert.match(row({ state: 'ended', message }).description, /^ended: this call of deposit has returned · 12 hits/);
    assert.match(row({ state: 'disabled' }).description, /^disabled · 12 hits · 41 → 42 · stops on change/);
    assert.strictEqual(row({ state: 'disabled' }).isChecked, false);
  });

  it('tells armed and not hit apart from not armed', () => {
    assert.match(row({ hits: 0, matches: 0 }).description, /0 hits/);
    const message = 'Armed, 0 hits. DR0 on every thread.';
    assert.strictEqual(row({ hits: 0, matches: 0, message }).tooltip.match(/Armed/g)?.length, 1);
    assert.doesNotMatch(row({ state: 'pending', hits: 0, matches: 0 }).description, /0 hits/);
  });

  it('has a name for screen readers without signs that are not read', () => {
    assert.strictEqual(row({}).accessibilityLabel, 'Watch counter, armed, 12 hits, 41 to 42, stops on change');
  });

  it('says its state to screen readers once', () => {
    const spoken = (state: WatchView['state']): string => row({ state, message: 'No room.' }).accessibilityLabel;
    assert.match(spoken('armed'), /^Watch counter, armed, 12 hits/);
    assert.match(spoken('refused'), /^Watch counter, refused: No room, 12 hits/);
    assert.match(spoken('disabled'), /^Watch counter, disabled, 12 hits/);
  });

  it('says in its context what can be done with it', () => {
    assert.strictEqual(row({}).contextValue, 'watch.armed.stop.written.located.live');
    assert.strictEqual(
      row({ id: -1, state: 'pending', lastWriter: undefined, address: undefined }).contextValue,
      'watch.pending.stop.stored',
    );
  });

  it('tells beneath it who wrote, conditions, threads, place and state', () => {
    const details = row({ condition: '$new > 3' }).children.map(({ label, description }) => `${label}: ${description}`);
    assert.deepStrictEqual(details.slice(0, 4), [
      'Last writer: count at watched.c:16, thread 1001 worker',
      'Condition: $new > 3',
      'Threads: all threads',
      'Place: 0x404050 · 4 bytes · int · DR0',
    ]);
    const call = {
      ...counter.lastWriter,
      threadId: 1,
      threadName: '',
      instruction: '0x1',
      systemCall: 'read(3, 0x1, 8)',
    };
    assert.match(row({ lastWriter: call }).children[0].description, /^read\(3, 0x1, 8\), called by count at /);
  });
});

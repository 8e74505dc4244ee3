// seen-text.test.ts: what the code lenses of a watch file say.

import * as assert from 'node:assert';
import type { WatchView } from '../../../adapter/protocol/watches';
import { english } from '../../../extension/view/translate';
import { checkedText, readReport, seenText } from '../../../extension/watch-file/seen-text';

const view = (more: Partial<WatchView>): WatchView => ({
  id: 1,
  dataId: '',
  label: 'counter',
  origin: 'file',
  state: 'armed',
  message: '',
  access: 'write',
  mode: 'stop',
  threads: 'all',
  slots: [0],
  isExtended: false,
  hits: 0,
  matches: 0,
  dropped: 0,
  ...more,
});

describe('what a line of a watch file has seen', () => {
  it('tells armed without hits from not armed', () => {
    assert.strictEqual(seenText(view({}), english), 'armed, 0 hits');
    assert.strictEqual(seenText(view({ state: 'refused' }), english), 'refused');
    assert.strictEqual(seenText(view({ hits: 1, oldValue: '1', newValue: '2' }), english), '1 hit: 1 → 2');
    assert.strictEqual(seenText(view({ hits: 3, state: 'ended' }), english), '3 hits (ended)');
  });

  it('reads the report of a check, and nothing else', () => {
    const line = { line: 2, state: 'armed', verb: 'never', hits: 4, matches: 2 };
    assert.deepStrictEqual(readReport(JSON.stringify({ lines: [line, { line: 'x' }] })), [line]);
    assert.deepStrictEqual(readReport('not JSON'), []);
    assert.deepStrictEqual(readReport('{"lines": 3}'), []);
    assert.strictEqual(checkedText(line, english), 'happened in the last check, 2×');
    assert.strictEqual(checkedText({ ...line, matches: 0 }, english), 'never happened');
    assert.strictEqual(checkedText({ ...line, verb: 'count', hits: 1 }, english), '1 hit in the last check');
    assert.strictEqual(checkedText({ ...line, state: 'unarmed' }, english), 'not armed in the last check');
  });
});

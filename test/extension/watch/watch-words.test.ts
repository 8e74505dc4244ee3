// watch-words.test.ts: the texts of quick picks and notifications.

import * as assert from 'node:assert';
import type { WatchView } from '../../../adapter/protocol/watches';
import { english } from '../../../extension/view/translate';
import { firstOf, holdersBeside } from '../../../extension/watch/watch-words';
import { counter } from './sample';

describe('the words about watches', () => {
  it('offer for removal those that hold registers, with what they have seen', () => {
    const refused: WatchView = { ...counter, id: 9, state: 'refused', slots: [] };
    const wide = { ...counter, id: 4, label: 'savings', slots: [1, 2], hits: 1, matches: 1 };
    const ended: WatchView = { ...counter, id: 5, label: 'total', state: 'ended', slots: [] };
    assert.deepStrictEqual(holdersBeside([counter, wide, ended, refused], refused, english), [
      { id: 3, label: 'counter', description: 'DR0 · 12 hits' },
      { id: 4, label: 'savings', description: 'DR1, DR2 · 1 hit' },
    ]);
  });

  it('tell the first of many troubles, and how many more there are', () => {
    assert.deepStrictEqual(firstOf(['a', 'b', 'c'], english), ['a', 'b', 'c']);
    assert.deepStrictEqual(firstOf(['a', 'b', 'c', 'd'], english), ['a', 'b', 'c', 'And 1 more.']);
    assert.deepStrictEqual(firstOf(Array<string>(96).fill('a'), english).at(-1), 'And 93 more.');
  });
});

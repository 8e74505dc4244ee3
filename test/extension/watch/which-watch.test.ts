// which-watch.test.ts: a command acts on the watch whose row it was called on, and on no other.

import * as assert from 'node:assert';
import { whichWatch } from '../../../extension/watch/which-watch';
import { counter } from './sample';

const first = { ...counter, id: 1, label: 'first' };
const second = { ...counter, id: 2, label: 'second' };
const both = [first, second];

describe('which watch a command is about', () => {
  it('the one whose row it was called on, whatever is selected', () => {
    assert.strictEqual(whichWatch(both, [{ watchId: 2 }], 1), second);
  });

  it('by key and from the palette the selected one, or the only one', () => {
    assert.strictEqual(whichWatch(both, [], 2), second);
    assert.strictEqual(whichWatch(both, [], undefined), undefined);
    assert.strictEqual(whichWatch([first], [], undefined), first);
    assert.strictEqual(whichWatch([first], [], 7), first);
  });

  it('not the selected one where a menu has lost its row', () => {
    assert.strictEqual(whichWatch(both, [undefined, undefined], 1), undefined);
    assert.strictEqual(whichWatch([first], [undefined], undefined), first);
  });

  it('no other one where that of the row is gone', () => {
    assert.strictEqual(whichWatch([first], [{ watchId: 2 }], 1), undefined);
  });

  it('none where there are none', () => {
    assert.strictEqual(whichWatch([], [], undefined), undefined);
  });
});

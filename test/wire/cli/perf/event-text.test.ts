// The text of events: what is accepted, what it means, and where the caret of a mistake stands.

import * as assert from 'node:assert';
import fc from 'fast-check';
import { UserError } from '../../../../adapter/util/user-error';
import { parseEvents, type EventWish } from '../../../../adapter/wire/cli/perf/event-text';

const one = (text: string): EventWish => {
  const events = parseEvents(text);
  assert.strictEqual(events.length, 1);
  return events[0];
};

const meaning = (text: string): readonly unknown[] => {
  const { place, lengthBytes, access, user, kernel, pinned } = one(text);
  return [place, lengthBytes, access, `${user ? 'u' : ''}${kernel ? 'k' : ''}${pinned ? 'D' : ''}`];
};

/** The character at which the caret of the message points. */
const caret = (text: string): string => {
  try {
    parseEvents(text);
  } catch (error) {
    assert.ok(error instanceof UserError);
    const [, shown, pointer] = error.message.split('\n');
    return shown.slice(pointer.indexOf('^'));
  }
  return assert.fail(`${text} was accepted`);
};

describe('event texts', () => {
  it('are read as perf reads them', () => {
    assert.deepStrictEqual(meaning('mem:0x404040'), ['0x404040', undefined, 'readWrite', 'uk']);
    assert.deepStrictEqual(meaning('mem:0x404040/8:w'), ['0x404040', 8, 'write', 'uk']);
    assert.deepStrictEqual(meaning('mem:counter:rw:u'), ['counter', undefined, 'readWrite', 'u']);
    assert.deepStrictEqual(meaning('mem:counter/4:w:kD'), ['counter', 4, 'write', 'kD']);
    assert.deepStrictEqual(meaning('mem:counter:u'), ['counter', undefined, 'readWrite', 'u']);
    assert.deepStrictEqual(meaning('mem:main:x'), ['main', undefined, 'execute', 'uk']);
  });

  it('places may be expressions', () => {
    assert.deepStrictEqual(meaning('mem:points[n/2].x/4:w'), ['points[n/2].x', 4, 'write', 'uk']);
    assert.deepStrictEqual(meaning('mem:shop::stock:w'), ['shop::stock', undefined, 'write', 'uk']);
    assert.deepStrictEqual(meaning('mem:shop::w'), ['shop::w', undefined, 'readWrite', 'uk']);
    assert.deepStrictEqual(meaning('mem:file.c:name:w'), ['file.c:name', undefined, 'write', 'uk']);
    assert.deepStrictEqual(meaning('mem:file.c:name'), ['file.c:name', undefined, 'readWrite', 'uk']);
  });

  it('commas separate them, but not within brackets', () => {
    assert.deepStrictEqual(
      parseEvents('mem:a:w,mem:f[g(1,2)],mem:b').map(({ place }) => place),
      ['a', 'f[g(1,2)]', 'b'],
    );
  });

  it('mistakes have a caret where they are', () => {
    assert.strictEqual(caret('mem:counter:q'), 'q');
    assert.strictEqual(caret('mem:counter:r'), 'r');
    assert.strictEqual(caret('mem:counter/3:w'), '3:w');
    assert.strictEqual(caret('mem:counter:w:uz'), 'z');
    assert.strictEqual(caret('mem:/4:w'), '/4:w');
    assert.strictEqual(caret('mem:main/4:x'), '4:x');
  });

  it('what is no mem: event says so', () => {
    for (const text of ['cycles', '', 'mem', 'mem:a:w,']) {
      assert.throws(() => parseEvents(text), /mem:SYMBOL/, text);
    }
  });

  it('never fails in another way', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'mem:wrxuD/48a[],.0'.split('')) }), (text) => {
        try {
          parseEvents(text);
        } catch (error) {
          assert.ok(error instanceof UserError && error.message !== '');
        }
      }),
    );
  });
});

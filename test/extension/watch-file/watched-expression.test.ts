// watched-expression.test.ts: from a place in C to a line of a watch file.

import * as assert from 'node:assert';
import { expressionAt, newWatchFile, watchFileLine, withLine } from '../../../extension/watch-file/watched-expression';

/** `|` is the cursor. */
const at = (line: string): string | undefined => expressionAt(line.replace('|', ''), line.indexOf('|'));

describe('adding to a watch file', () => {
  it('takes the name under the cursor with what leads to it', () => {
    assert.strictEqual(at('  coun|ter = counter + 1;'), 'counter');
    assert.strictEqual(at('  queue.he|ad = node;'), 'queue.head');
    assert.strictEqual(at('  que|ue.head = node;'), 'queue');
    assert.strictEqual(at('  x = cfg->list[i] . nex|t->key;'), 'cfg->list[i].next');
    assert.strictEqual(at('  app::state|.total += 1'), 'app::state');
    assert.strictEqual(at('  = 3 |'), undefined);
  });

  it('writes a line that says where it came from', () => {
    const line = watchFileLine('never write', ' a [ 1 ] ', 'x.c:3');
    assert.strictEqual(line, 'never write a [ 1 ]  # x.c:3');
    assert.strictEqual(withLine('', line), `${line}\n`);
    assert.strictEqual(withLine('watch write b', line), `watch write b\n${line}\n`);
    assert.match(newWatchFile('build/x'), /^#.*\nprogram {2}build\/x\n\n$/);
  });
});

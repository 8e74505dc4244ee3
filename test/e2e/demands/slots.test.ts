// The demands about slots: 1, 2, 3, 8 and 14 of the fifteen.

import assert from 'node:assert/strict';
import { Demander } from './demand';

const ODD_STOP = 'odd: {tag = 0 \'\\0\', count = 0, name = ""} → {tag = 0 \'\\0\', count = 7, name = ""}';
const FOUR = ['one', 'two', 'three', 'four'];

describe('demands about slots', () => {
  let person: Demander;

  beforeEach(() => {
    person = new Demander();
  });
  afterEach(async () => {
    await person.close();
  });

  it('demand 1: never accept what cannot arm; the refusal names thread, slots needed, slots free and holders', async () => {
    await person.start();
    const answers = await person.watchAll(...FOUR, 'five');
    assert.deepEqual(
      answers.map(({ verified, reason }) => [verified, reason]),
      [...FOUR.map(() => [true, undefined]), [false, 'failed']],
    );
    const text = answers[4].message ?? '';
    assert.match(
      text,
      /^Not armed: `five` needs 1 of 4 debug registers, and thread 1000 "demands\S*" has no slot free\./,
    );
    for (const [index, name] of FOUR.entries()) assert.ok(text.includes(`DR${index} ${name} (4 bytes)`), text);
    // All or nothing: three slots wanted, one free, none taken.
    const wide = (await person.watchAll('one', 'two', 'three', 'odd.count'))[3];
    assert.match(wide.message ?? '', /needs 3 of 4 debug registers, and thread 1000 "\S+" has 1 free/);
    assert.deepEqual(await person.slots(), { total: 4, used: 3, free: 1 });
    const [unknown] = await person.watch({ dataId: await person.idOf('one'), accessType: 'execute' as 'write' });
    assert.deepEqual([unknown.verified, unknown.reason], [false, 'failed']);
    assert.match(unknown.message ?? '', /"execute" is no access type/);
  });

  it('demand 2: a live slot map, and a summary in each message', async () => {
    await person.start();
    const [first, , third] = await person.watchAll('one', 'two', 'odd.tag');
    assert.match(
      first.message ?? '',
      /^Armed, 0 hits\. DR0 on every thread: 4 bytes at 0x[0-9a-f]+, .* 3 of 4 slots used/,
    );
    assert.match(third.message ?? '', /DR2 on every thread: 1 byte at/);
    await person.stopsAt('one', 'one: 0 → 1');
    const { threads, slots } = await person.map();
    assert.deepEqual(slots, { total: 4, used: 3, free: 1 });
    const registers = threads[0].registers.map(({ state, symbol, lengthBytes, access, owner, hits }) =>
      state === 'free' ? state : [symbol, lengthBytes, access, owner, hits],
    );
    assert.deepEqual(registers, [
      ['one', 4, 'write', 'ptrace', 1],
      ['two', 4, 'write', 'ptrace', 0],
      ['odd.tag', 1, 'write', 'ptrace', 0],
      'free',
    ]);
    assert.match(threads[0].registers[0].address ?? '', /^0x[0-9a-f]+$/);
  });

  it('demand 3: a refused fifth, and adding and removing again and again, lose no slot', async () => {
    await person.start();
    for (let round = 0; round < 25; round++) {
      const answers = await person.watchAll(...FOUR, 'five');
      assert.equal(answers.filter(({ verified }) => verified).length, 4);
      await person.watch();
    }
    assert.deepEqual(await person.slots(), { total: 4, used: 0, free: 4 });
    await person.watchAll('two', 'three', 'four', 'five');
    const seen = [];
    for (let n = 0; n < 4; n++) seen.push((await person.continue()).description);
    assert.deepEqual(seen, ['two: 0 → 2', 'three: 0 → 3', 'four: 0 → 4', 'five: 0 → 5']);
  });

  it('demand 8: unaligned and wide ranges are split, the cost is told before, the byte that was hit after', async () => {
    await person.start();
    assert.equal((await person.plan({ expression: 'odd.count' })).text, '4 bytes, unaligned: 3 slots');
    assert.equal((await person.info('odd.count')).description, 'odd.count (4 bytes, unaligned: 3 slots)');
    const { pieces, slotsNeeded, slotsFree } = await person.plan({ expression: 'odd' });
    assert.deepEqual([pieces.map(({ lengthBytes }) => lengthBytes), slotsNeeded, slotsFree], [[8, 2, 1], 3, 4]);
    assert.deepEqual(await person.slots(), { total: 4, used: 0, free: 4 });
    await person.watchAll('odd');
    assert.match(await person.stopsAt('count', ODD_STOP), /^odd\.count \(byte 1\) written by /);
    const next = await person.continue();
    assert.match(next.text ?? '', /^odd\.name\[2\] \(byte 7\) written by /);
  });

  it('demand 14: more than four only where it is asked for, and told', async () => {
    await person.start();
    for (const expression of FOUR) await person.add({ expression });
    const fifth = await person.add({ expression: 'five' });
    assert.equal(fifth.state, 'refused', 'never silently');
    assert.match(fifth.message, /Or extend it: registers beyond the four of x86, which only this emulation has/);
    const extended = await person.change({ id: fifth.id, extend: true });
    assert.deepEqual([extended.state, extended.slots, extended.isExtended], ['armed', [4], true]);
    assert.match(extended.message, /EDR4 \(no x86 processor has it\)/);
    const { threads } = await person.map();
    assert.equal((threads[0].registers[4] as { beyondHardware?: boolean }).beyondHardware, true);
    for (const { id } of (await person.views()).slice(0, 4)) await person.change({ id, mode: 'count' });
    await person.stopsAt('five', 'five: 0 → 5');
    await person.close();
    person = new Demander();
    await person.start('start', { debugRegisters: 6 });
    const answers = await person.watchAll(...FOUR, 'five', 'quiet', 'shared');
    assert.deepEqual(
      answers.map(({ verified }) => verified),
      [true, true, true, true, true, true, false],
    );
    assert.match(answers[5].message ?? '', /no x86 processor has it/);
  });
});

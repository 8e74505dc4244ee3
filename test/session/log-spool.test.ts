import assert from 'node:assert/strict';
import { BURST, LogSpool, REFILL_PER_SECOND } from '../../adapter/session/log-spool';

/** A clock that a test moves on. */
class HandClock {
  private time = 0;
  private readonly timers = new Set<{ readonly at: number; readonly call: () => void }>();

  now(): number {
    return this.time;
  }

  after(delayMs: number, call: () => void): () => void {
    const timer = { at: this.time + delayMs, call };
    this.timers.add(timer);
    return () => {
      this.timers.delete(timer);
    };
  }

  pass(milliseconds: number): void {
    this.time += milliseconds;
    for (const timer of [...this.timers]) {
      if (timer.at > this.time) continue;
      this.timers.delete(timer);
      timer.call();
    }
  }
}

describe('the lines of watches that log', () => {
  const place = { path: '/a.c', line: 1, column: 1 };
  let clock: HandClock;
  let sent: { text: string; line: number | undefined }[];
  let spool: LogSpool;

  beforeEach(() => {
    clock = new HandClock();
    sent = [];
    spool = new LogSpool(clock, (text, at) => sent.push({ text, line: at?.line }));
  });

  it('come together, with their place', () => {
    spool.tell(place, () => 'one');
    spool.tell({ ...place }, () => 'two');
    spool.tell({ ...place, line: 2 }, () => 'three');
    assert.deepEqual(sent, []);
    clock.pass(100);
    assert.deepEqual(sent, [
      { text: 'one\ntwo\n', line: 1 },
      { text: 'three\n', line: 2 },
    ]);
    clock.pass(100);
    assert.equal(sent.length, 2);
  });

  it('are dropped where they are too many, unmade, and counted', () => {
    let made = 0;
    const told = Array.from({ length: BURST + 1234 }, () => spool.tell(place, () => String(made++)));
    assert.equal(told.filter(Boolean).length, BURST);
    assert.equal(made, BURST);
    clock.pass(100);
    assert.equal(sent.length, 2);
    assert.equal(sent.at(1)?.text, '… 1,234 lines dropped\n');
    assert.equal(
      spool.tell(place, () => 'again'),
      true,
    );
  });

  it('come at most so many a second for ever, whatever the program does', () => {
    let told = 0;
    for (let tick = 0; tick < 600; tick++) {
      for (let line = 0; line < 1000; line++) if (spool.tell(place, () => 'x')) told++;
      clock.pass(50);
    }
    assert.ok(told <= BURST + 30 * REFILL_PER_SECOND, String(told));
    assert.ok(told >= BURST + 29 * REFILL_PER_SECOND, String(told));
  });

  it('from many places are few messages', () => {
    for (let line = 0; line < 1000; line++) spool.tell({ ...place, line }, () => 'x');
    spool.flush();
    assert.ok(sent.length <= 64, String(sent.length));
    assert.equal(sent.map(({ text }) => text).join(''), 'x\n'.repeat(1000));
  });

  it('are never longer than a person reads', () => {
    spool.tell(place, () => 'y'.repeat(1e6));
    spool.flush();
    assert.ok((sent.at(0)?.text.length ?? 0) < 3000);
  });
});

// ring-buffer.test.ts: the mmap ring: order, loss, wake-ups, control page.

import * as assert from 'node:assert';
import fc from 'fast-check';
import { RingBuffer } from '../../../adapter/kernel/perf/ring-buffer';

const LOST_SIZE = 24;

/** A record of that size, with a number in it. */
function record(size: number, number: number): Uint8Array {
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 9, true);
  view.setUint16(6, size, true);
  view.setBigUint64(8, BigInt(number), true);
  return bytes;
}

function lost(count: number): Uint8Array {
  const bytes = record(LOST_SIZE, 0);
  new DataView(bytes.buffer).setUint32(0, 2, true);
  new DataView(bytes.buffer).setBigUint64(16, BigInt(count), true);
  return bytes;
}

/** What was read: numbers of records, and how many were lost before them as negative numbers. */
function read(ring: RingBuffer): number[] {
  const bytes = ring.consume();
  const view = new DataView(bytes.buffer);
  const seen: number[] = [];
  for (let offset = 0; offset < bytes.length; offset += view.getUint16(offset + 6, true)) {
    const isLost = view.getUint32(offset, true) === 2;
    seen.push(isLost ? -Number(view.getBigUint64(offset + 16, true)) : Number(view.getBigUint64(offset + 8, true)));
  }
  return seen;
}

function ringOf(dataPages: number, options: { watermark?: number; overwrite?: boolean } = {}): RingBuffer {
  return new RingBuffer({
    dataPages,
    overwrite: options.overwrite ?? false,
    watermark: options.watermark ?? 0,
    backward: false,
  });
}

describe('ring buffer', () => {
  it('loses nothing silently: what is written, lost and read adds up', () => {
    const steps = fc.array(
      fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 2, max: 120 }) }, { weight: 1, arbitrary: fc.constant(0) }),
      { maxLength: 300 },
    );
    fc.assert(
      fc.property(steps, (sizes) => {
        const ring = ringOf(1);
        const expected: number[] = [];
        let missing = 0;
        const seen: number[] = [];
        sizes.forEach((size, number) => {
          if (size === 0) {
            seen.push(...read(ring));
            return;
          }
          const { written } = ring.write(record(size * 8, number), lost, 0);
          if (written && missing > 0) expected.push(-missing);
          if (written) expected.push(number);
          missing = written ? 0 : missing + 1;
        });
        seen.push(...read(ring));
        assert.deepStrictEqual(seen, expected);
      }),
      { numRuns: 100 },
    );
  });

  it('never fills up wholly: head and tail would be equal, as when it is empty', () => {
    const ring = ringOf(1);
    for (let number = 0; number < 300; number += 1) {
      assert.strictEqual(ring.write(record(16, number), lost, 0).written, number < 255);
    }
    assert.strictEqual(read(ring).length, 255);
  });

  it('wakes when more than half is new, once each time', () => {
    const ring = ringOf(1);
    const wakes: number[] = [];
    for (let number = 0; number < 12; number += 1) {
      if (ring.write(record(512, number), lost, 0).wake) wakes.push(number);
      read(ring);
    }
    assert.deepStrictEqual(wakes, [4, 8]);
    assert.strictEqual(ring.takeReadable(), true);
    assert.strictEqual(ring.takeReadable(), false);
  });

  it('wakes every so many events, or bytes', () => {
    const byCount = ringOf(1);
    assert.deepStrictEqual(
      [0, 1, 2, 3].map((number) => byCount.write(record(16, number), lost, 2).wake),
      [false, true, false, true],
    );
    const byBytes = ringOf(1, { watermark: 40 });
    assert.deepStrictEqual(
      [0, 1, 2, 3, 4].map((number) => byBytes.write(record(16, number), lost, 0).wake),
      [false, false, true, false, false],
    );
  });

  it('mapped read-only it overwrites instead of losing', () => {
    const ring = ringOf(1, { overwrite: true });
    for (let number = 0; number < 1000; number += 1) assert.ok(ring.write(record(16, number), lost, 0).written);
    assert.strictEqual(ring.memory.readU64(1024), 16_000n);
    assert.strictEqual(ring.lost, 0);
  });

  it('a paused ring loses, and says so afterwards; without data pages nothing is even lost', () => {
    const ring = ringOf(1);
    ring.pause(true);
    for (let number = 0; number < 3; number += 1) ring.write(record(16, number), lost, 0);
    ring.pause(false);
    ring.write(record(16, 7), lost, 0);
    assert.deepStrictEqual(read(ring), [-3, 7]);
    const bare = ringOf(0);
    bare.pause(false);
    assert.ok(!bare.write(record(16, 0), lost, 0).written);
    assert.strictEqual(bare.lost, 0);
  });

  it('has a control page that readers know', () => {
    const ring = ringOf(4);
    ring.write(record(16, 0), lost, 0);
    const words = [1024, 1032, 1040, 1048].map((offset) => ring.memory.readU64(offset));
    assert.deepStrictEqual(words, [16n, 0n, 4096n, 16384n]);
  });
});

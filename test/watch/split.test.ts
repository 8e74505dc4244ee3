// split.test.ts: ranges become the fewest aligned pieces that are exactly the range.

import * as assert from 'node:assert';
import fc from 'fast-check';
import { planRange, previewCost, slotsNeeded, splitRange } from '../../adapter/watch/split';
import { UserError } from '../../adapter/util/user-error';

const pieces = (address: bigint, lengthBytes: number): string =>
  splitRange(address, lengthBytes)
    .map((piece) => `${piece.lengthBytes}@${piece.address}`)
    .join(' ');

/** The fewest pieces by trying everything: best[i] for the first i bytes. */
function fewestByForce(address: number, lengthBytes: number): number {
  const best = [0];
  for (let end = 1; end <= lengthBytes; end++) {
    const options = [1, 2, 4, 8]
      .filter((length) => length <= end && (address + end - length) % length === 0)
      .map((length) => (best[end - length] ?? Infinity) + 1);
    best.push(Math.min(...options));
  }
  return best[lengthBytes] ?? Infinity;
}

const refusal = (address: bigint, lengthBytes: number, slots = 4, narrower?: string): string => {
  try {
    planRange('matrix', { address, lengthBytes }, slots, narrower);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return 'accepted';
};

describe('splitting a range into slots', () => {
  it('aligned ranges take one slot per eight bytes', () => {
    assert.strictEqual(pieces(0x1000n, 1), '1@4096');
    assert.strictEqual(pieces(0x1000n, 4), '4@4096');
    assert.strictEqual(pieces(0x1000n, 8), '8@4096');
    assert.strictEqual(pieces(0x1000n, 16), '8@4096 8@4104');
    assert.strictEqual(pieces(0x1000n, 12), '8@4096 4@4104');
  });

  it('unaligned ones more', () => {
    assert.strictEqual(pieces(6n, 12), '2@6 8@8 2@16');
    assert.strictEqual(pieces(1n, 4), '1@1 2@2 1@4');
    assert.strictEqual(pieces(4n, 8), '4@4 4@8');
    assert.strictEqual(pieces(1n, 8), '1@1 2@2 4@4 1@8');
  });

  it('nothing takes nothing', () => {
    assert.deepStrictEqual(splitRange(5n, 0), []);
    assert.deepStrictEqual(splitRange(5n, -1), []);
  });

  it('exactly the range, aligned, and never more pieces than needed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1 << 20 }), fc.integer({ min: 1, max: 64 }), (address, lengthBytes) => {
        const split = splitRange(BigInt(address), lengthBytes);
        let at = BigInt(address);
        for (const piece of split) {
          assert.strictEqual(piece.address, at);
          assert.strictEqual(piece.address % BigInt(piece.lengthBytes), 0n);
          at += BigInt(piece.lengthBytes);
        }
        assert.strictEqual(at, BigInt(address + lengthBytes));
        assert.strictEqual(split.length, fewestByForce(address, lengthBytes));
        assert.strictEqual(slotsNeeded(BigInt(address), lengthBytes), split.length);
      }),
    );
  });

  it('the cost is told beforehand', () => {
    assert.strictEqual(previewCost(0x1000n, 4), '4 bytes: 1 slot');
    assert.strictEqual(previewCost(0x1000n, 1), '1 byte: 1 slot');
    assert.strictEqual(previewCost(0x1000n, 16), '16 bytes: 2 slots');
    assert.strictEqual(previewCost(6n, 12), '12 bytes, unaligned: 3 slots');
    assert.strictEqual(previewCost(2n, 4), '4 bytes, unaligned: 2 slots');
  });

  it('what is too wide is refused with what would fit', () => {
    assert.strictEqual(
      refusal(0x1000n, 64, 4, 'matrix[0]'),
      '`matrix` is 64 bytes; four slots watch at most 32. Try `matrix[0]`.',
    );
    assert.strictEqual(refusal(0x1000n, 9, 1), '`matrix` is 9 bytes; one slot watches at most 8. Watch a part of it.');
    assert.strictEqual(
      refusal(1n, 31, 4),
      '`matrix` is 31 bytes at an unaligned address and takes 6 slots; there are four. Watch a part of it.',
    );
    assert.strictEqual(refusal(0x1000n, 32), 'accepted');
    assert.match(refusal(0x1000n, 0), /0 bytes/);
    assert.match(refusal(0x1000n, -4), /Give a number of bytes from 1/);
    assert.match(refusal(0xffff_8000_0000_0000n, 4), /outside of the program's memory/);
    assert.match(refusal(0x1000n, 2 ** 40), /at most 32/);
  });
});

// Location expressions by hand: what compilers write rarely enough that no program of the tests has it.

import * as assert from 'node:assert';
import type { LocationContext } from '../../../adapter/symbols/dwarf/location-facts';
import { computeValue, locate } from '../../../adapter/symbols/dwarf/location-machine';
import { Unavailable } from '../../../adapter/symbols/dwarf/stack-values';

const context: LocationContext = {
  memory: {
    read: (address, lengthBytes) =>
      address >= 0x1000n && address < 0x2000n
        ? Uint8Array.from({ length: lengthBytes }, (_, at) => Number(address & 0xffn) + at)
        : new Uint8Array(),
  },
  bias: 0x10000n,
  registers: (dwarfNumber) => (dwarfNumber < 17 ? BigInt(dwarfNumber) * 0x100n : undefined),
  cfa: 0x1800n,
};

const value = (...bytes: number[]): bigint => computeValue(Uint8Array.from(bytes), context);

describe('location expressions', () => {
  it('count as the standard says', () => {
    assert.strictEqual(value(0x08, 200, 0x09, 0xff, 0x22), 199n); // const1u 200, const1s -1, plus
    assert.strictEqual(value(0x35, 0x33, 0x1c), 2n); // lit5 lit3 minus
    assert.strictEqual(value(0x33, 0x35, 0x1c), 0xffff_ffff_ffff_fffen);
    assert.strictEqual(value(0x09, 0xf8, 0x32, 0x1b), 0xffff_ffff_ffff_fffcn); // -8 / 2, signed
    assert.strictEqual(value(0x09, 0xf8, 0x31, 0x26), 0xffff_ffff_ffff_fffcn); // -8 shra 1
    assert.strictEqual(value(0x09, 0xff, 0x08, 60, 0x25), 0xfn); // -1 shr 60
    assert.strictEqual(value(0x09, 0xff, 0x31, 0x2d), 1n); // -1 < 1
    assert.strictEqual(value(0x31, 0x32, 0x33, 0x17), 2n); // rot: 3 1 2
    assert.strictEqual(value(0x72, 0x10), 0x210n); // breg2 16
    assert.strictEqual(value(0x9c), 0x1800n); // call_frame_cfa
  });

  it('branch', () => {
    assert.strictEqual(value(0x30, 0x28, 1, 0, 0x35, 0x36), 6n); // lit0 bra +1 lit5 lit6
    assert.strictEqual(value(0x31, 0x28, 1, 0, 0x35, 0x36), 6n);
    assert.strictEqual(value(0x37, 0x2f, 1, 0, 0x35), 7n); // lit7 skip +1 lit5
  });

  it('end where they would never end', () => {
    assert.throws(() => value(0x31, 0x2f, 0xfd, 0xff), Unavailable); // skip -3
    assert.throws(() => value(0x31, 0x12, 0x2f, 0xfc, 0xff), Unavailable); // dup, skip -4
  });

  it('say why a value is not to be had', () => {
    assert.throws(() => value(0x92, 20, 0), /was not saved/); // bregx 20
    assert.throws(() => value(0x30, 0x06), /memory at 0x0 cannot be read/);
    assert.throws(() => value(0x31, 0x30, 0x1b), /division by zero/);
    assert.throws(() => value(0x22), /damaged/);
    assert.throws(() => value(0xe5), /not supported/);
  });

  it('add the bias to addresses and to nothing else', () => {
    const place = locate(Uint8Array.from([0x03, 0x34, 0x12, 0, 0, 0, 0, 0, 0]), context);
    assert.deepStrictEqual(place, { kind: 'whole', place: { kind: 'memory', address: 0x11234n } });
    assert.strictEqual(value(0x0e, 0x34, 0x12, 0, 0, 0, 0, 0, 0), 0x1234n);
  });

  it('put objects together from pieces, with holes', () => {
    const located = locate(Uint8Array.from([0x50, 0x93, 4, 0x93, 4, 0x35, 0x9f, 0x93, 1]), context);
    assert.ok(located.kind === 'pieces');
    assert.deepStrictEqual(
      located.pieces.map(({ place, sizeBits }) => [place.kind, sizeBits]),
      [
        ['register', 32],
        ['none', 32],
        ['bytes', 8],
      ],
    );
  });
});

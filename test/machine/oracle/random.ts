// random.ts: seeded random numbers, and the values at which arithmetic breaks.

/** xorshift32: the same seed gives the same cases everywhere. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = (seed * 2654435761) >>> 0 || 1;
    for (let n = 0; n < 8; n++) this.u32();
  }

  u32(): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x >>> 0;
    return this.state;
  }

  /** 0 … limit - 1. */
  below(limit: number): number {
    return this.u32() % limit;
  }

  chance(oneIn: number): boolean {
    return this.below(oneIn) === 0;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)];
  }

  u64(): bigint {
    return (BigInt(this.u32()) << 32n) | BigInt(this.u32());
  }

  /** Often an edge of some width, else anything. */
  integer(): bigint {
    switch (this.below(4)) {
      case 0:
        return this.pick(EDGES);
      case 1:
        return BigInt.asUintN(64, BigInt(this.below(64) - 32));
      case 2:
        return this.u64() >> BigInt(this.below(64));
      default:
        return this.u64();
    }
  }

  f32(): number {
    if (this.chance(2)) return this.pick(EDGES_F32);
    if (this.chance(2)) return (((this.below(256) + 64) & 0xff) << 23) | (this.u32() & 0x807fffff);
    return this.u32();
  }

  f64(): bigint {
    if (this.chance(2)) return this.pick(EDGES_F64);
    // Near 1, so that operations meet instead of absorbing each other.
    if (this.chance(2)) return (BigInt(1023 - 40 + this.below(100)) << 52n) | (this.u64() & 0x800fffffffffffffn);
    return this.u64();
  }

  /** 16 bytes: integers, floats or doubles. */
  vector(): Uint8Array {
    const view = new DataView(new ArrayBuffer(16));
    const kind = this.below(4);
    for (let n = 0; n < 16; n += 8) {
      if (kind === 0) {
        view.setUint32(n, this.f32() >>> 0, true);
        view.setUint32(n + 4, this.f32() >>> 0, true);
      } else {
        view.setBigUint64(n, kind === 1 ? this.f64() : kind === 2 ? this.integer() : this.u64(), true);
      }
    }
    if (kind === 3) for (let n = 0; n < 16; n++) if (this.chance(2)) view.setUint8(n, this.pick([0, 0xff, 0x80, 0x7f]));
    return new Uint8Array(view.buffer);
  }

  /** An 80-bit real that the CPU could have made (no unnormals). */
  extended(): { significand: bigint; exponent: number } {
    const sign = this.chance(2) ? 0x8000 : 0;
    const top = 1n << 63n;
    switch (this.below(8)) {
      case 0:
        return { significand: 0n, exponent: sign };
      case 1:
        return { significand: top, exponent: sign | 0x7fff };
      case 2:
        return { significand: top | (1n << 62n) | (this.u64() >> 2n), exponent: sign | 0x7fff };
      case 3:
        return { significand: top | (this.u64() >> 2n) | 1n, exponent: sign | (this.chance(4) ? 0x7fff : 0x3fff) };
      case 4:
        return { significand: this.u64() >> 1n, exponent: sign };
      case 5:
        return { significand: top | (this.u64() >> 1n), exponent: sign | this.below(0x7fff) };
      case 6:
        return {
          significand: top | ((this.u64() >> 1n) & ~((1n << BigInt(this.below(63))) - 1n)),
          exponent: sign | (0x3fff + this.below(64)),
        };
      default:
        return { significand: top | (this.u64() >> 1n), exponent: sign | (0x3fff - 40 + this.below(120)) };
    }
  }
}

const EDGES: readonly bigint[] = [7n, 8n, 15n, 16n, 31n, 32n, 63n]
  .flatMap((bits) => [1n << bits, (1n << bits) - 1n, (1n << bits) + 1n, -(1n << bits), -(1n << bits) - 1n])
  .concat([0n, 1n, 2n, 3n, -1n, -2n, 0xffn, 0x8080808080808080n, 0x7f7f7f7f7f7f7f7fn, 0x5555555555555555n])
  .map((value) => BigInt.asUintN(64, value));

const EDGES_F32: readonly number[] = [
  ...[0, 0x80000000, 0x3f800000, 0xbf800000, 0x7f800000, 0xff800000, 0x7fc00000, 0xffc00001, 0x7f800001, 0xffa00000],
  ...[1, 0x80000001, 0x007fffff, 0x00800000, 0x7f7fffff, 0xff7fffff, 0x4f000000, 0xcf000000, 0x4effffff, 0x5f000000],
  ...[0x3f000000, 0x3fc00000, 0x40200000, 0xbf000000, 0xbfc00000, 0x40000000, 0x4b000001, 0x42fe0000],
];

const EDGES_F64: readonly bigint[] = [
  ...[0n, 1n << 63n, 0x3ff0000000000000n, 0xbff0000000000000n, 0x7ff0000000000000n, 0xfff0000000000000n],
  ...[0x7ff8000000000000n, 0xfff8000000000001n, 0x7ff0000000000001n, 0xfff4000000000000n, 1n, 0x8000000000000001n],
  ...[0x000fffffffffffffn, 0x0010000000000000n, 0x7fefffffffffffffn, 0x41e0000000000000n, 0xc1e0000000000000n],
  ...[0x41dfffffffc00000n, 0xc1e0000000200000n, 0x43e0000000000000n, 0xc3e0000000000000n, 0x43dfffffffffffffn],
  ...[0x3fe0000000000000n, 0x3ff8000000000000n, 0x4004000000000000n, 0xbfe0000000000000n, 0xbff8000000000000n],
  ...[0x47efffffe0000000n, 0x47f0000000000000n, 0x36a0000000000000n, 0x3690000000000000n, 0x41dfffffffe00000n],
];

// deterministic-random.ts: bytes that look random and are the same in every run (splitmix64).

const MASK = (1n << 64n) - 1n;

export class DeterministicRandom {
  constructor(private state: bigint = 0x7472_6170_6c69_6e65n) {}

  bytes(count: number): Uint8Array {
    const out = new Uint8Array(Math.ceil(count / 8) * 8);
    const view = new DataView(out.buffer);
    for (let i = 0; i < out.length; i += 8) view.setBigUint64(i, this.next(), true);
    return out.subarray(0, count);
  }

  private next(): bigint {
    this.state = (this.state + 0x9e3779b97f4a7c15n) & MASK;
    let z = this.state;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
    return z ^ (z >> 31n);
  }
}

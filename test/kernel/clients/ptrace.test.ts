// ptrace.test.ts: virtual DR0–DR7: what POKEUSER takes, what PEEKUSER shows, what a refused write leaves behind.

import * as assert from 'node:assert';
import { LayerBench, type BenchTask } from '../support/layer-bench';

class Tracee {
  readonly bench = new LayerBench();
  readonly task: BenchTask = this.bench.task('tracee');

  poke(register: number, value: bigint): string {
    return this.bench.layer.ptrace.poke(this.task, register, value) ?? 'ok';
  }

  peek(register: number): bigint | string {
    const peeked = this.bench.layer.ptrace.peek(this.task, register);
    return peeked.ok ? peeked.value : peeked.errno;
  }

  get held(): number {
    return this.bench.layer.pmu.constraints.held;
  }

  armed(): string[] {
    const cpu = this.bench.run('tracee');
    const armed = this.bench.layer.installed(cpu).flatMap((holder) => (holder === undefined ? [] : [holder]));
    this.bench.park();
    return armed.map(({ access, lengthBytes, address }) => `${access} ${lengthBytes} @${address.toString(16)}`);
  }
}

describe('ptrace: debug registers', () => {
  let tracee: Tracee;
  beforeEach(() => {
    tracee = new Tracee();
  });

  it('shows the idle values', () => {
    assert.deepStrictEqual(
      [0, 1, 2, 3, 4, 5, 6, 7].map((register) => tracee.peek(register)),
      [0n, 0n, 0n, 0n, 0n, 0n, 0xffff0ff0n, 0n],
    );
    for (const register of [-1, 8, 1.5]) assert.strictEqual(tracee.peek(register), 'EIO');
  });

  it('an address takes a slot at once, and watches only when DR7 says so', () => {
    assert.strictEqual(tracee.poke(0, 0x2000n), 'ok');
    assert.strictEqual(tracee.held, 1);
    assert.deepStrictEqual(tracee.armed(), []);
    assert.strictEqual(tracee.poke(7, 0x000d0001n), 'ok');
    assert.deepStrictEqual(tracee.armed(), ['write 4 @2000']);
    assert.strictEqual(tracee.poke(7, 0n), 'ok');
    assert.deepStrictEqual(tracee.armed(), []);
    assert.strictEqual(tracee.held, 1, 'DR7 = 0 frees nothing');
  });

  it('an address that does not fit the present length is refused, and the old one stays', () => {
    tracee.poke(0, 0x2000n);
    tracee.poke(7, 0x000d0001n);
    assert.strictEqual(tracee.poke(0, 0x2002n), 'EINVAL');
    assert.strictEqual(tracee.peek(0), 0x2000n);
    assert.deepStrictEqual(tracee.armed(), ['write 4 @2000']);
    assert.strictEqual(tracee.poke(0, 0x7ffffffff000n), 'EINVAL');
    assert.strictEqual(tracee.poke(0, 0x2004n), 'ok');
    assert.deepStrictEqual(tracee.armed(), ['write 4 @2004']);
  });

  it('DR7 before any address watches address 0', () => {
    assert.strictEqual(tracee.poke(7, 0x00030002n), 'ok');
    assert.deepStrictEqual(tracee.armed(), ['readWrite 1 @0']);
  });

  it('keeps DR7 as it was written, and drops what is reserved', () => {
    assert.strictEqual(tracee.poke(7, 0x8000000000012700n), 'ok');
    assert.strictEqual(tracee.peek(7), 0x8000000000012700n);
    assert.strictEqual(tracee.held, 0);
  });

  it('knows which nibbles x86 has', () => {
    const verdicts = Array.from({ length: 16 }, (_, nibble) => new Tracee().poke(7, 1n | (BigInt(nibble) << 16n)));
    const ok = verdicts.flatMap((verdict, nibble) => (verdict === 'ok' ? [nibble] : []));
    assert.deepStrictEqual(ok, [0b0000, 0b0001, 0b0011, 0b0101, 0b0111, 0b1001, 0b1011, 0b1101, 0b1111]);
  });

  it('a refused DR7 is undone: what was enabled stays as it was', () => {
    tracee.poke(0, 0x2000n);
    tracee.poke(1, 0x3000n);
    tracee.poke(7, 0x00dd0005n);
    assert.strictEqual(tracee.poke(7, 0x02110005n), 'ok', 'register 2 is neither enabled nor there');
    assert.strictEqual(tracee.poke(7, 0x02dd0015n), 'EINVAL');
    assert.deepStrictEqual(tracee.armed(), ['write 1 @2000', 'write 1 @3000']);
    assert.strictEqual(tracee.peek(7), 0x02110005n);
  });

  it('a refused DR7 has side effects: disabled ones become execute, new ones stay allocated', () => {
    tracee.poke(0, 0x2000n);
    tracee.poke(7, 0x000d0000n);
    assert.strictEqual(tracee.poke(0, 0x2001n), 'EINVAL', 'four bytes wide, though disabled');
    assert.strictEqual(tracee.poke(7, 0x02dd0014n), 'EINVAL');
    assert.strictEqual(tracee.held, 2);
    assert.strictEqual(tracee.poke(0, 0x2001n), 'ok', 'execute has no alignment');
    assert.deepStrictEqual(tracee.armed(), []);
  });

  it('the nibble is checked even where nothing is enabled', () => {
    tracee.poke(0, 0x2001n);
    assert.strictEqual(tracee.poke(7, 0x00050000n), 'EINVAL');
    assert.strictEqual(tracee.poke(7, 0x00010000n), 'ok');
  });

  it('DR4 and DR5 are nothing, DR6 is only remembered', () => {
    assert.strictEqual(tracee.poke(4, 1n), 'EIO');
    assert.strictEqual(tracee.poke(5, 1n), 'EIO');
    assert.strictEqual(tracee.poke(6, 0xffffffffffffffffn), 'ok');
    assert.strictEqual(tracee.peek(6), 0xffffffffffffffffn);
    assert.deepStrictEqual(tracee.armed(), []);
  });

  it('a hit shows the virtual register and is a forced SIGTRAP', () => {
    tracee.poke(3, 0x2000n);
    tracee.poke(7, 0xd0000040n);
    tracee.bench.run('tracee');
    tracee.task.registers.rip = 0x401000n;
    const outcome = tracee.bench.touch({ kind: 'write', address: 0x2003n });
    assert.deepStrictEqual(outcome?.signals, [{ kind: 'debugTrap', task: tracee.task, address: 0x401000n, code: 4 }]);
    assert.strictEqual(tracee.peek(6), 0xffff0ff8n);
    const stepped = tracee.bench.touch({ kind: 'write', address: 0x2003n }, 0, true);
    assert.deepStrictEqual(
      stepped?.signals.map((signal) => signal.kind === 'debugTrap' && signal.code),
      [2],
    );
    assert.strictEqual(tracee.peek(6), 0xffff4ff8n);
  });

  it('fork copies the status and DR7, and arms nothing', () => {
    tracee.poke(0, 0x2000n);
    tracee.poke(7, 0x000d0001n);
    tracee.poke(6, 0xffff4ff1n);
    const child = tracee.bench.task('child');
    tracee.bench.layer.forked(tracee.task, child, false);
    const { ptrace } = tracee.bench.layer;
    assert.deepStrictEqual(
      [0, 6, 7].map((register) => ptrace.peek(child, register)),
      [0n, 0xffff4ff1n, 0x000d0001n].map((value) => ({ ok: true, value })),
    );
    assert.strictEqual(tracee.held, 1);
  });
});

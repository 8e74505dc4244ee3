// kgdb.test.ts: the breakpoints of a debugger of the whole machine.

import * as assert from 'node:assert';
import { LayerBench } from '../support/layer-bench';

function setUp(): LayerBench {
  const bench = new LayerBench({ cpus: 2 });
  assert.ok(bench.layer.kgdb.init());
  return bench;
}

describe('kgdb breakpoints', () => {
  it('cost no slots while idle', () => {
    const bench = setUp();
    assert.strictEqual(bench.layer.pmu.constraints.held, 0);
    bench.fill({ cpu: 0 });
  });

  it('take a slot on every CPU while set, from all', () => {
    const bench = setUp();
    assert.ok(bench.layer.kgdb.set(0x2000n, 4, 2));
    assert.strictEqual(bench.layer.freeSlots(bench.task('worker')), 3);
    assert.deepStrictEqual(
      bench.layer.slotHolders(bench.task('worker')).map(({ owner, address, cpu }) => ({ owner, address, cpu })),
      [
        { owner: 'kgdb', address: 0x2000n, cpu: 0 },
        { owner: 'kgdb', address: 0x2000n, cpu: 1 },
      ],
    );
    assert.ok(bench.layer.kgdb.remove(0x2000n));
    assert.strictEqual(bench.layer.pmu.constraints.held, 0);
    assert.ok(!bench.layer.kgdb.remove(0x2000n));
  });

  it('translate gdb types; reads alone and odd lengths are refused', () => {
    const bench = setUp();
    const { kgdb } = bench.layer;
    assert.ok(!kgdb.set(0x2000n, 4, 3));
    assert.ok(!kgdb.set(0x2000n, 3, 2));
    assert.ok(kgdb.set(0x2000n, 1, 1));
    assert.ok(kgdb.set(0x2004n, 4, 4));
    const cpu = bench.run('worker');
    kgdb.correctHardware(cpu);
    assert.strictEqual(cpu.debugRegisters.dr7, 0x00f0060an);
  });

  it('a refusal on one CPU leaves no slot on another', () => {
    const bench = setUp();
    bench.fill({ cpu: 1 });
    assert.ok(!bench.layer.kgdb.set(0x2000n, 4, 2));
    assert.strictEqual(bench.layer.pmu.constraints.held, 4);
  });

  it('has four entries', () => {
    const bench = setUp();
    for (let index = 0n; index < 4n; index += 1n) assert.ok(bench.layer.kgdb.set(0x2000n + index, 1, 2));
    assert.ok(!bench.layer.kgdb.set(0x3000n, 1, 2));
  });

  it('holds everybody still while the debugger runs, and puts all back at resume', () => {
    const bench = setUp();
    const worker = bench.task('worker');
    bench.layer.debugger.arm(worker, { address: 0x3000n, lengthBytes: 4, access: 'write' }, 'mine');
    bench.layer.kgdb.set(0x2000n, 4, 2);
    const cpu = bench.run('worker');
    bench.layer.kgdb.correctHardware(cpu);
    const outcome = bench.touch({ kind: 'write', address: 0x2000n });
    assert.ok(outcome);
    assert.deepStrictEqual(bench.layer.kgdb.hitsOf(outcome.hits), [0x2000n]);
    assert.deepStrictEqual(outcome.signals, []);

    bench.layer.kgdb.disableHardware(cpu);
    assert.strictEqual(cpu.debugRegisters.dr7, 0x400n);
    assert.strictEqual(bench.touch({ kind: 'write', address: 0x3000n }), undefined);

    bench.layer.kgdb.correctHardware(cpu);
    assert.strictEqual(bench.touch({ kind: 'write', address: 0x3000n })?.hits.length, 1);
    assert.strictEqual(bench.touch({ kind: 'write', address: 0x2000n })?.hits.length, 1);
  });

  it('detaching frees all and disarms all of it', () => {
    const bench = setUp();
    bench.layer.kgdb.set(0x2000n, 4, 2);
    const cpu = bench.run('worker');
    bench.layer.kgdb.correctHardware(cpu);
    bench.layer.kgdb.removeAll();
    assert.strictEqual(bench.layer.pmu.constraints.held, 0);
    assert.strictEqual(bench.touch({ kind: 'write', address: 0x2000n }), undefined);
    assert.ok(bench.layer.kgdb.set(0x2000n, 4, 2));
  });
});

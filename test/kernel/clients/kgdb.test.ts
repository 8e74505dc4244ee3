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
    assert.ok(bench.layer.kgdb.set({ address: 0x2000n, lengthBytes: 4, type: 2 }, 'gdb'));
    assert.strictEqual(bench.layer.freeSlots(bench.task('worker')), 3);
    assert.deepStrictEqual(
      bench.layer.slotHolders(bench.task('worker')).map(({ owner, address, cpu }) => ({ owner, address, cpu })),
      [
        { owner: 'kgdb', address: 0x2000n, cpu: 0 },
        { owner: 'kgdb', address: 0x2000n, cpu: 1 },
      ],
    );
    assert.ok(bench.layer.kgdb.remove({ address: 0x2000n, lengthBytes: 4, type: 2 }, 'gdb'));
    assert.strictEqual(bench.layer.pmu.constraints.held, 0);
    assert.ok(!bench.layer.kgdb.remove({ address: 0x2000n, lengthBytes: 4, type: 2 }, 'gdb'));
  });

  it('translate gdb types; reads alone and odd lengths are refused', () => {
    const bench = setUp();
    const { kgdb } = bench.layer;
    assert.ok(!kgdb.set({ address: 0x2000n, lengthBytes: 4, type: 3 }, 'gdb'));
    assert.ok(!kgdb.set({ address: 0x2000n, lengthBytes: 3, type: 2 }, 'gdb'));
    assert.ok(kgdb.set({ address: 0x2000n, lengthBytes: 1, type: 1 }, 'gdb'));
    assert.ok(kgdb.set({ address: 0x2004n, lengthBytes: 4, type: 4 }, 'gdb'));
    const cpu = bench.run('worker');
    kgdb.correctHardware(cpu);
    assert.strictEqual(cpu.debugRegisters.dr7, 0x00f0060an);
  });

  it('a refusal on one CPU leaves no slot on another', () => {
    const bench = setUp();
    bench.fill({ cpu: 1 });
    assert.ok(!bench.layer.kgdb.set({ address: 0x2000n, lengthBytes: 4, type: 2 }, 'gdb'));
    assert.strictEqual(bench.layer.pmu.constraints.held, 4);
  });

  it('two users of the same breakpoint share an entry until both have gone', () => {
    const bench = setUp();
    const { kgdb } = bench.layer;
    const request = { address: 0x2000n, lengthBytes: 4, type: 2 } as const;
    assert.ok(kgdb.set(request, 'one') && kgdb.set(request, 'two'));
    assert.strictEqual(bench.layer.pmu.constraints.held, 2);
    assert.ok(kgdb.remove(request, 'one'));
    assert.ok(!kgdb.remove(request, 'one'));
    assert.strictEqual(bench.layer.pmu.constraints.held, 2);
    assert.ok(kgdb.remove(request, 'two'));
    assert.strictEqual(bench.layer.pmu.constraints.held, 0);
  });

  it('a write watch and an access watch of one place go each by itself', () => {
    const { layer } = setUp();
    const writes = { address: 0x2000n, lengthBytes: 4, type: 2 } as const;
    assert.ok(layer.kgdb.set(writes, 'gdb') && layer.kgdb.set({ ...writes, type: 4 }, 'gdb'));
    assert.ok(!layer.kgdb.remove({ ...writes, lengthBytes: 2 }, 'gdb'));
    assert.ok(layer.kgdb.remove({ ...writes, type: 4 }, 'gdb'));
    assert.ok(!layer.kgdb.remove({ ...writes, type: 4 }, 'gdb'));
    assert.deepStrictEqual(new Set(layer.holders().map(({ access }) => access)), new Set(['write']));
  });

  it('has four entries', () => {
    const bench = setUp();
    for (let index = 0n; index < 4n; index += 1n)
      assert.ok(bench.layer.kgdb.set({ address: 0x2000n + index, lengthBytes: 1, type: 2 }, 'gdb'));
    assert.ok(!bench.layer.kgdb.set({ address: 0x3000n, lengthBytes: 1, type: 2 }, 'gdb'));
  });

  it('holds everybody still while the debugger runs, and puts all back at resume', () => {
    const bench = setUp();
    const worker = bench.task('worker');
    bench.layer.debugger.arm(worker, { address: 0x3000n, lengthBytes: 4, access: 'write' }, 'mine');
    bench.layer.kgdb.set({ address: 0x2000n, lengthBytes: 4, type: 2 }, 'gdb');
    const cpu = bench.run('worker');
    bench.layer.kgdb.correctHardware(cpu);
    const outcome = bench.touch({ kind: 'write', address: 0x2000n });
    assert.ok(outcome);
    const [hit] = bench.layer.kgdb.hitsOf(outcome.hits);
    assert.deepStrictEqual([hit.request.address, hit.tags], [0x2000n, ['gdb']]);
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
    bench.layer.kgdb.set({ address: 0x2000n, lengthBytes: 4, type: 2 }, 'gdb');
    const cpu = bench.run('worker');
    bench.layer.kgdb.correctHardware(cpu);
    bench.layer.kgdb.removeAll();
    assert.strictEqual(bench.layer.pmu.constraints.held, 0);
    assert.strictEqual(bench.touch({ kind: 'write', address: 0x2000n }), undefined);
    assert.ok(bench.layer.kgdb.set({ address: 0x2000n, lengthBytes: 4, type: 2 }, 'gdb'));
  });
});

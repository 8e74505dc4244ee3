// layer.test.ts: breakpoints through the layer: slots, registers, hits, restore, the off case.

import * as assert from 'node:assert';
import { breakpointAttributes } from '../../../adapter/kernel/perf/event-attributes';
import { attrBytes, LayerBench } from '../support/layer-bench';

const PIECE = { address: 0x2000n, lengthBytes: 4, access: 'write' } as const;

describe('breakpoint layer', () => {
  it('a CPU-wide breakpoint takes one slot from every thread', () => {
    const bench = new LayerBench({ cpus: 2 });
    bench.fill({ thread: 'worker' }, 1);
    bench.expectRegistered({ cpu: 0 });
    bench.expectRefused({ thread: 'worker' });
    assert.strictEqual(bench.layer.freeSlots(bench.task('worker')), 0);
    assert.strictEqual(bench.layer.freeSlots(bench.task('other')), 3);
  });

  it('says who holds the slots of a thread', () => {
    const bench = new LayerBench();
    const worker = bench.task('worker');
    bench.layer.debugger.arm(worker, PIECE, 'counter');
    bench.layer.ptrace.poke(worker, 0, 0x3000n);
    bench.expectRegistered({ cpu: 1 });
    bench.expectRegistered({ thread: 'other' });
    assert.deepStrictEqual(
      bench.layer.slotHolders(worker).map(({ owner, address, enabled, cpu }) => ({ owner, address, enabled, cpu })),
      [
        { owner: 'ptrace', address: 0x2000n, enabled: true, cpu: -1 },
        { owner: 'ptrace', address: 0x3000n, enabled: false, cpu: -1 },
        { owner: 'perf', address: 0x1000n, enabled: true, cpu: 1 },
      ],
    );
  });

  it('arms when its thread runs, and leaves the registers when it does not', () => {
    const bench = new LayerBench();
    bench.layer.debugger.arm(bench.task('worker'), PIECE, 'counter');
    const cpu = bench.run('other');
    assert.strictEqual(cpu.debugRegisters.dr7, 0x400n);
    bench.park();
    bench.run('worker');
    assert.strictEqual(cpu.debugRegisters.readAddress(0), 0x2000n);
    assert.strictEqual(cpu.debugRegisters.dr7, 0x000d0602n);
    bench.park();
    assert.strictEqual(cpu.debugRegisters.dr7, 0x600n, 'GE stays, as in Linux');
  });

  it('arms at once where the thread is running', () => {
    const bench = new LayerBench();
    const cpu = bench.run('worker', 1);
    bench.layer.debugger.arm(bench.task('worker'), PIECE, 'counter');
    assert.ok(cpu.debugRegisters.condition(0).enabled);
    bench.layer.debugger.disarm(bench.task('worker'), 0);
    assert.ok(!cpu.debugRegisters.condition(0).enabled);
    assert.strictEqual(bench.layer.freeSlots(bench.task('worker')), 4);
  });

  it('tells a hit to the debugger with old and new bytes, and sends the program nothing', () => {
    const bench = new LayerBench();
    const worker = bench.task('worker');
    bench.layer.debugger.arm(worker, PIECE, 'counter');
    bench.run('worker');
    const outcome = bench.touch({ kind: 'write', address: 0x2002n });
    assert.ok(outcome);
    assert.deepStrictEqual(outcome.signals, []);
    const [{ register, hit }] = bench.layer.debugger.hitsOf(worker, outcome.hits, outcome.singleStep);
    assert.strictEqual(register.tag, 'counter');
    assert.deepStrictEqual(hit.detail?.before, new Uint8Array([1]));
    assert.strictEqual(bench.layer.debugger.dr6(worker), 0xffff0ff1n);
    assert.strictEqual(bench.touch({ kind: 'read', address: 0x2002n }), undefined);
  });

  it('disabled keeps its slot, enabled watches again', () => {
    const bench = new LayerBench();
    const worker = bench.task('worker');
    for (const tag of ['a', 'b', 'c', 'd']) bench.layer.debugger.arm(worker, PIECE, tag);
    assert.deepStrictEqual(bench.layer.debugger.arm(worker, PIECE, 'e'), { kind: 'refused', errno: 'ENOSPC' });
    for (let index = 0; index < 4; index += 1) bench.layer.debugger.setEnabled(worker, index, false);
    bench.run('worker');
    assert.strictEqual(bench.touch({ kind: 'write', address: 0x2000n }), undefined);
    assert.strictEqual(bench.layer.freeSlots(worker), 0);
    bench.layer.debugger.setEnabled(worker, 2, true);
    assert.strictEqual(bench.touch({ kind: 'write', address: 0x2000n })?.hits.length, 1);
    bench.layer.debugger.disarm(worker, 1);
    assert.strictEqual(bench.layer.debugger.arm(worker, PIECE, 'e').kind, 'armed');
  });

  it('exec and exit give back what ptrace and the debugger held', () => {
    const bench = new LayerBench();
    const worker = bench.task('worker');
    for (const end of ['executed', 'exited'] as const) {
      bench.layer.debugger.arm(worker, PIECE, 'counter');
      bench.layer.ptrace.poke(worker, 1, 0x3000n);
      bench.layer[end](worker);
      assert.strictEqual(bench.layer.pmu.constraints.held, 0, end);
    }
  });

  it('a counted hit raises no #DB, is read at once, and wipes the old status', () => {
    const bench = new LayerBench();
    const worker = bench.task('worker');
    const file = bench.open({ thread: 'worker' }, attrBytes({ address: 0x2000n }));
    assert.ok(typeof file !== 'string');
    bench.layer.ptrace.poke(worker, 6, 0xffff4ff1n);
    bench.run('worker');
    for (let times = 0; times < 3; times += 1) {
      assert.strictEqual(bench.touch({ kind: 'write', address: 0x2000n }), undefined);
    }
    const answer = file.read(8);
    assert.ok(answer.ok);
    assert.strictEqual(new DataView(answer.value.buffer).getBigUint64(0, true), 3n);
    assert.deepStrictEqual(bench.layer.ptrace.peek(worker, 6), { ok: true, value: 0xffff0ff0n });
    bench.park();
    bench.run('worker');
    bench.touch({ kind: 'write', address: 0x2000n });
    bench.park();
    assert.strictEqual(file.event.count, 4, 'what one slice counted is not counted again');
  });

  it('kernel accesses count only where the event wants the kernel; ptrace never does', () => {
    const bench = new LayerBench();
    const worker = bench.task('worker');
    const user = bench.open({ thread: 'worker' }, attrBytes({ address: 0x2000n }));
    const both = bench.open({ thread: 'worker' }, attrBytes({ address: 0x2000n, flags: 0n }));
    assert.ok(typeof user !== 'string' && typeof both !== 'string');
    bench.layer.ptrace.poke(worker, 0, 0x2000n);
    assert.strictEqual(bench.layer.ptrace.poke(worker, 7, 0x000d0001n), undefined);
    const cpu = bench.run('worker');
    assert.ok(bench.layer.watchesKernelAccess(cpu));
    const access = { access: 'write', address: 0x2003n, lengthBytes: 1 } as const;
    bench.layer.handleKernelAccess(cpu, worker, access);
    bench.layer.handleKernelAccess(cpu, worker, { ...access, access: 'read' });
    assert.deepStrictEqual([user.event.count, both.event.count], [0, 1]);
    bench.layer.handleKernelAccess(cpu, worker, { ...access, address: 0x1ffen, lengthBytes: 100, bytewise: true });
    assert.deepStrictEqual([user.event.count, both.event.count], [0, 5], 'a copy hits byte by byte');
    assert.deepStrictEqual(bench.layer.returnToUser(worker), []);
  });

  it('puts the registers back after a virtual machine used them, if there is anything to put back', () => {
    const bench = new LayerBench();
    bench.layer.debugger.arm(bench.task('worker'), PIECE, 'counter');
    const cpu = bench.run('worker');
    const trample = (): void => {
      for (let index = 0; index < 4; index += 1) cpu.debugRegisters.writeAddress(index, 0xdeadn);
      cpu.debugRegisters.dr6 = 0xffff0fffn;
      cpu.debugRegisters.dr7 = 0x400n;
    };
    trample();
    bench.layer.restore(cpu);
    assert.strictEqual(cpu.debugRegisters.dr6, 0xffff0ff0n);
    assert.strictEqual(bench.touch({ kind: 'write', address: 0x2000n })?.hits.length, 1);
    assert.strictEqual(cpu.debugRegisters.readAddress(1), 0n);
    bench.park();
    trample();
    bench.layer.restore(cpu);
    assert.strictEqual(cpu.debugRegisters.readAddress(1), 0xdeadn, 'nothing armed: nothing touched');
  });

  it('more registers than x86 has: all of them watch', () => {
    const bench = new LayerBench({ registers: 7 });
    const worker = bench.task('worker');
    for (let index = 0; index < 7; index += 1) {
      const piece = { ...PIECE, address: 0x2000n + 4n * BigInt(index) };
      assert.strictEqual(bench.layer.debugger.arm(worker, piece, `w${index}`).kind, 'armed');
    }
    assert.strictEqual(bench.layer.debugger.arm(worker, PIECE, 'eighth').kind, 'refused');
    bench.run('worker');
    const outcome = bench.touch({ kind: 'write', address: 0x2000n, lengthBytes: 28 });
    assert.ok(outcome);
    const tags = bench.layer.debugger.hitsOf(worker, outcome.hits, false).map(({ register }) => register.tag);
    assert.deepStrictEqual(tags, ['w0', 'w1', 'w2', 'w3', 'w4', 'w5', 'w6']);
    assert.strictEqual(bench.layer.debugger.dr6(worker), 0xffff0fffn);
    bench.park();
    bench.run('other');
    assert.strictEqual(bench.touch({ kind: 'write', address: 0x2018n }), undefined);
  });

  it('what is armed on a running thread goes where it would if all were taken out and put back', () => {
    const bench = new LayerBench();
    const worker = bench.task('worker');
    const cpu = bench.run('worker');
    const addresses = () => [0, 1, 2, 3].map((index) => cpu.debugRegisters.readAddress(index));
    const arm = (address: bigint) => bench.layer.debugger.arm(worker, { ...PIECE, address }, 'counter');
    for (const address of [0x1000n, 0x2000n, 0x3000n]) arm(address);
    assert.deepStrictEqual(addresses().slice(0, 3), [0x1000n, 0x2000n, 0x3000n]);
    bench.layer.debugger.disarm(worker, 1);
    assert.ok(!cpu.debugRegisters.condition(1).enabled);
    arm(0x4000n);
    assert.deepStrictEqual(addresses().slice(0, 3), [0x1000n, 0x3000n, 0x4000n], 'the gap is closed');
  });

  it('a thousand are armed on a running thread, and disarmed, each with one change of the registers', () => {
    const bench = new LayerBench({ registers: 1000 });
    const worker = bench.task('worker');
    const { debugRegisters } = bench.run('worker');
    const changes = (action: (index: number) => void): number => {
      const before = debugRegisters.generation;
      for (let index = 0; index < 1000; index += 1) action(index);
      return debugRegisters.generation - before;
    };
    const armed = changes((index) => {
      const piece = { ...PIECE, address: 0x2000n + 4n * BigInt(index) };
      assert.strictEqual(bench.layer.debugger.arm(worker, piece, `w${index}`).kind, 'armed');
    });
    const disarmed = changes((index) => {
      bench.layer.debugger.disarm(worker, index);
    });
    assert.ok(armed < 1100 && disarmed < 1100, `${armed}, ${disarmed}`);
    assert.strictEqual(bench.layer.pmu.constraints.held, 0);
  });

  describe('of threads that take turns', () => {
    const REGISTERS = 100;

    /** Two threads that watch the same places, one more each than the registers of x86. */
    function takingTurns(watches = REGISTERS) {
      const bench = new LayerBench({ registers: REGISTERS });
      for (const name of ['one', 'two']) {
        for (let index = 0; index < watches; index += 1) {
          const piece = { ...PIECE, address: 0x2000n + 4n * BigInt(index) };
          assert.strictEqual(bench.layer.debugger.arm(bench.task(name), piece, `w${index}`).kind, 'armed');
        }
      }
      const turn = (name: string, cpu = 0) => {
        bench.park(cpu);
        return bench.run(name, cpu).debugRegisters;
      };
      for (const name of ['one', 'two', 'one', 'two']) turn(name);
      return { bench, turn };
    }

    const registersIn = (bench: LayerBench, name: string, cpu = 0): number[] => {
      const own = bench.layer.debugger.registers(bench.task(name));
      return own.flatMap(({ event }, n) => (bench.layer.pmu.installedAt(bench.cpus[cpu], n) === event ? [n] : []));
    };

    it('all go and come at once, whoever has them and wherever', () => {
      const { bench, turn } = takingTurns();
      const before = bench.cpus.map(({ debugRegisters }) => debugRegisters.contents);
      const registers = turn('one');
      const { generation } = registers;
      turn('two');
      assert.strictEqual(turn('one').generation, generation, 'as they were');
      bench.park();
      assert.ok(!registers.condition(50).enabled, 'nobody runs there');
      assert.strictEqual(turn('one', 1).generation, generation, 'on another CPU');
      assert.strictEqual(registersIn(bench, 'one', 1).length, REGISTERS);
      assert.notStrictEqual(before[1], bench.cpus[1].debugRegisters.contents);
    });

    it('a hit is that of the thread which runs', () => {
      const { bench, turn } = takingTurns(4);
      for (const name of ['one', 'two', 'two', 'one', 'two']) {
        turn(name);
        const outcome = bench.touch({ kind: 'write', address: 0x2008n });
        const hits = bench.layer.debugger.hitsOf(bench.task(name), outcome?.hits ?? [], false);
        assert.deepStrictEqual(
          hits.map(({ register }) => register.tag),
          ['w2'],
          name,
        );
      }
      const counts = ['one', 'two'].map((name) => bench.layer.debugger.registers(bench.task(name))[2].event.count);
      assert.deepStrictEqual(counts, [2, 3]);
    });

    it('what was changed while a thread was away is so when it comes', () => {
      const { bench, turn } = takingTurns(REGISTERS - 1);
      const [one, { debugger: own }] = [bench.task('one'), bench.layer];
      own.setEnabled(one, 7, false);
      own.disarm(one, 9);
      own.arm(one, { ...PIECE, address: 0x9000n }, 'new');
      const registers = turn('one');
      const armed = Array.from({ length: REGISTERS }, (_, n) => registers.condition(n)).filter(
        ({ enabled }) => enabled,
      );
      const addresses = armed.map(({ address }) => address);
      assert.strictEqual(armed.length, REGISTERS - 2);
      assert.ok(
        addresses.includes(0x9000n) && !addresses.includes(0x2000n + 28n) && !addresses.includes(0x2000n + 36n),
      );
      const wide = bench.expectRegistered({ cpu: 0 });
      for (const name of ['two', 'one']) turn(name);
      assert.strictEqual(bench.layer.pmu.installedAt(bench.cpus[0], 0), wide, 'a CPU-wide one comes first');
      bench.remove(wide);
      for (const name of ['two', 'one', 'two', 'one']) turn(name);
      assert.strictEqual(bench.layer.pmu.constraints.held, 2 * (REGISTERS - 1));
    });

    it('their time is that on a CPU', () => {
      const { bench, turn } = takingTurns(4);
      const [{ event }] = bench.layer.debugger.registers(bench.task('one'));
      bench.layer.perf.refresh(event);
      const before = event.timeRunning;
      for (const name of ['one', 'two', 'one', 'two']) turn(name);
      bench.layer.perf.refresh(event);
      assert.strictEqual(event.timeRunning - before, 40n);
    });
  });

  it('a machine without debug registers refuses with ENOSYS, perf with ENOENT', () => {
    const bench = new LayerBench({ registers: 0 });
    const worker = bench.task('worker');
    assert.deepStrictEqual(bench.layer.debugger.arm(worker, PIECE, 'a'), { kind: 'refused', errno: 'ENOSYS' });
    assert.strictEqual(bench.layer.ptrace.poke(worker, 0, 0x1000n), 'ENOSYS');
    assert.strictEqual(bench.open({ thread: 'worker' }, attrBytes({})), 'ENOENT');
    const wide = bench.layer.api.registerWide(breakpointAttributes(), 'ksym', () => undefined);
    assert.deepStrictEqual(wide, { ok: false, errno: 'ENOSYS' });
    bench.run('worker');
    bench.park();
    assert.deepStrictEqual(bench.layer.holders(), []);
  });

  it('a wide breakpoint is on every CPU or on none', () => {
    const bench = new LayerBench({ cpus: 3 });
    bench.fill({ cpu: 2 });
    const attributes = breakpointAttributes({ breakpointType: 2, breakpointAddress: 0x1000n, breakpointLength: 4n });
    const refused = bench.layer.api.registerWide(attributes, 'ksym', () => undefined);
    assert.deepStrictEqual(refused, { ok: false, errno: 'ENOSPC' });
    assert.strictEqual(bench.layer.pmu.constraints.held, 4);
    bench.remove(bench.layer.cpuHolders(bench.cpus[2])[0].event);
    const made = bench.layer.api.registerWide(attributes, 'ksym', () => undefined);
    assert.ok(made.ok);
    assert.deepStrictEqual(
      made.value.map((event) => event.cpu),
      [0, 1, 2],
    );
    bench.layer.api.unregisterWide(made.value);
    assert.strictEqual(bench.layer.pmu.constraints.held, 3);
  });

  it('the CPU with the least left says what a thread has free', () => {
    const bench = new LayerBench({ cpus: 2 });
    bench.fill({ cpu: 1 }, 1);
    bench.expectRegistered({ thread: 'worker', cpu: 0 });
    assert.strictEqual(bench.layer.freeSlots(bench.task('worker')), 1);
  });

  it("slots beyond the processor's come and go", () => {
    const bench = new LayerBench({ registers: 8 });
    const { constraints } = bench.layer.pmu;
    constraints.grow(-4);
    assert.strictEqual(bench.layer.slotsPerCpu, 4);
    const held = bench.fill({ thread: 'worker' });
    bench.expectRefused({ thread: 'worker' });
    constraints.grow(1);
    held.push(bench.expectRegistered({ thread: 'worker' }));
    bench.expectRefused({ thread: 'worker' });
    for (const event of held) bench.remove(event);
    constraints.grow(-1);
    bench.fill({ thread: 'worker' });
    bench.expectRefused({ thread: 'worker' });
  });

  it('a step onto an execute breakpoint is told alone, whatever DR6 shows', () => {
    const bench = new LayerBench();
    const worker = bench.task('worker');
    const event = bench.expectRegistered({ thread: 'worker' }, { breakpointType: 4, breakpointLength: 8n });
    const cpu = bench.run('worker');
    const exit = { hits: [], instruction: 0x1000n, icebp: false };
    cpu.debugRegisters.dr6 |= (1n << 14n) | 1n;
    const stepped = bench.layer.handleDebugException(cpu, worker, { ...exit, singleStep: true });
    assert.deepStrictEqual([stepped.hits.length, event.count, worker.registers.rflags >> 16n], [0, 0, 0n]);
    cpu.debugRegisters.dr6 |= 1n;
    const reached = bench.layer.handleDebugException(cpu, worker, { ...exit, singleStep: false });
    assert.deepStrictEqual([reached.hits.length, event.count, worker.registers.rflags >> 16n], [1, 1, 1n]);
  });

  it('a debugger that must not wait is turned away while a breakpoint is being registered', () => {
    const bench = new LayerBench();
    const { constraints } = bench.layer.pmu;
    constraints.exclusively(() => {
      assert.strictEqual(bench.layer.api.debuggerReserve(0, 'kgdb'), undefined);
    });
    const lease = bench.layer.api.debuggerReserve(0, 'kgdb');
    assert.ok(lease);
    constraints.exclusively(() => {
      assert.strictEqual(bench.layer.api.debuggerRelease(lease), false);
    });
    assert.strictEqual(constraints.held, 1);
    assert.strictEqual(bench.layer.api.debuggerRelease(lease), true);
    assert.throws(() => bench.layer.api.debuggerRelease(lease), /exactly once/);
  });
});

// Whose turn it is.

import * as assert from 'node:assert';
import type { RegisterFile } from '../../../adapter/machine/machine';
import type { DebugRegisters } from '../../../adapter/machine/debug-registers';
import { type Schedulable, ScheduledCpu, Scheduler } from '../../../adapter/kernel/sched/scheduler';

interface TestTask extends Schedulable {
  runnable: boolean;
  affinity: number;
}

/** Neither registers nor debug registers are touched by the scheduler. */
const NOTHING: unknown = Object.freeze({});

function task(tid: number, affinity = 3): TestTask {
  return { tid, tgid: 1, comm: `t${tid}`, registers: NOTHING as RegisterFile, runnable: true, affinity, lastCpu: 0 };
}

class Bench {
  readonly log: string[] = [];
  readonly scheduler: Scheduler<TestTask>;

  constructor(cpus: number) {
    this.scheduler = new Scheduler(
      Array.from({ length: cpus }, (_, id) => new ScheduledCpu<TestTask>(id, NOTHING as DebugRegisters)),
      {
        switchIn: (who, cpu) => this.log.push(`+${who.tid}@${cpu.id}`),
        switchOut: (who, cpu) => this.log.push(`-${who.tid}@${cpu.id}`),
      },
    );
  }

  turns(count: number): string {
    return Array.from({ length: count }, () => {
      const turn = this.scheduler.next();
      return turn === undefined ? 'idle' : `${turn.task.tid}@${turn.cpu.id}`;
    }).join(' ');
  }
}

describe('scheduler', () => {
  it('gives the CPUs turns in order', () => {
    const bench = new Bench(2);
    for (const tid of [1, 2]) bench.scheduler.enqueue(task(tid));
    assert.strictEqual(bench.turns(4), '1@0 2@1 1@0 2@1');
    assert.deepStrictEqual(bench.log, ['+1@0', '+2@1']);
  });

  it('lets a third task in when a slice is over', () => {
    const bench = new Bench(1);
    for (const tid of [1, 2]) bench.scheduler.enqueue(task(tid));
    assert.strictEqual(bench.turns(11), '1@0 1@0 1@0 1@0 1@0 2@0 2@0 2@0 2@0 2@0 1@0');
  });

  it('frees the CPU of a task that sleeps', () => {
    const bench = new Bench(1);
    const [first, second] = [task(1), task(2)];
    bench.scheduler.enqueue(first);
    bench.scheduler.enqueue(second);
    bench.turns(1);
    first.runnable = false;
    bench.scheduler.dequeue(first);
    assert.strictEqual(bench.turns(2), '2@0 2@0');
    assert.deepStrictEqual(bench.log, ['+1@0', '-1@0', '+2@0']);
  });

  it('keeps to affinities', () => {
    const bench = new Bench(2);
    bench.scheduler.enqueue(task(1, 2));
    bench.scheduler.enqueue(task(2, 2));
    assert.strictEqual(bench.turns(2), '1@1 1@1');
  });

  it('is idle when nobody can run, and passes over frozen tasks', () => {
    const bench = new Bench(2);
    const only = task(1);
    bench.scheduler.enqueue(only);
    bench.turns(1);
    only.runnable = false;
    assert.strictEqual(bench.turns(1), 'idle');
    only.runnable = true;
    assert.strictEqual(bench.turns(1), '1@0');
  });
});

// kunit.test.ts: the nine cases of Linux's hw_breakpoint KUnit suite, by their names.
//
// As recorded operations they are in test/vectors/kunit.jsonl; here they read as sentences.

import * as assert from 'node:assert';
import { LayerBench } from '../support/layer-bench';

const CPU_0 = { cpu: 0 };
const CPU_1 = { cpu: 1 };
const T = { thread: 'T' };
const T_ON_0 = { thread: 'T', cpu: 0 };
const U = { thread: 'U' };
const U_ON_0 = { thread: 'U', cpu: 0 };

describe('KUnit: hw_breakpoint', () => {
  let bench: LayerBench;
  beforeEach(() => {
    bench = new LayerBench({ cpus: 2 });
  });
  afterEach(() => {
    for (const { event } of bench.layer.holders()) bench.remove(event);
    assert.strictEqual(bench.layer.pmu.constraints.held, 0, 'no breakpoint is left');
  });

  it('test_one_cpu', () => {
    bench.fill(CPU_0);
    bench.expectRefused(T);
    bench.expectRefused(CPU_0);
  });

  it('test_many_cpus', () => {
    bench.fill(CPU_0);
    bench.expectRefused(CPU_0);
    bench.fill(CPU_1);
    bench.expectRefused(CPU_1);
  });

  it('test_one_task_on_all_cpus', () => {
    const [first] = bench.fill(T);
    for (const where of [T, T_ON_0, CPU_0]) bench.expectRefused(where);
    bench.remove(first);
    bench.expectRegistered(CPU_0);
  });

  it('test_two_tasks_on_all_cpus', () => {
    const [first] = bench.fill(T);
    bench.fill(U);
    for (const where of [T, U, T_ON_0, U_ON_0, CPU_0]) bench.expectRefused(where);
    bench.remove(first);
    bench.expectRefused(CPU_0);
  });

  it('test_one_task_on_one_cpu', () => {
    const [first] = bench.fill(T_ON_0);
    for (const where of [T, T_ON_0, CPU_0]) bench.expectRefused(where);
    bench.remove(first);
    bench.expectRegistered(CPU_0);
  });

  it('test_one_task_mixed', () => {
    const bound = bench.expectRegistered(T_ON_0);
    const [first] = bench.fill(T, 1);
    for (const where of [T, T_ON_0, CPU_0]) bench.expectRefused(where);
    bench.remove(bound);
    bench.remove(first);
    bench.expectRegistered(CPU_0);
    bench.expectRegistered(CPU_0);
    bench.expectRefused(CPU_0);
  });

  it('test_two_tasks_on_one_cpu', () => {
    bench.fill(T_ON_0);
    bench.fill(U_ON_0);
    for (const where of [T, U, T_ON_0, U_ON_0, CPU_0]) bench.expectRefused(where);
    bench.fill(CPU_1);
  });

  it('test_two_tasks_on_one_all_cpus', () => {
    bench.fill(T_ON_0);
    bench.fill(U);
    for (const where of [T, U, T_ON_0, U_ON_0, CPU_0, CPU_1]) bench.expectRefused(where);
  });

  it('test_task_on_all_and_one_cpu', () => {
    bench.expectRegistered(T);
    bench.expectRegistered(T);
    const bound = bench.expectRegistered(T_ON_0);
    bench.expectRegistered(T);
    for (const where of [T, T_ON_0, CPU_0]) bench.expectRefused(where);
    const wide = bench.expectRegistered(CPU_1);
    bench.expectRefused(CPU_1);
    bench.remove(bound);
    bench.expectRefused(T);
    bench.remove(wide);
    bench.expectRegistered(T);
    for (const where of [T, T_ON_0, CPU_0, CPU_1]) bench.expectRefused(where);
  });
});

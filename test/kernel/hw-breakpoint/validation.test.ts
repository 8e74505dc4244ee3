// validation.test.ts: what x86 can watch, and what wins where a request is wrong twice. Cases numbered as in B.4.

import * as assert from 'node:assert';
import { parseBreakpoint } from '../../../adapter/kernel/hw-breakpoint/validation';
import { LayerBench } from '../support/layer-bench';

const WRITE = 2;
const EXECUTE = 4;
const KERNEL = 0xffffffff81000000n;

function errnoOf(
  type: number,
  address: bigint,
  length: bigint,
  options: { excludeKernel?: boolean; sysAdmin?: boolean } = {},
): string {
  const { excludeKernel = true, sysAdmin = true } = options;
  const request = { breakpointType: type, breakpointAddress: address, breakpointLength: length, excludeKernel };
  const parsed = parseBreakpoint(request, { sysAdmin });
  return parsed.ok ? 'ok' : parsed.errno;
}

describe('breakpoint validation', () => {
  it('1: the range may not wrap', () => {
    assert.strictEqual(errnoOf(WRITE, 0xfffffffffffffff8n, 16n, { excludeKernel: false }), 'EINVAL');
    assert.strictEqual(errnoOf(WRITE, 0n, 0n), 'EINVAL');
  });

  it('2: nor touch what CPU entry uses', () => {
    assert.strictEqual(errnoOf(WRITE, 0xfffffe0000001000n, 8n, { excludeKernel: false }), 'EINVAL');
  });

  it('3: writes, accesses, execution; nothing else', () => {
    assert.deepStrictEqual(
      Array.from({ length: 9 }, (_, type) => errnoOf(type, 0x1000n, 8n)),
      ['EINVAL', 'EINVAL', 'ok', 'ok', 'ok', 'EINVAL', 'EINVAL', 'EINVAL', 'EINVAL'],
    );
  });

  it('3: execution has the length of a long and any alignment, in user space only', () => {
    assert.strictEqual(errnoOf(EXECUTE, 0x1003n, 8n), 'ok');
    assert.strictEqual(errnoOf(EXECUTE, 0x1000n, 1n), 'EINVAL');
    assert.strictEqual(errnoOf(EXECUTE, 0x7fffffffefffn, 8n), 'ok');
    assert.strictEqual(errnoOf(EXECUTE, KERNEL, 8n, { excludeKernel: false }), 'EINVAL');
  });

  it('4: longer ranges exist on other CPUs, if they are powers of two and aligned', () => {
    assert.strictEqual(errnoOf(WRITE, 0x1000n, 16n), 'EOPNOTSUPP');
    assert.strictEqual(errnoOf(WRITE, 0x1008n, 16n), 'EINVAL');
    assert.strictEqual(errnoOf(WRITE, 0x1000n, 12n), 'EINVAL');
    assert.strictEqual(errnoOf(WRITE, 0x1000n, 3n), 'EINVAL');
  });

  it('5: data is aligned to its length', () => {
    for (const length of [1n, 2n, 4n, 8n]) {
      assert.strictEqual(errnoOf(WRITE, 0x1000n + length, length), 'ok');
      if (length > 1n) assert.strictEqual(errnoOf(WRITE, 0x1000n + length / 2n, length), 'EINVAL');
    }
  });

  it('6: the kernel is for those who want it and may', () => {
    assert.strictEqual(errnoOf(WRITE, KERNEL, 8n), 'EINVAL');
    assert.strictEqual(errnoOf(WRITE, KERNEL, 8n, { excludeKernel: false, sysAdmin: false }), 'EPERM');
    assert.strictEqual(errnoOf(WRITE, KERNEL, 8n, { excludeKernel: false }), 'ok');
    assert.strictEqual(errnoOf(WRITE, 0x7fffffffeff8n, 8n), 'ok');
    assert.strictEqual(errnoOf(WRITE, 0x7ffffffff000n, 8n), 'EINVAL');
  });

  it('without a free slot a malformed request is ENOSPC, except for types 0 and 7', () => {
    const bench = new LayerBench();
    bench.fill({ thread: 'worker' });
    const register = (overrides: object): unknown => bench.register({ thread: 'worker' }, overrides);
    assert.strictEqual(register({ breakpointLength: 3n }), 'ENOSPC');
    assert.strictEqual(register({ breakpointType: 5 }), 'ENOSPC');
    assert.strictEqual(register({ breakpointType: 0 }), 'EINVAL');
    assert.strictEqual(register({ breakpointType: 7 }), 'EINVAL');
  });
});

// Attributes → bytes → the same attributes.

import * as assert from 'node:assert';
import fc from 'fast-check';
import { encodeAttributes } from '../../../adapter/kernel/perf/encode-attributes';
import { emptyAttributes } from '../../../adapter/kernel/perf/event-attributes';
import { parseAttributes } from '../../../adapter/kernel/perf/parse-attributes';

describe('perf_event_attr', () => {
  it('comes back from its bytes as it was', () => {
    const u64 = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
    const some = fc.record({
      samplePeriod: u64,
      breakpointAddress: u64,
      breakpointLength: u64,
      sigData: u64,
      config: u64,
      breakpointType: fc.nat(),
      wakeup: fc.nat(),
      readFormat: fc.bigInt({ min: 0n, max: 31n }),
      sampleMaxStack: fc.integer({ min: 1, max: 65535 }),
      preciseIp: fc.integer({ min: 0, max: 3 }),
      disabled: fc.boolean(),
      pinned: fc.boolean(),
      inherit: fc.boolean(),
      excludeKernel: fc.boolean(),
      watermark: fc.boolean(),
      buildId: fc.boolean(),
    });
    fc.assert(
      fc.property(some, (fields) => {
        const attributes = emptyAttributes({ type: 5, ...fields });
        assert.deepStrictEqual(parseAttributes(encodeAttributes(attributes)), { ok: true, value: attributes });
      }),
    );
  });
});

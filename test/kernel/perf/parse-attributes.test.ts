// parse-attributes.test.ts: perf_event_attr from bytes: sizes, what must be zero, what contradicts itself.

import * as assert from 'node:assert';
import fc from 'fast-check';
import { parseAttributes } from '../../../adapter/kernel/perf/parse-attributes';
import { attrBytes } from '../support/layer-bench';

function errnoOf(bytes: Uint8Array): string {
  const parsed = parseAttributes(bytes);
  return parsed.ok ? 'ok' : parsed.errno;
}

function changed(change: (view: DataView) => void, size = 136): Uint8Array {
  const bytes = new Uint8Array(256);
  bytes.set(attrBytes({}));
  const view = new DataView(bytes.buffer);
  view.setUint32(4, size, true);
  change(view);
  return bytes;
}

describe('perf_event_attr', () => {
  it('is EFAULT wherever the memory ends too early', () => {
    const whole = attrBytes({ size: 136 });
    for (let length = 0; length < whole.length; length += 1) {
      assert.strictEqual(errnoOf(whole.subarray(0, length)), 'EFAULT', `${length} bytes`);
    }
    assert.strictEqual(errnoOf(whole), 'ok');
  });

  it('may be as old as its first version, and what it lacks is zero', () => {
    for (const size of [0, 64, 72, 80, 96, 104, 112, 120, 128, 136, 137, 200]) {
      const parsed = parseAttributes(changed(() => undefined, size));
      assert.ok(parsed.ok, `size ${size}`);
      assert.strictEqual(parsed.value.breakpointLength, size === 0 || size === 64 ? 0n : 4n);
      assert.strictEqual(parsed.value.size, size === 0 ? 64 : size);
    }
  });

  it('is E2BIG when too short, too long, or when it says what we do not know', () => {
    for (const size of [1, 63, 4097, 1 << 20]) {
      assert.strictEqual(errnoOf(changed(() => undefined, size)), 'E2BIG', `size ${size}`);
    }
    const future = changed((view) => {
      view.setUint8(150, 1);
    }, 160);
    assert.strictEqual(errnoOf(future), 'E2BIG');
  });

  it('reserves what has no meaning', () => {
    const cases: [string, (view: DataView) => void][] = [
      [
        'flag 38',
        (view) => {
          view.setBigUint64(40, 1n << 38n, true);
        },
      ],
      [
        'flag 63',
        (view) => {
          view.setBigUint64(40, 1n << 63n, true);
        },
      ],
      [
        'sample_type',
        (view) => {
          view.setBigUint64(24, 1n << 25n, true);
        },
      ],
      [
        'read_format',
        (view) => {
          view.setBigUint64(32, 32n, true);
        },
      ],
      [
        'after sample_max_stack',
        (view) => {
          view.setUint16(110, 1, true);
        },
      ],
      [
        'after aux_sample_size',
        (view) => {
          view.setUint32(116, 1, true);
        },
      ],
      [
        'inherit_thread alone',
        (view) => {
          view.setBigUint64(40, 1n << 35n, true);
        },
      ],
      [
        'sigtrap alone',
        (view) => {
          view.setBigUint64(40, 1n << 37n, true);
        },
      ],
      [
        'remove_on_exec with enable_on_exec',
        (view) => {
          view.setBigUint64(40, (1n << 36n) | (1n << 12n), true);
        },
      ],
      [
        'REGS_USER of nothing',
        (view) => {
          view.setBigUint64(24, 1n << 12n, true);
        },
      ],
    ];
    for (const [name, change] of cases) {
      const bytes = changed(change);
      assert.strictEqual(errnoOf(bytes), 'EINVAL', name);
    }
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(160), (bytes, size) => {
        if (bytes.length >= 8) new DataView(bytes.buffer, bytes.byteOffset).setUint32(4, size, true);
        parseAttributes(bytes);
      }),
      { numRuns: 500 },
    );
  });
});

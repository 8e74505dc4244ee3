import assert from 'node:assert/strict';
import { signalName } from '../../adapter/kernel/abi/signals.table';
import { parseLogMessage } from '../../adapter/watch/log-message';
import { OutputText } from '../../adapter/session/output-text';
import { RateLimit } from '../../adapter/session/rate-limit';
import { ORDINARY_SIGNALS } from '../../adapter/session/signals.table';
import { callLength, padAt } from '../../adapter/session/stepper';

describe('signals of ordinary work', () => {
  it('are named as the kernel names them', () => {
    const names = new Set(Array.from({ length: 64 }, (_, index) => signalName(index + 1)));
    for (const name of ORDINARY_SIGNALS) assert.ok(names.has(name), name);
  });
});

describe('log messages', () => {
  it('are text with expressions in braces', () => {
    assert.deepEqual(parseLogMessage('x is {x + 1}, y[{i}]'), [
      { kind: 'text', text: 'x is ' },
      { kind: 'expression', text: 'x + 1', start: 6 },
      { kind: 'text', text: ', y[' },
      { kind: 'expression', text: 'i', start: 17 },
      { kind: 'text', text: ']' },
    ]);
  });

  it('keep escaped and unclosed braces', () => {
    assert.deepEqual(parseLogMessage('\\{x\\} {y'), [{ kind: 'text', text: '{x} {y' }]);
  });
});

describe("the program's output", () => {
  it('keeps characters that are cut anywhere', () => {
    const bytes = new TextEncoder().encode('grüße → 日本 😀');
    for (let cut = 0; cut <= bytes.length; cut++) {
      const output = new OutputText();
      const text = output.push(bytes.slice(0, cut)) + output.push(bytes.slice(cut)) + output.end();
      assert.equal(text, 'grüße → 日本 😀');
    }
  });

  it('shows what is no UTF-8', () => {
    const output = new OutputText();
    assert.equal(output.push(new Uint8Array([0x61, 0xff, 0x62, 0xe2])) + output.end(), 'a\ufffdb\ufffd');
  });
});

describe('the length of a call', () => {
  const cases: readonly (readonly [string, number | undefined])[] = [
    ['e8 00 00 00 00', 5],
    ['ff d0', 2],
    ['41 ff d4', 3],
    ['ff 15 00 00 00 00', 6],
    ['ff 54 24 08', 4],
    ['ff 14 c5 00 00 00 00', 7],
    ['3e ff d0', 3],
    ['f2 e8 00 00 00 00', 6],
    ['ff e0', undefined],
    ['c3', undefined],
    ['ff', undefined],
  ];
  for (const [hex, length] of cases) {
    it(hex, () => {
      assert.equal(callLength(Uint8Array.from(hex.split(' ').map((byte) => parseInt(byte, 16)))), length);
    });
  }
});

describe('the rate limit', () => {
  it('passes the first at once and the last in the end', () => {
    let now = 0;
    let timer: { at: number; call: () => void } | undefined;
    const clock = {
      now: () => now,
      after: (delayMs: number, call: () => void) => {
        timer = { at: now + delayMs, call };
        return () => {
          timer = undefined;
        };
      },
    };
    const passed: number[] = [];
    const limit = new RateLimit(100, clock, () => passed.push(now));
    const run = (until: number): void => {
      for (; now < until; now++) if (timer?.at === now) timer.call();
    };
    for (let i = 0; i < 50; i++) limit.trigger();
    run(30);
    limit.trigger();
    run(300);
    limit.trigger();
    assert.deepEqual(passed, [0, 100, 300]);
  });
});

describe('jump pads', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['ff 25 c2 2f 00 00', 'entry'],
    ['f3 0f 1e fa ff 25 c2 2f 00 00', 'entry'],
    ['f3 0f 1e fa f2 ff 25 c2 2f 00 00', 'entry'],
    ['68 01 00 00 00 e9', 'entry'],
    ['f3 0f 1e fa 68 01 00 00 00', 'entry'],
    ['ff 35 e2 2f 00 00', 'lookup'],
    ['f3 0f 1e fa 55', undefined],
    ['55 48 89 e5', undefined],
    ['', undefined],
  ];
  for (const [hex, kind] of cases) {
    it(`${hex === '' ? 'nothing' : hex} is ${kind ?? 'none'}`, () => {
      const bytes = hex === '' ? [] : hex.split(' ').map((byte) => parseInt(byte, 16));
      assert.equal(padAt(Uint8Array.from(bytes)), kind);
    });
  }
});

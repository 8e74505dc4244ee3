// ksym.test.ts: the symbol tracer: its filter's syntax and errors, its trace, its self-test.

import * as assert from 'node:assert';
import { KsymTracer } from '../../../adapter/kernel/clients/ksym/ksym-tracer';
import { LayerBench } from '../support/layer-bench';

const SYMBOLS: Readonly<Record<string, bigint>> = {
  counter: 0x2000n,
  total: 0x2004n,
  odd: 0x2009n,
  a: 0x3000n,
  b: 0x3004n,
  c: 0x3008n,
};

function setUp(registers = 4): { bench: LayerBench; tracer: KsymTracer; log: string[] } {
  const bench = new LayerBench({ registers });
  const log: string[] = [];
  const tracer = new KsymTracer(bench.layer.api, {
    symbols: {
      addressOf: (name) => (Object.hasOwn(SYMBOLS, name) ? SYMBOLS[name] : undefined),
      describe: (address) => {
        const name = Object.keys(SYMBOLS).find((symbol) => SYMBOLS[symbol] === address);
        return name === undefined ? `0x${address.toString(16)}` : `${name}+0x0/0x4`;
      },
    },
    log: (message) => log.push(message),
    capacity: 5,
  });
  tracer.setCurrent(true);
  return { bench, tracer, log };
}

function answer(tracer: KsymTracer, request: string): number | string {
  const result = tracer.writeFilter(request);
  return result.ok ? result.value : result.errno;
}

describe('ksym tracer', () => {
  it('takes one request a write and lists the newest first', () => {
    const { tracer } = setUp();
    assert.strictEqual(answer(tracer, 'counter:rw-\n'), 12);
    assert.strictEqual(answer(tracer, 'total:-w-'), 9);
    assert.strictEqual(tracer.readFilter(), 'total+0x0/0x4:-w-\ncounter+0x0/0x4:rw-\n');
  });

  it('refuses what is malformed, and changes nothing', () => {
    const { tracer, bench } = setUp();
    answer(tracer, 'counter:rw-');
    const bad = ['counter', 'counter:rw', 'counter:rw--', 'nobody:rw-', 'mod:counter:rw-', ' total:rw-'];
    for (const request of [...bad, 'total:--x', 'total:rwx', 'total:---', 'counter:rw-', 'total:']) {
      assert.strictEqual(answer(tracer, request), 'EINVAL', request);
    }
    assert.strictEqual(tracer.readFilter(), 'counter+0x0/0x4:rw-\n');
    assert.strictEqual(bench.layer.pmu.constraints.held, 2);
  });

  it('any other character counts as a dash', () => {
    const { tracer } = setUp();
    assert.strictEqual(answer(tracer, 'counter:zwz'), 11);
    assert.strictEqual(tracer.readFilter(), 'counter+0x0/0x4:-w-\n');
  });

  it('x86 cannot watch reads alone, nor four bytes that are not aligned', () => {
    const { tracer, log } = setUp();
    assert.strictEqual(answer(tracer, 'counter:r--'), 'EINVAL');
    assert.strictEqual(answer(tracer, 'odd:rw-'), 'EINVAL');
    assert.deepStrictEqual(new Set(log), new Set(['ksym_tracer request failed. Try again later!!']));
  });

  it('another operation on the same symbol replaces the first', () => {
    const { tracer, bench } = setUp();
    answer(tracer, 'counter:rw-');
    assert.strictEqual(answer(tracer, 'counter:-w-'), 11);
    assert.strictEqual(tracer.readFilter(), 'counter+0x0/0x4:-w-\n');
    assert.strictEqual(bench.layer.pmu.constraints.held, 2);
  });

  it('slots are the limit, and the log says so', () => {
    const { tracer, log } = setUp();
    for (const symbol of ['counter', 'total', 'a', 'b']) assert.ok(Number(answer(tracer, `${symbol}:-w-`)) > 0);
    assert.strictEqual(answer(tracer, 'c:-w-'), 'ENOSPC');
    assert.deepStrictEqual(log, [
      'ksym_tracer: Maximum limit reached. No new requests for tracing can be accepted now.',
    ]);
  });

  it('clears all with nothing, 0, or *:---', () => {
    for (const request of ['', '\n', '0', '*:---\n']) {
      const { tracer, bench } = setUp();
      answer(tracer, 'counter:rw-');
      assert.strictEqual(answer(tracer, request), request.length);
      assert.strictEqual(tracer.readFilter(), '');
      assert.strictEqual(bench.layer.pmu.constraints.held, 0);
    }
  });

  it('its start-up self-test: a compare and an increment are exactly two entries', () => {
    const { tracer, bench } = setUp();
    answer(tracer, 'counter:rw-');
    bench.run('worker');
    bench.touch({ kind: 'read', address: 0x2000n, lengthBytes: 4 });
    bench.touch({ kind: 'write', address: 0x2000n, lengthBytes: 4 });
    bench.touch({ kind: 'write', address: 0x2010n, lengthBytes: 4 });
    assert.strictEqual(tracer.trace.length, 2);
  });

  it('writes the trace and the profile as people know them', () => {
    const { tracer, bench } = setUp();
    answer(tracer, 'counter:-w-');
    bench.run('worker', 1);
    bench.task('worker').registers.rip = 0x401000n;
    bench.touch({ kind: 'write', address: 0x2000n }, 1);
    assert.strictEqual(
      tracer.readTrace(),
      [
        '#       TASK-PID   CPU#      Symbol                    Type    Function',
        '#          |        |          |                        |         |',
        '     worker-100   [001] counter+0x0/0x4 W  0x401000',
        '',
      ].join('\n'),
    );
    assert.strictEqual(
      tracer.readProfile(),
      [
        '  Access Type   Symbol                                       Counter',
        '  -----------   ------                                       -------',
        '  W             counter                                            1',
        '',
      ].join('\n'),
    );
  });

  it('records only as the current tracer, within its bound; switching away removes all', () => {
    const { tracer, bench } = setUp();
    answer(tracer, 'counter:-w-');
    bench.run('worker');
    for (let times = 0; times < 8; times += 1) bench.touch({ kind: 'write', address: 0x2000n });
    assert.strictEqual(tracer.trace.length, 5);
    assert.strictEqual(tracer.dropped, 3);
    tracer.setCurrent(false);
    assert.strictEqual(tracer.readFilter(), '');
    answer(tracer, 'counter:-w-');
    bench.touch({ kind: 'write', address: 0x2000n });
    assert.strictEqual(tracer.trace.length, 5, 'armed, but not recorded');
  });
});

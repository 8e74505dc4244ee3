// data-id.test.ts: a dataId says everything, reads back as written, and damage is told.

import * as assert from 'node:assert';
import fc from 'fast-check';
import { parseDataId, printDataId } from '../../adapter/watch/data-id';
import type { DataId } from '../../adapter/watch/data-id';
import { UserError } from '../../adapter/util/user-error';

const LOCAL: DataId = {
  target: { kind: 'expression', text: 'cfg->flags % 2 == 1; x' },
  lengthBytes: 4,
  typeName: 'unsigned int',
  threads: { name: 'worker;1' },
  access: 'change',
  mode: 'log',
  frame: { function: 'main', cfa: 0x7fffffffe000n, thread: 7 },
};

const text = fc.string({ unit: 'binary' });
const PLAIN = { noNullPrototype: true };
const address = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
const natural = fc.integer({ min: 0, max: 2 ** 40 });
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });

const anyId: fc.Arbitrary<DataId> = fc
  .record({
    target: fc.oneof(
      fc.record({ kind: fc.constant('expression' as const), text }, PLAIN),
      fc.record({ kind: fc.constant('symbol' as const), name: text, offsetBytes: fc.integer() }, PLAIN),
      fc.record({ kind: fc.constant('address' as const), address }, PLAIN),
    ),
    lengthBytes: natural.map((each) => each + 1),
    typeName: optional(text),
    threads: fc.oneof(fc.constant('all' as const), fc.record({ id: natural }, PLAIN), fc.record({ name: text }, PLAIN)),
    access: optional(fc.constantFrom('change' as const, 'write' as const, 'read' as const, 'access' as const)),
    mode: optional(fc.constantFrom('stop' as const, 'count' as const, 'log' as const)),
    frame: optional(fc.record({ function: text, cfa: address, thread: natural }, PLAIN)),
    ownOf: optional(natural),
    anchor: optional(fc.record({ symbol: text, offsetBytes: natural }, PLAIN)),
  })
  .filter(({ target, anchor }) => anchor === undefined || target.kind === 'address')
  .map(({ typeName, access, mode, frame, ownOf, anchor, ...rest }) => ({
    ...rest,
    ...(typeName === undefined ? {} : { typeName }),
    ...(access === undefined ? {} : { access }),
    ...(mode === undefined ? {} : { mode }),
    ...(frame === undefined ? {} : { frame }),
    ...(ownOf === undefined ? {} : { ownOf }),
    ...(anchor === undefined ? {} : { anchor }),
  }));

const refused = (id: string): boolean => {
  try {
    parseDataId(id);
    return false;
  } catch (error) {
    assert.ok(error instanceof UserError, id);
    assert.match(error.message, /set it again/);
    return true;
  }
};

describe('dataId', () => {
  it('is readable', () => {
    assert.strictEqual(
      printDataId({
        target: { kind: 'symbol', name: 'main.c:counter', offsetBytes: 4 },
        lengthBytes: 4,
        threads: 'all',
      }),
      'trapline:1;symbol=main.c:counter;offset=4;bytes=4;threads=all',
    );
    assert.strictEqual(
      printDataId(LOCAL),
      'trapline:1;expr=cfg->flags %0025 2 %003d%003d 1%003b x;bytes=4;type=unsigned int;threadName=worker%003b1;' +
        'access=change;mode=log;frame=main;cfa=0x7fffffffe000;frameThread=7',
    );
  });

  it('reads back as written', () => {
    assert.deepStrictEqual(parseDataId(printDataId(LOCAL)), LOCAL);
    fc.assert(
      fc.property(anyId, (id) => {
        assert.deepStrictEqual(parseDataId(printDataId(id)), id);
      }),
      { numRuns: 500 },
    );
  });

  it('keys of a later minor version are passed over', () => {
    assert.deepStrictEqual(parseDataId(`${printDataId(LOCAL)};colour=blue`), LOCAL);
  });

  it('cut anywhere it is another id or refused, never a crash', () => {
    const whole = printDataId(LOCAL);
    for (let i = 0; i < whole.length; i++) refused(whole.slice(0, i));
    for (let i = 0; i < whole.length; i++) refused(whole.slice(0, i) + whole.slice(i + 1));
    for (let i = 0; i < 40; i++) assert.ok(refused(whole.slice(0, i)), whole.slice(0, i));
  });

  it('what is not ours or damaged is refused', () => {
    for (const id of [
      '',
      'counter',
      'trapline',
      'trapline:',
      'trapline:2;expr=x;bytes=4;threads=all',
      'trapline:1',
      'trapline:1;expr=x;threads=all',
      'trapline:1;expr=x;bytes=0;threads=all',
      'trapline:1;expr=x;bytes=-1;threads=all',
      'trapline:1;expr=x;bytes=4',
      'trapline:1;bytes=4;threads=all',
      'trapline:1;expr=x;expr=y;bytes=4;threads=all',
      'trapline:1;expr=x;symbol=y;bytes=4;threads=all',
      'trapline:1;expr=%1;bytes=4;threads=all',
      'trapline:1;address=12;bytes=4;threads=all',
      'trapline:1;address=0x11111111111111111;bytes=4;threads=all',
      'trapline:1;expr=x;bytes=4;threads=some',
      'trapline:1;expr=x;bytes=4;threads=all;access=execute',
      'trapline:1;expr=x;bytes=4;threads=all;cfa=0x1',
      'trapline:1;expr=x;bytes=4;threads=all;',
    ]) {
      assert.ok(refused(id), id);
    }
  });

  it('any text is an id or refused', () => {
    fc.assert(fc.property(fc.string(), (each) => void refused(`trapline:1;${each}`)));
    fc.assert(fc.property(fc.string(), (each) => void refused(each)));
  });
});

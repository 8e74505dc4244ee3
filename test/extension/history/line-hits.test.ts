// line-hits.test.ts: what the code lenses say.

import * as assert from 'node:assert';
import { lineHits, lineHitsText } from '../../../extension/source/line-hits';
import { english } from '../../../extension/view/translate';

const at = (path: string | undefined, line: number | undefined, threadId: number, hits: number) => ({
  ...(path === undefined ? {} : { path }),
  ...(line === undefined ? {} : { line }),
  threadId,
  threadName: '',
  hits,
});

describe('hits by line', () => {
  it('add up threads, leave out other files, and go by line and then by number', () => {
    const histograms = [
      { watchId: 1, label: 'counter', bySource: [at('/a.c', 9, 1, 3), at('/a.c', 9, 2, 4), at('/b.c', 9, 1, 5)] },
      { watchId: 2, label: 'total', bySource: [at('/a.c', 9, 1, 1200), at('/a.c', 3, 1, 1), at(undefined, 3, 1, 9)] },
    ];
    const lines = lineHits(histograms, (path) => path === '/a.c');
    assert.deepStrictEqual(
      lines.map((hits) => `${hits.line} ${lineHitsText(hits, english)}`),
      ['3 total: 1 hit', '9 total: 1,200 hits', '9 counter: 7 hits by 2 threads'],
    );
  });

  it('count a thread once, in however many functions the line is', () => {
    const inlined = [
      { ...at('/a.hpp', 9, 1, 3), function: 'add<int>' },
      { ...at('/a.hpp', 9, 1, 4), function: 'add<long>' },
    ];
    const [line] = lineHits([{ watchId: 1, label: 'sum', bySource: inlined }], () => true);
    assert.strictEqual(lineHitsText(line, english), 'sum: 7 hits');
  });

  it('are none where no line is known', () => {
    assert.deepStrictEqual(
      lineHits([{ watchId: 1, label: 'x', bySource: [at('/a.c', undefined, 1, 1)] }], () => true),
      [],
    );
    assert.deepStrictEqual(
      lineHits([], () => true),
      [],
    );
  });
});

// The report: rows by line, thread and function; who called; the sources with hits.

import * as assert from 'node:assert';
import { createPaint } from '../../../../adapter/wire/cli/paint';
import { parseReportArguments } from '../../../../adapter/wire/cli/perf/record-options';
import type { Recording } from '../../../../adapter/wire/cli/perf/recording';
import { bar, reportJson, reportText } from '../../../../adapter/wire/cli/perf/report-text';

const SOURCE = ['int counter;', '', 'void bump(void) {', '  counter++;', '}', '', 'int main(void) {', '  bump();', '}'];

const hit = (thread: number, stack: number) => ({ event: 0, thread, cpu: 0, timeNs: 0, stack });

const RECORDING: Recording = {
  command: './a',
  events: [{ text: 'mem:counter:w', address: '0x404040', lengthBytes: 4, access: 'write', period: 1 }],
  places: [
    { address: '0x401005', function: 'bump', file: '/src/a.c', line: 4 },
    { address: '0x401020', function: 'main', file: '/src/a.c', line: 8 },
    { address: '0x7f0000', function: 'memset', module: '/lib/libc.so.6' },
  ],
  stacks: [
    [0, 1],
    [2, 1],
  ],
  hits: [hit(7, 0), hit(7, 0), hit(8, 0), hit(7, 1)],
  threads: [
    { id: 7, process: 7, name: 'a' },
    { id: 8, process: 7, name: 'helper' },
  ],
  end: { hits: 4, lost: 0, counts: [4], exitCode: 0 },
};

const shown = (words: readonly string[], recording = RECORDING): string =>
  reportText(
    recording,
    parseReportArguments(words),
    (path) => (path === '/src/a.c' ? SOURCE : undefined),
    createPaint(false),
  );

describe('the report', () => {
  it('shows rows, who called, and the sources', () => {
    assert.strictEqual(
      shown([]),
      [
        '',
        './a · 4 recorded hits in 2 threads',
        '',
        'mem:counter:w  writes of 4 bytes at 0x404040  4 hits',
        '',
        '  50.00%  2  ████████████  a.c:4  bump           a 7       counter++;',
        '  25.00%  1  ██████        a.c:4  bump           helper 8  counter++;',
        '  25.00%  1  ██████        a.c:8  memset ← main  a 7       bump();',
        '',
        '  who called',
        '',
        '    bump  a.c:4  3 hits',
        '    ← main  a.c:8',
        '',
        '    memset  libc.so.6  1 hit',
        '    ← main  a.c:8',
        '',
        '  /src/a.c',
        '             │     2',
        '             │     3  void bump(void) {',
        '   75.00%  3 │     4    counter++;',
        '             │     5  }',
        '             │     6',
        '             │     7  int main(void) {',
        '   25.00%  1 │     8    bump();',
        '             │     9  }',
        '',
        '',
      ].join('\n'),
    );
  });

  it('groups by what is asked', () => {
    const bySymbol = shown(['--sort', 'sym', '--no-source', '--no-calls']);
    assert.deepStrictEqual(bySymbol.split('\n').slice(5, 7), [
      '  75.00%  3  ████████████  bump',
      '  25.00%  1  ████          memset ← main',
    ]);
    const byThread = shown(['-s', 'thread', '--no-source', '--no-calls']);
    assert.deepStrictEqual(byThread.split('\n').slice(5, 7), [
      '  75.00%  3  ████████████  a 7',
      '  25.00%  1  ████          helper 8',
    ]);
  });

  it('says where nobody did, what was lost, and which files are gone', () => {
    const end = { hits: 0, lost: 2, counts: [0], exitCode: 3 };
    assert.match(shown([], { ...RECORDING, hits: [], end }), /2 hits lost, exit code 3[^]*nobody did/);
    const gone = reportText(RECORDING, parseReportArguments([]), () => undefined, createPaint(false));
    assert.match(gone, /\/src\/a\.c is not there/);
  });

  it('JSON: one object a row', () => {
    const rows = reportJson(RECORDING, parseReportArguments(['--no-calls']))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    assert.deepStrictEqual(rows[0], {
      event: 'mem:counter:w',
      hits: 2,
      percent: 50,
      file: '/src/a.c',
      line: 4,
      symbol: 'bump',
      thread: 7,
      name: 'a',
    });
  });

  it('bars are as long as the share, and never nothing', () => {
    assert.deepStrictEqual([bar(1), bar(0.5), bar(0.01), bar(0)], ['████████████', '██████', '▏', '▏']);
  });

  it('colours do not move columns', () => {
    const painted = reportText(RECORDING, parseReportArguments([]), () => SOURCE, createPaint(true));
    // eslint-disable-next-line no-control-regex -- the escape character is what is looked for
    assert.strictEqual(painted.replace(/\u001b\[\d+m/g, '').replace(/ +$/gm, ''), shown([]));
  });

  it('its options: keys, one file', () => {
    assert.throws(
      () => parseReportArguments(['-s', 'colour']),
      /cannot sort by "colour"\. It sorts by line, thread, sym/,
    );
    assert.throws(() => parseReportArguments(['a', 'b']), /reads one file/);
    assert.strictEqual(parseReportArguments(['--stdio', 'a']).input, 'a');
    assert.strictEqual(parseReportArguments([]).input, 'trapline.data');
  });
});

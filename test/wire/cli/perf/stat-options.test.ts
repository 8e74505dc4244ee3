// `trapline stat`'s command line.

import * as assert from 'node:assert';
import { parseStatArguments } from '../../../../adapter/wire/cli/perf/stat-options';

describe('trapline stat options', () => {
  it('takes events in any spelling, then the program with its own options', () => {
    const words = ['-e', 'mem:a:w', '-emem:b', '--event=mem:c,mem:d', '-x,', '-r', '3', '--cpus=1', '--', 'ls', '-e'];
    const command = parseStatArguments(words);
    assert.deepStrictEqual(
      command.events.map(({ place }) => place),
      ['a', 'b', 'c', 'd'],
    );
    assert.deepStrictEqual(command.format, { kind: 'fields', separator: ',' });
    assert.deepStrictEqual([command.repeat, command.cpus, command.program, command.args], [3, 1, 'ls', ['-e']]);
  });

  it('says what is missing or unknown', () => {
    assert.throws(() => parseStatArguments(['--', 'ls']), /needs something to watch/);
    assert.throws(() => parseStatArguments(['-e', 'mem:a']), /No program was given/);
    assert.throws(() => parseStatArguments(['-e']), /-e needs a value/);
    assert.throws(() => parseStatArguments(['-j=yes', '-e', 'mem:a', 'ls']), /-j takes no value/);
    assert.throws(() => parseStatArguments(['-q', 'ls']), /does not know -q\. It knows -e/);
    assert.throws(() => parseStatArguments(['-r', '0', '-e', 'mem:a', 'ls']), /from 1 to 1000/);
    assert.throws(() => parseStatArguments(['--env=x', '-e', 'mem:a', 'ls']), /NAME=VALUE/);
  });

  it('cannot attach, and says what to do instead', () => {
    assert.throws(
      () => parseStatArguments(['-e', 'mem:a', '-p', '12']),
      /-p 12: a process that runs already .* -- PROGRAM/,
    );
  });
});

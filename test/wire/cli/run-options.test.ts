// `trapline run`'s command line.

import * as assert from 'node:assert';
import { parseRunArguments } from '../../../adapter/wire/cli/run-options';
import { UserError } from '../../../adapter/util/user-error';

const refused = (argv: readonly string[]): string => {
  try {
    parseRunArguments(argv);
  } catch (error) {
    assert.ok(error instanceof UserError);
    return error.message;
  }
  return assert.fail('accepted');
};

describe('trapline run options', () => {
  it('takes options, then the program with its own', () => {
    const command = parseRunArguments(['--cpus=4', '--env', 'A=1', '--stats', '--', 'ls', '-l', '--']);
    assert.deepStrictEqual([command.cpus, command.environment, command.stats], [4, ['A=1'], true]);
    assert.deepStrictEqual([command.program, ...command.args], ['ls', '-l', '--']);
  });

  it('needs no dashes before the program', () => {
    assert.deepStrictEqual(parseRunArguments(['ls', '--cpus=9']).args, ['--cpus=9']);
  });

  it('says what is wrong', () => {
    assert.match(refused([]), /No program/);
    assert.match(refused(['--']), /No program/);
    assert.match(refused(['--cpus=0', 'x']), /from 1 to/);
    assert.match(refused(['--env=X', 'x']), /NAME=VALUE/);
    assert.match(refused(['--nonsense', 'x']), /--nonsense/);
  });
});

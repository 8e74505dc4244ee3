// sequence.test.ts: random sequences of instructions, with jumps and loops, on both CPUs.
//
// Run whole, in slices of random sizes, and one by one: state and instruction counts must be the same each time.
// TRAPLINE_ORACLE=N runs N sequences; TRAPLINE_ORACLE_SEED another seed; TRAPLINE_ORACLE_ONLY some mnemonics only.

import { strict as assert } from 'node:assert';
import { createMachine } from '../../../adapter/machine/create-machine';
import { formatInstruction } from '../../../adapter/machine/decode/format';
import { categoryOf } from './categories';
import { sequenceDifferences } from './compare';
import { EmulatedCpu } from './emulated-cpu';
import { allEncodings } from './encodings';
import { Random } from './random';
import { compileRealCpu, runOnRealCpu } from './real-cpu';
import type { Sequence } from './sequence-generator';
import { generateSequence } from './sequence-generator';

const CASES = Number(process.env['TRAPLINE_ORACLE'] ?? 300);
const SEED = Number(process.env['TRAPLINE_ORACLE_SEED'] ?? 1);
const ONLY = new RegExp(process.env['TRAPLINE_ORACLE_ONLY'] ?? '');
const SHOWN = 6;

function describeSequence({ instructions, request }: Sequence): string {
  const code = Buffer.from(request.code).toString('hex');
  return [code, ...instructions.map((one) => `    ${one.address.toString(16)} ${formatInstruction(one)}`)].join('\n');
}

describe('sequences of instructions on the emulated CPU and the real one', function () {
  this.timeout(600_000);
  it('leave the same state, however they are sliced', () => {
    const random = new Random(SEED);
    const wanted = allEncodings().filter((encoding) => ONLY.test(encoding.entry.names[0]));
    const integer = wanted.filter((encoding) => categoryOf(encoding) === 'integer');
    const both = wanted.filter((encoding) => ['integer', 'sse'].includes(categoryOf(encoding) ?? ''));
    const sequences = Array.from({ length: CASES }, (_, n) =>
      generateSequence(random, n % 3 === 0 ? both : integer, n),
    );
    const answers = runOnRealCpu(
      compileRealCpu(),
      sequences.map(({ request }) => request),
    );
    const emulated = new EmulatedCpu(createMachine({ timestamp: () => 0n }));
    const failures: string[] = [];
    sequences.forEach((sequence, n) => {
      const slices = { 0: [100_000], 1: [1 + random.below(5), 1 + random.below(20), 100_000], 2: [1] }[n % 3] ?? [1];
      const ours = emulated.runSequence(sequence.request, slices);
      const differences = sequenceDifferences(
        answers[n],
        ours,
        sequence.undefinedFlags.get(Number(answers[n].rip)) ?? 0,
      );
      if (differences.length === 0) return;
      failures.push([`slices ${slices.join(' ')}`, describeSequence(sequence), ...differences].join('\n'));
    });
    assert.equal(failures.length, 0, [`${failures.length} of ${CASES} differ`, ...failures.slice(0, SHOWN)].join('\n'));
    const ended = answers.filter(({ vector }) => vector === 1).length;
    assert(ended > CASES / 2, 'most sequences run to their end');
  });
});

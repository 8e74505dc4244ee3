// oracle.test.ts: the emulated CPU against the real one, instruction by instruction.
//
// TRAPLINE_ORACLE=N runs N cases of each category instead of a few thousand; TRAPLINE_ORACLE_SEED another seed;
// TRAPLINE_ORACLE_ONLY a regular expression for mnemonics.

import { strict as assert } from 'node:assert';
import { createMachine } from '../../../adapter/machine/create-machine';
import type { Case } from './case-generator';
import { generateCase } from './case-generator';
import type { Category } from './categories';
import { categoryOf, isComparable } from './categories';
import { disagreement } from './compare';
import { EmulatedCpu } from './emulated-cpu';
import { allEncodings } from './encodings';
import { Random } from './random';
import { compileRealCpu, runOnRealCpu } from './real-cpu';

const CASES = Number(process.env['TRAPLINE_ORACLE'] ?? 800);
const SEED = Number(process.env['TRAPLINE_ORACLE_SEED'] ?? 1);
const ONLY = new RegExp(process.env['TRAPLINE_ORACLE_ONLY'] ?? '');
const BATCH = 20_000;
const SHOWN = 40;

interface Tally {
  compared: number;
  readonly unimplemented: Map<string, number>;
  readonly failures: Map<string, string[]>;
}

const TRANSFERS: ReadonlySet<string> = new Set([
  ...['jcc', 'jmp', 'jmp_indirect', 'call', 'call_indirect', 'ret', 'loop', 'loope', 'loopne', 'jrcxz', 'popf'],
]);

function generate(random: Random, category: Category, count: number): Case[] {
  const encodings = allEncodings().filter(
    (encoding) => categoryOf(encoding) === category && ONLY.test(encoding.entry.names[0]),
  );
  const cases: Case[] = [];
  for (let n = 0; n < count && encodings.length > 0; n++) {
    // In turn, so that each opcode has its share; small runs begin anywhere.
    const encoding = encodings[(n + SEED * 7919) % encodings.length];
    const one = generateCase(random, encoding, n);
    if (one !== undefined && isComparable(one.instruction.mnemonic)) cases.push(one);
  }
  return cases;
}

function compareAll(program: string, category: Category): Tally {
  const tally: Tally = { compared: 0, unimplemented: new Map(), failures: new Map() };
  const machine = createMachine({ timestamp: () => 0n });
  for (let done = 0; done < CASES; done += BATCH) {
    const random = new Random(SEED * 1000 + done);
    const cases = generate(random, category, Math.min(BATCH, CASES - done));
    const answers = runOnRealCpu(
      program,
      cases.map(({ request }) => request),
    );
    const emulated = new EmulatedCpu(machine);
    cases.forEach((one, n) => {
      const { mnemonic } = one.instruction;
      const alone = TRANSFERS.has(mnemonic) || random.chance(2);
      const answer = emulated.run(one, alone);
      if (answer.kind === 'unimplemented') {
        const name = one.instruction.address32 ? `${mnemonic} under 67h` : mnemonic;
        tally.unimplemented.set(name, (tally.unimplemented.get(name) ?? 0) + 1);
        return;
      }
      tally.compared++;
      const difference = disagreement(one, answers[n], answer.response);
      if (difference === undefined) return;
      const list = tally.failures.get(mnemonic) ?? [];
      tally.failures.set(mnemonic, [...list, `${alone ? '(alone) ' : ''}${difference}`]);
    });
  }
  return tally;
}

function report({ compared, failures }: Tally): string {
  const all = [...failures];
  const lines = all.slice(0, SHOWN).map(([mnemonic, list]) => `${mnemonic}: ${list.length}×, e.g. ${list[0]}`);
  return [`${all.length} mnemonics disagree in ${compared} cases`, ...lines].join('\n');
}

/** Known not to be there; what works should leave this list. */
const NOT_THERE: Readonly<Record<Category, RegExp>> = {
  // ENTER with nesting or 16 bits; implicit addresses and counts of 32 bits; XLAT with a segment.
  integer: /^enter$|^xlat|^(loop|loope|loopne|movs|cmps|stos|lods|scas) under 67h$/,
  sse: /^$/,
  // The 16-bit forms.
  x87: /^(fldenv|fnstenv|fnsave|frstor)( under 67h)?$/,
};

describe('the emulated CPU against the real one', function () {
  this.timeout(600_000);
  let program = '';
  before(() => {
    program = compileRealCpu();
  });
  for (const category of ['integer', 'sse', 'x87'] as const) {
    it(`agrees on ${category} instructions`, () => {
      const tally = compareAll(program, category);
      assert.equal(tally.failures.size, 0, report(tally));
      const missing = [...tally.unimplemented.keys()].filter((name) => !NOT_THERE[category].test(name));
      assert.deepEqual(missing, []);
      assert(tally.compared > CASES * 0.7, `only ${tally.compared} cases were compared`);
    });
  }
});

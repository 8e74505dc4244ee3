// frequent-hits.ts: which instructions leave translated code so often, for hits that are passed over, that translating
// them anew is cheaper.
//
// Translating a region anew costs as much as some hundred hits that leave, and more the larger it is: all instructions
// that are under way there go together, and the more often that was done the longer it takes to be done again.

import type { Instruction } from '../decode/instruction';

const FREQUENT = 300;
const MOST_FREQUENT = 20_000;
const GROWTH = 1.1;
/** Of what is frequent, so much is under way. */
const SHARE = 10;

interface Leaving {
  readonly instruction: Instruction;
  hits: number;
}

export class FrequentHits {
  private readonly leaving = new Map<number, Leaving>();
  private frequent = FREQUENT;

  /** `onFrequent` sees to it that they leave no more. */
  constructor(private readonly onFrequent: (instructions: readonly Instruction[]) => void) {}

  note(address: number, instruction: Instruction | undefined): void {
    let leaving = this.leaving.get(address);
    if (leaving === undefined) {
      if (instruction === undefined) return;
      this.leaving.set(address, (leaving = { instruction, hits: 0 }));
    }
    if (++leaving.hits < this.frequent) return;
    const least = this.frequent / SHARE;
    const found = [...this.leaving.values()].filter(({ hits }) => hits >= least);
    this.leaving.clear();
    this.frequent = Math.min(this.frequent * GROWTH, MOST_FREQUENT);
    this.onFrequent(found.map((each) => each.instruction));
  }
}

// filter-companions.long.test.ts: conditions that have several filters: all of them pass over a hit, or it is told and
// none of them has counted it.

import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { HitFilter, PassedHits } from '../../../adapter/judging/hit-filter';
import type { NumberCode } from '../../../adapter/judging/number-code';
import { splitRange } from '../../../adapter/watch/split';
import { assemble, load, run, type LoadedProgram } from '../support/program';

const BUFFER_BYTES = 64;
const ROUNDS = 1500;

interface Store {
  readonly offset: number;
  readonly bytes: 1 | 2 | 4 | 8;
  /** Of the loop's counter: bits that are away. */
  readonly shift: number;
}

const REGISTERS = { 1: 'dl', 2: 'dx', 4: 'edx', 8: 'rdx' } as const;

function program(stores: readonly Store[]): LoadedProgram {
  const body = stores.map(
    ({ offset, bytes, shift }) => `mov rdx, rcx\nshr rdx, ${shift}\nmov [rbx+${offset}], ${REGISTERS[bytes]}`,
  );
  const text = `lea rbx, buffer[rip]\nxor ecx, ecx\nagain: ${body.join('\n')}\ninc rcx\ncmp ecx, ${ROUNDS}\njb again`;
  const end = 'mov edi, eax\nmov eax, 60\nsyscall';
  const data = `.bss\n.balign 4096\nbuffer: .skip ${BUFFER_BYTES}`;
  return load(assemble(`.text\n_start: ${text}\n${end}\n${data}`), [], 64);
}

function bufferOf(loaded: LoadedProgram): bigint {
  const address = loaded.symbols.get('buffer');
  assert(address !== undefined);
  return address;
}

/** How a filter decides: what it passes over, by the loop's counter, and how often it must be told. */
interface Way {
  readonly onlyChanges: boolean;
  /** Only rounds of which the remainder by that is 0; 1: all. */
  readonly divisor: number;
  readonly isLearned: boolean;
  /** So many that meet the condition are passed over after each that is told. */
  readonly quiet: number;
}

/** `counter % divisor == 0` in the machine: rcx is register 1. */
function testOf(divisor: number): NumberCode {
  const counter: NumberCode = {
    ...{ kind: 'load', type: 'i64', bytes: 8, signed: false },
    from: { kind: 'register', register: 1 },
  };
  const of = (value: number): NumberCode => ({ kind: 'constant', type: 'i64', value: BigInt(value) });
  return {
    ...{ kind: 'comparison', operator: 'eq', type: 'i64', signed: true },
    left: { kind: 'arithmetic', operator: 'rem', type: 'i64', signed: true, left: counter, right: of(divisor) },
    right: of(0),
  };
}

class Filter implements HitFilter {
  readonly reads = false;
  readonly writes = true;
  readonly onlyChanges: boolean;
  readonly guard = undefined;
  readonly test: HitFilter['test'];
  readonly thread = 1;
  readonly subject: object = this;
  readonly news = { count: 0, since: () => undefined };
  hits = 0;
  matches = 0;
  private sinceTold = 0;
  private readonly code: NumberCode;

  constructor(
    readonly lengthBytes: number,
    private readonly way: Way,
  ) {
    this.onlyChanges = way.onlyChanges;
    this.code = testOf(way.divisor);
    this.test = way.isLearned ? 'byPlace' : this.code;
  }

  testAt(): NumberCode {
    return this.code;
  }

  quiet(): number {
    return this.way.quiet - this.sinceTold;
  }

  passed({ hits, matches }: PassedHits): void {
    this.hits += hits;
    this.matches += matches;
    this.sinceTold += matches;
  }

  told(): void {
    this.sinceTold = 0;
    this.news.count++;
  }
}

interface Outcome {
  /** What the place holds at each hit that is told. */
  readonly told: readonly (readonly number[])[];
  readonly counts: readonly (readonly [hits: number, matches: number])[];
}

function outcomeOf(stores: readonly Store[], first: number, lengthBytes: number, ways: readonly Way[]): Outcome {
  const loaded = program(stores);
  const filters = ways.map((way) => new Filter(lengthBytes, way));
  const at = bufferOf(loaded) + BigInt(first);
  splitRange(at, lengthBytes).forEach((piece, n) => {
    loaded.debug.setCondition(n, { ...piece, enabled: true, type: 1, countOnly: false, filters });
  });
  const told: number[][] = [];
  for (;;) {
    const { exit } = run(loaded);
    if (exit.kind === 'exited') return { told, counts: filters.map(({ hits, matches }) => [hits, matches]) };
    assert(exit.kind === 'debug');
    const indices = exit.hits.map(({ index }) => index);
    assert.equal(new Set(indices).size, indices.length, 'each register is told once');
    told.push([...loaded.space.read(at, lengthBytes)]);
    for (const filter of filters) filter.told();
  }
}

/** The same by looking at each store. */
function expected(stores: readonly Store[], first: number, lengthBytes: number, ways: readonly Way[]): Outcome {
  const view = new DataView(new ArrayBuffer(BUFFER_BYTES + 8));
  const place = new Uint8Array(view.buffer, first, lengthBytes);
  const told: number[][] = [];
  const counts = ways.map((): [number, number] => [0, 0]);
  const left = ways.map(({ quiet }) => quiet);
  for (let round = 0; round < ROUNDS; round++) {
    for (const { offset, bytes, shift } of stores) {
      const old = [...place];
      for (let n = 0; n < bytes; n++) view.setUint8(offset + n, ((round >> shift) >> Math.min(31, 8 * n)) & 0xff);
      if (offset >= first + lengthBytes || offset + bytes <= first) continue;
      const changed = place.some((byte, n) => byte !== old[n]);
      const met = ways.map(({ onlyChanges, divisor }) => (changed || !onlyChanges) && round % divisor === 0);
      if (met.some((isMet, n) => isMet && left[n] === 0)) {
        told.push([...place]);
        ways.forEach(({ quiet }, n) => (left[n] = quiet));
      } else {
        met.forEach((isMet, n) => {
          counts[n][0]++;
          if (isMet) counts[n][1]++;
          if (isMet) left[n]--;
        });
      }
    }
  }
  return { told, counts };
}

const someStore = fc.record<Store>({
  offset: fc.nat(40),
  bytes: fc.constantFrom(1, 2, 4, 8),
  shift: fc.nat(9),
});
const someWay = fc.record<Way>({
  onlyChanges: fc.boolean(),
  divisor: fc.constantFrom(1, 2, 3, 50),
  isLearned: fc.boolean(),
  quiet: fc.constantFrom(0, 1, 10, 97, 2 ** 31),
});

describe('filters of one condition', () => {
  it('all pass over a hit, or it is told and nobody has counted it', () => {
    fc.assert(
      fc.property(
        fc.array(someStore, { minLength: 1, maxLength: 5 }),
        fc.record({ first: fc.nat(24), length: fc.integer({ min: 1, max: 24 }) }),
        fc.array(someWay, { minLength: 2, maxLength: 4 }),
        (stores, { first, length }, ways) => {
          assert.deepEqual(outcomeOf(stores, first, length, ways), expected(stores, first, length, ways));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('find room for more instructions than they keep places', () => {
    const stores = Array.from({ length: 150 }, (_, n): Store => ({ offset: 8, bytes: 4, shift: n % 5 }));
    const way: Way = { onlyChanges: false, divisor: 3, isLearned: true, quiet: 2 ** 31 };
    const ways = [way, { ...way, onlyChanges: true, isLearned: false }, { ...way, divisor: 50, quiet: 2000 }];
    assert.deepEqual(outcomeOf(stores, 8, 4, ways), expected(stores, 8, 4, ways));
  });
});

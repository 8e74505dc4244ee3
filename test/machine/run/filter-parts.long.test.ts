// filter-parts.long.test.ts: conditions that have one filter are one to it; filters that have one subject serve several
// threads.

import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { HitFilter, PassedBytes, PassedHits } from '../../../adapter/judging/hit-filter';
import type { NumberCode } from '../../../adapter/judging/number-code';
import { EmulatedDebugRegisters } from '../../../adapter/machine/emulated-debug-registers';
import { splitRange } from '../../../adapter/watch/split';
import { assemble, load, run, type LoadedProgram } from '../support/program';

const BUFFER_BYTES = 64;

function program(text: string, debugRegisters: number): LoadedProgram {
  const end = 'mov edi, eax\nmov eax, 60\nsyscall';
  const data = `.bss\n.balign 4096\nbefore: .skip 64\nbuffer: .skip ${BUFFER_BYTES}`;
  return load(assemble(`.text\n_start: ${text}\n${end}\n${data}`), [], debugRegisters);
}

function bufferOf(loaded: LoadedProgram): bigint {
  const address = loaded.symbols.get('buffer');
  assert(address !== undefined);
  return address;
}

interface Change {
  readonly old: readonly number[];
  readonly new: readonly number[];
}

class Filter implements HitFilter {
  reads = false;
  writes = true;
  onlyChanges = false;
  guard: HitFilter['guard'] = undefined;
  test: HitFilter['test'] = undefined;
  thread = 1;
  subject: object = this;
  readonly news = { count: 0, since: () => undefined };
  hits = 0;
  matches = 0;
  /** Of those that were told: so many are passed over between two. */
  told = 0;
  readonly seen: Change[] = [];
  change: Change | undefined;

  constructor(
    readonly lengthBytes: number,
    private readonly period = Infinity,
  ) {}

  testAt(): undefined {
    return undefined;
  }

  quiet(): number {
    return this.period === Infinity ? Infinity : this.period - (this.matches - this.period * this.told);
  }

  passed(passed: PassedHits): void {
    this.hits += passed.hits;
    this.matches += passed.matches;
    passed.lastChange((change) => {
      this.change = changeOf(change);
    });
    passed.forEntries((entry) => {
      this.seen.push(changeOf(entry));
    });
  }
}

function changeOf({ bytes, parts }: PassedBytes): Change {
  const read = (at: number, length: number) => Array.from({ length }, (_, n) => bytes.getUint8(at + n));
  return {
    old: parts.flatMap(({ oldAt, lengthBytes }) => read(oldAt, lengthBytes)),
    new: parts.flatMap(({ newAt, lengthBytes }) => read(newAt, lengthBytes)),
  };
}

function arm(loaded: LoadedProgram, first: bigint, filter: Filter, from = 0): number {
  const pieces = splitRange(first, filter.lengthBytes);
  pieces.forEach(({ address, lengthBytes }, n) => {
    loaded.debug.setCondition(from + n, {
      enabled: true,
      address,
      lengthBytes,
      type: 1,
      countOnly: false,
      filters: [filter],
    });
  });
  return pieces.length;
}

interface Store {
  readonly offset: number;
  readonly bytes: 1 | 2 | 4 | 8;
  /** Of the loop's counter: bits that are away. */
  readonly shift: number;
}

const REGISTERS = { 1: 'dl', 2: 'dx', 4: 'edx', 8: 'rdx' } as const;

function loopOf(stores: readonly Store[], rounds: number): string {
  const body = stores.map(
    ({ offset, bytes, shift }) => `mov rdx, rcx\nshr rdx, ${shift}\nmov [rbx+${offset}], ${REGISTERS[bytes]}`,
  );
  return `lea rbx, buffer[rip]\nxor ecx, ecx\nagain: ${body.join('\n')}\ninc rcx\ncmp ecx, ${rounds}\njb again`;
}

/** Each store that reaches into the place, with all of the place before and after. */
function expected(stores: readonly Store[], rounds: number, first: number, lengthBytes: number): Change[] {
  const memory = new Uint8Array(BUFFER_BYTES + 8);
  const view = new DataView(memory.buffer);
  const changes: Change[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const { offset, bytes, shift } of stores) {
      const place = memory.subarray(first, first + lengthBytes);
      const old = [...place];
      for (let n = 0; n < bytes; n++)
        view.setUint8(offset + n, Number((BigInt(round) >> BigInt(shift + 8 * n)) & 0xffn));
      if (offset < first + lengthBytes && offset + bytes > first) changes.push({ old, new: [...place] });
    }
  }
  return changes;
}

const isChange = (change: Change): boolean => change.old.some((byte, n) => byte !== change.new[n]);

const someStore = fc.record<Store>({
  offset: fc.nat(40),
  bytes: fc.constantFrom(1, 2, 4, 8),
  shift: fc.nat(9),
});

describe('conditions with one filter', () => {
  it('are one: whatever an instruction does to several of them is one hit, with the bytes of all', () => {
    fc.assert(
      fc.property(
        fc.array(someStore, { minLength: 1, maxLength: 6 }),
        fc.record({
          first: fc.nat(24),
          length: fc.integer({ min: 2, max: 40 }),
          period: fc.constantFrom(Infinity, 97),
        }),
        fc.boolean(),
        (stores, { first, length, period }, onlyChanges) => {
          const rounds = 3000;
          const loaded = program(loopOf(stores, rounds), 64);
          const filter = new Filter(length, period);
          filter.onlyChanges = onlyChanges;
          const count = arm(loaded, bufferOf(loaded) + BigInt(first), filter);
          // One beside it, of which an instruction's hits are told and counted apart.
          const other = new Filter(8);
          arm(loaded, bufferOf(loaded), other, count);
          const told: Change[] = [];
          for (;;) {
            const { exit } = run(loaded);
            if (exit.kind === 'exited') break;
            assert(exit.kind === 'debug');
            filter.told++;
            filter.news.count++;
            told.push({ old: [], new: [...loaded.space.read(bufferOf(loaded) + BigInt(first), length)] });
            for (const { index, before, after } of exit.hits) {
              assert.ok(index < count && before.length === after.length);
            }
          }
          const all = expected(stores, rounds, first, length);
          const matching = onlyChanges ? all.filter(isChange) : all;
          const toldAt = (n: number): boolean => (n + 1) % (period + 1) === 0;
          assert.deepEqual(
            told.map((change) => change.new),
            matching.filter((_, n) => toldAt(n)).map((change) => change.new),
          );
          const passed = matching.filter((_, n) => !toldAt(n));
          assert.equal(filter.hits, all.length - told.length);
          assert.equal(filter.matches, passed.length);
          assert.deepEqual(filter.seen.slice(-900), passed.slice(-900));
          const last = all.filter(
            (change) => isChange(change) && !matching.some((one, n) => one === change && toldAt(n)),
          );
          assert.deepEqual(filter.change, last.at(-1));
          assert.equal(other.hits, expected(stores, rounds, 0, 8).length);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('are told where one of them is missing', () => {
    const loaded = program(loopOf([{ offset: 8, bytes: 8, shift: 0 }], 10), 4);
    const filter = new Filter(16);
    arm(loaded, bufferOf(loaded), filter);
    loaded.debug.setCondition(0, { ...loaded.debug.condition(0), enabled: false });
    let told = 0;
    while (run(loaded).exit.kind === 'debug') told++;
    assert.deepEqual([told, filter.hits], [10, 0]);
  });

  it('are told where the guard does not hold, even writes of the same value', () => {
    const loaded = program(loopOf([{ offset: 8, bytes: 8, shift: 60 }], 5000), 4);
    const filter = new Filter(8);
    filter.onlyChanges = true;
    // Register 1 is rcx: the loop's counter is below 4,990.
    const counter: NumberCode = {
      ...{ kind: 'load', type: 'i64', bytes: 8, signed: false },
      from: { kind: 'register', register: 1 },
    };
    filter.guard = {
      ...{ kind: 'comparison', operator: 'lt', type: 'i64', signed: true },
      left: counter,
      right: { kind: 'constant', type: 'i64', value: 4990n },
    };
    arm(loaded, bufferOf(loaded) + 8n, filter);
    let told = 0;
    while (run(loaded).exit.kind === 'debug') told++;
    assert.deepEqual([told, filter.hits], [10, 4990]);
  });
});

describe('filters with one subject', () => {
  it('serve threads that run in turn, each told of its own hits alone', () => {
    const rounds = 20_000;
    const loaded = program(loopOf([{ offset: 8, bytes: 8, shift: 0 }], rounds), 4);
    const threads = [loaded, { ...loaded, debug: new EmulatedDebugRegisters(4) }];
    const isFirst: NumberCode = {
      ...{ kind: 'comparison', operator: 'eq', type: 'i64', signed: true },
      left: { kind: 'thread' },
      right: { kind: 'constant', type: 'i64', value: 1n },
    };
    const subject = {};
    const filters = threads.map((thread, n) => {
      const filter = new Filter(8);
      Object.assign(filter, { subject, thread: n + 1, test: isFirst });
      arm(thread, bufferOf(loaded) + 8n, filter);
      return filter;
    });
    // The second one's has another register.
    threads[1].debug.setCondition(3, threads[1].debug.condition(0));
    threads[1].debug.setCondition(0, { ...threads[1].debug.condition(0), enabled: false });
    let turn = 0;
    // The second one's turns are twice as long.
    while (run(threads[turn % 2], 1000 * (1 + (turn % 2))).exit.kind === 'budget') turn++;
    assert.equal(filters[0].hits + filters[1].hits, rounds);
    assert.ok(Math.abs(filters[1].hits - 2 * filters[0].hits) < 1000, `${filters[0].hits}, ${filters[1].hits}`);
    assert.deepEqual([filters[0].matches, filters[1].matches], [filters[0].hits, 0]);
  });
});

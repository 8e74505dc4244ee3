// hit-filters.long.test.ts: what the machine decides of hits, before anybody hears of them.

import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { HitFilter, PassedBytes } from '../../../adapter/judging/hit-filter';
import type { NumberCode } from '../../../adapter/judging/number-code';
import type { DebugCondition } from '../../../adapter/machine/debug-registers';
import { assemble, load, run, type LoadedProgram } from '../support/program';

const EXIT = 'mov edi, eax\nmov eax, 60\nsyscall';

function program(text: string, debugRegisters?: number): LoadedProgram {
  const file = assemble(`.text\n_start: ${text}\n${EXIT}\n.bss\n.balign 4096\nbuffer: .skip 8192`);
  return load(file, [], debugRegisters);
}

function symbol(loaded: LoadedProgram, name: string): bigint {
  const address = loaded.symbols.get(name);
  assert(address !== undefined);
  return address;
}

function condition(address: bigint, options: Partial<DebugCondition> = {}): DebugCondition {
  return { enabled: true, address, lengthBytes: 4, type: 1, countOnly: false, ...options };
}

const number = (bytes: Uint8Array): number => bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
const constant = (value: number): NumberCode => ({ kind: 'constant', type: 'i32', value });
const loadInt = (address: number): NumberCode => ({
  kind: 'load',
  type: 'i32',
  bytes: 4,
  signed: true,
  from: { kind: 'memory', address },
});
const equal = (left: NumberCode, right: NumberCode): NumberCode => ({
  kind: 'comparison',
  operator: 'eq',
  type: 'i32',
  signed: true,
  left,
  right,
});
const remainder = (left: NumberCode, right: NumberCode): NumberCode => ({
  kind: 'arithmetic',
  operator: 'rem',
  type: 'i32',
  signed: true,
  left,
  right,
});

type Seen = readonly (number | boolean | string)[];

/** Keeps what it is told of. */
class Filter implements HitFilter {
  readonly subject = this;
  lengthBytes = 4;
  guard: HitFilter['guard'] = undefined;
  reads = true;
  writes = true;
  onlyChanges = false;
  test: HitFilter['test'] = undefined;
  thread = 7;
  hits = 0;
  matches = 0;
  news = { count: 0, since: () => undefined };
  readonly seen: Seen[] = [];
  readonly places = new Map<number, number>();
  change: readonly number[] = [];
  /** Instructions of the runs before. */
  done = 0;
  told = 0;

  constructor(options: Partial<HitFilter> = {}) {
    Object.assign(this, options);
  }

  testAt(): NumberCode | 'told' | undefined {
    return undefined;
  }

  quiet(): number {
    return Infinity;
  }

  passed(passed: Parameters<HitFilter['passed']>[0]): void {
    this.hits += passed.hits;
    this.matches += passed.matches;
    passed.forPlaces((instruction, hits) => {
      this.places.set(instruction, (this.places.get(instruction) ?? 0) + hits);
    });
    const valuesOf = ({ bytes, parts }: PassedBytes): number[] => [
      ...parts.map(({ oldAt }) => bytes.getUint32(oldAt, true)),
      ...parts.map(({ newAt }) => bytes.getUint32(newAt, true)),
    ];
    passed.lastChange((change) => {
      this.change = valuesOf(change);
    });
    passed.forEntries((entry) => {
      const { instruction, retired, isWrite } = entry;
      const values = valuesOf(entry);
      this.seen.push([...values, isWrite, this.done + retired, instruction]);
    });
  }
}

interface Told {
  readonly indices: readonly number[];
  readonly after: readonly number[];
  readonly flags: bigint;
}

/** To the end of the program. */
function runAll(loaded: LoadedProgram, filters: readonly Filter[], budget = 1_000_000): { told: Told[]; done: number } {
  const told: Told[] = [];
  let done = 0;
  for (;;) {
    const { exit, instructions } = run(loaded, budget);
    done += instructions;
    for (const filter of filters) filter.done = done;
    if (exit.kind === 'exited') return { told, done };
    if (exit.kind === 'debug') {
      const indices = exit.hits.map(({ index }) => index);
      const after = exit.hits.map((hit) => number(hit.after));
      told.push({ indices, after, flags: loaded.registers.rflags });
      // As whoever counts what is told would do.
      for (const filter of filters) {
        filter.news.count++;
        filter.told++;
      }
    }
    assert.ok(exit.kind === 'debug' || exit.kind === 'budget', exit.kind);
  }
}

describe('filters of hits', () => {
  it('pass over what does not meet the condition, and tell the rest', () => {
    const rounds = 30_000;
    const loaded = program(
      `lea rbx, buffer[rip]\nxor ecx, ecx\nagain: mov [rbx+8], ecx\nadd dword ptr [rbx+16], 1\ninc ecx\ncmp ecx, ${rounds}\njb again`,
    );
    const at = symbol(loaded, 'buffer') + 8n;
    const filter = new Filter({
      test: equal(remainder(loadInt(Number(at)), constant(1000)), constant(999)),
      quiet: () => 0,
    });
    loaded.debug.setCondition(0, condition(at, { filters: [filter] }));
    loaded.debug.setCondition(1, condition(at + 8n, { countOnly: true }));
    const { told, done } = runAll(loaded, [filter]);
    assert.deepEqual(
      told.map(({ indices, after }) => [indices, after]),
      Array.from({ length: rounds / 1000 }, (_, n) => [[0], [1000 * n + 999]]),
    );
    assert.deepEqual([filter.hits, filter.matches], [rounds - told.length, 0]);
    assert.deepEqual([...filter.places.values()], [filter.hits]);
    assert.deepEqual(filter.change, [rounds - 3, rounds - 2]);
    assert.equal(loaded.debug.readCount(1), rounds);
    assert.equal(done, 2 + 5 * rounds + 3, 'instructions are counted exactly');
  });

  it('see the same hits, at the same counts and with the same flags, however the machine runs', () => {
    const text =
      'lea rbx, buffer[rip]\nxor ecx, ecx\nagain: xchg [rbx+8], ecx\nlock add word ptr [rbx+10], 3\npush qword ptr [rbx+8]\npop qword ptr [rbx+7]\nadd ecx, 1\nmov eax, [rbx+9]\ncmp dl, al\nadd dword ptr [rbx+8], 0x7fffff\ninc rsi\ncmp esi, 3000\njb again';
    const runs = [1, 65, 1000, 1_000_000].map((budget) => {
      const loaded = program(text);
      const at = symbol(loaded, 'buffer') + 8n;
      const filter = new Filter();
      filter.quiet = () => 96 - (filter.matches - 96 * filter.told);
      loaded.debug.setCondition(2, condition(at, { type: 3, filters: [filter] }));
      const all = runAll(loaded, [filter], budget);
      return { ...all, seen: filter.seen, memory: loaded.space.read(at - 8n, 32), change: filter.change };
    });
    for (const other of runs.slice(1)) assert.deepEqual(other, runs[0]);
    assert.ok(runs[0].told.length > 100);
  });

  it('know the last accesses that met the condition, with their times', () => {
    const rounds = 5000;
    const loaded = program(
      `lea rbx, buffer[rip]\nxor ecx, ecx\nagain: mov [rbx+8], ecx\nmov eax, [rbx+8]\ninc ecx\ncmp ecx, ${rounds}\njb again`,
    );
    const at = symbol(loaded, 'buffer') + 8n;
    const filter = new Filter();
    loaded.debug.setCondition(0, condition(at, { type: 3, filters: [filter] }));
    runAll(loaded, [filter]);
    assert.deepEqual([filter.hits, filter.matches], [2 * rounds, 2 * rounds]);
    const newest = filter.seen.slice(-1000);
    for (const [n, [old, now, isWrite, time]] of newest.entries()) {
      const round = rounds - 500 + Math.floor(n / 2);
      const isStore = n % 2 === 0;
      assert.deepEqual(
        [old, now, isWrite, time],
        [isStore ? round - 1 : round, round, isStore, 2 + 5 * round + (n % 2)],
      );
    }
  });

  it('count beside conditions of any kind, each hit exactly once', () => {
    const rounds = 100_000;
    const loaded = program(
      `lea rbx, buffer[rip]\nxor ecx, ecx\nagain: mov [rbx+8], ecx\nmov [rbx+16], ecx\nmov [rbx+12], rcx\ninc ecx\ncmp ecx, ${rounds}\njb again`,
    );
    const at = symbol(loaded, 'buffer') + 8n;
    const filters = [new Filter(), new Filter()];
    const stops = new Filter({
      test: equal(remainder(loadInt(Number(at) + 8), constant(50_000)), constant(49_999)),
      quiet: () => 0,
    });
    loaded.debug.setCondition(0, condition(at, { filters: [filters[0]] }));
    loaded.debug.setCondition(1, condition(at + 8n, { countOnly: true }));
    loaded.debug.setCondition(2, condition(at + 4n, { filters: [filters[1]] }));
    loaded.debug.setCondition(3, condition(at + 8n, { filters: [stops] }));
    const { told } = runAll(loaded, [...filters, stops]);
    assert.deepEqual(
      filters.map(({ hits }) => hits),
      [rounds, rounds],
    );
    assert.equal(loaded.debug.readCount(1), 2 * rounds, 'both stores reach there');
    assert.deepEqual(
      told.map(({ after }) => after),
      [[49_999], [99_999]],
    );
    assert.equal(stops.hits, 2 * rounds - 2);
  });

  it('pass over writes of the same value where only changes count, and reads where only writes do', () => {
    const loaded = program(
      'lea rbx, buffer[rip]\nxor ecx, ecx\nagain: mov eax, ecx\nshr eax, 4\nmov [rbx+8], eax\nmov edx, [rbx+8]\ninc ecx\ncmp ecx, 16000\njb again',
    );
    const at = symbol(loaded, 'buffer') + 8n;
    const changes = new Filter({ reads: false, onlyChanges: true });
    const reads = new Filter({ writes: false });
    loaded.debug.setCondition(0, condition(at, { filters: [changes] }));
    loaded.debug.setCondition(1, condition(at, { type: 3, filters: [reads] }));
    runAll(loaded, [changes, reads]);
    assert.deepEqual([changes.hits, changes.matches], [16_000, 999]);
    assert.deepEqual([reads.hits, reads.matches], [16_000, 16_000]);
  });

  it('tell what has no result, and learn what differs by instruction', () => {
    const loaded = program(
      'lea rbx, buffer[rip]\nxor ecx, ecx\nagain: mov eax, 3\nsub eax, ecx\nmov [rbx+8], eax\nmov [rbx+8], ecx\ninc ecx\ncmp ecx, 8\njb again',
    );
    const at = Number(symbol(loaded, 'buffer')) + 8;
    const asked: number[] = [];
    const filter = new Filter({ test: 'byPlace', quiet: () => 0 });
    filter.testAt = (...[instruction]: readonly number[]) => {
      asked.push(instruction);
      // 12 / $new == 12
      const quotient = { kind: 'arithmetic', operator: 'div', type: 'i32', signed: true } as const;
      return asked.length === 1
        ? equal({ ...quotient, left: constant(12), right: loadInt(at) }, constant(12))
        : asked.length === 2
          ? undefined
          : 'told';
    };
    loaded.debug.setCondition(0, condition(BigInt(at), { filters: [filter] }));
    const { told } = runAll(loaded, [filter]);
    const values = told.map(({ after: [value] }) => value | 0);
    // The first store tells of 1 = 12 / 12 and of 0, which does not divide; the second of whatever it writes.
    assert.deepEqual(values, [0, 1, 1, 2, 0, 3, 4, 5, 6, 7]);
    assert.equal(asked.length, 3);
  });

  it('find room for more instructions than they keep places', () => {
    const stores = Array.from({ length: 150 }, () => 'mov [rbx+8], ecx').join('\n');
    const loaded = program(`lea rbx, buffer[rip]\nxor ecx, ecx\nagain: ${stores}\ninc ecx\ncmp ecx, 1000\njb again`);
    const filter = new Filter();
    loaded.debug.setCondition(0, condition(symbol(loaded, 'buffer') + 8n, { filters: [filter] }));
    runAll(loaded, [filter]);
    assert.equal(filter.places.size, 150);
    for (const hits of filter.places.values()) assert.equal(hits, 1000);
  });

  it('are found among a thousand conditions', () => {
    const at = (loaded: LoadedProgram): bigint => symbol(loaded, 'buffer');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(4000), fc.constantFrom(1, 2, 4, 8)), { minLength: 1, maxLength: 40 }),
        fc.array(fc.tuple(fc.nat(4000), fc.constantFrom(1, 2, 4, 8)), { maxLength: 40 }),
        (stores, watched) => {
          const registers = { 1: 'al', 2: 'ax', 4: 'eax', 8: 'rax' } as const;
          const text = stores.map(([offset, bytes]) => `mov [rbx+${offset}], ${registers[bytes]}`);
          const loaded = program(`lea rbx, buffer[rip]\n${text.join('\n')}`, 1024);
          const conditions = watched.map(([offset, bytes]) => ({ first: offset - (offset % bytes), bytes }));
          const filters = conditions.map(({ first, bytes }, n) => {
            const filter = new Filter({ lengthBytes: bytes });
            const lengthBytes = bytes;
            loaded.debug.setCondition(n, condition(at(loaded) + BigInt(first), { lengthBytes, filters: [filter] }));
            return filter;
          });
          for (let n = conditions.length; n < 1024; n++) {
            loaded.debug.setCondition(n, condition(at(loaded) + 4096n + BigInt(n), { lengthBytes: 1 }));
          }
          runAll(loaded, filters);
          for (const [n, { first, bytes }] of conditions.entries()) {
            const expected = stores.filter(([offset, length]) => offset < first + bytes && offset + length > first);
            assert.equal(filters[n].hits, expected.length);
          }
        },
      ),
      { numRuns: 15 },
    );
  });
});

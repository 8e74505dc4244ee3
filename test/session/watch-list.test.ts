import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Watch, WatchAccessWish, WatchWish } from '../../adapter/watch/watch';
import { WatchList } from '../../adapter/watch/watch-list';
import type { WatchStop } from '../../adapter/watch/watch-judge';
import { TinyProgram } from './tiny-program';

class Bench {
  readonly program: TinyProgram;
  readonly notes: string[] = [];
  readonly changed: Watch[] = [];
  readonly list: WatchList;

  constructor(options: { slots?: number; threads?: number[] } = {}) {
    this.program = new TinyProgram(options.slots, options.threads);
    for (const [index, name] of ['a', 'b', 'c', 'd', 'e', 'f'].entries()) {
      this.program.globals.set(name, this.program.base + BigInt(4 * index));
    }
    let id = 1;
    const events = {
      onChanged: (watch: Watch) => this.changed.push(watch),
      onCalls: (watch: Watch) => this.changed.push(watch),
      onNote: (text: string) => this.notes.push(text),
    };
    this.list = new WatchList(this.program.world, events, () => id++);
  }

  global(name: string, access: WatchAccessWish = 'change', more: Partial<WatchWish> = {}): WatchWish {
    return {
      key: name,
      access,
      threads: 'all',
      target: { kind: 'global', expression: name, lengthBytes: 4, typeName: 'int' },
      ...more,
    };
  }

  set(...wishes: WatchWish[]): readonly Watch[] {
    return this.list.replace(wishes);
  }

  write(name: string, value: number, thread = 1): readonly WatchStop[] {
    const hits = this.program.writeInt(this.program.globals.get(name) ?? 0n, value);
    return this.list.decide(thread, hits, () => []).stops;
  }

  read(name: string): readonly WatchStop[] {
    const hits = this.program.readHits(this.program.globals.get(name) ?? 0n);
    return this.list.decide(1, hits, () => []).stops;
  }

  used(): number {
    return [...this.program.slots.values()].at(0)?.filter((slot) => slot !== undefined).length ?? 0;
  }
}

const view = new DataView(new ArrayBuffer(4));
const intOf = (bytes: Uint8Array): number => {
  bytes.forEach((byte, index) => {
    view.setUint8(index, byte);
  });
  return view.getInt32(0, true);
};

describe('the watch list', () => {
  it('stops when the value changes and counts writes of the same value', () => {
    const bench = new Bench();
    const [watch] = bench.set(bench.global('a'));
    assert.equal(watch.state, 'armed');
    const stops = bench.write('a', 42);
    assert.deepEqual(
      stops.map((stop) => [intOf(stop.old), intOf(stop.new)]),
      [[0, 42]],
    );
    assert.deepEqual(bench.write('a', 42), []);
    assert.equal(watch.hits, 2);
  });

  it('every write stops where that is asked for', () => {
    const bench = new Bench();
    bench.set(bench.global('a', 'write'));
    assert.equal(bench.write('a', 0).length, 1);
  });

  it('a read watch passes writes over, and says that the hardware cannot', () => {
    const bench = new Bench();
    const [watch] = bench.set(bench.global('a', 'read'));
    assert.match(watch.message, /x86 has no read-only watch/);
    assert.equal(bench.write('a', 1).length, 0);
    assert.equal(bench.read('a').length, 1);
    assert.equal(watch.hits, 1);
  });

  it('an access watch stops at reads and at writes of the same value', () => {
    const bench = new Bench();
    bench.set(bench.global('a', 'access'));
    assert.equal(bench.read('a').length, 1);
    assert.equal(bench.write('a', 0).length, 1);
  });

  it('refuses the fifth at once and says who holds the four', () => {
    const bench = new Bench({ threads: [7] });
    const wishes = ['a', 'b', 'c', 'd', 'e'].map((name) => bench.global(name));
    const watches = bench.set(...wishes);
    assert.deepEqual(
      watches.map(({ state }) => state),
      ['armed', 'armed', 'armed', 'armed', 'refused'],
    );
    const message = watches.at(4)?.message ?? '';
    assert.match(message, /`e` needs 1 of 4 debug registers, and thread 7 "t7" has no slot free/);
    for (const name of ['a', 'b', 'c', 'd']) assert.match(message, new RegExp(`DR\\d ${name} \\(4 bytes\\)`));
    const again = bench.set(...wishes.slice(1));
    assert.deepEqual(
      again.map(({ state }) => state),
      ['armed', 'armed', 'armed', 'armed'],
    );
  });

  it('keeps hits, slots and ids of what stays', () => {
    const bench = new Bench();
    const [a] = bench.set(bench.global('a'), bench.global('b'));
    bench.write('a', 1);
    const [again] = bench.set(bench.global('a', 'change', { condition: '$new > 10' }));
    assert.equal(again, a);
    assert.equal(again.hits, 1);
    assert.equal(bench.used(), 1);
    assert.deepEqual(bench.write('a', 5), []);
    assert.equal(bench.write('a', 11).length, 1);
  });

  it('two wishes for the same bytes share their slot until both are gone', () => {
    const bench = new Bench();
    const other = { ...bench.global('a'), key: '&a' };
    bench.set(bench.global('a'), other);
    assert.equal(bench.used(), 1);
    assert.equal(bench.write('a', 3).length, 2);
    bench.set(other);
    assert.equal(bench.used(), 1);
    bench.set();
    assert.equal(bench.used(), 0);
  });

  it('a condition that cannot be evaluated stops, and is told once', () => {
    const bench = new Bench();
    bench.set(bench.global('a', 'change', { condition: 'nonsense' }));
    assert.match(bench.write('a', 1).at(0)?.trouble ?? '', /no `nonsense`/);
    const second = bench.write('a', 2);
    assert.equal(second.length, 1);
    assert.equal(second.at(0)?.trouble, undefined);
  });

  it('a hit condition counts what met the condition', () => {
    const bench = new Bench();
    bench.set(bench.global('a', 'change', { condition: '$new > 10', hitCondition: '2' }));
    assert.deepEqual(
      [5, 11, 12, 13].map((value) => bench.write('a', value).length),
      [0, 0, 1, 0],
    );
  });

  it('waits for a symbol that is not there yet', () => {
    const bench = new Bench();
    const [watch] = bench.set(bench.global('late'));
    assert.equal(watch.state, 'pending');
    bench.program.globals.set('late', bench.program.base + 256n);
    bench.list.lookAgain();
    assert.equal(watch.state, 'armed');
    assert.deepEqual(bench.changed, [watch]);
  });

  it('is refused when the variable has another size now', () => {
    const bench = new Bench();
    const target = { kind: 'global', expression: 'a', lengthBytes: 8, typeName: 'long' } as const;
    const [watch] = bench.set(bench.global('a', 'change', { target }));
    assert.equal(watch.state, 'refused');
    assert.match(watch.message, /has changed: it was long, 8 bytes, and is int, 4 bytes/);
  });

  it('a machine without debug registers refuses and says so', () => {
    const bench = new Bench({ slots: 0 });
    const [watch] = bench.set(bench.global('a'));
    assert.equal(watch.state, 'refused');
    assert.match(watch.message, /no debug registers/);
  });

  it('too wide a range names what would fit', () => {
    const bench = new Bench();
    const target = { kind: 'address', address: bench.program.base, lengthBytes: 64 } as const;
    const [watch] = bench.set({ key: 'wide', access: 'change', threads: 'all', target });
    assert.match(watch.message, /64 bytes; four slots watch at most 32/);
  });

  it('no sequence of lists loses a slot', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const wish = fc.record({
      name: fc.constantFrom(...names),
      access: fc.constantFrom<WatchAccessWish>('change', 'read', 'access'),
    });
    fc.assert(
      fc.property(fc.array(fc.array(wish, { maxLength: 7 }), { maxLength: 12 }), (lists) => {
        const bench = new Bench({ threads: [1, 2] });
        for (const list of lists) {
          const watches = bench.set(...list.map(({ name, access }) => bench.global(name, access)));
          const distinct = new Set(list.map(({ name, access }) => name + (access === 'change' ? 'W' : 'RW')));
          assert.equal(bench.used(), Math.min(distinct.size, 4));
          const armed = new Set(watches.filter(({ state }) => state === 'armed').map(({ armed }) => armed?.id));
          assert.equal(armed.size, bench.used());
          for (const watch of watches) assert.ok(watch.state === 'armed' || bench.used() === 4);
        }
        bench.set();
        assert.equal(bench.used(), 0);
      }),
    );
  });

  it('no sequence of lists, additions, changes and removals loses a slot', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const name = fc.constantFrom(...names);
    const access = fc.constantFrom<WatchAccessWish>('change', 'write', 'read', 'access');
    const change = fc.record({ access, disabled: fc.boolean() });
    const step = fc.oneof(
      fc.record({ kind: fc.constant('set' as const), list: fc.array(fc.record({ name, access }), { maxLength: 4 }) }),
      fc.record({ kind: fc.constant('add' as const), name, access }),
      fc.record({ kind: fc.constant('change' as const), which: fc.nat(), change }),
      fc.record({ kind: fc.constant('remove' as const), which: fc.nat() }),
      fc.record({ kind: fc.constant('thread' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const bench = new Bench({ threads: [1, 2] });
        const own = (which: number): Watch | undefined => {
          const all = bench.list.watches.filter(({ origin }) => origin === 'view');
          return all[which % Math.max(1, all.length)];
        };
        for (const one of steps) {
          const before = bench.list.watches;
          if (one.kind === 'set') bench.set(...one.list.map((wish) => bench.global(wish.name, wish.access)));
          if (one.kind === 'add') bench.list.add(bench.global(one.name, one.access, { origin: 'view' }));
          if (one.kind === 'change') {
            const watch = own(one.which);
            if (watch !== undefined) bench.list.change(watch, { ...watch.wish, ...one.change });
          }
          if (one.kind === 'remove') {
            const watch = own(one.which);
            if (watch !== undefined) bench.list.remove(watch);
          }
          if (one.kind === 'thread') bench.program.startThread(3);
          if (one.kind === 'set') {
            const views = (list: readonly Watch[]) => list.filter(({ origin }) => origin === 'view');
            assert.deepEqual(views(bench.list.watches), views(before), 'the editor replaces its own only');
          }
          expectHonestSlots(bench);
        }
        bench.set();
        for (const watch of bench.list.watches) bench.list.remove(watch);
        assert.equal(bench.used(), 0);
        assert.equal(bench.program.armed.size, 0);
      }),
      { numRuns: Number(process.env.TRAPLINE_LIST_RUNS ?? 200) },
    );
  });

  it('one that found no slot takes the first that becomes free, and says so', () => {
    const bench = new Bench();
    const own = ['a', 'b', 'c', 'd', 'e'].map((name) =>
      bench.list.add(bench.global(name, 'change', { origin: 'view' })),
    );
    assert.equal(own[4].state, 'refused');
    bench.list.change(own[1], { ...own[1].wish, disabled: true });
    assert.equal(own[1].state, 'disabled');
    assert.equal(own[4].state, 'armed');
    assert.deepEqual(bench.changed, [own[4]]);
    bench.list.change(own[1], { ...own[1].wish, disabled: false });
    assert.equal(own[1].state, 'refused');
    bench.list.remove(own[0]);
    assert.equal(own[1].state, 'armed');
  });

  it('modes: what is counted or logged does not stop', () => {
    const bench = new Bench();
    const [count] = bench.set(
      bench.global('a', 'change', { mode: 'count' }),
      bench.global('b', 'change', { mode: 'log' }),
    );
    assert.deepEqual(bench.write('a', 1), []);
    assert.equal(count.matches, 1);
    assert.equal(count.history.newest().length, 1);
    const hits = bench.program.writeInt(bench.program.globals.get('b') ?? 0n, 2);
    const { stops, logs } = bench.list.decide(1, hits, () => []);
    assert.deepEqual([stops.length, logs.length], [0, 1]);
    assert.match(count.message, /counts changes of the value/);
  });
});

/** As many slots as the distinct pieces of armed watches; who is not armed has a reason; nobody waits beside a gap. */
function expectHonestSlots(bench: Bench): void {
  const { watches } = bench.list;
  const armed = watches.filter(({ state }) => state === 'armed');
  assert.equal(bench.used(), new Set(armed.map((watch) => watch.armed?.id)).size);
  for (const watch of watches) {
    assert.equal(watch.armed !== undefined, watch.state === 'armed');
    assert.equal(watch.wish.disabled === true, watch.state === 'disabled');
    assert.notEqual(watch.message, '');
    if (watch.state === 'refused') assert.equal(bench.used(), 4);
  }
}

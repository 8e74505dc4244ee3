// register-rows.test.ts: the texts of the view "Debug Registers", row by row.

import * as assert from 'node:assert';
import type { DebugRegister, DebugRegisterMap } from '../../../adapter/protocol/debug-register-map';
import { registerRows, type Row } from '../../../extension/view/register-rows';
import { english } from '../../../extension/view/translate';

const free = (index: number): DebugRegister => ({ index, state: 'free' });

const counter: DebugRegister = {
  index: 0,
  state: 'armed',
  owner: 'ptrace',
  address: '0x404050',
  lengthBytes: 4,
  access: 'write',
  symbol: 'counter',
  hits: 12,
  oldValue: '41',
  newValue: '42',
};

function mapWith(registers: DebugRegister[], more: Partial<DebugRegisterMap> = {}): DebugRegisterMap {
  const used = registers.filter((register) => register.state !== 'free').length;
  return {
    threads: [{ id: 1001, name: 'race', registers, dr6: '0xffff0ff1', dr7: '0x000d0101' }],
    cpus: [],
    slots: { total: registers.length, used, free: registers.length - used },
    ...more,
  };
}

const outline = (rows: readonly Row[], depth = 0): string[] =>
  rows.flatMap((row) => [
    `${'  '.repeat(depth)}${row.label} | ${row.description}`,
    ...outline(row.children, depth + 1),
  ]);

const rowsOf = (map: DebugRegisterMap): string[] => outline(registerRows(map, english));

function find(map: DebugRegisterMap, id: string): Row {
  const search = (rows: readonly Row[]): Row | undefined =>
    rows.map((row) => (row.id === id ? row : search(row.children))).find((row) => row !== undefined);
  const row = search(registerRows(map, english));
  assert.ok(row, `there is a row ${id}`);
  return row;
}

describe('the rows of the view Debug Registers', () => {
  it('show the budget, the CPUs that hold registers, and the threads, which may be more than fit', () => {
    const registers = [counter, free(1), free(2), free(3)];
    const map = mapWith(registers, {
      cpus: [
        { id: 0, registers, dr6: '0xffff0ff0', dr7: '0x000d0402' },
        { id: 1, registers: [free(0), free(1), free(2), free(3)], dr6: '0xffff0ff0', dr7: '0x00000400' },
      ],
    });
    assert.deepStrictEqual(rowsOf(map), [
      'Slots | 1 of 4 used',
      'CPUs | 1 of 2 holds breakpoints now',
      '  CPU 0 | 1 of 4 used',
      '    DR0  counter | 12 hits · 41 → 42 · ptrace · write · 4 bytes · 0x404050',
      '    DR1 | free',
      '    DR2 | free',
      '    DR3 | free',
      '    DR6 | 0xffff0ff0: no hit',
      '    DR7 | 0x000d0402: DR0 write 4 bytes',
      '  CPU 1 | 0 of 4 used',
      '    DR0 | free',
      '    DR1 | free',
      '    DR2 | free',
      '    DR3 | free',
      '    DR6 | 0xffff0ff0: no hit',
      '    DR7 | 0x00000400: nothing enabled',
      'race | 1001 · 1 of 4 used',
      '  DR0  counter | 12 hits · 41 → 42 · ptrace · write · 4 bytes · 0x404050',
      '  DR1 | free',
      '  DR2 | free',
      '  DR3 | free',
      '  DR6 | 0xffff0ff1: DR0 was hit',
      '  DR7 | 0x000d0101: DR0 write 4 bytes',
    ]);
  });

  it('of many threads open only the first', () => {
    const [thread] = mapWith([counter]).threads;
    const threads = (count: number) => Array.from({ length: count }, (_, at) => ({ ...thread, id: 1001 + at }));
    const opened = (count: number) =>
      registerRows(mapWith([counter], { threads: threads(count) }), english)
        .filter(({ id, open }) => id.startsWith('thread/') && open)
        .map(({ id }) => id);
    assert.strictEqual(opened(4).length, 4);
    assert.deepStrictEqual(opened(40), ['thread/1001']);
  });

  it('say one byte and one hit in the singular', () => {
    const map = mapWith([{ ...counter, lengthBytes: 1, hits: 1 }]);
    assert.strictEqual(
      find(map, 'thread/1001/dr0').description,
      '1 hit · 41 → 42 · ptrace · write · 1 byte · 0x404050',
    );
  });

  it('tell armed with no hits apart from free', () => {
    const row = find(mapWith([{ ...counter, hits: 0, oldValue: undefined, newValue: undefined }]), 'thread/1001/dr0');
    assert.strictEqual(row.description, '0 hits · ptrace · write · 4 bytes · 0x404050');
    assert.match(row.tooltip, /Armed, not hit yet/);
    assert.strictEqual(row.icon, 'armed');
  });

  it('show a disabled register as one that keeps its slot', () => {
    const map = mapWith([{ ...counter, state: 'disabled' }]);
    const row = find(map, 'thread/1001/dr0');
    assert.match(row.description, /^disabled · 12 hits/);
    assert.match(row.tooltip, /keeps its slot/);
    assert.strictEqual(find(map, 'slots').description, '1 of 1 used');
  });

  it('begin with the address where no symbol tells the place', () => {
    const row = find(mapWith([{ ...counter, symbol: undefined }]), 'thread/1001/dr0');
    assert.match(row.description, /^0x404050 · 12 hits · 41 → 42 · ptrace · write · 4 bytes$/);
  });

  it('give an execute breakpoint no length', () => {
    const row = find(mapWith([{ ...counter, access: 'execute', lengthBytes: 8, symbol: 'main' }]), 'thread/1001/dr0');
    assert.strictEqual(row.description, '12 hits · 41 → 42 · ptrace · execute · 0x404050');
  });

  it('read an access of both kinds as words', () => {
    assert.match(find(mapWith([{ ...counter, access: 'readWrite' }]), 'thread/1001/dr0').description, /read or write/);
  });

  it('name other holders, and say of CPU-wide ones that they are not the thread’s own', () => {
    const event = { ...counter, owner: 'perf' as const, holder: 'perf event of pid 12, fd 3' };
    const debuggerOfAll = { ...event, owner: 'kgdb' as const, holder: 'kgdb (all CPUs)', cpus: [0, 1], index: 1 };
    const map = mapWith([event, debuggerOfAll]);
    assert.match(find(map, 'thread/1001/dr0').description, /^12 hits · 41 → 42 · perf event of pid 12, fd 3 · write/);
    assert.doesNotMatch(find(map, 'thread/1001/dr0').tooltip, /Not this thread/);
    const row = find(map, 'thread/1001/dr1');
    assert.match(row.description, / · kgdb \(all CPUs\) · write · /);
    assert.match(row.tooltip, /takes a slot of every thread that runs on CPU 0, 1/);
  });

  it('look different where another holds them, and say that ptrace’s DR7 does not show it', () => {
    const event = { ...counter, owner: 'perf' as const };
    const others = mapWith([event, { ...event, index: 1, owner: 'kgdb' }, { ...event, index: 2, owner: 'ksym' }]);
    const icons = [0, 1, 2].map((at) => find(others, `thread/1001/dr${at}`).icon);
    assert.deepStrictEqual(icons, ['held.perf', 'held.kgdb', 'held.ksym']);
    const [thread] = others.threads;
    const map = { ...others, threads: [{ ...thread, dr7: '0x400' }], cpus: [{ ...thread, id: 0 }] };
    assert.strictEqual(find(map, 'thread/1001/dr7').description, '0x400: nothing enabled by ptrace');
    assert.match(find(map, 'thread/1001/dr7').tooltip, /What others hold is not in it: DR0, DR1, DR2\.$/);
    assert.strictEqual(find(map, 'cpu/0/dr7').description, '0x000d0101: DR0 write 4 bytes');
    assert.strictEqual(find(mapWith([counter]), 'thread/1001/dr7').description, '0x000d0101: DR0 write 4 bytes');
  });

  it('do without what the adapter does not know', () => {
    const row = find(mapWith([{ index: 0, state: 'armed' }]), 'thread/1001/dr0');
    assert.deepStrictEqual([row.label, row.description, row.address, row.symbol], ['DR0', '', undefined, undefined]);
  });

  it('show a value that did not change once', () => {
    const row = find(mapWith([{ ...counter, oldValue: '7', newValue: '7' }]), 'thread/1001/dr0');
    assert.match(row.description, /^12 hits · 7 · ptrace/);
  });

  it('speak the arrow as a word to a screen reader', () => {
    assert.strictEqual(
      find(mapWith([counter]), 'thread/1001/dr0').accessibilityLabel,
      'DR0, counter, 12 hits, 41 to 42, ptrace, write, 4 bytes, 0x404050',
    );
  });

  it('warn in the budget when no slot is left, and count in the singular when one is', () => {
    const full = [0, 1, 2, 3].map((index) => ({ ...counter, index }));
    assert.match(find(mapWith(full), 'slots').tooltip, /No slot is free/);
    assert.match(find(mapWith([counter, free(1)]), 'slots').tooltip, /One more aligned piece/);
    assert.match(find(mapWith([free(0), free(1)]), 'slots').tooltip, /2 more aligned pieces/);
  });

  it('say so when the machine has no debug registers', () => {
    assert.strictEqual(find(mapWith([]), 'slots').description, 'this machine has none');
  });

  it('tell emulated registers from x86’s own status and control, whose numbers they share', () => {
    const registers = Array.from({ length: 9 }, (_, index) => ({ ...counter, index }));
    const [, thread] = registerRows(mapWith(registers), english);
    assert.deepStrictEqual(
      thread.children.map(({ label }) => label.split(' ')[0]),
      ['DR0', 'DR1', 'DR2', 'DR3', 'EDR4', 'EDR5', 'EDR6', 'EDR7', 'EDR8', 'DR6', 'DR7'],
    );
    assert.strictEqual(new Set(thread.children.map(({ id }) => id)).size, 11);
  });

  it('gather what is free beyond the processor’s four, however many it is', () => {
    const registers = Array.from({ length: 128 }, (_, index) =>
      [0, 5, 6].includes(index) ? { ...counter, index } : free(index),
    );
    const [, thread] = registerRows(mapWith(registers), english);
    assert.deepStrictEqual(
      thread.children.map(({ label }) => label.split(' ')[0]),
      ['DR0', 'DR1', 'DR2', 'DR3', 'EDR4', 'EDR5', 'EDR6', 'EDR7–EDR127', 'DR6', 'DR7'],
    );
    assert.strictEqual(thread.children[7].accessibilityLabel, 'EDR7 to EDR127, free');
    assert.strictEqual(thread.description, '1001 · 3 of 128 used');
  });

  it('keep their ids when values change, so that the tree keeps what is open', () => {
    const ids = (map: DebugRegisterMap): string[] => {
      const walk = (rows: readonly Row[]): string[] => rows.flatMap((row) => [row.id, ...walk(row.children)]);
      return walk(registerRows(map, english));
    };
    const before = ids(mapWith([counter, free(1)]));
    assert.deepStrictEqual(ids(mapWith([{ ...counter, hits: 13, newValue: '43' }, free(1)])), before);
    assert.strictEqual(new Set(before).size, before.length);
  });
});

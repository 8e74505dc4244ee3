// high-windows.test.ts: pages above the fast memory, against a naive model: a map of pages.

import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { GuestMemory } from '../../../adapter/machine/guest-memory';

const BASE = 0x100000000000;
const PAGE = 4096;
const RW = { read: true, write: true, execute: false };
const PAGES = 24;

type Operation =
  | { readonly kind: 'map' | 'unmap' | 'forbid'; readonly page: number; readonly pages: number }
  | { readonly kind: 'write'; readonly page: number; readonly value: number };

const range = { page: fc.nat(PAGES - 1), pages: fc.integer({ min: 1, max: 6 }) };
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ kind: fc.constantFrom('map' as const, 'unmap' as const, 'forbid' as const), ...range }),
  fc.record({ kind: fc.constant('write' as const), page: range.page, value: fc.integer({ min: 1, max: 255 }) }),
);

interface ModelPage {
  value: number;
  writable: boolean;
}

function freshMemory(): GuestMemory {
  return new GuestMemory({ onCodeChange: () => undefined, onLimitChange: () => undefined });
}

function apply(memory: GuestMemory, model: Map<number, ModelPage>, step: Operation): void {
  const address = BASE + step.page * PAGE;
  if (step.kind === 'write') {
    const page = model.get(step.page);
    if (page === undefined) return;
    page.value = step.value;
    memory.write(address + 100, Uint8Array.of(step.value));
    return;
  }
  const lengthBytes = step.pages * PAGE;
  if (step.kind === 'map') assert.equal(memory.map(address, lengthBytes, RW), true);
  else if (step.kind === 'unmap') memory.unmap(address, lengthBytes);
  else memory.protect(address, lengthBytes, { ...RW, write: false });
  for (let page = step.page; page < step.page + step.pages; page++) {
    const old = model.get(page);
    if (step.kind === 'map') model.set(page, { value: 0, writable: true });
    else if (step.kind === 'unmap') model.delete(page);
    else if (old !== undefined) old.writable = false;
  }
}

function compare(memory: GuestMemory, model: ReadonlyMap<number, ModelPage>): void {
  for (let page = 0; page < PAGES + 6; page++) {
    const address = BASE + page * PAGE;
    const expected = model.get(page);
    const permissions = memory.permissionsAt(address);
    assert.equal(permissions?.write, expected?.writable, `page ${page}`);
    if (expected === undefined) continue;
    assert.equal(memory.read(address + 100, 1)[0], expected.value, `page ${page}`);
    const place = memory.locate(address);
    if (model.has(page + 1)) assert.equal(memory.locate(address + PAGE), (place ?? 0) + PAGE, 'neighbours');
  }
}

describe('pages above the fast memory', () => {
  const memory = freshMemory();

  it('are mapped, unmapped, protected and written as a map of pages says; neighbours stay neighbours', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 30 }), (steps) => {
        memory.unmap(BASE, (PAGES + 6) * PAGE);
        const model = new Map<number, ModelPage>();
        for (const step of steps) apply(memory, model, step);
        compare(memory, model);
      }),
      { numRuns: 200 },
    );
  });

  it('are copied with their rights', () => {
    const original = freshMemory();
    const model = new Map<number, ModelPage>();
    const steps: Operation[] = [
      { kind: 'map', page: 2, pages: 3 },
      { kind: 'map', page: 9, pages: 1 },
      { kind: 'write', page: 3, value: 77 },
      { kind: 'forbid', page: 2, pages: 1 },
    ];
    for (const step of steps) apply(original, model, step);
    const copy = freshMemory();
    original.copyTo(copy);
    original.write(BASE + 3 * PAGE + 100, Uint8Array.of(1));
    compare(copy, model);
  });

  it('say so when there is no room', () => {
    const full = freshMemory();
    assert.equal(full.map(BASE, 0x7000_0000, RW), true);
    assert.equal(full.map(BASE * 2, 0x2000_0000, RW), false);
    assert.equal(full.pageAt(BASE * 2), 0);
  });
});

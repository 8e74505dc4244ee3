// The list of mappings against a naive model: one entry per page.

import * as assert from 'node:assert';
import fc from 'fast-check';
import { VmaList } from '../../../adapter/kernel/mm/vma-list';

const PAGE = 4096;
const PAGES = 24;

type Operation =
  | { readonly kind: 'insert' | 'protect'; readonly from: number; readonly count: number; readonly prot: number }
  | { readonly kind: 'remove'; readonly from: number; readonly count: number };

const range = { from: fc.integer({ min: 0, max: PAGES - 1 }), count: fc.integer({ min: 1, max: 6 }) };
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ kind: fc.constant('insert' as const), ...range, prot: fc.integer({ min: 0, max: 3 }) }),
  fc.record({ kind: fc.constant('protect' as const), ...range, prot: fc.integer({ min: 0, max: 3 }) }),
  fc.record({ kind: fc.constant('remove' as const), ...range }),
);

function apply(list: VmaList, model: (number | undefined)[], op: Operation): void {
  const end = Math.min(PAGES, op.from + op.count);
  const [start, stop] = [op.from * PAGE, end * PAGE];
  if (op.kind === 'insert') list.insert({ start, end: stop, prot: op.prot, shared: false, offset: 0, name: '' });
  else if (op.kind === 'remove') list.remove(start, stop);
  else list.protect(start, stop, op.prot);
  for (let page = op.from; page < end; page++) {
    if (op.kind === 'insert') model[page] = op.prot;
    else if (op.kind === 'remove') model[page] = undefined;
    else if (model[page] !== undefined) model[page] = op.prot;
  }
}

describe('vma list', () => {
  it('agrees with one entry per page after any operations', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 30 }), (operations) => {
        const list = new VmaList();
        const model = new Array<number | undefined>(PAGES).fill(undefined);
        for (const op of operations) apply(list, model, op);
        model.forEach((prot, page) => {
          assert.strictEqual(list.find(page * PAGE + 7)?.prot, prot);
        });
        const vmas = list.all();
        vmas.slice(1).forEach((vma, i) => {
          assert.ok(vma.start >= vmas[i].end, 'sorted, no overlap');
        });
        for (const size of [1, 3, 8]) {
          const gap = list.findGapDown(size * PAGE, 0, PAGES * PAGE);
          const naive = naiveGap(model, size);
          assert.strictEqual(gap, naive === undefined ? undefined : naive * PAGE);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('keeps the file offset of the part that is left', () => {
    const list = new VmaList();
    const file = { path: '/lib/x', inode: 1, device: 1 };
    list.insert({ start: 0, end: 8 * PAGE, prot: 1, shared: false, file, offset: 0x5000, name: '' });
    list.remove(2 * PAGE, 3 * PAGE);
    assert.deepStrictEqual(
      list.all().map((vma) => [vma.start / PAGE, vma.end / PAGE, vma.offset]),
      [
        [0, 2, 0x5000],
        [3, 8, 0x8000],
      ],
    );
  });
});

function naiveGap(model: readonly (number | undefined)[], size: number): number | undefined {
  for (let from = PAGES - size; from >= 0; from--) {
    if (model.slice(from, from + size).every((prot) => prot === undefined)) return from;
  }
  return undefined;
}

// machine-pages.ts: the pages of one address space that the machine has: given, taken, protected.
//
// Below MAX_LIMIT one byte per page keeps which there are; at and above HIGH_BOTTOM the machine is asked. A range lies
// on one side of these.

import { HIGH_BOTTOM, MAX_LIMIT } from '../../machine/layout';
import type { AddressSpace, Permissions } from '../../machine/machine';
import { PAGE_SIZE, PROT_EXEC, PROT_WRITE } from '../abi/file-constants';

export interface PageRun {
  readonly start: number;
  readonly end: number;
}

/** x86 pages cannot be written or executed without being readable. */
export function permissionsOf(prot: number): Permissions {
  return { read: prot !== 0, write: (prot & PROT_WRITE) !== 0, execute: (prot & PROT_EXEC) !== 0 };
}

export class MachinePages {
  constructor(
    private readonly space: AddressSpace,
    /** 1 for each page that the machine has. */
    private readonly present: Uint8Array = new Uint8Array(MAX_LIMIT / PAGE_SIZE),
  ) {}

  /** Those of a copy of the space, as they are now. */
  fork(space: AddressSpace): MachinePages {
    return new MachinePages(space, this.present.slice());
  }

  /** False: the machine has no room. */
  give(start: number, end: number, prot: number): boolean {
    if (start < MAX_LIMIT) this.present.fill(1, start / PAGE_SIZE, end / PAGE_SIZE);
    return this.space.map(BigInt(start), end - start, permissionsOf(prot));
  }

  take(start: number, end: number): void {
    if (start >= HIGH_BOTTOM) {
      this.space.unmap(BigInt(start), end - start);
      return;
    }
    for (const run of this.runs(start, end, 1)) {
      this.space.unmap(BigInt(run.start), run.end - run.start);
      this.present.fill(0, run.start / PAGE_SIZE, run.end / PAGE_SIZE);
    }
  }

  /** Those of the range that there are. */
  protect(start: number, end: number, prot: number): void {
    const runs = start >= HIGH_BOTTOM ? [{ start, end }] : this.runs(start, end, 1);
    for (const run of runs) this.space.protect(BigInt(run.start), run.end - run.start, permissionsOf(prot));
  }

  isPresent(page: number): boolean {
    if (page < MAX_LIMIT) return this.present[page / PAGE_SIZE] === 1;
    return this.space.permissionsAt(BigInt(page)) !== undefined;
  }

  /** What the range lacks. */
  absentRuns(start: number, end: number): readonly PageRun[] {
    return start >= HIGH_BOTTOM ? this.absentHighRuns(start, end) : this.runs(start, end, 0);
  }

  private runs(start: number, end: number, value: 0 | 1): PageRun[] {
    const runs: PageRun[] = [];
    const last = Math.min(end, MAX_LIMIT) / PAGE_SIZE;
    let page = start / PAGE_SIZE;
    while (page < last) {
      const first = this.present.indexOf(value, page);
      if (first < 0 || first >= last) break;
      const after = this.present.indexOf(1 - value, first);
      page = after < 0 ? last : Math.min(after, last);
      runs.push({ start: first * PAGE_SIZE, end: page * PAGE_SIZE });
    }
    return runs;
  }

  /** Page by page. */
  private absentHighRuns(start: number, end: number): PageRun[] {
    const runs: { start: number; end: number }[] = [];
    for (let page = start; page < end; page += PAGE_SIZE) {
      if (this.isPresent(page)) continue;
      const last = runs.at(-1);
      if (last?.end === page) last.end += PAGE_SIZE;
      else runs.push({ start: page, end: page + PAGE_SIZE });
    }
    return runs;
  }
}

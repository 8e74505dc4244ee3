// micro-memory.ts: where an address space keeps its micro-code.
//
// One body after the other; what is dropped leaves a gap until everything goes. Frames of the evaluator may point into
// it for as long as translated code runs.

import { MICRO_CODE, MICRO_CODE_END } from '../layout';

/** Nothing begins at an odd number of these. */
const ALIGNMENT = 8;

export class MicroMemory {
  private next = MICRO_CODE;

  constructor(private readonly bytes: Uint8Array) {}

  /** The address of a copy; undefined: there is no room. */
  keep(body: Uint8Array): number | undefined {
    const at = this.next;
    const end = at + body.length;
    if (end > MICRO_CODE_END) return undefined;
    this.bytes.set(body, at);
    this.next = Math.ceil(end / ALIGNMENT) * ALIGNMENT;
    return at;
  }

  /** There will soon be no room. */
  get isLarge(): boolean {
    return this.next > (MICRO_CODE + MICRO_CODE_END) / 2;
  }

  /** Call where no translated code runs. */
  clear(): void {
    this.next = MICRO_CODE;
  }
}

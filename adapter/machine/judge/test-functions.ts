// test-functions.ts: the functions that decide conditions in an address space, each made once.

import type { NumberCode } from '../../judging/number-code';
import { encodeNumberFunction } from './number-function';

export class TestFunctions {
  private readonly slots = new WeakMap<NumberCode, number>();

  constructor(
    private readonly memory: WebAssembly.Memory,
    /** Answers the function's slot in the table that the judge calls through. */
    private readonly add: (run: WebAssembly.ExportValue) => number,
  ) {}

  slotOf(truth: NumberCode): number {
    const known = this.slots.get(truth);
    if (known !== undefined) return known;
    const bytes = encodeNumberFunction(truth);
    const module = new WebAssembly.Module(bytes.buffer as ArrayBuffer);
    const instance = new WebAssembly.Instance(module, { e: { m: this.memory } });
    const slot = this.add(instance.exports['f0']);
    this.slots.set(truth, slot);
    return slot;
  }
}

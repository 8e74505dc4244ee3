// test-functions.ts: the functions that decide conditions in an address space, each made once.
//
// Trees that say the same share one: a watch on each call of a function asks for the same guard again and again, and
// neither a module nor a place in the table is ever given back.

import type { NumberCode } from '../../judging/number-code';
import { encodeNumberFunction } from './number-function';

export class TestFunctions {
  private readonly slots = new WeakMap<NumberCode, number>();
  private readonly slotsByCode = new Map<string, number>();

  constructor(
    private readonly memory: WebAssembly.Memory,
    /** Answers the function's slot in the table that the judge calls through. */
    private readonly add: (run: WebAssembly.ExportValue) => number,
  ) {}

  slotOf(truth: NumberCode): number {
    const known = this.slots.get(truth);
    if (known !== undefined) return known;
    const bytes = encodeNumberFunction(truth);
    const code = String.fromCharCode(...bytes);
    const slot = this.slotsByCode.get(code) ?? this.make(bytes);
    this.slotsByCode.set(code, slot);
    this.slots.set(truth, slot);
    return slot;
  }

  private make(bytes: Uint8Array): number {
    const module = new WebAssembly.Module(bytes.buffer as ArrayBuffer);
    const instance = new WebAssembly.Instance(module, { e: { m: this.memory } });
    return this.add(instance.exports['f0']);
  }
}

// evaluated-region.ts: what a region's micro-code does its own way: registers and calls of helpers.

import { assert } from '../../util/assert';
import { AT, XMM } from '../layout';
import { HELPERS, type HelperCalls } from '../translate/helper-imports';
import type { RegisterAccess } from '../translate/register-cache';
import type { Local } from '../wasm/code';
import { V128 } from '../wasm/opcodes.table';
import { SIMD } from '../wasm/simd.table';
import type { MicroCode } from './micro-code';
import { MICRO } from './operations.table';

/** Guest registers in the state area, by operations of their own. */
export class RegistersOfState implements RegisterAccess {
  private vector: Local | undefined;

  constructor(private readonly code: MicroCode) {}

  getGpr(index: number): void {
    this.code.getState(AT.gpr + 8 * index);
  }

  setGpr(index: number): void {
    this.code.setState(AT.gpr + 8 * index);
  }

  getXmm(index: number): void {
    this.code.i32(0);
    this.code.simdMemory(SIMD.v128Load, XMM + 16 * index);
  }

  setXmm(index: number): void {
    this.vector ??= this.code.newLocal(V128);
    this.code.set(this.vector);
    this.code.i32(0);
    this.code.get(this.vector);
    this.code.simdMemory(SIMD.v128Store, XMM + 16 * index);
  }

  allowWrites(): void {
    // Nobody relies on it here.
  }

  markReload(): void {
    // Always there.
  }

  markSpill(): void {
    // Always there.
  }
}

export const evaluatedHelpers: HelperCalls = {
  call(code, name) {
    code.callIndirect(HELPERS.findIndex((helper) => helper.name === name));
  },
  tailCall(code, name) {
    assert(name === 'go', 'regions go on in regions', name);
    code.op(MICRO.tailGo);
  },
};

// evaluated-region.ts: what a region's micro-code does its own way: registers and calls of helpers.

import { assert } from '../../util/assert';
import { AT } from '../layout';
import { HELPERS, type HelperCalls } from '../translate/helper-imports';
import { RegistersInMemory } from '../translate/register-cache';
import type { MicroCode } from './micro-code';
import { MICRO } from './operations.table';

/** Guest registers in the state area, the general ones by operations of their own. */
export class RegistersOfState extends RegistersInMemory {
  constructor(private readonly micro: MicroCode) {
    super(micro);
  }

  override getGpr(index: number): void {
    this.micro.getState(AT.gpr + 8 * index);
  }

  override setGpr(index: number): void {
    this.micro.setState(AT.gpr + 8 * index);
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

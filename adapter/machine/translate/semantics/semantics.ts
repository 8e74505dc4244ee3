// semantics.ts: every instruction that the machine knows, described once.
//
// Control transfers (jmp, jcc, call, ret, loop, …) are the region's own: see region-emitter.ts.

import { ARITHMETIC_EMITTERS } from './arithmetic';
import { BIT_EMITTERS } from './bits';
import type { EmitterTable } from './emitter';
import { FLAG_CONTROL_EMITTERS } from './flag-control';
import { MOVE_EMITTERS } from './move';
import { MULTIPLY_EMITTERS } from './multiply';
import { SHIFT_EMITTERS } from './shift';
import { STRING_EMITTERS } from './strings';
import { SYSTEM_EMITTERS } from './system';

export const EMITTERS: EmitterTable = {
  ...MOVE_EMITTERS,
  ...ARITHMETIC_EMITTERS,
  ...SHIFT_EMITTERS,
  ...MULTIPLY_EMITTERS,
  ...BIT_EMITTERS,
  ...STRING_EMITTERS,
  ...FLAG_CONTROL_EMITTERS,
  ...SYSTEM_EMITTERS,
};

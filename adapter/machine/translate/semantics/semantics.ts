// semantics.ts: every instruction that the machine knows, described once.
//
// Control transfers (jmp, jcc, call, ret, loop, …) are the region's own: see transfer.ts.

import { ARITHMETIC_EMITTERS } from './arithmetic';
import { BIT_EMITTERS } from './bits';
import { CARRY_EMITTERS } from './carry';
import { DIVIDE_EMITTERS } from './divide';
import type { EmitterTable } from './emitter';
import { EXCHANGE_EMITTERS } from './exchange';
import { FLAG_CONTROL_EMITTERS } from './flag-control';
import { LOGIC_EMITTERS } from './logic';
import { MOVE_EMITTERS } from './move';
import { MULTIPLY_EMITTERS } from './multiply';
import { ROTATE_EMITTERS } from './rotate';
import { SHIFT_EMITTERS } from './shift';
import { SSE_CONVERT_EMITTERS } from './sse-convert';
import { SSE_FLOAT_EMITTERS } from './sse-float';
import { SSE_INTEGER_EMITTERS } from './sse-integer';
import { SSE_MOVE_EMITTERS } from './sse-move';
import { SSE_SHUFFLE_EMITTERS } from './sse-shuffle';
import { SSE_STATE_EMITTERS } from './sse-state';
import { STRING_EMITTERS } from './strings';
import { SYSTEM_EMITTERS } from './system';
import { X87_EMITTERS } from './x87';

export const EMITTERS: EmitterTable = {
  ...MOVE_EMITTERS,
  ...ARITHMETIC_EMITTERS,
  ...CARRY_EMITTERS,
  ...LOGIC_EMITTERS,
  ...EXCHANGE_EMITTERS,
  ...SHIFT_EMITTERS,
  ...ROTATE_EMITTERS,
  ...MULTIPLY_EMITTERS,
  ...DIVIDE_EMITTERS,
  ...BIT_EMITTERS,
  ...STRING_EMITTERS,
  ...FLAG_CONTROL_EMITTERS,
  ...SYSTEM_EMITTERS,
  ...SSE_CONVERT_EMITTERS,
  ...SSE_FLOAT_EMITTERS,
  ...SSE_INTEGER_EMITTERS,
  ...SSE_MOVE_EMITTERS,
  ...SSE_SHUFFLE_EMITTERS,
  ...SSE_STATE_EMITTERS,
  ...X87_EMITTERS,
};

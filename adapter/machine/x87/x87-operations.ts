// x87-operations.ts: every x87 instruction that the unit knows, by name (x87-operation.ts says how they are named).

import { X87_ARITHMETIC } from './x87-arithmetic';
import { X87_COMPARISON } from './x87-comparison';
import type { X87Operations } from './x87-operation';
import { X87_STATE_OPERATIONS } from './x87-state';
import { X87_TRANSCENDENTAL } from './x87-transcendental';
import { X87_TRANSFER } from './x87-transfer';

export const X87_OPERATIONS: X87Operations = {
  ...X87_STATE_OPERATIONS,
  ...X87_ARITHMETIC,
  ...X87_TRANSFER,
  ...X87_COMPARISON,
  ...X87_TRANSCENDENTAL,
};

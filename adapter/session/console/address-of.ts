// address-of.ts: the address that a command means by an expression.

import type { Value } from '../../symbols/program-symbols';
import { strip } from '../../symbols/types/strip';
import { UserError } from '../../util/user-error';
import { unsignedOf } from '../value-views';

/** What a pointer points at, an array's first byte, a function's code; else the number. */
export function addressOf(expression: string, value: Value): bigint {
  const { kind } = strip(value.type);
  if (['array', 'function', 'struct', 'class', 'union'].includes(kind)) {
    if (value.location.kind === 'memory') return value.location.address;
    throw new UserError('console-no-address', `\`${expression}\` has no address: it is not in memory.`);
  }
  if (value.bytes.length === 0) throw new UserError('console-no-address', `\`${expression}\` has no value here.`);
  return BigInt.asUintN(64, unsignedOf(value.bytes));
}

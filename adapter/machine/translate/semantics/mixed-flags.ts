// mixed-flags.ts: flags of which some follow from the result and others were worked out (KIND_MIXED of flag-kind.ts).

import type { Local } from '../../wasm/code';
import { OP } from '../../wasm/opcodes.table';
import type { EmitContext } from '../emit-context';
import { KIND_MIXED } from '../flag-kind';

/** Takes CF, AF and OF, each in its place, from the stack (i32); the others follow from the result of so many bytes. */
export function setMixedFlags(e: EmitContext, result: Local, bytes: number): void {
  const { code, flags } = e;
  code.op(OP.i64ExtendI32U);
  flags.setB();
  code.get(result);
  e.widen(bytes);
  flags.setA();
  flags.is(KIND_MIXED, bytes);
}

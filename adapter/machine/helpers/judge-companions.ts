// judge-companions.ts: several filters of one condition, as WebAssembly: all of them pass over a hit, or none does.
//
// A hit that is told is judged anew by whoever made the filters, for each of them: nothing of it may be counted here. So
// each companion is decided first (judge.ts), what would be counted is kept in its record, and when all are decided it
// is counted, told, or asked again with the others.

import { RECORD, NO_COMPANION, VERDICT_AGAIN, VERDICT_PASSED, VERDICT_TOLD } from '../layout';
import { OP } from '../wasm/opcodes.table';
import { countPassed } from './judge-passed';
import { askAgain, type Judging, tell } from './judging';

/** What was decided of a lead that has companions. */
export function keepDecision(judging: Judging): void {
  const { code, entry, passed, companion } = judging;
  for (const [field, value] of keptOf(judging)) {
    code.get(entry);
    code.get(value);
    code.memory(OP.i32Store, field);
  }
  code.get(entry);
  code.get(passed);
  code.memory(OP.i32Store, RECORD.keptPassed);
  code.get(companion);
  code.get(companion);
  code.memory(OP.i32Load, RECORD.verdicts);
  code.i32(1);
  code.get(entry);
  code.memory(OP.i32Load, RECORD.verdict);
  code.op(OP.i32Shl);
  code.op(OP.i32Or);
  code.memory(OP.i32Store, RECORD.verdicts);
}

const keptOf = ({ place, truth, changed, kind }: Judging) =>
  [
    [RECORD.keptPlace, place],
    [RECORD.keptTruth, truth],
    [RECORD.keptChanged, changed],
    [RECORD.keptKind, kind],
  ] as const;

/** Of a lead, when all are decided. */
export function settleCompanion(judging: Judging): void {
  const { code, entry, companion, verdicts } = judging;
  takeCompanion(judging);
  code.if();
  code.get(companion);
  code.memory(OP.i32Load, RECORD.verdicts);
  code.tee(verdicts);
  code.i32(1 << VERDICT_PASSED);
  code.op(OP.i32Eq);
  code.if();
  countKept(judging);
  code.else();
  code.get(verdicts);
  code.i32(1 << VERDICT_TOLD);
  code.op(OP.i32And);
  code.if();
  tell(judging, VERDICT_TOLD);
  code.else();
  code.get(entry);
  code.memory(OP.i32Load, RECORD.verdict);
  code.op(OP.i32Eqz);
  code.if();
  askAgain(judging, VERDICT_AGAIN);
  code.end();
  code.end();
  code.end();
  code.end();
}

function countKept(judging: Judging): void {
  const { code, entry } = judging;
  code.get(entry);
  code.memory(OP.i32Load, RECORD.keptPassed);
  code.if();
  for (const [field, value] of keptOf(judging)) {
    code.get(entry);
    code.memory(OP.i32Load, field);
    code.set(value);
  }
  countPassed(judging);
  code.end();
}

/** Before the next hit. */
export function forgetVerdicts(judging: Judging): void {
  const { code, companion } = judging;
  takeCompanion(judging);
  code.if();
  code.get(companion);
  code.i32(0);
  code.memory(OP.i32Store, RECORD.verdicts);
  code.end();
}

/** Sets `companion`, and leaves whether there is one. */
export function takeCompanion({ code, entry, companion }: Judging): void {
  code.get(entry);
  code.memory(OP.i32Load, RECORD.companion);
  code.tee(companion);
  code.i32(NO_COMPANION);
  code.op(OP.i32Ne);
}

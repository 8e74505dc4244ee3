// assert.ts: our own bugs, told at once. Enabled in release builds too.
//
// Not for the user's mistakes (see user-error.ts) nor for the guest's (errno as data).

/** Throws when an invariant of ours does not hold. `context` is printed with it. */
export function assert(condition: boolean, invariant: string, context?: unknown): asserts condition {
  if (condition) return;
  const detail = context === undefined ? '' : ` (${JSON.stringify(context, jsonable)})`;
  throw new Error(`Trapline bug: ${invariant}${detail}`);
}

/** The end of a switch over a union: a compile error if a case is missing, a thrown bug if one slips in. */
export function assertNever(value: never): never {
  throw new Error(`Trapline bug: unexpected ${JSON.stringify(value, jsonable)}`);
}

function jsonable(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `0x${value.toString(16)}` : value;
}

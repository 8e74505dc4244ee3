// hex.ts: how an address or a register's value is written for a person and on the wire.

/** `0x…`, lower case, without leading zeros. */
export function hex(value: bigint | number): string {
  return `0x${value.toString(16)}`;
}

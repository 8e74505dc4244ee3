// addresses.ts: places as the vectors write them: b+HEX, fK+DEC, i, n, jmp, ret, sys, or hexadecimal.

import {
  DATA_SIZE,
  DATA_START,
  FUNCTIONS_START,
  FUNCTION_COUNT,
  FUNCTION_SIZE,
  JUMP,
  RETURN,
  STUB_PLACES,
  SYSCALL,
  SYSCALL_SIZE,
} from './stubs.table';

/** undefined: not an address. */
export function parseAddress(text: string): bigint | undefined {
  const data = /^b(?:\+([0-9a-fA-F]*))?$/.exec(text);
  if (data !== null) return DATA_START + numberOf('0x', data.at(1));
  const code = /^f([0-7])(?:\+(\d*))?$/.exec(text);
  if (code !== null) return FUNCTIONS_START + FUNCTION_SIZE * BigInt(code[1]) + numberOf('', code.at(2));
  const literal = /^(?:0x)?([0-9a-fA-F]+)$/.exec(text);
  return literal === null ? undefined : BigInt.asUintN(64, BigInt(`0x${literal[1]}`));
}

/** Missing digits are 0, as strtoul has it. */
function numberOf(prefix: '' | '0x', digits: string | undefined): bigint {
  return digits === undefined || digits === '' ? 0n : BigInt(prefix + digits);
}

export function formatAddress(address: bigint): string {
  if (address >= DATA_START && address < DATA_START + DATA_SIZE) return `b+${(address - DATA_START).toString(16)}`;
  const inFunctions = address - FUNCTIONS_START;
  if (inFunctions >= 0n && inFunctions < FUNCTION_SIZE * FUNCTION_COUNT) {
    return `f${String(inFunctions / FUNCTION_SIZE)}+${String(inFunctions % FUNCTION_SIZE)}`;
  }
  for (const { start, after } of STUB_PLACES.values()) {
    if (address === start) return 'i';
    if (address === after) return 'n';
  }
  if (address === JUMP) return 'jmp';
  if (address === RETURN) return 'ret';
  if (address === SYSCALL) return 'sys';
  if (address === SYSCALL + SYSCALL_SIZE) return 'sys+2';
  return address.toString(16);
}

/** A place inside one of the functions f0…f7. */
export function isInFunctions(address: bigint): boolean {
  return address >= FUNCTIONS_START && address < FUNCTIONS_START + FUNCTION_SIZE * FUNCTION_COUNT;
}

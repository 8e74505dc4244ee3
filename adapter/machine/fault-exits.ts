// fault-exits.ts: the exits of instructions that could not be done: page faults, exceptions, what is not emulated.
//
// Looks at memory and the state area, and changes nothing.
// Quirk: code at or above 2 GiB cannot be executed; a program that maps some there and jumps to it gets SIGILL.
// Truth: Intel SDM vol. 3A 6.15.

import { assert } from '../util/assert';
import { formatInstruction } from './decode/format';
import type { Instruction } from './decode/instruction';
import type { GuestCode } from './guest-code';
import type { GuestMemory } from './guest-memory';
import { ACCESS_WRITE, AT, HIGH_BOTTOM, PAGE_BYTES, PAGE_EXECUTE, PAGE_MAPPED } from './layout';
import type { Exit } from './machine';
import type { ExitSite } from './translate/exit-site';
import { hex } from '../util/hex';

const INVALID_OPCODE = 6;
const GENERAL_PROTECTION = 13;

/** No instruction can be fetched at the address. */
export function fetchFault(address: bigint, memory: GuestMemory, code: GuestCode): Exit {
  if (address >= HIGH_BOTTOM) return highFetch(address, memory);
  // The first byte that cannot be fetched: the instruction may begin on a good page.
  let at = Number(address);
  if (code.isExecutable(at)) at = (Math.floor(at / PAGE_BYTES) + 1) * PAGE_BYTES;
  const mapped = (memory.pageAt(at) & PAGE_MAPPED) !== 0;
  return { kind: 'pageFault', address: BigInt(at), access: 'execute', mapped };
}

function highFetch(address: bigint, memory: GuestMemory): Exit {
  const page = memory.pageAt(Number(address));
  if ((page & PAGE_EXECUTE) === 0) {
    return { kind: 'pageFault', address, access: 'execute', mapped: (page & PAGE_MAPPED) !== 0 };
  }
  const text = `code at ${hex(address)}: the emulated machine executes code below 2 GiB only`;
  return { kind: 'exception', vector: INVALID_OPCODE, text, unimplemented: true };
}

/** The access that the state area tells of was refused. */
export function accessFault(memory: GuestMemory): Exit {
  const address = memory.view.getBigUint64(AT.faultAddress, true);
  const access = memory.view.getInt32(AT.faultAccess, true) === ACCESS_WRITE ? 'write' : 'read';
  const isCanonical = BigInt.asUintN(64, BigInt.asIntN(48, address)) === address;
  if (!isCanonical) {
    const text = `access to the non-canonical address ${hex(address)}`;
    return { kind: 'exception', vector: GENERAL_PROTECTION, text, unimplemented: false };
  }
  const mapped = (memory.pageAt(Number(address)) & PAGE_MAPPED) !== 0;
  return { kind: 'pageFault', address, access, mapped };
}

/** The site's instruction raises its exception. */
export function exceptionAt({ vector, instruction }: ExitSite, memory: GuestMemory): Exit {
  assert(
    vector === 0 || vector === 4 || vector === 6 || vector === 13 || vector === 16 || vector === 19,
    'a known vector',
    vector,
  );
  return { kind: 'exception', vector, text: describe(instruction, memory), unimplemented: false };
}

/** Nothing here knows what the instruction does: #UD. */
export function unimplemented(instruction: Instruction | undefined, memory: GuestMemory): Exit {
  return { kind: 'exception', vector: INVALID_OPCODE, text: describe(instruction, memory), unimplemented: true };
}

function describe(instruction: Instruction | undefined, memory: GuestMemory): string {
  if (instruction === undefined) return '';
  const { address, length } = instruction;
  const bytes = [...memory.bytes.subarray(address, address + length)].map((byte) => byte.toString(16).padStart(2, '0'));
  return `${formatInstruction(instruction)} (${bytes.join(' ')})`;
}

// thread-local-packets.ts: qGetTLSAddr: where a thread's own copy of a variable is, and qSymbol, which it needs.
//
// glibc says in data symbols how its private structures lie: of the module number in struct link_map {bits, count,
// offset}. gdb looks them up for us. The thread's vector of blocks is at fs:8; entry n is 16 bytes, its first word the
// block of module n, or -1 before the thread's first use.
// Truth: x86-64 psABI supplement on thread-local storage (Drepper, "ELF Handling for TLS", 3.4.2), nptl_db's contract.

import type { DebuggedProcess } from '../../target/target';
import { fromHex, fromLatin1, latin1, toHex } from './packet';
import { processOf } from './stub-processes';
import { ERROR_INVALID, ERROR_NO_TARGET, OK, parseThread } from './stub-state';
import type { Reply, StubState } from './stub-state';

const MODULE_NUMBER = '_thread_db_link_map_l_tls_modid';
const VECTOR_AT = 8n;
const VECTOR_ENTRY_BYTES = 16n;
const NOT_YET = (1n << 64n) - 1n;

/** `qSymbol::` offers to look symbols up; `qSymbol:VALUE:NAME` answers a question of ours. */
export function symbolLookup(state: StubState, packet: string): Reply {
  const [, value = '', nameHex = ''] = packet.split(':');
  const name = fromHex(nameHex);
  if (name === undefined || !/^[0-9a-fA-F]*$/.test(value)) return ERROR_INVALID;
  if (name.length > 0 && value !== '') state.symbols.set(fromLatin1(name), BigInt(`0x${value}`));
  const asks = name.length === 0 && !state.symbols.has(MODULE_NUMBER);
  return asks ? `qSymbol:${toHex(latin1(MODULE_NUMBER))}` : OK;
}

/** qGetTLSAddr:THREAD,OFFSET,LINK_MAP in hexadecimal. */
export function threadLocalAddress(state: StubState, packet: string): Reply {
  const match = /^qGetTLSAddr:([^,]+),([0-9a-fA-F]+),([0-9a-fA-F]+)$/.exec(packet);
  const thread = match === null ? undefined : parseThread(match[1]);
  if (match === null || thread === undefined) return ERROR_INVALID;
  const process = processOf(state, thread)?.process;
  if (state.target === undefined || process === undefined) return ERROR_NO_TARGET;
  const linkMap = BigInt(`0x${match[3]}`);
  const description = linkMap === 0n ? 0n : state.symbols.get(MODULE_NUMBER);
  if (description === undefined) return ERROR_INVALID;
  const vector = state.target.registers(thread).fsBase + VECTOR_AT;
  const block = blockOf(process, vector, moduleOf(process, linkMap, description));
  return block === undefined ? ERROR_INVALID : (block + BigInt(`0x${match[2]}`)).toString(16);
}

/** A program without a dynamic linker has no link maps, and is module 1. */
function moduleOf(target: DebuggedProcess, linkMap: bigint, description: bigint): bigint | undefined {
  if (linkMap === 0n) return 1n;
  const offset = read(target, description + 8n, 4);
  return offset === undefined ? undefined : read(target, linkMap + offset, 8);
}

function blockOf(target: DebuggedProcess, vectorAt: bigint, module: bigint | undefined): bigint | undefined {
  const vector = read(target, vectorAt, 8);
  if (module === undefined || vector === undefined || module === 0n) return undefined;
  const block = read(target, vector + module * VECTOR_ENTRY_BYTES, 8);
  return block === NOT_YET ? undefined : block;
}

function read(target: DebuggedProcess, address: bigint, lengthBytes: 4 | 8): bigint | undefined {
  const bytes = target.readMemory(address, lengthBytes);
  if (bytes.length < lengthBytes) return undefined;
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

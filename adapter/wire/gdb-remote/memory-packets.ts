// memory-packets.ts: g, G, p, P (registers) and m, M, X (memory).

import { fromHex, latin1, toHex } from './packet';
import { readAllRegisters, readRegister, writeAllRegisters, writeRegister } from './remote-registers';
import { currentProcess } from './stub-processes';
import { currentThread, ERROR_INVALID, ERROR_MEMORY, ERROR_NO_TARGET, OK, parseRange } from './stub-state';
import type { Reply, StubState } from './stub-state';

const MAX_READ_BYTES = 0x1000;

export function registerPacket(state: StubState, text: string): Reply {
  const thread = currentThread(state);
  if (state.target === undefined || thread === undefined) return ERROR_NO_TARGET;
  const registers = state.target.registers(thread);
  const rest = text.slice(1);
  switch (text.charAt(0)) {
    case 'g':
      return toHex(readAllRegisters(registers));
    case 'p': {
      const value = readRegister(registers, parseInt(rest, 16));
      return value === undefined ? ERROR_INVALID : toHex(value);
    }
    case 'G': {
      const bytes = fromHex(rest);
      if (bytes === undefined) return ERROR_INVALID;
      writeAllRegisters(registers, bytes);
      return OK;
    }
    default: {
      const [number, hex = ''] = splitOnce(rest, '=');
      const bytes = fromHex(hex);
      return bytes !== undefined && writeRegister(registers, parseInt(number, 16), bytes) ? OK : ERROR_INVALID;
    }
  }
}

export function memoryPacket(state: StubState, text: string): Reply {
  const process = currentProcess(state)?.process;
  if (state.target === undefined || process === undefined) return ERROR_NO_TARGET;
  const [head, body = ''] = splitOnce(text.slice(1), ':');
  const range = parseRange(head);
  if (range === undefined) return ERROR_INVALID;
  if (text.startsWith('m')) {
    const bytes = process.readMemory(range.address, Math.min(range.lengthBytes, MAX_READ_BYTES));
    return bytes.length === 0 && range.lengthBytes > 0 ? ERROR_MEMORY : toHex(bytes);
  }
  const bytes = text.startsWith('M') ? fromHex(body) : latin1(body);
  if (bytes?.length !== range.lengthBytes) return ERROR_INVALID;
  return bytes.length === 0 || process.writeMemory(range.address, bytes) ? OK : ERROR_MEMORY;
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

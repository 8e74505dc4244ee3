// breakpoint-packets.ts: Z and z.
//
// 0 software, 1 hardware, 2 write, 3 read, 4 access. x86 has no read-only watch: Z3 is refused and gdb falls back to
// Z4. Hardware ones hold a debug register of every thread; gdb splits wide and unaligned ranges itself.

import type { WatchAccess, WatchPiece } from '../../target/target';
import { ERROR_INVALID, ERROR_NO_SPACE, ERROR_NO_TARGET, OK, UNSUPPORTED, parseRange } from './stub-state';
import type { Reply, StubState } from './stub-state';

const SOFTWARE = 0;
const ACCESS_OF_TYPE: Readonly<Record<number, WatchAccess>> = { 1: 'execute', 2: 'write', 4: 'readWrite' };

export function insertBreakpoint(state: StubState, packet: string): Reply {
  const parsed = parse(packet);
  if (parsed === undefined) return ERROR_INVALID;
  if (state.target === undefined) return ERROR_NO_TARGET;
  const { type, address, lengthBytes, key } = parsed;
  if (type !== SOFTWARE && !(type in ACCESS_OF_TYPE)) return UNSUPPORTED;
  if (state.breakpoints.has(key)) return OK;
  if (type === SOFTWARE) {
    state.breakpoints.set(key, { type, address, lengthBytes });
    plantCodeStops(state);
    return OK;
  }
  const piece = pieceOf(type, address, lengthBytes);
  if (piece === undefined) return ERROR_INVALID;
  const watch = state.nextWatch++;
  const result = state.target.armWatch(watch, [piece], 'all');
  if (result.kind === 'refused') return result.errno === 'ENOSPC' ? ERROR_NO_SPACE : ERROR_INVALID;
  state.breakpoints.set(key, { type, address, lengthBytes, watch });
  return OK;
}

export function removeBreakpoint(state: StubState, packet: string): Reply {
  const parsed = parse(packet);
  if (parsed === undefined) return ERROR_INVALID;
  const planted = state.breakpoints.get(parsed.key);
  state.breakpoints.delete(parsed.key);
  if (planted?.watch !== undefined) state.target?.disarmWatch(planted.watch);
  else plantCodeStops(state);
  return OK;
}

/** Detach, kill, a new connection: nothing of ours stays in the program. */
export function removeAllBreakpoints(state: StubState): void {
  for (const { watch } of state.breakpoints.values()) if (watch !== undefined) state.target?.disarmWatch(watch);
  state.breakpoints.clear();
  plantCodeStops(state);
}

function plantCodeStops(state: StubState): void {
  const software = [...state.breakpoints.values()].filter(({ type }) => type === SOFTWARE);
  state.target?.setCodeStops(new Set(software.map(({ address }) => address)));
}

function parse(
  packet: string,
): { readonly type: number; readonly address: bigint; readonly lengthBytes: number; readonly key: string } | undefined {
  const type = Number(packet.slice(1, 2));
  // Conditions and commands that may follow after `;` are not advertised and not looked at.
  const range = parseRange(packet.slice(3).split(';')[0]);
  if (packet.charAt(2) !== ',' || !Number.isInteger(type) || range === undefined) return undefined;
  return { type, ...range, key: `${type}:${range.address}:${range.lengthBytes}` };
}

function pieceOf(type: number, address: bigint, lengthBytes: number): WatchPiece | undefined {
  const access = ACCESS_OF_TYPE[type];
  if (access === 'execute') return { address, lengthBytes: 1, access };
  if (lengthBytes !== 1 && lengthBytes !== 2 && lengthBytes !== 4 && lengthBytes !== 8) return undefined;
  return address % BigInt(lengthBytes) === 0n ? { address, lengthBytes, access } : undefined;
}

// breakpoint-packets.ts: Z and z.
//
// 0 software, 1 hardware, 2 write, 3 read, 4 access. x86 has no read-only watch: Z3 is refused and gdb falls back to
// Z4. Hardware ones are the kgdb client's: a debug register of every CPU. A range that one register cannot watch is
// split into aligned pieces, as gdbserver does; all of them or none.

import { currentProcess, disarm } from './stub-processes';
import { splitRange } from '../../watch/split';
import type { WatchAccess, WatchPiece } from '../../target/target';
import { ERROR_INVALID, ERROR_NO_SPACE, ERROR_NO_TARGET, OK, UNSUPPORTED, parseRange } from './stub-state';
import type { Reply, StubProcess, StubState } from './stub-state';

const SOFTWARE = 0;
const ACCESS_OF_TYPE: Readonly<Record<number, WatchAccess>> = { 1: 'execute', 2: 'write', 4: 'readWrite' };
/** Longer ranges than all registers together are refused without being split. */
const MAX_WATCHED_BYTES = 64;

export function insertBreakpoint(state: StubState, packet: string): Reply {
  const parsed = parse(packet);
  if (parsed === undefined) return ERROR_INVALID;
  const current = currentProcess(state);
  if (state.target === undefined || current === undefined) return ERROR_NO_TARGET;
  const { process, breakpoints } = current;
  const { type, address, lengthBytes, key } = parsed;
  if (type !== SOFTWARE && !(type in ACCESS_OF_TYPE)) return UNSUPPORTED;
  if (breakpoints.has(key)) return OK;
  if (type === SOFTWARE) {
    if (process.readMemory(address, 1).length === 0) return ERROR_INVALID;
    breakpoints.set(key, { type, address, lengthBytes });
    plantCodeStops(current);
    return OK;
  }
  const watch = state.nextWatch++;
  const pieces = piecesOf(type, address, lengthBytes);
  if (pieces.length === 0) return ERROR_INVALID;
  const result = state.target.armWatch(watch, pieces, 'machine');
  if (result.kind === 'refused') return result.errno === 'ENOSPC' ? ERROR_NO_SPACE : ERROR_INVALID;
  state.watchOwners.set(watch, process.processId);
  breakpoints.set(key, { type, address, lengthBytes, watch, pieces });
  return OK;
}

export function removeBreakpoint(state: StubState, packet: string): Reply {
  const parsed = parse(packet);
  if (parsed === undefined) return ERROR_INVALID;
  const current = currentProcess(state);
  if (current === undefined) return OK;
  const planted = current.breakpoints.get(parsed.key);
  current.breakpoints.delete(parsed.key);
  if (planted?.watch !== undefined) disarm(state, planted.watch);
  else plantCodeStops(current);
  return OK;
}

/** Detach, kill, a new connection: nothing of ours stays in the program. */
export function removeAllBreakpoints(state: StubState): void {
  state.target?.following?.catchCalls('none');
  for (const each of state.processes.values()) removeBreakpointsOf(state, each);
}

export function removeBreakpointsOf(state: StubState, owner: StubProcess): void {
  for (const { watch } of owner.breakpoints.values()) if (watch !== undefined) disarm(state, watch);
  owner.breakpoints.clear();
  plantCodeStops(owner);
}

function plantCodeStops({ process, breakpoints }: StubProcess): void {
  const software = [...breakpoints.values()].filter(({ type }) => type === SOFTWARE);
  process.setCodeStops(new Set(software.map(({ address }) => address)));
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

/** Empty: no debug register can do this. */
function piecesOf(type: number, address: bigint, lengthBytes: number): readonly WatchPiece[] {
  const access = ACCESS_OF_TYPE[type];
  if (access === 'execute') return [{ address, lengthBytes: 1, access }];
  if (lengthBytes > MAX_WATCHED_BYTES) return [];
  return splitRange(address, lengthBytes).map((piece) => ({ ...piece, access }));
}

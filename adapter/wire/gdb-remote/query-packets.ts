// query-packets.ts: q and Q: what the stub can do, which threads there are, the objects that gdb reads.

import { fromLatin1, latin1, MAX_PACKET_BYTES, toHex } from './packet';
import { monitor } from './monitor-command';
import { targetDescription } from './remote-registers';
import { START_FEATURES, startSetting } from './start-packets';
import { agreeFollowing, catchCalls, currentProcess } from './stub-processes';
import {
  allThreads,
  currentThread,
  ERROR_INVALID,
  ERROR_NO_TARGET,
  OK,
  parseThread,
  threadText,
  UNSUPPORTED,
} from './stub-state';
import { symbolLookup, threadLocalAddress } from './thread-local-packets';
import type { Reply, StubState } from './stub-state';
import { linuxSignal } from './gdb-signals.table';

const FEATURES = [
  `PacketSize=${MAX_PACKET_BYTES.toString(16)}`,
  'QStartNoAckMode+',
  'QPassSignals+',
  'QProgramSignals+',
  'multiprocess+',
  'vContSupported+',
  'swbreak+',
  'hwbreak+',
  'qXfer:features:read+',
  'qXfer:auxv:read+',
  'qXfer:exec-file:read+',
  'qXfer:threads:read+',
  'qXfer:siginfo:read+',
  'qXfer:memory-map:read+',
];

export function query(state: StubState, packet: string): Reply {
  const [name] = packet.split(/[:,;]/, 1);
  switch (name) {
    case 'qSupported':
      return supported(state, packet);
    case 'qAttached':
      return '0';
    case 'qC':
      return current(state);
    case 'qfThreadInfo':
      return threadInfo(state);
    case 'qsThreadInfo':
      return state.host.disabledPackets.has('qfThreadInfo') ? UNSUPPORTED : 'l';
    case 'qThreadExtraInfo':
      return extraInfo(state, packet);
    case 'qXfer':
      return transfer(state, packet);
    case 'qRcmd':
      return monitor(state, packet);
    case 'qSymbol':
      return symbolLookup(state, packet);
    case 'qGetTLSAddr':
      return threadLocalAddress(state, packet);
    case 'QPassSignals':
      return passSignals(state, packet);
    case 'QCatchSyscalls':
      return catchCalls(state, packet);
    case 'QStartNoAckMode':
    case 'QProgramSignals':
      return OK;
    default:
      return startSetting(state, name, packet.slice(name.length + 1));
  }
}

/** What both sides know decides how threads are written. */
function supported(state: StubState, packet: string): Reply {
  const theirs = packet.slice('qSupported:'.length).split(';');
  state.multiprocess = theirs.includes('multiprocess+');
  return [...FEATURES, ...START_FEATURES, ...agreeFollowing(state, theirs)].join(';');
}

function current(state: StubState): Reply {
  if (state.host.disabledPackets.has('qC')) return UNSUPPORTED;
  const thread = currentThread(state);
  return thread === undefined ? ERROR_NO_TARGET : `QC${threadText(state, thread)}`;
}

function threadInfo(state: StubState): Reply {
  if (state.host.disabledPackets.has('qfThreadInfo')) return UNSUPPORTED;
  const ids = threads(state).map(({ id }) => threadText(state, id));
  return ids.length === 0 ? 'l' : `m${ids.join(',')}`;
}

/** QPassSignals:NN;NN… in gdb's numbers, hexadecimal: these go to the program without a stop. */
function passSignals(state: StubState, packet: string): Reply {
  const numbers = packet.slice('QPassSignals:'.length).split(';').filter(Boolean);
  if (!numbers.every((text) => /^[0-9a-fA-F]+$/.test(text))) return ERROR_INVALID;
  state.passedSignals = new Set(numbers.map((text) => parseInt(text, 16)));
  tellQuietSignals(state);
  return OK;
}

/** Also for a program that starts later. */
export function tellQuietSignals(state: StubState): void {
  state.target?.setQuietSignals(new Set([...state.passedSignals].map(linuxSignal)));
}

const threads = allThreads;

function extraInfo(state: StubState, packet: string): Reply {
  const id = parseThread(packet.slice('qThreadExtraInfo,'.length));
  const thread = threads(state).find((each) => each.id === id);
  return thread === undefined ? ERROR_INVALID : toHex(latin1(thread.name));
}

/** qXfer:OBJECT:read:ANNEX:OFFSET,LENGTH */
function transfer(state: StubState, packet: string): Reply {
  const match = /^qXfer:([a-z0-9-]+):read:([^:]*):([0-9a-fA-F]+),([0-9a-fA-F]+)$/.exec(packet);
  if (match === null) return UNSUPPORTED;
  const [, object, annex, offsetText, lengthText] = match;
  const whole = transferObject(state, object, annex);
  if (whole === 'unknown') return UNSUPPORTED;
  if (whole === undefined) return object === 'features' ? 'E00' : ERROR_NO_TARGET;
  const offset = parseInt(offsetText, 16);
  const part = whole.subarray(offset, offset + Math.min(parseInt(lengthText, 16), MAX_PACKET_BYTES / 2));
  const last = offset + part.length >= whole.length;
  return latin1(`${last ? 'l' : 'm'}${fromLatin1(part)}`);
}

/** Undefined: there is none now. An empty answer would take back that such objects are known at all. */
function transferObject(state: StubState, object: string, annex: string): Uint8Array | undefined | 'unknown' {
  switch (object) {
    case 'features':
      return annex === 'target.xml' ? latin1(targetDescription()) : undefined;
    case 'auxv':
      return currentProcess(state)?.process.auxiliaryVector();
    case 'exec-file':
      return new TextEncoder().encode(executableOf(state, annex));
    case 'threads':
      return state.host.disabledPackets.has('threads') ? 'unknown' : new TextEncoder().encode(threadList(state));
    case 'siginfo':
      return signalRecord(state);
    case 'memory-map':
      return latin1(MEMORY_MAP);
    default:
      return 'unknown';
  }
}

/** The annex names a process, in hexadecimal. */
function executableOf(state: StubState, annex: string): string {
  const named = state.processes.get(parseInt(annex, 16)) ?? currentProcess(state);
  return named?.process.executable ?? state.host.program;
}

/** All that a program can have. What of it is mapped changes as it runs, and gdb would not ask again. */
const MEMORY_MAP =
  '<?xml version="1.0"?><!DOCTYPE memory-map PUBLIC "+//IDN gnu.org//DTD GDB Memory Map V1.0//EN" ' +
  '"http://sourceware.org/gdb/gdb-memory-map.dtd">' +
  '<memory-map><memory type="ram" start="0x0" length="0x7ffffffff000"/></memory-map>';

/** The siginfo_t of the signal it stands at; of a trap that was no signal here, what the kernel would have sent. */
function signalRecord(state: StubState): Uint8Array | undefined {
  const thread = currentThread(state);
  if (thread === undefined || state.target === undefined) return undefined;
  const record = state.target.signalRecord(thread);
  if (record !== undefined) return record;
  const trap = new DataView(new ArrayBuffer(SIGINFO_BYTES));
  const stop = state.lastStop?.thread === thread ? state.lastStop.reason.kind : 'pause';
  if (stop === 'pause') trap.setInt32(0, SIGSTOP, true);
  else {
    trap.setInt32(0, SIGTRAP, true);
    trap.setInt32(8, stop === 'watch' ? TRAP_HWBKPT : stop === 'step' ? TRAP_TRACE : SI_KERNEL, true);
    trap.setBigUint64(16, state.target.registers(thread).read(RIP), true);
  }
  return new Uint8Array(trap.buffer);
}

const SIGINFO_BYTES = 128;
const SIGTRAP = 5;
const SIGSTOP = 19;
const TRAP_TRACE = 2;
const TRAP_HWBKPT = 4;
const SI_KERNEL = 0x80;
const RIP = 16;

function threadList(state: StubState): string {
  const rows = threads(state).map(
    ({ id, name }) => `<thread id="${threadText(state, id)}" core="0" name="${escapeXml(name)}"/>`,
  );
  return `<?xml version="1.0"?><threads>${rows.join('')}</threads>`;
}

function escapeXml(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (character) => entities[character]);
}

// query-packets.ts: q and Q: what the stub can do, which threads there are, the objects that gdb reads.

import { fromHex, fromLatin1, latin1, MAX_PACKET_BYTES, toHex } from './packet';
import { targetDescription } from './remote-registers';
import { currentThread, ERROR_INVALID, ERROR_NO_TARGET, OK, parseThread, UNSUPPORTED } from './stub-state';
import type { Reply, StubState } from './stub-state';

const FEATURES = [
  `PacketSize=${MAX_PACKET_BYTES.toString(16)}`,
  'QStartNoAckMode+',
  'vContSupported+',
  'swbreak+',
  'hwbreak+',
  'qXfer:features:read+',
  'qXfer:auxv:read+',
  'qXfer:exec-file:read+',
  'qXfer:threads:read+',
].join(';');

export function query(state: StubState, packet: string): Reply {
  const [name] = packet.split(/[:,;]/, 1);
  switch (name) {
    case 'qSupported':
      return FEATURES;
    case 'qAttached':
      return '0';
    case 'qC': {
      const thread = currentThread(state);
      return thread === undefined ? ERROR_NO_TARGET : `QC${thread.toString(16)}`;
    }
    case 'qfThreadInfo':
      return `m${threads(state)
        .map(({ id }) => id.toString(16))
        .join(',')}`;
    case 'qsThreadInfo':
      return 'l';
    case 'qThreadExtraInfo':
      return extraInfo(state, packet);
    case 'qXfer':
      return transfer(state, packet);
    case 'qRcmd':
      return monitor(state, packet);
    case 'qSymbol':
      return OK;
    case 'QStartNoAckMode':
    case 'QProgramSignals':
    case 'QPassSignals':
      return name === 'QPassSignals' ? UNSUPPORTED : OK;
    default:
      return UNSUPPORTED;
  }
}

const threads = (state: StubState): readonly { readonly id: number; readonly name: string }[] =>
  state.target?.threads() ?? [];

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
  if (whole === undefined) return object === 'features' ? 'E00' : UNSUPPORTED;
  const offset = parseInt(offsetText, 16);
  const part = whole.subarray(offset, offset + Math.min(parseInt(lengthText, 16), MAX_PACKET_BYTES / 2));
  const last = offset + part.length >= whole.length;
  return latin1(`${last ? 'l' : 'm'}${fromLatin1(part)}`);
}

function transferObject(state: StubState, object: string, annex: string): Uint8Array | undefined {
  switch (object) {
    case 'features':
      return annex === 'target.xml' ? latin1(targetDescription()) : undefined;
    case 'auxv':
      return state.target?.auxiliaryVector();
    case 'exec-file':
      return new TextEncoder().encode(state.host.program);
    case 'threads':
      return new TextEncoder().encode(threadList(state));
    default:
      return undefined;
  }
}

function threadList(state: StubState): string {
  const rows = threads(state).map(
    ({ id, name }) => `<thread id="${id.toString(16)}" core="0" name="${escapeXml(name)}"/>`,
  );
  return `<?xml version="1.0"?><threads>${rows.join('')}</threads>`;
}

function escapeXml(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (character) => entities[character]);
}

/** `monitor …`: the answer is the text, in hexadecimal. */
function monitor(state: StubState, packet: string): Reply {
  const bytes = fromHex(packet.slice('qRcmd,'.length));
  if (bytes === undefined) return ERROR_INVALID;
  const command = new TextDecoder().decode(bytes).trim();
  if (command === 'exit') {
    state.closing = 'server';
    return OK;
  }
  if (command === 'slots') return toHex(new TextEncoder().encode(slots(state)));
  const help = 'monitor slots: who holds which debug register\nmonitor exit: end the server\n';
  return toHex(new TextEncoder().encode(command === 'help' ? help : `Unknown command "${command}".\n${help}`));
}

function slots(state: StubState): string {
  const map = state.target?.debugRegisters().map;
  if (map === undefined) return 'No program is loaded.\n';
  const lines = map.threads.flatMap((thread) => [
    `thread ${thread.id} ${thread.name}: DR6 ${thread.dr6} DR7 ${thread.dr7}`,
    ...thread.registers.map((register) =>
      register.state === 'free'
        ? `  DR${register.index} free`
        : `  DR${register.index} ${register.state} ${register.owner ?? ''} ${register.address ?? ''} ${register.lengthBytes ?? 0} bytes ${register.access ?? ''}`,
    ),
  ]);
  return `${lines.join('\n')}\n${map.slots.used} of ${map.slots.total} slots used\n`;
}

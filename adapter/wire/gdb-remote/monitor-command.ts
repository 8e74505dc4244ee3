// monitor-command.ts: `monitor …`: what a person at gdb may ask of the server itself.

import { registerName } from '../../protocol/register-name';
import { fromHex, toHex } from './packet';
import { ERROR_INVALID, OK } from './stub-state';
import type { Reply, StubState } from './stub-state';

/** `monitor …`: the answer is the text, in hexadecimal. */
export function monitor(state: StubState, packet: string): Reply {
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
        ? `  ${registerName(register.index)} free`
        : `  ${registerName(register.index)} ${register.state} ${register.holder ?? register.owner ?? ''} ${register.address ?? ''} ${register.lengthBytes ?? 0} bytes ${register.access ?? ''}`,
    ),
  ]);
  return `${lines.join('\n')}\n${map.slots.used} of ${map.slots.total} slots used\n`;
}

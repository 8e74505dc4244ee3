// start-packets.ts: how the next program is started: vRun's words, environment and working directory.
//
// gdb tells its changes of the environment (`set environment`, `unset environment`) before each vRun; they hold until it
// takes them back.
// Truth: the gdb manual, "General Query Packets".

import { fromHex } from './packet';
import { ERROR_INVALID, OK, UNSUPPORTED } from './stub-state';
import type { Reply, StubState } from './stub-state';

export const START_FEATURES = [
  'QEnvironmentHexEncoded+',
  'QEnvironmentUnset+',
  'QEnvironmentReset+',
  'QSetWorkingDir+',
  'QStartupWithShell+',
  'QDisableRandomization+',
];

/** The packets of START_FEATURES. */
export function startSetting(state: StubState, name: string, rest: string): Reply {
  switch (name) {
    case 'QEnvironmentReset':
      state.surroundings = { ...state.surroundings, environment: new Map() };
      return OK;
    case 'QEnvironmentHexEncoded':
    case 'QEnvironmentUnset': {
      const change = decoded(rest);
      const named = change?.split('=', 1).at(0);
      if (change === undefined || named === undefined || named === '') return ERROR_INVALID;
      const value = change.includes('=') ? change.slice(named.length + 1) : '';
      return changed(state, named, name === 'QEnvironmentUnset' ? null : value);
    }
    case 'QSetWorkingDir': {
      const directory = decoded(rest);
      if (directory === undefined) return ERROR_INVALID;
      state.surroundings = { ...state.surroundings, directory: directory === '' ? undefined : directory };
      return OK;
    }
    // No shell starts the program, and addresses are the same each time, whatever gdb asks for.
    case 'QStartupWithShell':
    case 'QDisableRandomization':
      return /^[01]$/.test(rest) ? OK : ERROR_INVALID;
    default:
      return UNSUPPORTED;
  }
}

/** vRun;PROGRAM;ARG;… in hexadecimal. Undefined where that is not so. */
export function runWords(packet: string): readonly string[] | undefined {
  const words = packet.split(';').slice(1).map(decoded);
  const known = words.filter((word) => word !== undefined);
  return known.length === words.length ? known : undefined;
}

function changed(state: StubState, name: string, value: string | null): Reply {
  const environment = new Map(state.surroundings.environment).set(name, value);
  state.surroundings = { ...state.surroundings, environment };
  return OK;
}

function decoded(hex: string): string | undefined {
  const bytes = fromHex(hex);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

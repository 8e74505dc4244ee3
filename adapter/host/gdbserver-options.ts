// gdbserver-options.ts: gdbserver's own command line, so that whoever drives gdbserver can drive this.

import { DISABLED_PACKETS } from '../wire/gdb-remote/stub-state';
import type { DisabledPacket } from '../wire/gdb-remote/stub-state';
import { UserError } from '../util/user-error';

export const GDBSERVER_USAGE = `usage: trapline gdbserver [options] COMM [PROGRAM [ARGS…]]
COMM is :PORT, HOST:PORT, or - (stdio) for standard input and output.
  --once        end when the first connection closes
  --multi       wait for connections without a program; gdb starts one (target extended-remote)
  --cpus=N      emulated CPUs (2)
  --debug-registers=N  of each CPU (4)
  --disable-packet=NAME[,NAME…]  behave as a server that does not know it: ${DISABLED_PACKETS.join(', ')}
  --version, --help
`;

export interface Listen {
  readonly host: string;
  readonly port: number;
}

export interface ServerOptions {
  readonly once: boolean;
  readonly multi: boolean;
  readonly cpus: number;
  readonly debugRegisters: number;
  readonly disabledPackets: ReadonlySet<DisabledPacket>;
  readonly listen: Listen | 'stdio';
  readonly program: string | undefined;
  readonly args: readonly string[];
}

/** Of gdbserver's, without effect here: the emulated machine places code the same way each time and needs no shell. */
const NO_EFFECT = [
  'debug',
  'debug-format',
  'debug-file',
  'remote-debug',
  'event-loop-debug',
  'startup-with-shell',
  'no-startup-with-shell',
  'disable-randomization',
  'no-disable-randomization',
];

/** Throws UserError with the usage, or with what to do instead. */
export function parseServerOptions(argv: readonly string[]): ServerOptions {
  const first = argv.findIndex((word) => !word.startsWith('--'));
  const flags = first < 0 ? argv : argv.slice(0, first);
  const rest = first < 0 ? [] : argv.slice(first);
  for (const flag of flags) checkFlag(flag);
  const multi = flags.includes('--multi');
  const [comm, program, ...args] = rest;
  if (rest.length === 0) throw new UserError('gdbserver-usage', `Where should gdb connect?\n\n${GDBSERVER_USAGE}`);
  if (rest.length === 1 && !multi) {
    throw new UserError('gdbserver-usage', `Name the program to debug, or give --multi.\n\n${GDBSERVER_USAGE}`);
  }
  return {
    once: flags.includes('--once'),
    multi,
    cpus: numberFlag(flags, 'cpus', 2, 1, 16),
    debugRegisters: numberFlag(flags, 'debug-registers', 4, 0, 64),
    disabledPackets: disabledPackets(flags),
    listen: parseComm(comm),
    program: rest.length === 1 ? undefined : program,
    args,
  };
}

function checkFlag(flag: string): void {
  const [name] = flag.slice(2).split('=', 1);
  if (name === 'attach') throw cannotAttach();
  if (name === 'wrapper') throw noWrapper();
  if (name === 'selftest') throw new UserError('gdbserver-selftest', 'Selftests have been disabled in this build.');
  const known = ['once', 'multi', 'cpus', 'debug-registers', 'disable-packet', ...NO_EFFECT];
  if (!known.includes(name)) {
    throw new UserError('gdbserver-option', `gdbserver does not know ${flag}.\n\n${GDBSERVER_USAGE}`);
  }
}

function disabledPackets(flags: readonly string[]): ReadonlySet<DisabledPacket> {
  const names = flags
    .filter((flag) => flag.startsWith('--disable-packet='))
    .flatMap((flag) => flag.slice('--disable-packet='.length).split(','));
  const disabled = new Set<DisabledPacket>();
  for (const name of names) {
    const known = DISABLED_PACKETS.find((candidate) => candidate === name);
    if (known === undefined) {
      const all = DISABLED_PACKETS.join(', ');
      throw new UserError('gdbserver-packet', `No packet "${name}" can be disabled. Those that can: ${all}.`);
    }
    disabled.add(known);
    if (known === 'threads') for (const each of DISABLED_PACKETS) if (each !== 'vCont') disabled.add(each);
  }
  return disabled;
}

function numberFlag(flags: readonly string[], name: string, fallback: number, least: number, most: number): number {
  const text = flags.find((flag) => flag.startsWith(`--${name}=`))?.slice(name.length + 3);
  if (text === undefined) return fallback;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UserError('gdbserver-number', `--${name}=${text}: give a number from ${least} to ${most}.`);
}

/** `:PORT`, `HOST:PORT`, `-`, `stdio`. An empty host is this machine alone. */
function parseComm(text: string): Listen | 'stdio' {
  if (text === '-' || text === 'stdio') return 'stdio';
  const match = /^(?:tcp:|tcp4:)?(.*):(\d+)$/.exec(text);
  if (match === null || Number(match[2]) > 65535) {
    throw new UserError(
      'gdbserver-comm',
      `"${text}" is not a place to listen. Give :PORT, HOST:PORT, or - for standard input and output.`,
    );
  }
  return { host: match[1] === '' || match[1] === 'localhost' ? '127.0.0.1' : match[1], port: Number(match[2]) };
}

const cannotAttach = (): UserError =>
  new UserError(
    'gdbserver-attach',
    'Trapline runs programs on its own machine and cannot attach to a process of this one. ' +
      'Start it here: trapline gdbserver :PORT PROGRAM ARGS…',
  );

const noWrapper = (): UserError =>
  new UserError(
    'gdbserver-wrapper',
    '--wrapper is not supported: the emulated machine starts the program itself. ' +
      'Set its environment before (env NAME=VALUE trapline gdbserver …), or name the wrapper as the program.',
  );

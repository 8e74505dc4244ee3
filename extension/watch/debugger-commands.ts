// debugger-commands.ts: a watch as the command of another tool, for the clipboard.
//
// Pure. perf watches 1, 2, 4 or 8 aligned bytes per event, so that a wider range becomes several; gdb splits itself.

import type { WatchAccessName, WatchView } from '../../adapter/protocol/watches';

const PERF_ACCESS: Readonly<Record<WatchAccessName, string>> = { change: 'w', write: 'w', read: 'rw', access: 'rw' };
const GDB_COMMAND: Readonly<Record<WatchAccessName, string>> = {
  change: 'watch',
  write: 'watch',
  read: 'rwatch',
  access: 'awatch',
};
/** What only our conditions know. */
const OWN_NAMES = /\$(old|new|thread|hits|writer|location)\b/;

/** `perf record -g -e mem:0x404050/4:w -- ./program`; undefined while the watch has no address. */
export function perfCommand(watch: WatchView, program: string, args: readonly string[]): string | undefined {
  if (watch.address === undefined) return undefined;
  const pieces = alignedPieces(BigInt(watch.address), watch.lengthBytes ?? 1);
  const access = PERF_ACCESS[watch.access];
  const events = pieces.map(({ address, lengthBytes }) => `mem:0x${address.toString(16)}/${lengthBytes}:${access}`);
  const verb = watch.mode === 'count' ? 'perf stat' : 'perf record -g';
  return `${verb} -e ${events.join(',')} -- ${[program, ...args].map(shellWord).join(' ')}`;
}

/** `watch -l counter if counter > 3`, with `ignore` or `commands` where it must not stop. */
export function gdbCommand(watch: WatchView): string {
  const isPlace = watch.expression !== undefined && !/^0x/i.test(watch.expression);
  const what = isPlace ? `-l ${watch.expression}` : `*(char (*)[${watch.lengthBytes ?? 1}]) ${watch.address ?? '0'}`;
  const thread = typeof watch.threads === 'object' && 'id' in watch.threads ? ` thread ${watch.threads.id}` : '';
  const hasOwn = watch.condition === undefined || OWN_NAMES.test(watch.condition);
  const condition = hasOwn ? '' : ` if ${watch.condition}`;
  const command = `${GDB_COMMAND[watch.access]} ${what}${thread}${condition}`;
  if (watch.mode === 'stop') return command;
  if (watch.mode === 'count') return `${command}\nignore $bpnum 2147483647`;
  return `${command}\ncommands\n  continue\nend`;
}

interface Piece {
  readonly address: bigint;
  readonly lengthBytes: number;
}

/** The fewest aligned pieces of 1, 2, 4 or 8 bytes, in order. */
export function alignedPieces(address: bigint, lengthBytes: number): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let at = address, left = lengthBytes; left > 0;) {
    const size = [8, 4, 2].find((each) => each <= left && at % BigInt(each) === 0n) ?? 1;
    pieces.push({ address: at, lengthBytes: size });
    at += BigInt(size);
    left -= size;
  }
  return pieces;
}

const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

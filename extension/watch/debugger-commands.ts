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

/** Where Linux on x86-64 loads a program that may be loaded anywhere, when `setarch -R` switches randomization off. */
const UNRANDOMIZED_BASE = 0x5555_5555_4000n;

/**
 * `perf record -g -e mem:0x404050/4:w -- ./program`; undefined while the watch has no address. A place in a program that
 * may be loaded anywhere is given where a real Linux has it; one on the heap or a stack only perf's user can find.
 */
export function perfCommand(watch: WatchView, program: string, args: readonly string[]): string | undefined {
  if (watch.address === undefined) return undefined;
  const isMoved = watch.fileAddress !== undefined && watch.fileAddress !== watch.address;
  const address = isMoved ? UNRANDOMIZED_BASE + BigInt(watch.fileAddress ?? 0) : BigInt(watch.address);
  const pieces = alignedPieces(address, watch.lengthBytes ?? 1);
  const access = PERF_ACCESS[watch.access];
  const events = pieces.map(({ address, lengthBytes }) => `mem:0x${address.toString(16)}/${lengthBytes}:${access}`);
  const verb = watch.mode === 'count' ? 'perf stat' : 'perf record -g';
  const prefix = isMoved ? 'setarch -R ' : '';
  return `${prefix}${verb} -e ${events.join(',')} -- ${[program, ...args].map(shellWord).join(' ')}`;
}

/**
 * `watch -l counter if counter > 3`, with `ignore` or `commands` where it must not stop. gdb numbers threads from 1:
 * `mainThread` is our number of its first.
 */
export function gdbCommand(watch: WatchView, mainThread = 1): string {
  const { threads, condition: own } = watch;
  const condition = own === undefined || OWN_NAMES.test(own) ? '' : ` if ${own}`;
  // gdb wants it last.
  const thread = typeof threads === 'object' && 'id' in threads ? ` thread ${threads.id - mainThread + 1}` : '';
  const command = `${GDB_COMMAND[watch.access]} ${gdbPlace(watch)}${condition}${thread}`;
  if (watch.mode === 'stop') return command;
  if (watch.mode === 'count') return `${command}\nignore $bpnum 2147483647`;
  return `${command}\ncommands\n  continue\nend`;
}

/** gdb's own expressions where it has them: `file.c:name` is `'file.c'::name`; it knows neither ranges nor `&name`. */
function gdbPlace({ expression, address, lengthBytes }: WatchView): string {
  const bytes = `*(char (*)[${lengthBytes ?? 1}])`;
  if (expression === undefined || /^0x/i.test(expression)) return `${bytes} ${address ?? '0'}`;
  const range = /^(&.+?)\s+-\s+&/.exec(expression);
  if (range !== null) return `-l ${bytes} ${range[1]}`;
  const inFile = /^([\w./-]+\.\w+):(?!:)(.+)$/.exec(expression);
  if (inFile !== null) return `-l '${inFile[1]}'::${inFile[2]}`;
  return `-l ${expression.replace(/^&\s*/, '')}`;
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

// ksym-text.ts: the symbol tracer's files as text: the trace and the profile.
//
// Truth: shared reference "hw-breakpoint-spec", C.1 ("Trace output", "Statistics").

/** Names for addresses. */
export interface KsymSymbols {
  addressOf(name: string): bigint | undefined;
  /** `symbol+0xOFF/0xSIZE`, or 0x… where nothing is known. */
  describe(address: bigint): string;
}

/** One recorded access. */
export interface TraceEntry {
  readonly command: string;
  readonly pid: number;
  readonly cpu: number;
  /** What is watched. */
  readonly address: bigint;
  readonly type: number;
  /** After the access. */
  readonly instructionPointer: bigint;
}

export interface ProfileRow {
  readonly address: bigint;
  readonly type: number;
  readonly hits: number;
}

const TRACE_HEADER = [
  '#       TASK-PID   CPU#      Symbol                    Type    Function',
  '#          |        |          |                        |         |',
];
const PROFILE_HEADER = [
  '  Access Type   Symbol                                       Counter',
  '  -----------   ------                                       -------',
];
const TYPE_IN_TRACE: Readonly<Record<number, string>> = { 1: ' R  ', 2: ' W  ', 3: ' RW ' };
const TYPE_IN_PROFILE: Readonly<Record<number, string>> = {
  1: '  R           ',
  2: '  W           ',
  3: '  RW          ',
};

export function traceText(entries: readonly TraceEntry[], symbols: KsymSymbols): string {
  return `${[...TRACE_HEADER, ...entries.map((entry) => traceLine(entry, symbols))].join('\n')}\n`;
}

/** One entry, without a newline. */
export function traceLine(entry: TraceEntry, symbols: KsymSymbols): string {
  const who = `${entry.command.padStart(11)}-${String(entry.pid).padEnd(5)}`;
  const where = `[${String(entry.cpu).padStart(3, '0')}]`;
  const what = `${symbols.describe(entry.address)}${TYPE_IN_TRACE[entry.type] ?? ' NA '}`;
  return `${who} ${where} ${what}${symbols.describe(entry.instructionPointer)}`;
}

export function profileText(rows: readonly ProfileRow[], symbols: KsymSymbols): string {
  const lines = rows.map(({ address, type, hits }) => {
    const name = symbols.describe(address).replace(/\+0x0\/0x[0-9a-f]+$/, '');
    const symbol = name.startsWith('0x') ? '<NA>' : name;
    return `${TYPE_IN_PROFILE[type] ?? '  NA          '}  ${symbol.padEnd(36)} ${String(hits).padStart(15)}`;
  });
  return `${[...PROFILE_HEADER, ...lines].join('\n')}\n`;
}

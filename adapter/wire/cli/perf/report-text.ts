// report-text.ts: a recording as a person reads it: a table for each event, the calls that led there, the sources.

import { columns, type Cell, type Paint } from '../paint';
import type { RecordedEvent, RecordedPlace, Recording } from './recording';
import type { ReportCommand, SortKey } from './record-options';
import { type CallNode, callTree, hitsByLine, nameOf, type ReportRow, reportRows, stacksByOrigin } from './report-rows';
import { baseName } from '../../../util/base-name';

/** The lines of a source file; undefined where it is not there. */
export type SourceReader = (path: string) => readonly string[] | undefined;

const BAR_CELLS = 12;
const EIGHTHS = ' ▏▎▍▌▋▊▉█';
const CONTEXT_LINES = 2;
const MAX_DEPTH = 30;
const MAX_CODE = 60;
/** Callers that are fewer than one in so many are not shown. */
const CALLER_SHARE = 200;

export function reportText(recording: Recording, command: ReportCommand, source: SourceReader, paint: Paint): string {
  const lines = ['', ...titleLines(recording, paint)];
  recording.events.forEach((event, index) => {
    lines.push('', ...eventLines(recording, event, index, command, source, paint));
  });
  return `${lines.join('\n')}\n\n`;
}

export const plural = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

function titleLines(recording: Recording, paint: Paint): readonly string[] {
  const { hits, lost, exitCode } = recording.end;
  const lostText = lost === 0 ? '' : paint.red(`, ${plural(lost, 'hit', 'hits')} lost`);
  const code = exitCode === 0 ? '' : paint.red(`, exit code ${exitCode}`);
  const threads = plural(recording.threads.length, 'thread', 'threads');
  const facts = `${plural(hits, 'recorded hit', 'recorded hits')} in ${threads}`;
  return [`${paint.bold(recording.command)} ${paint.dim('·')} ${facts}${lostText}${code}`];
}

function eventLines(
  recording: Recording,
  event: RecordedEvent,
  index: number,
  command: ReportCommand,
  source: SourceReader,
  paint: Paint,
): readonly string[] {
  const rows = reportRows(recording, index, command.sort);
  const total = recording.end.counts[index];
  const every = event.period === 1 ? '' : `, every ${event.period.toLocaleString('en')}th recorded`;
  const title = `${paint.cyan(paint.bold(event.text))}  ${paint.dim(whatText(event))}  ${plural(total, 'hit', 'hits')}${every}`;
  if (rows.length === 0) return [title, '', `  ${paint.dim('nobody did')}`];
  return [
    title,
    '',
    ...tableLines(recording, rows, command, source, paint),
    ...(command.source ? sourceLines(recording, index, source, paint) : []),
  ];
}

function whatText({ access, lengthBytes, address }: RecordedEvent): string {
  if (access === 'execute') return `execution at ${address}`;
  const verb = access === 'write' ? 'writes of' : 'reads and writes of';
  return `${verb} ${plural(lengthBytes, 'byte', 'bytes')} at ${address}`;
}

function tableLines(
  recording: Recording,
  rows: readonly ReportRow[],
  command: ReportCommand,
  source: SourceReader,
  paint: Paint,
): readonly string[] {
  const most = rows[0].hits;
  const lines = columns(rows.map((row) => rowCells(row, command.sort, most, source, paint))).map((line) => `  ${line}`);
  if (!command.calls || !recording.stacks.some((stack) => stack.length > 1)) return lines;
  const trees = [...stacksByOrigin(rows).values()].map((stacks) => callTree(recording, stacks));
  return [...lines, '', `  ${paint.dim('who called')}`, ...trees.flatMap((roots) => callLines(roots, paint))];
}

function rowCells(
  row: ReportRow,
  sort: readonly SortKey[],
  most: number,
  source: SourceReader,
  paint: Paint,
): readonly Cell[] {
  const cells: Cell[] = [
    { text: `${row.percent.toFixed(2)}%`, right: true },
    { text: row.hits.toLocaleString('en'), right: true },
    { text: paint.green(bar(row.hits / most)) },
  ];
  const { own } = row;
  const place = own?.file === undefined ? '' : `${baseName(own.file)}:${own.line ?? 0}`;
  if (sort.includes('line')) cells.push({ text: place === '' ? paint.dim('no source') : paint.blue(place) });
  if (sort.includes('line') || sort.includes('sym')) cells.push({ text: paint.bold(row.symbol) });
  if (row.thread !== undefined)
    cells.push({ text: `${paint.magenta(row.thread.name)} ${paint.dim(String(row.thread.id))}` });
  if (own?.file !== undefined) cells.push({ text: cut((source(own.file)?.[(own.line ?? 0) - 1] ?? '').trim()) });
  return cells;
}

const cut = (code: string): string => (code.length > MAX_CODE ? `${code.slice(0, MAX_CODE - 1)}…` : code);

/** As long as the share, in eighths of a character. */
export function bar(share: number): string {
  const eighths = Math.max(1, Math.round(share * BAR_CELLS * 8));
  const full = Math.floor(eighths / 8);
  return `${'█'.repeat(full)}${eighths % 8 === 0 ? '' : EIGHTHS[eighths % 8]}`;
}

/** The tree of callers, outwards; a chain without branches goes down without moving right. */
function callLines(roots: readonly CallNode[], paint: Paint): readonly string[] {
  const lines: string[] = [];
  const walk = (nodes: readonly CallNode[], indent: string, all: number, depth: number): void => {
    const shown = nodes.filter(({ hits }) => hits * CALLER_SHARE >= all).sort((a, b) => b.hits - a.hits);
    const branches = shown.length > 1;
    shown.forEach((node, index) => {
      const isLast = index === shown.length - 1;
      const corner = branches ? (isLast ? '└ ' : '├ ') : '← ';
      const share = branches ? `${((node.hits / all) * 100).toFixed(1)}% ` : '';
      lines.push(`${indent}${paint.dim(corner)}${share}${callText(node, paint)}`);
      const below = branches ? `${indent}${isLast ? '  ' : paint.dim('│ ')}` : indent;
      if (depth < MAX_DEPTH) walk([...node.callers.values()], below, node.hits, depth + 1);
    });
  };
  for (const root of [...roots].sort((a, b) => b.hits - a.hits)) {
    lines.push('', `    ${paint.bold(callText(root, paint))}  ${plural(root.hits, 'hit', 'hits')}`);
    walk([...root.callers.values()], '    ', root.hits, 1);
  }
  return lines;
}

function callText({ place }: CallNode, paint: Paint): string {
  const where = place.file === undefined ? libraryOf(place) : `${baseName(place.file)}:${place.line ?? 0}`;
  return `${nameOf(place)}${where === '' ? '' : `  ${paint.dim(where)}`}`;
}

/** Of a function whose name does not say it already. */
const libraryOf = ({ module, function: name }: RecordedPlace): string =>
  module === undefined || name === undefined || name.includes('+0x') ? '' : baseName(module);

/** Each file with hits: the lines that were hit and their neighbours, with hits before each. */
function sourceLines(recording: Recording, event: number, source: SourceReader, paint: Paint): readonly string[] {
  return [...hitsByLine(recording, event)].flatMap(([file, hits]) => {
    const text = source(file);
    if (text === undefined) return ['', `  ${paint.dim(`${file} is not there: its lines cannot be shown`)}`];
    const total = [...hits.values()].reduce((sum, count) => sum + count, 0);
    return ['', `  ${paint.dim(file)}`, ...listing(text, hits, total, paint)];
  });
}

function listing(text: readonly string[], hits: ReadonlyMap<number, number>, total: number, paint: Paint): string[] {
  const shown = new Set<number>();
  for (const line of hits.keys()) {
    for (let near = line - CONTEXT_LINES; near <= line + CONTEXT_LINES; near += 1) {
      if (near >= 1 && near <= text.length) shown.add(near);
    }
  }
  const numbers = [...shown].sort((a, b) => a - b);
  const width = Math.max(...[...hits.values()].map((count) => count.toLocaleString('en').length));
  return numbers.flatMap((line, index) => {
    const count = hits.get(line);
    const share = count === undefined ? ' '.repeat(7) : `${((count / total) * 100).toFixed(2)}%`.padStart(7);
    const number = (count === undefined ? '' : count.toLocaleString('en')).padStart(width);
    const code = text[line - 1];
    const gap = index > 0 && numbers[index - 1] !== line - 1 ? [`  ${' '.repeat(width + 9)} ${paint.dim('┆')}`] : [];
    const shade = count === undefined ? paint.dim(code) : paint.bold(code);
    return [
      ...gap,
      `  ${paint.red(share)}  ${paint.red(number)} ${paint.dim('│')} ${paint.dim(String(line).padStart(5))}  ${shade}`.trimEnd(),
    ];
  });
}

/** One JSON object a row. */
export function reportJson(recording: Recording, command: ReportCommand): string {
  return recording.events
    .flatMap((event, index) =>
      reportRows(recording, index, command.sort).map((row) => {
        const { own, thread } = row;
        return JSON.stringify({
          event: event.text,
          hits: row.hits,
          percent: Number(row.percent.toFixed(2)),
          ...(own?.file === undefined ? {} : { file: own.file, line: own.line }),
          symbol: row.symbol,
          ...(thread === undefined ? {} : { thread: thread.id, name: thread.name }),
          ...(command.calls ? { stacks: stacksOf(recording, row) } : {}),
        });
      }),
    )
    .map((line) => `${line}\n`)
    .join('');
}

function stacksOf(recording: Recording, row: ReportRow): readonly object[] {
  return [...row.stacks].map(([stack, hits]) => ({
    hits,
    frames: recording.stacks[stack].map((number) => recording.places[number]),
  }));
}

// print-watch-file.ts: a `.watch` file as it should look: the same words, in columns.
//
//     watch write  queue.head   when $new == 0  # who empties it?
//     never access config.flag  in thread 7     # …
//
// Lines that follow each other without an empty one share their columns. Printing what was printed changes nothing.
// A line with a mistake in its form keeps its words as they are.

import { ACCESSES, VERBS } from './keywords.table';
import { parseWatchFile } from './parse-watch-file';
import type { Clause, FileLine, SettingLine, WatchFile, WatchLine } from './syntax';

const VERB_WIDTH = Math.max(...Object.keys(VERBS).map(({ length }) => length));
const ACCESS_WIDTH = Math.max(...Object.keys(ACCESSES).map(({ length }) => length));
const GAP = '  ';

/** The whole text, formatted; ends with one newline unless it is empty. Windows' line ends stay. */
export function formatWatchFile(text: string): string {
  const file = parseWatchFile(text);
  const source = text.split(/\r\n|\n|\r/);
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const broken = new Set(file.mistakes.filter(({ severity }) => severity === 'error').map(({ span }) => span.line));
  const printed = blocksOf(file).flatMap((block) => printBlock(block, source, broken));
  return joined(printed).replaceAll('\n', lineEnd);
}

interface NumberedLine {
  readonly number: number;
  readonly line: FileLine;
}

/** Lines up to each empty one. */
function blocksOf(file: WatchFile): readonly (readonly NumberedLine[])[] {
  const blocks: NumberedLine[][] = [[]];
  for (const [number, line] of file.lines.entries()) {
    if (line.kind === 'blank' && line.comment === undefined) blocks.push([{ number, line }], []);
    else blocks.at(-1)?.push({ number, line });
  }
  return blocks;
}

/** At most one empty line in a row, none at either end. */
function joined(lines: readonly string[]): string {
  const text = lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/^\n+|\n+$/g, '');
  return text === '' ? '' : `${text}\n`;
}

interface Row {
  /** Undefined: a comment alone, or nothing. */
  readonly code: string | undefined;
  readonly comment: string | undefined;
}

function printBlock(block: readonly NumberedLine[], source: readonly string[], broken: ReadonlySet<number>): string[] {
  const whole = (line: FileLine, number: number): boolean => !broken.has(number) && line.kind !== 'unknown';
  const fine = block.filter(({ line, number }) => whole(line, number)).map(({ line }) => line);
  const placeWidth = widest(
    fine.filter(isWatch).filter(({ clauses }) => clauses.length > 0),
    placeText,
  );
  const settingWidth = widest(fine.filter(isSetting), ({ setting }) => setting);
  const rows = block.map(({ line, number }): Row => {
    const comment = line.comment?.text.trimEnd();
    if (line.kind === 'blank') return { code: undefined, comment };
    if (!whole(line, number)) return { code: withoutComment(source[number] ?? '', line), comment };
    if (line.kind === 'setting') return { code: settingText(line, settingWidth), comment };
    return { code: line.kind === 'watch' ? watchText(line, placeWidth) : '', comment };
  });
  const codeWidth = widest(
    rows.filter(({ code, comment }) => code !== undefined && comment !== undefined),
    ({ code }) => code ?? '',
  );
  return rows.map(({ code, comment }) => {
    if (code === undefined) return comment ?? '';
    return comment === undefined ? code : `${code.padEnd(codeWidth)}${GAP}${comment}`;
  });
}

const isWatch = (line: FileLine): line is WatchLine => line.kind === 'watch';
const isSetting = (line: FileLine): line is SettingLine => line.kind === 'setting';

function widest<T>(items: readonly T[], textOf: (item: T) => string): number {
  return Math.max(0, ...items.map((item) => textOf(item).length));
}

function withoutComment(text: string, line: FileLine): string {
  return text.slice(0, line.comment?.span.start).trim();
}

function settingText({ setting, value }: SettingLine, width: number): string {
  return `${setting.padEnd(width)}${GAP}${settingValue(setting, value?.text ?? '')}`;
}

/** Quotes where the text would be read as something else without. */
function settingValue(setting: SettingLine['setting'], text: string): string {
  const needsQuotes = setting !== 'args' && (text.includes('#') || /^\s|\s$|^"/.test(text));
  return needsQuotes ? `"${text.replace(/"/g, '\\"')}"` : text;
}

function watchText(line: WatchLine, placeWidth: number): string {
  const head = `${line.verb.padEnd(VERB_WIDTH)} ${(line.access ?? '').padEnd(ACCESS_WIDTH)} `;
  if (line.clauses.length === 0) return `${head}${placeText(line)}`;
  return `${head}${placeText(line).padEnd(placeWidth)}${GAP}${line.clauses.map(clauseText).join(' ')}`;
}

const placeText = (line: WatchLine): string => singleBlanks(line.place?.text ?? '');

function clauseText({ kind, value }: Clause): string {
  const text = value?.text ?? '';
  switch (kind) {
    case 'message':
      return `"${text.replace(/"/g, '\\"')}"`;
    case 'in':
      return `in thread ${/[\s#"]/.test(text) ? `"${text.replace(/"/g, '\\"')}"` : text}`;
    case 'through':
      return kind;
    case 'when':
      return `when ${singleBlanks(text)}`;
    case 'every':
    case 'hit':
    case 'bytes':
      return `${kind} ${text}`;
  }
}

/** Blanks between words, but not those within quotes. */
const singleBlanks = (text: string): string =>
  text.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\s+/g, (found) => (/^\s/.test(found) ? ' ' : found));

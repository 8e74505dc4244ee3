// parse-watch-file.ts: the text of a `.watch` file → its lines and what is wrong with their form.
//
// Needs no program: names and types are the binder's. Never throws; a mistake in one line spoils no other.
// Truth: docs/manual.md, "Watch files".

import { commentStart } from './expression-extent';
import {
  accessMissing,
  afterQuotes,
  badEnvironment,
  notANumber,
  placeMissing,
  settingTwice,
  unclosedText,
  unknownAccess,
  unknownStatement,
  valueMissing,
} from './file-mistakes';
import { ACCESSES, CLAUSES, SETTINGS, VERBS } from './keywords.table';
import { formMistakes, isWholeNumber } from './form-mistakes';
import { LineReader } from './line-reader';
import { parseClauses } from './parse-clauses';
import type {
  AccessWord,
  FileLine,
  FileSpan,
  Mistake,
  SettingLine,
  SettingWord,
  Spelled,
  VerbWord,
  WatchFile,
  WatchLine,
} from './syntax';

const MAX_CPUS = 16;
const MAX_REGISTERS = 1024;

export function parseWatchFile(text: string): WatchFile {
  const mistakes: Mistake[] = [];
  const lines = text.split(/\r\n|\n|\r/).map((line, number) => {
    const parsed = knownLine(line, number);
    mistakes.push(...parsed.mistakes);
    return parsed.line;
  });
  settingsTwice(lines, mistakes);
  return { lines, mistakes };
}

interface ParsedLine {
  readonly line: FileLine;
  readonly mistakes: readonly Mistake[];
}

/** A file is parsed anew at each key that is typed; its lines mostly are as before. */
const known = new Map<string, ParsedLine>();
const MOST_KNOWN = 20_000;

function knownLine(text: string, number: number): ParsedLine {
  const key = `${number} ${text}`;
  let parsed = known.get(key);
  if (parsed === undefined) {
    if (known.size >= MOST_KNOWN) known.clear();
    const mistakes: Mistake[] = [];
    known.set(key, (parsed = { line: parseLine(text, number, mistakes), mistakes }));
  }
  return parsed;
}

function parseLine(text: string, line: number, mistakes: Mistake[]): FileLine {
  const hash = commentStart(text);
  const end = text.trimEnd().length;
  const comment: { comment?: Spelled } =
    hash < text.length ? { comment: { text: text.slice(hash, end), span: { line, start: hash, end } } } : {};
  const reader = new LineReader(line, text.slice(0, hash));
  const keyword = reader.word();
  if (keyword === undefined) return { kind: 'blank', ...comment };
  if (isKey(VERBS, keyword.text)) {
    return { ...parseWatch(keyword, keyword.text, reader, mistakes), ...comment };
  }
  if (isKey(SETTINGS, keyword.text)) {
    return { ...parseSetting(keyword, keyword.text, reader, mistakes), ...comment };
  }
  mistakes.push(unknownStatement(keyword));
  return { kind: 'unknown', keyword, ...comment };
}

function parseWatch(keyword: Spelled, verb: VerbWord, reader: LineReader, mistakes: Mistake[]): WatchLine {
  const access = parseAccess(keyword, reader, mistakes);
  const start = reader.here;
  const place = startsClause(reader) ? undefined : reader.expression();
  if (place === undefined && access?.word !== undefined) mistakes.push(placeMissing({ keyword }, start));
  if (place !== undefined) mistakes.push(...formMistakes(place));
  const clauses = parseClauses(verb, reader, mistakes);
  return {
    kind: 'watch',
    verb,
    keyword,
    ...(access?.word === undefined ? {} : { access: access.word }),
    ...(access === undefined ? {} : { accessSpan: access.span }),
    ...(place === undefined ? {} : { place }),
    clauses,
  };
}

/** `log "text"`: no place at all. */
const startsClause = (reader: LineReader): boolean => reader.rest().startsWith('"');

/** A misspelt access is told apart from none: only it is followed by a name. */
function parseAccess(
  keyword: Spelled,
  reader: LineReader,
  mistakes: Mistake[],
): { readonly word?: AccessWord; readonly span: FileSpan } | undefined {
  const known = reader.matching(/^(?:write|change|read|access)(?=\s|$)/);
  if (known !== undefined && isKey(ACCESSES, known.text)) return { word: known.text, span: known.span };
  const [, second = ''] = /^\w+\s+([A-Za-z_]\w*)/.exec(reader.rest()) ?? [];
  if (second === '' || Object.hasOwn(CLAUSES, second)) {
    mistakes.push(accessMissing(keyword, reader.atEnd ? { ...keyword.span, start: keyword.span.end } : reader.here));
    return undefined;
  }
  const misspelt = reader.word();
  if (misspelt === undefined) return undefined;
  mistakes.push(unknownAccess(misspelt));
  return { span: misspelt.span };
}

function parseSetting(keyword: Spelled, setting: SettingWord, reader: LineReader, mistakes: Mistake[]): SettingLine {
  const whole = setting === 'args' ? reader.remainder() : pathOrRest(reader, mistakes);
  if (whole === undefined || whole.text === '') mistakes.push(valueMissing(keyword, SETTINGS[setting].form));
  else checkSetting(setting, whole, mistakes);
  return { kind: 'setting', setting, keyword, ...(whole === undefined ? {} : { value: whole }) };
}

/** In quotes, and nothing behind them; or all there is. */
function pathOrRest(reader: LineReader, mistakes: Mistake[]): Spelled | undefined {
  const quoted = reader.quoted();
  if (quoted === undefined) return reader.remainder();
  const rest = reader.remainder();
  if (!quoted.closed) mistakes.push(unclosedText(quoted.text.span));
  else if (rest !== undefined) mistakes.push(afterQuotes(rest));
  return quoted.text;
}

function checkSetting(setting: SettingWord, value: Spelled, mistakes: Mistake[]): void {
  if (setting === 'cpus' && !isWholeNumber(value.text, 1, MAX_CPUS)) {
    mistakes.push(notANumber(value, SETTINGS.cpus.form, 1, MAX_CPUS));
  }
  if (setting === 'registers' && !isWholeNumber(value.text, 0, MAX_REGISTERS)) {
    mistakes.push(notANumber(value, SETTINGS.registers.form, 0, MAX_REGISTERS));
  }
  if (setting === 'env' && value.text.indexOf('=') < 1) mistakes.push(badEnvironment(value));
}

function settingsTwice(lines: readonly FileLine[], mistakes: Mistake[]): void {
  const first = new Map<SettingWord, number>();
  for (const line of lines) {
    if (line.kind !== 'setting' || line.setting === 'env') continue;
    const before = first.get(line.setting);
    if (before === undefined) first.set(line.setting, line.keyword.span.line);
    else mistakes.push(settingTwice(line.keyword, before));
  }
}

function isKey<T extends object>(table: T, key: string): key is Extract<keyof T, string> {
  return Object.hasOwn(table, key);
}

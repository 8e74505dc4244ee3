// sarif.ts: what a check has found as SARIF: for code scanning, editors and reviews.
//
// A `never` that happened is a result where the access was made, with the stack, a code flow from `main` to it, and
// the line of the watch file. A `never` that was not armed and mistakes are results in the watch file.
// Truth: OASIS SARIF 2.1.0 (sarif-schema-2.1.0.json); GitHub's and VS Code's viewers read the same.

import type { Invocation, Location, Log, PhysicalLocation, ReportingDescriptor, Result, Run } from 'sarif';
import type { Mistake } from '../../../watch/watch-file/syntax';
import type { CheckResult, Happening, LineResult, StackPlace } from './check-result';
import {
  changeText,
  exitCodeOf,
  happened,
  lineNumberOf,
  relativePath,
  titleOfLine,
  unguarded,
  writerText,
} from './check-result';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
const ROOT = '%SRCROOT%';

export interface ToolFacts {
  readonly version: string;
  /** The command line, as it was typed. */
  readonly commandLine: string;
  readonly startedAt: Date;
}

const RULES = [
  {
    id: 'never-happened',
    name: 'NeverHappened',
    shortDescription: { text: 'An access happened that must never happen.' },
    fullDescription: { text: 'A `never` line of a .watch file names memory that this access touched.' },
    help: { text: 'Look at the stack: who made the access, and why. If it is right, change the .watch file.' },
    defaultConfiguration: { level: 'error' },
  },
  {
    id: 'never-unarmed',
    name: 'NeverUnarmed',
    shortDescription: { text: 'A `never` could not be watched.' },
    fullDescription: { text: 'Nobody watched the memory that this line names, so nothing is proved.' },
    help: { text: 'The message says why it was not armed, and what to change in the line.' },
    defaultConfiguration: { level: 'error' },
  },
  {
    id: 'watch-file-mistake',
    name: 'WatchFileMistake',
    shortDescription: { text: 'A line of a .watch file is wrong or doubtful.' },
    fullDescription: { text: 'It was read against the symbols of the program.' },
    help: { text: 'The message says what to write instead.' },
    defaultConfiguration: { level: 'warning' },
  },
] as const satisfies readonly ReportingDescriptor[];

type RuleId = (typeof RULES)[number]['id'];

export function sarifJson(result: CheckResult, tool: ToolFacts, ignoreExitCode: boolean): string {
  const { directory } = result;
  const results = [
    ...happened(result).flatMap((line) =>
      line.happenings.map((happening) => happeningResult(line, happening, directory)),
    ),
    ...unguarded(result).map((line) => unarmedResult(line, directory)),
    ...result.files.flatMap(({ path, mistakes }) => mistakes.map((mistake) => mistakeResult(path, mistake, directory))),
  ];
  const run: Run = {
    tool: { driver: { name: 'Trapline', version: tool.version, semanticVersion: tool.version, rules: [...RULES] } },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { [ROOT]: { uri: directoryUri(directory) } },
    invocations: [invocation(result, tool, ignoreExitCode)],
    results,
  };
  const log: Log = { $schema: SCHEMA, version: '2.1.0', runs: [run] };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function invocation(result: CheckResult, tool: ToolFacts, ignoreExitCode: boolean): Invocation {
  const { end } = result;
  const ended = tool.startedAt.getTime() + result.elapsedSeconds * 1000;
  return {
    commandLine: tool.commandLine,
    workingDirectory: { uri: directoryUri(result.directory) },
    startTimeUtc: tool.startedAt.toISOString(),
    endTimeUtc: new Date(ended).toISOString(),
    exitCode: exitCodeOf(result, ignoreExitCode),
    executionSuccessful: end.kind === 'exited' && unguarded(result).length === 0,
    ...(end.kind === 'killed' ? { exitSignalName: /^\w+/.exec(end.signal)?.[0] ?? end.signal } : {}),
    toolExecutionNotifications: result.notes.map((text) => ({ level: 'note', message: { text } })),
  };
}

function happeningResult(line: LineResult, happening: Happening, directory: string): Result {
  const { stack, threadId } = happening;
  const text = `${titleOfLine(line)}: ${changeText(happening)}, ${writerText(happening, directory)}.`;
  // Within a library the innermost line that is known is where a person looks.
  const own = stack.find(({ path }) => path !== undefined);
  const frames = stack.map((at) => ({ location: frameLocation(at, directory) }));
  const flow = stack
    .filter(({ path }) => path !== undefined)
    .toReversed()
    .map((at) => ({ location: { ...frameLocation(at, directory), message: { text: `in ${at.function}` } } }));
  return {
    ...resultHead('never-happened', 'error', text),
    locations: own === undefined ? [watchLocation(line, directory)] : [frameLocation(own, directory)],
    relatedLocations: [{ ...watchLocation(line, directory), id: 1, message: { text: titleOfLine(line) } }],
    stacks: [{ message: { text: `Stack of thread ${threadId}` }, frames }],
    ...(flow.length === 0 ? {} : { codeFlows: [{ threadFlows: [{ id: String(threadId), locations: flow }] }] }),
    partialFingerprints: { 'trapline/v1': fingerprint(line, own) },
  };
}

function unarmedResult(line: LineResult, directory: string): Result {
  return {
    ...resultHead('never-unarmed', 'error', `${titleOfLine(line)} was not armed: ${line.message}`),
    locations: [watchLocation(line, directory)],
  };
}

function mistakeResult(path: string, { severity, span, message, code }: Mistake, directory: string): Result {
  const region = { startLine: span.line + 1, startColumn: span.start + 1, endColumn: span.end + 1 };
  return {
    ...resultHead('watch-file-mistake', severity, message),
    locations: [{ physicalLocation: { artifactLocation: artifact(path, directory), region } }],
    properties: { code },
  };
}

function resultHead(ruleId: RuleId, level: 'error' | 'warning' | 'note', text: string): Result {
  return { ruleId, ruleIndex: RULES.findIndex(({ id }) => id === ruleId), level, message: { text } };
}

/** The same access in the next run is the same result: no address, no thread, no value. */
const fingerprint = (line: LineResult, at: StackPlace | undefined): string =>
  [titleOfLine(line), at?.function ?? '', at?.path?.replace(/^.*\//, '') ?? ''].join('|');

function watchLocation(line: LineResult, directory: string): Location {
  const region = { startLine: lineNumberOf(line) };
  return { physicalLocation: { artifactLocation: artifact(line.line.file, directory), region } };
}

function frameLocation({ function: name, path, line, column }: StackPlace, directory: string): Location {
  const region = { startLine: line, ...(column === undefined ? {} : { startColumn: column }) };
  return {
    ...(path === undefined || line === undefined
      ? {}
      : { physicalLocation: { artifactLocation: artifact(path, directory), region } }),
    logicalLocations: [{ fullyQualifiedName: name, kind: 'function' }],
  };
}

/** Below the directory relative to it, else absolute. */
function artifact(path: string, directory: string): PhysicalLocation['artifactLocation'] {
  const relative = relativePath(path, directory);
  return relative.startsWith('/')
    ? { uri: `file://${encoded(relative)}` }
    : { uri: encoded(relative), uriBaseId: ROOT };
}

const encoded = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

const directoryUri = (directory: string): string => `file://${encoded(directory)}${directory.endsWith('/') ? '' : '/'}`;

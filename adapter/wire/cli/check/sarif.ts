// sarif.ts: what a check has found as SARIF: for code scanning, editors and reviews.
//
// A `never` that happened is a result where the access was made, with the stack, a code flow from `main` to it, and
// the line of the watch file. A `never` that was not armed and mistakes are results in the watch file.
// Files are named relative to the root: the repository's, since that is what code scanning shows them in.
// Truth: OASIS SARIF 2.1.0 (sarif-schema-2.1.0.json); GitHub's "SARIF support for code scanning", which takes the
// identity of a result from `primaryLocationLineHash` alone.

import type { Invocation, Location, Log, PhysicalLocation, Region, ReportingDescriptor, Result, Run } from 'sarif';
import type { FileSpan, Mistake } from '../../../watch/watch-file/syntax';
import type { CheckResult, Happening, LineResult, StackPlace } from './check-result';
import {
  changeText,
  exitCodeOf,
  happened,
  lineNumberOf,
  titleOfLine,
  unbound,
  unguarded,
  writerText,
} from './check-result';
import { Files } from './file-names';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
const ROOT = '%SRCROOT%';
const HOME = 'https://github.com/trapline/trapline';
const HELP = `${HOME}/blob/main/docs/manual.md#trapline-check`;

export interface ToolFacts {
  readonly version: string;
  /** The command line, as it was typed. */
  readonly commandLine: string;
  readonly startedAt: Date;
  /** Absolute: places below it are told relative to it. */
  readonly root: string;
  /** Hexadecimal: the same for the same text, in every run. */
  readonly hash: (text: string) => string;
}

const RULES = [
  {
    id: 'never-happened',
    name: 'NeverHappened',
    shortDescription: { text: 'An access happened that must never happen.' },
    fullDescription: { text: 'A `never` line of a .watch file names memory that this access touched.' },
    help: { text: 'Look at the stack: who made the access, and why. If it is right, change the .watch file.' },
    helpUri: HELP,
    defaultConfiguration: { level: 'error' },
    properties: { tags: ['correctness', 'memory'], precision: 'very-high', 'problem.severity': 'error' },
  },
  {
    id: 'never-unarmed',
    name: 'NeverUnarmed',
    shortDescription: { text: 'A `never` could not be watched.' },
    fullDescription: { text: 'Nobody watched the memory that this line names, so nothing is proved.' },
    help: { text: 'The message says why it was not armed, and what to change in the line.' },
    helpUri: HELP,
    defaultConfiguration: { level: 'error' },
    properties: { tags: ['maintainability'], precision: 'very-high', 'problem.severity': 'error' },
  },
  {
    id: 'never-bound',
    name: 'NeverBound',
    shortDescription: { text: 'A line names what nothing that was loaded has.' },
    fullDescription: { text: 'Neither the program nor a library that it loaded has a variable of this name.' },
    help: { text: 'It may be misspelt. Of a library that this run does not load: `--allow-unbound`.' },
    helpUri: HELP,
    defaultConfiguration: { level: 'error' },
    properties: { tags: ['maintainability'], precision: 'high', 'problem.severity': 'error' },
  },
  {
    id: 'watch-file-mistake',
    name: 'WatchFileMistake',
    shortDescription: { text: 'A line of a .watch file is wrong or doubtful.' },
    fullDescription: { text: 'It was read against the symbols of the program.' },
    help: { text: 'The message says what to write instead.' },
    helpUri: HELP,
    defaultConfiguration: { level: 'warning' },
    properties: { tags: ['maintainability'], precision: 'very-high', 'problem.severity': 'warning' },
  },
] as const satisfies readonly ReportingDescriptor[];

type RuleId = (typeof RULES)[number]['id'];

export function sarifJson(result: CheckResult, tool: ToolFacts, ignoreExitCode: boolean): string {
  const files = new Files(result.directory, tool.root);
  const results = [
    ...happened(result).flatMap((line) => line.happenings.map((happening) => happeningResult(line, happening, files))),
    ...unguarded(result).map((line) => unarmedResult(line, files)),
    ...unbound(result).map((line) => unboundResult(line, files)),
    ...result.files.flatMap(({ path, mistakes }) => mistakes.map((mistake) => mistakeResult(path, mistake, files))),
  ];
  const { version } = tool;
  const run: Run = {
    tool: {
      driver: { name: 'Trapline', informationUri: HOME, version, semanticVersion: version, rules: [...RULES] },
    },
    automationDetails: { id: `trapline check/${result.files.map(({ path }) => files.name(path)).join(' ')}/` },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { [ROOT]: { uri: directoryUri(tool.root) } },
    invocations: [invocation(result, tool, ignoreExitCode)],
    results: identified(results, tool),
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
    executionSuccessful: end.kind === 'exited' && unguarded(result).length + unbound(result).length === 0,
    ...(end.kind === 'killed' ? { exitSignalName: /^\w+/.exec(end.signal)?.[0] ?? end.signal } : {}),
    toolExecutionNotifications: result.notes.map((text) => ({ level: 'note', message: { text } })),
  };
}

/** A result, and what tells it from others in every run. */
interface Finding extends Result {
  readonly identity: string;
}

/** Several of one identity are numbered, in their order. */
function identified(findings: readonly Finding[], { hash }: ToolFacts): Result[] {
  const seen = new Map<string, number>();
  return findings.map(({ identity, ...result }) => {
    const number = (seen.get(identity) ?? 0) + 1;
    seen.set(identity, number);
    const fingerprint = `${hash(identity)}:${number}`;
    return { ...result, partialFingerprints: { primaryLocationLineHash: fingerprint, 'trapline/v1': identity } };
  });
}

function happeningResult(line: LineResult, happening: Happening, files: Files): Finding {
  const { stack, threadId } = happening;
  const watch = `[${files.name(line.line.file)}:${lineNumberOf(line)}](1)`;
  const text = `${titleOfLine(line)}: ${changeText(happening)}, ${writerText(happening, files.root)}. Watched in ${watch}.`;
  // Within a library the innermost line that is known is where a person looks.
  const own = stack.find(({ path }) => path !== undefined);
  const frames = stack.map((at) => ({ location: frameLocation(at, files) }));
  const flow = stack
    .filter(({ path }) => path !== undefined)
    .toReversed()
    .map((at) => ({ location: { ...frameLocation(at, files), message: { text: `in ${at.function}` } } }));
  return {
    ...resultHead('never-happened', 'error', text),
    locations: own === undefined ? [watchLocation(line, files)] : [frameLocation(own, files)],
    relatedLocations: [{ ...watchLocation(line, files), id: 1, message: { text: titleOfLine(line) } }],
    stacks: [{ message: { text: `Stack of thread ${threadId}` }, frames }],
    ...(flow.length === 0 ? {} : { codeFlows: [{ threadFlows: [{ id: String(threadId), locations: flow }] }] }),
    identity: identityOf(line, own),
  };
}

function unarmedResult(line: LineResult, files: Files): Finding {
  return {
    ...resultHead('never-unarmed', 'error', `${titleOfLine(line)} was not armed: ${line.message}`),
    locations: [watchLocation(line, files)],
    identity: `${titleOfLine(line)}|not armed`,
  };
}

function unboundResult(line: LineResult, files: Files): Finding {
  return {
    ...resultHead('never-bound', 'error', `${titleOfLine(line)} was never bound: ${line.message}`),
    locations: [watchLocation(line, files)],
    identity: `${titleOfLine(line)}|never bound`,
  };
}

function mistakeResult(path: string, { severity, span, message, code }: Mistake, files: Files): Finding {
  return {
    ...resultHead('watch-file-mistake', severity, message),
    locations: [{ physicalLocation: { artifactLocation: artifact(files, path), region: regionOf(span) } }],
    properties: { code },
    identity: `${files.name(path)}|${code}|${message}`,
  };
}

/** From 1; an end that lies at the beginning would be no region. */
function regionOf({ line, start, end }: FileSpan): Region {
  return { startLine: line + 1, startColumn: start + 1, ...(end > start ? { endColumn: end + 1 } : {}) };
}

function resultHead(ruleId: RuleId, level: 'error' | 'warning' | 'note', text: string): Result {
  return { ruleId, ruleIndex: RULES.findIndex(({ id }) => id === ruleId), level, message: { text } };
}

/** The same access in the next run is the same result: no address, no thread, no value. */
const identityOf = (line: LineResult, at: StackPlace | undefined): string =>
  [titleOfLine(line), at?.function ?? '', at?.path?.replace(/^.*\//, '') ?? ''].join('|');

function watchLocation({ line: { file, bound } }: LineResult, files: Files): Location {
  const { keyword, place } = bound.line;
  const region = regionOf({ ...keyword.span, end: place?.span.end ?? keyword.span.end });
  return { physicalLocation: { artifactLocation: artifact(files, file), region } };
}

function frameLocation({ function: name, path, line, column }: StackPlace, files: Files): Location {
  const region = { startLine: line, ...(column === undefined ? {} : { startColumn: column }) };
  return {
    ...(path === undefined || line === undefined
      ? {}
      : { physicalLocation: { artifactLocation: artifact(files, path), region } }),
    logicalLocations: [{ fullyQualifiedName: name, kind: 'function' }],
  };
}

function artifact(files: Files, path: string): PhysicalLocation['artifactLocation'] {
  const name = files.name(path);
  return name.startsWith('/') ? { uri: `file://${encoded(name)}` } : { uri: encoded(name), uriBaseId: ROOT };
}

const encoded = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

const directoryUri = (directory: string): string => `file://${encoded(directory)}${directory.endsWith('/') ? '' : '/'}`;

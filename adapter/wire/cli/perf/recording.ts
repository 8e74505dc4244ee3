// recording.ts: what `trapline record` writes and `trapline report` reads: the file's format, version 1.
//
// Lines of JSON, in UTF-8. The first is the header, an object. Each further one is an array whose first element says
// what it is; places and stacks are numbered from 0 in the order in which they come, and come before their first use:
//
//   {"trapline":"recording","version":1,"command":"…","events":[{"text","address","lengthBytes","access","period"}…]}
//   ["place",{"address":"0x…","function":"…","file":"/…","line":1,"module":"/…","kernel":true}]   all but address optional
//   ["stack",[place…]]                             innermost first: the access, then who called
//   ["hit",event,thread,cpu,time in ns,stack]      one for each sample, in order of time
//   ["thread",{"id":1000,"process":1000,"name":"…"}]
//   ["end",{"hits":n,"lost":n,"counts":[n…],"exitCode":n}]    counts: all accesses of each event, sampled or not
//
// A file without its end is one that was cut off. Readers take what they know of a line and leave the rest.

import { UserError } from '../../../util/user-error';

const RECORDING_VERSION = 1;

export interface RecordedEvent {
  readonly text: string;
  /** 0x… */
  readonly address: string;
  readonly lengthBytes: number;
  readonly access: 'write' | 'readWrite' | 'execute';
  /** A sample for every so many accesses. */
  readonly period: number;
}

export interface RecordedPlace {
  readonly address: string;
  readonly function?: string | undefined;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly module?: string | undefined;
  /** The kernel did it, on behalf of the program's system call. */
  readonly kernel?: boolean | undefined;
}

export interface RecordedThread {
  readonly id: number;
  readonly process: number;
  readonly name: string;
}

export interface RecordedHit {
  readonly event: number;
  readonly thread: number;
  readonly cpu: number;
  readonly timeNs: number;
  readonly stack: number;
}

export interface RecordingEnd {
  readonly hits: number;
  readonly lost: number;
  readonly counts: readonly number[];
  readonly exitCode: number;
}

export interface RecordingHeader {
  readonly command: string;
  readonly events: readonly RecordedEvent[];
}

export interface Recording extends RecordingHeader {
  readonly places: readonly RecordedPlace[];
  /** Numbers of places. */
  readonly stacks: readonly (readonly number[])[];
  readonly hits: readonly RecordedHit[];
  readonly threads: readonly RecordedThread[];
  readonly end: RecordingEnd;
}

/** Writes a recording line by line; `write` gets whole lines. */
export class RecordingWriter {
  private readonly stacks = new Map<string, number>();
  private places = 0;
  hits = 0;

  constructor(private readonly write: (text: string) => void) {}

  header(header: RecordingHeader): void {
    this.line({ trapline: 'recording', version: RECORDING_VERSION, ...header });
  }

  /** Its number. */
  place(place: RecordedPlace): number {
    this.line(['place', place]);
    this.places += 1;
    return this.places - 1;
  }

  /** Its number; the same for the same places. */
  stack(places: readonly number[]): number {
    const key = places.join();
    const known = this.stacks.get(key);
    if (known !== undefined) return known;
    this.line(['stack', places]);
    this.stacks.set(key, this.stacks.size);
    return this.stacks.size - 1;
  }

  hit({ event, thread, cpu, timeNs, stack }: RecordedHit): void {
    this.hits += 1;
    this.write(`["hit",${event},${thread},${cpu},${timeNs},${stack}]\n`);
  }

  thread(thread: RecordedThread): void {
    this.line(['thread', thread]);
  }

  end(end: Omit<RecordingEnd, 'hits'>): void {
    this.line(['end', { hits: this.hits, ...end }]);
  }

  private line(value: unknown): void {
    this.write(`${JSON.stringify(value)}\n`);
  }
}

/** Reads a whole file. Throws UserError where it is foreign, of a later version, cut off or damaged. */
export function readRecording(file: string, text: string): Recording {
  const lines = text.split('\n');
  const header = readHeader(file, lines[0]);
  const reading: Reading = { header, places: [], stacks: [], hits: [], threads: [], end: undefined };
  for (let number = 1; number < lines.length; number += 1) {
    const line = lines[number];
    if (line === '') continue;
    const isLast = number === lines.length - 1;
    const value = parseLine(line);
    if (value === undefined) throw isLast ? cutOff(file) : damaged(file, number + 1, 'it is not JSON');
    const problem = readEntry(reading, value);
    if (problem !== undefined) throw damaged(file, number + 1, problem);
  }
  const { places, stacks, hits, threads, end } = reading;
  if (end === undefined || end.hits !== hits.length) throw cutOff(file);
  return { ...header, places, stacks, hits, threads, end };
}

interface Reading {
  readonly header: RecordingHeader;
  readonly places: RecordedPlace[];
  readonly stacks: number[][];
  readonly hits: RecordedHit[];
  readonly threads: RecordedThread[];
  end: RecordingEnd | undefined;
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0;
const isCounts = (value: unknown): value is number[] => Array.isArray(value) && value.every(isCount);
const isText = (value: unknown): value is string => typeof value === 'string';
const isTextOrNone = (value: unknown): value is string | undefined => value === undefined || isText(value);

function readHeader(file: string, line: string): RecordingHeader {
  const value = parseLine(line);
  if (!isFields(value) || value.trapline !== 'recording') throw foreign(file, line);
  if (value.version !== RECORDING_VERSION) throw otherVersion(file, String(value.version));
  const { command, events } = value;
  if (!isText(command) || !Array.isArray(events)) throw damaged(file, 1, 'the command or the events are missing');
  return {
    command,
    events: events.map((event: unknown) => {
      if (isFields(event)) {
        const { text, address, lengthBytes, access, period } = event;
        if (isText(text) && isText(address) && isCount(lengthBytes) && isAccess(access) && isCount(period)) {
          return { text, address, lengthBytes, access, period };
        }
      }
      throw damaged(file, 1, 'an event is incomplete');
    }),
  };
}

const isAccess = (value: unknown): value is RecordedEvent['access'] =>
  value === 'write' || value === 'readWrite' || value === 'execute';

/** What is wrong with the line. Kinds of lines that are not known are left out. */
function readEntry(reading: Reading, value: unknown): string | undefined {
  if (!Array.isArray(value)) return 'it is no list';
  const [kind, first, ...rest] = value as readonly unknown[];
  switch (kind) {
    case 'place':
      return readPlace(reading, first);
    case 'stack':
      if (!isCounts(first) || first.some((place) => place >= reading.places.length))
        return 'a stack has unknown places';
      reading.stacks.push(first);
      return undefined;
    case 'hit':
      return readHit(reading, [first, ...rest]);
    case 'thread':
      return readThread(reading, first);
    case 'end':
      return readEnd(reading, first);
    default:
      return isText(kind) ? undefined : 'it does not say what it is';
  }
}

function readPlace(reading: Reading, value: unknown): string | undefined {
  if (!isFields(value) || !isText(value.address)) return 'a place has no address';
  const { address, file, line, module, kernel } = value;
  const name = value.function;
  if (!isTextOrNone(name) || !isTextOrNone(file) || !isTextOrNone(module)) return 'a place is damaged';
  if (line !== undefined && !isCount(line)) return 'a place has no proper line';
  reading.places.push({ address, function: name, file, line, module, ...(kernel === true ? { kernel } : {}) });
  return undefined;
}

function readHit(reading: Reading, numbers: readonly unknown[]): string | undefined {
  if (!isCounts(numbers) || numbers.length < 5) return 'a hit is incomplete';
  const [event, thread, cpu, timeNs, stack] = numbers;
  if (event >= reading.header.events.length) return 'a hit is of an unknown event';
  if (stack >= reading.stacks.length) return 'a hit has an unknown stack';
  reading.hits.push({ event, thread, cpu, timeNs, stack });
  return undefined;
}

function readThread(reading: Reading, value: unknown): string | undefined {
  if (!isFields(value)) return 'a thread is damaged';
  const { id, process, name } = value;
  if (!isCount(id) || !isCount(process) || !isText(name)) return 'a thread is damaged';
  reading.threads.push({ id, process, name });
  return undefined;
}

function readEnd(reading: Reading, value: unknown): string | undefined {
  if (!isFields(value)) return 'the end is damaged';
  const { hits, lost, counts, exitCode } = value;
  if (!isCount(hits) || !isCount(lost) || !isCounts(counts) || !isCount(exitCode)) return 'the end is damaged';
  if (counts.length !== reading.header.events.length) return 'the end does not count every event';
  reading.end = { hits, lost, counts, exitCode };
  return undefined;
}

function foreign(file: string, line: string): UserError {
  const whose = line.startsWith('PERFILE')
    ? `${file} was written by perf; read it with perf report`
    : `${file} is no recording of Trapline's`;
  return new UserError('report-foreign', `${whose}. Make one with: trapline record -e mem:SYMBOL:w -- PROGRAM`);
}

const otherVersion = (file: string, version: string): UserError =>
  new UserError(
    'report-version',
    `${file} is a recording of version ${version}, and this Trapline reads version ${RECORDING_VERSION}. Record it anew, ` +
      'or read it with the Trapline that wrote it.',
  );

const cutOff = (file: string): UserError =>
  new UserError(
    'report-cut-off',
    `${file} was cut off before its end (was the recording interrupted?). Record it anew.`,
  );

const damaged = (file: string, line: number, problem: string): UserError =>
  new UserError('report-damaged', `${file} is damaged at line ${line}: ${problem}. Record it anew.`);

// answer-text.ts: what `read` and `records` answer, in the vectors' words.
//
// Truth: the recording server's line protocol ("`read` answer", "`records` answer").

import { SampleType, ReadFormat, RecordType } from '../../../kernel/perf/constants.table';
import { formatAddress } from './addresses';

/** How ids and tasks appear: as the numbers that the vector gave them; -1 if unknown. */
export interface Names {
  eventOfId(id: bigint): number;
  workerOfTid(tid: number): number;
}

/** Reads u64s one after another. */
class Words {
  private readonly view: DataView;
  offset = 0;

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  next(): bigint {
    this.offset += 8;
    return this.offset <= this.view.byteLength ? this.view.getBigUint64(this.offset - 8, true) : 0n;
  }

  skip(count: number): void {
    this.offset += 8 * count;
  }
}

const low = (word: bigint): number => Number(word & 0xffffffffn);
const high = (word: bigint): number => Number(word >> 32n);

export function formatRead(bytes: Uint8Array, format: bigint, names: Names): string {
  const has = (bit: bigint): boolean => (format & bit) !== 0n;
  const words = new Words(bytes);
  const group = has(ReadFormat.group);
  let text = 'ok';
  let enabled = 0n;
  let running = 0n;
  const times = (): void => {
    if (has(ReadFormat.totalTimeEnabled)) enabled = words.next();
    if (has(ReadFormat.totalTimeRunning)) running = words.next();
  };
  const count = group ? words.next() : 1n;
  if (group) {
    text += ` nr=${String(count)}`;
    times();
  }
  for (let position = 0n; position < count; position += 1n) {
    const value = words.next();
    if (!group) times();
    const name = has(ReadFormat.id) ? `e${names.eventOfId(words.next())}:` : '';
    text += ` ${name}${String(value)}`;
    if (has(ReadFormat.lost)) text += `/lost=${String(words.next())}`;
  }
  if (has(ReadFormat.totalTimeEnabled)) text += ` en=${enabled === 0n ? '0' : '+'}`;
  if (has(ReadFormat.totalTimeRunning)) {
    text += ` ru=${timeClass(running, has(ReadFormat.totalTimeEnabled) ? enabled : undefined)}`;
  }
  return words.offset === bytes.length ? text : `${text} SIZE=${bytes.length}`;
}

function timeClass(running: bigint, enabled: bigint | undefined): string {
  if (running === 0n) return '0';
  if (enabled === undefined) return '+';
  if (running === enabled) return '=';
  return running < enabled ? '<' : '>';
}

/** The tokens of all records, runs of equal ones collapsed. */
export function formatRecords(bytes: Uint8Array, sampleType: bigint, readFormat: bigint, names: Names): string {
  const tokens: { text: string; times: number }[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let offset = 0; offset < bytes.length;) {
    const size = view.getUint16(offset + 6, true);
    const record = bytes.subarray(offset, offset + size);
    const text = formatRecord(record, sampleType, readFormat, names);
    const last = tokens.at(-1);
    if (last?.text === text) last.times += 1;
    else tokens.push({ text, times: 1 });
    offset += size;
  }
  return ['ok', ...tokens.map(({ text, times }) => (times > 1 ? `${text}*${times}` : text))].join(' ');
}

function formatRecord(record: Uint8Array, sampleType: bigint, readFormat: bigint, names: Names): string {
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  const type = view.getUint32(0, true);
  const misc = view.getUint16(4, true);
  const words = new Words(record.subarray(8));
  switch (type) {
    case RecordType.sample:
      return formatSample(words, misc & 7, record.length, sampleType, readFormat, names);
    case RecordType.lost:
      return `LOST(id=e${names.eventOfId(words.next())};n=${String(words.next())})`;
    case RecordType.throttle:
      return 'THROTTLE';
    case RecordType.unthrottle:
      return 'UNTHROTTLE';
    case RecordType.exit:
    case RecordType.fork:
      words.skip(1);
      return `${type === RecordType.exit ? 'EXIT' : 'FORK'}(w=${names.workerOfTid(low(words.next()))})`;
    case RecordType.comm:
      return `COMM(m=${(misc & 0x2000).toString(16)})`;
    default:
      return `R${type}`;
  }
}

function formatSample(
  words: Words,
  misc: number,
  size: number,
  sampleType: bigint,
  readFormat: bigint,
  names: Names,
): string {
  const has = (bit: bigint): boolean => (sampleType & bit) !== 0n;
  const event = (): string => `e${names.eventOfId(words.next())}`;
  let text = `S(m=${misc.toString(16)}`;
  if (has(SampleType.identifier)) text += `;id=${event()}`;
  if (has(SampleType.ip)) text += `;ip=${formatAddress(words.next())}`;
  if (has(SampleType.tid)) text += `;w=${names.workerOfTid(high(words.next()))}`;
  if (has(SampleType.time)) words.skip(1);
  if (has(SampleType.addr)) text += `;addr=${formatAddress(words.next())}`;
  if (has(SampleType.id)) text += `;id=${event()}`;
  if (has(SampleType.streamId)) text += `;sid=${event()}`;
  if (has(SampleType.cpu)) text += `;cpu=${low(words.next())}`;
  if (has(SampleType.period)) text += `;period=${String(words.next())}`;
  if (has(SampleType.read)) text += formatSampleRead(words, readFormat, names);
  text += ')';
  const variable = has(SampleType.regsUser) || has(SampleType.callchain);
  return variable || words.offset + 8 === size ? text : `${text}SIZE=${size}`;
}

function formatSampleRead(words: Words, readFormat: bigint, names: Names): string {
  const has = (bit: bigint): boolean => (readFormat & bit) !== 0n;
  const times = (has(ReadFormat.totalTimeEnabled) ? 1 : 0) + (has(ReadFormat.totalTimeRunning) ? 1 : 0);
  const group = has(ReadFormat.group);
  const count = group ? words.next() : 1n;
  if (group) words.skip(times);
  let text = '';
  for (let position = 0n; position < count; position += 1n) {
    const value = words.next();
    if (!group) words.skip(times);
    const name = has(ReadFormat.id) ? `e${names.eventOfId(words.next())}` : 'v';
    text += `${position === 0n ? ';' : '/'}${name}:${String(value)}`;
    if (has(ReadFormat.lost)) words.skip(1);
  }
  return text;
}

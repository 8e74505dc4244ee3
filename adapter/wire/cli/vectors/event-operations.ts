// event-operations.ts: the operations on event descriptors: open, ioctls, ring, poll, read, close.
//
// Truth: the recording server's line protocol ("Operations").

import { perfIoctl } from '../../../kernel/clients/perf-syscall/ioctl';
import type { PerfFile } from '../../../kernel/clients/perf-syscall/perf-file';
import type { FamilyAction } from '../../../kernel/perf/control';
import type { PerfErrno } from '../../../kernel/perf/result';
import { applyKey, defaultAttributeBytes, parseNumber } from './attribute-keys';
import { formatRead, formatRecords } from './answer-text';
import type { Bench, OpenEvent } from './bench';
import type { Worker } from './worker';
import type { Operation } from './worker-operations';

const MAX_EVENTS = 64;
const NO_EVENT = 'err=noevent';
const READ_BUFFER = 1024;

function eventAt(bench: Bench, word: string | undefined): OpenEvent | undefined {
  return bench.events.get(Number.parseInt(word ?? '-1', 10));
}

function onEvent(action: (bench: Bench, event: OpenEvent, words: readonly string[]) => string): Operation {
  return (bench, words) => {
    const event = eventAt(bench, words[0]);
    return event === undefined ? NO_EVENT : action(bench, event, words);
  };
}

function answer(errno: PerfErrno | undefined): string {
  return errno === undefined ? 'ok' : `err=${errno}`;
}

function workerAt(bench: Bench, word: string | undefined): Worker | undefined {
  const worker = bench.workers[Number.parseInt(word ?? '-1', 10)] as Worker | undefined;
  return worker?.alive === true ? worker : undefined;
}

function open(bench: Bench, words: readonly string[]): string {
  const [numberText, targetText, cpu, groupText, flags, ...keys] = words;
  const number = Number.parseInt(numberText, 10);
  if (number < 0 || number >= MAX_EVENTS) return 'err=badevent';
  const target = Number.parseInt(targetText, 10) >= 0 ? workerAt(bench, targetText) : 'all';
  if (target === undefined) return 'err=noworker';
  const group = Number.parseInt(groupText, 10) >= 0 ? eventAt(bench, groupText) : 'none';
  if (group === undefined) return NO_EVENT;
  const attributes = defaultAttributeBytes();
  if (!keys.every((key) => applyKey(attributes, key))) return 'err=badkey';
  if (bench.events.has(number)) return 'err=inuse';
  const opened = bench.syscalls.open({
    attributes,
    target,
    cpu: Number.parseInt(cpu, 10),
    group: group === 'none' ? 'none' : group.file.event,
    flags: Number(parseNumber(flags)),
    opener: bench.opener,
  });
  if (!opened.ok) return `err=${opened.errno}`;
  bench.events.set(number, { file: opened.value, fd: bench.lowestFreeFd(), attributes, map: undefined });
  return 'ok';
}

function modify(bench: Bench, event: OpenEvent, words: readonly string[]): string {
  const attributes = event.attributes.slice();
  if (!words.slice(1).every((key) => applyKey(attributes, key))) return 'err=badkey';
  const errno = event.file.modify(attributes, bench.opener);
  if (errno === undefined) event.attributes = attributes;
  return answer(errno);
}

function family(action: FamilyAction): Operation {
  return onEvent((_bench, event, words) => {
    event.file.control(action, words.at(1)?.startsWith('g') ?? false);
    return 'ok';
  });
}

function setOutput(bench: Bench, event: OpenEvent, words: readonly string[]): string {
  if (Number.parseInt(words[1], 10) < 0) return answer(event.file.setOutput(undefined));
  const other = eventAt(bench, words[1]);
  return other === undefined ? NO_EVENT : answer(event.file.setOutput(other.file));
}

/** ioctl with bare numbers: as an address, no such number points anywhere. */
function rawIoctl(bench: Bench, event: OpenEvent, words: readonly string[]): string {
  const command = Number(parseNumber(words[1]) & 0xffffffffn);
  const errno = perfIoctl(event.file, command, parseNumber(words[2] ?? '0'), {
    opener: bench.opener,
    readBytes: () => undefined,
    writeBytes: () => false,
    descriptor: (fd) => descriptorOf(bench, fd),
  });
  return answer(errno);
}

function descriptorOf(bench: Bench, fd: number): PerfFile | 'other' | 'closed' {
  const event = [...bench.events.values()].find((candidate) => candidate.fd === fd);
  if (event !== undefined) return event.file;
  return fd >= 0 && fd <= 2 ? 'other' : 'closed';
}

function mmap(_bench: Bench, event: OpenEvent, words: readonly string[]): string {
  const readOnly = words.length > 2;
  const errno = event.file.mmap(1 + Number.parseInt(words[1], 10), !readOnly);
  if (errno !== undefined) return answer(errno);
  if (event.map !== undefined) event.file.munmap();
  const { ring } = event.file.event;
  event.map = ring === undefined ? undefined : { ring, readOnly };
  return 'ok';
}

function records(bench: Bench, event: OpenEvent): string {
  if (event.map === undefined) return 'err=nomap';
  if (event.map.readOnly) return 'err=romap';
  const view = new DataView(event.attributes.buffer);
  return formatRecords(event.map.ring.consume(), view.getBigUint64(24, true), view.getBigUint64(32, true), bench);
}

function poll(_bench: Bench, event: OpenEvent): string {
  const polled = event.file.poll();
  const words = [polled.in && 'IN', polled.error && 'ERR', polled.hangUp && 'HUP'].filter((word) => word !== false);
  return `ok ${words.length === 0 ? '0' : words.join('')}`;
}

function setAsync(bench: Bench, event: OpenEvent, words: readonly string[]): string {
  const owner = workerAt(bench, words[1]);
  if (owner === undefined) return 'err=noworker';
  const signal = Number.parseInt(words[2], 10);
  if (signal < 0 || signal > 64) return 'err=EINVAL';
  event.file.setAsync({ owner, signal, fd: event.fd });
  return 'ok';
}

function read(bench: Bench, event: OpenEvent): string {
  const bytes = event.file.read(READ_BUFFER);
  if (!bytes.ok) return `err=${bytes.errno}`;
  if (bytes.value.length === 0) return 'eof';
  const format = new DataView(event.attributes.buffer).getBigUint64(32, true);
  return formatRead(bytes.value, format, bench);
}

function close(bench: Bench, event: OpenEvent, words: readonly string[]): string {
  if (event.map !== undefined) event.file.munmap();
  event.file.close();
  bench.events.delete(Number.parseInt(words[0], 10));
  return 'ok';
}

export const EVENT_OPERATIONS: Readonly<Record<string, Operation>> = {
  open,
  close: onEvent(close),
  enable: family('enable'),
  disable: family('disable'),
  reset: family('reset'),
  refresh: onEvent((_bench, event, words) => answer(event.file.refresh(Number.parseInt(words[1], 10)))),
  period: onEvent((_bench, event, words) => answer(event.file.setPeriod(parseNumber(words[1])))),
  modify: onEvent(modify),
  setout: onEvent(setOutput),
  pause: onEvent((_bench, event, words) => answer(event.file.pause(Number.parseInt(words[1], 10) !== 0))),
  ioctl: onEvent(rawIoctl),
  mmap: onEvent(mmap),
  records: onEvent(records),
  poll: onEvent(poll),
  async: onEvent(setAsync),
  read: onEvent(read),
};

// read-records.ts: the bytes that a ring holds → records, for readers inside the house.
//
// The inverse of records.ts for SAMPLE (with the fields that `RECORDED_SAMPLE` asks for) and LOST; others are skipped.
// Truth: perf_event_open(2), "MMAP layout".

import { RECORD_MISC_KERNEL, RecordType, SampleType } from './constants.table';
import { arrayMemory, type RingMemory } from './ring-buffer';
import { PAGE_SIZE } from './constants.table';

/** sample_type that `readRecords` understands. */
export const RECORDED_SAMPLE = SampleType.ip | SampleType.tid | SampleType.time | SampleType.id | SampleType.cpu;

export type ReadRecord =
  | {
      readonly kind: 'sample';
      readonly instructionPointer: bigint;
      readonly tgid: number;
      readonly tid: number;
      readonly time: bigint;
      /** The event's, or its original's. */
      readonly id: number;
      readonly cpu: number;
      readonly kernelMode: boolean;
    }
  | { readonly kind: 'lost'; readonly count: number };

const HEADER_BYTES = 8;
const MISC_MODE = 7;

/** Whole records only. */
export function* readRecords(bytes: Uint8Array): Generator<ReadRecord> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + HEADER_BYTES <= bytes.length;) {
    const type = view.getUint32(at, true);
    const kernelMode = (view.getUint16(at + 4, true) & MISC_MODE) === RECORD_MISC_KERNEL;
    const size = view.getUint16(at + 6, true);
    if (size < HEADER_BYTES || at + size > bytes.length) return;
    const body = at + HEADER_BYTES;
    if (type === RecordType.lost) yield { kind: 'lost', count: Number(view.getBigUint64(body + 8, true)) };
    if (type === RecordType.sample) {
      yield {
        kind: 'sample',
        instructionPointer: view.getBigUint64(body, true),
        tgid: view.getUint32(body + 8, true),
        tid: view.getUint32(body + 12, true),
        time: view.getBigUint64(body + 16, true),
        id: Number(view.getBigUint64(body + 24, true)),
        cpu: view.getUint32(body + 32, true),
        kernelMode,
      };
    }
    at += size;
  }
}

const HEAD = 1024;
const TAIL = 1032;

/**
 * Ring memory whose reader is always there: each time the kernel moves data_head, `onRecords` gets the new bytes and
 * data_tail follows, so that nothing is ever lost.
 */
export function attentiveMemory(dataPages: number, onRecords: (bytes: Uint8Array) => void): RingMemory {
  const memory = arrayMemory((1 + dataPages) * PAGE_SIZE);
  const size = dataPages * PAGE_SIZE;
  const read = (from: number, length: number): Uint8Array => {
    const first = Math.min(length, size - from);
    const bytes = new Uint8Array(length);
    bytes.set(memory.read(PAGE_SIZE + from, first));
    if (first < length) bytes.set(memory.read(PAGE_SIZE, length - first), first);
    return bytes;
  };
  return {
    ...memory,
    writeU64: (offset, value) => {
      memory.writeU64(offset, value);
      if (offset !== HEAD) return;
      const tail = memory.readU64(TAIL);
      memory.writeU64(TAIL, value);
      if (value > tail) onRecords(read(Number(tail & BigInt(size - 1)), Number(value - tail)));
    },
  };
}

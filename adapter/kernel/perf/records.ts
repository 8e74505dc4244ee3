// records.ts: the bytes of each record that a ring can hold.
//
// Every record starts with {u32 type, u16 misc, u16 size}. A SAMPLE's fields come in the fixed order below, each if
// its sample_type bit is set; other records carry an id trailer where sample_id_all asks for it.
//
// Truth: shared reference "hw-breakpoint-spec", B.10.6; perf_event_open(2), "MMAP layout".

import type { TaskRef } from '../sched/task';
import { ByteWriter } from './byte-writer';
import {
  RECORD_MISC_COMM_EXEC,
  RECORD_MISC_KERNEL,
  RECORD_MISC_MMAP_DATA,
  RECORD_MISC_SWITCH_OUT,
  RECORD_MISC_SWITCH_OUT_PREEMPT,
  RECORD_MISC_USER,
  RecordType,
  SampleType,
} from './constants.table';
import type { PerfEvent } from './event';
import { writeSampleRead, type Refresh } from './read-format';
import type { SampleInput } from './sample';

/** What samples show of a task's memory, where someone can read it. */
export interface UserStacks {
  /** Return addresses of the task's user stack, innermost first, without the instruction pointer itself. */
  readonly userCallchain?: ((task: TaskRef, maxDepth: number) => readonly bigint[]) | undefined;
  /** The task's memory from its stack pointer up, as far as it can be read; at most so many bytes. */
  readonly userStack?: ((task: TaskRef, maxBytes: number) => Uint8Array) | undefined;
}

/** What records need from outside: current counts, and stacks. */
export interface RecordSources extends UserStacks {
  readonly refresh: Refresh;
}

const CONTEXT_KERNEL = -128n;
const CONTEXT_USER = -512n;
const ABI_NONE = 0;
const ABI_64 = 2;
const DATA_SOURCE_NOT_AVAILABLE = 0x21n | (1n << 5n);

function header(out: ByteWriter, type: number, misc: number): ByteWriter {
  return out.u32(type).u16(misc).u16(0);
}

function finish(out: ByteWriter): Uint8Array {
  const bytes = out.finish();
  new DataView(bytes.buffer).setUint16(6, bytes.length, true);
  return bytes;
}

/** PERF_RECORD_SAMPLE. */
export function sampleRecord(event: PerfEvent, sample: SampleInput, sources: RecordSources): Uint8Array {
  const { sampleType } = event.attributes;
  const has = (bit: bigint): boolean => (sampleType & bit) !== 0n;
  const misc = sample.userMode ? RECORD_MISC_USER : RECORD_MISC_KERNEL;
  const out = header(new ByteWriter(), RecordType.sample, misc);
  if (has(SampleType.identifier)) out.u64(event.primaryId);
  if (has(SampleType.ip)) out.u64(sample.instructionPointer);
  if (has(SampleType.tid)) writeTask(out, sample.task);
  if (has(SampleType.time)) out.u64(sample.time);
  if (has(SampleType.addr)) out.u64(sample.address);
  if (has(SampleType.id)) out.u64(event.primaryId);
  if (has(SampleType.streamId)) out.u64(event.id);
  if (has(SampleType.cpu)) out.u32(sample.cpu.id).u32(0);
  if (has(SampleType.period)) out.u64(sample.period);
  if (has(SampleType.read)) writeSampleRead(out, event, sources.refresh);
  if (has(SampleType.callchain)) writeCallchain(out, event, sample, sources);
  if (has(SampleType.raw)) out.u32(4).u32(0);
  if (has(SampleType.branchStack)) out.u64(0);
  if (has(SampleType.regsUser)) writeRegisters(out, event.attributes.sampleRegsUser, sample.task);
  if (has(SampleType.stackUser)) writeStack(out, event.attributes.sampleStackUser, sample.task, sources);
  writeRareFields(out, event, sample, has);
  return finish(out);
}

function writeRareFields(out: ByteWriter, event: PerfEvent, sample: SampleInput, has: (bit: bigint) => boolean): void {
  if (has(SampleType.weight) || has(SampleType.weightStruct)) out.u64(0);
  if (has(SampleType.dataSource)) out.u64(DATA_SOURCE_NOT_AVAILABLE);
  if (has(SampleType.transaction)) out.u64(0);
  if (has(SampleType.regsInterrupt)) writeRegisters(out, event.attributes.sampleRegsInterrupt, sample.task);
  if (has(SampleType.physicalAddress)) out.u64(0);
  if (has(SampleType.cgroup)) out.u64(1);
  if (has(SampleType.dataPageSize)) out.u64(0);
  if (has(SampleType.codePageSize)) out.u64(0);
  if (has(SampleType.aux)) out.u64(0);
}

function writeTask(out: ByteWriter, task: TaskRef | undefined): void {
  out.u32(task?.tgid ?? 0).u32(task?.tid ?? 0);
}

function writeCallchain(out: ByteWriter, event: PerfEvent, sample: SampleInput, sources: RecordSources): void {
  const chain: bigint[] = [];
  const { excludeCallchainKernel, excludeCallchainUser, sampleMaxStack } = event.attributes;
  // Context markers do not count.
  let left = sampleMaxStack;
  if (!sample.userMode && !excludeCallchainKernel) {
    chain.push(CONTEXT_KERNEL, sample.instructionPointer);
    left -= 1;
  }
  if (sample.task !== undefined && !excludeCallchainUser) {
    chain.push(CONTEXT_USER);
    if (left > 0) chain.push(sample.userMode ? sample.instructionPointer : sample.task.registers.rip);
    if (left > 1) chain.push(...(sources.userCallchain?.(sample.task, left - 1) ?? []).slice(0, left - 1));
  }
  out.u64(chain.length);
  for (const address of chain) out.u64(address);
}

/** perf's register numbers → the encoding's: ax bx cx dx si di bp sp. */
const GENERAL = [0, 3, 1, 2, 6, 7, 5, 4] as const;
const USER_CODE_SEGMENT = 0x33n;
const USER_STACK_SEGMENT = 0x2bn;

function writeRegisters(out: ByteWriter, mask: bigint, task: TaskRef | undefined): void {
  if (task === undefined) {
    out.u64(ABI_NONE);
    return;
  }
  out.u64(ABI_64);
  const { registers } = task;
  for (let number = 0; number < 24; number += 1) {
    if ((mask & (1n << BigInt(number))) === 0n) continue;
    if (number < 8) out.u64(registers.readGpr(GENERAL[number]));
    else if (number === 8) out.u64(registers.rip);
    else if (number === 9) out.u64(registers.rflags);
    else if (number === 10) out.u64(USER_CODE_SEGMENT);
    else if (number === 11) out.u64(USER_STACK_SEGMENT);
    else if (number >= 16) out.u64(registers.readGpr(number - 8));
  }
}

const USER_SPACE_END = (1n << 47n) - 4096n;
/** A record's size is 16 bits. */
const LARGEST_RECORD = 0xffff;

/** {u64 size, bytes, u64 how many of them are real}; a size of 0 stands alone. */
function writeStack(out: ByteWriter, wanted: number, task: TaskRef | undefined, sources: RecordSources): void {
  const sp = task?.registers.readGpr(GENERAL[7]) ?? USER_SPACE_END;
  const untilEnd = sp < USER_SPACE_END ? Number(USER_SPACE_END - sp) : 0;
  const room = LARGEST_RECORD - out.size - 16;
  const size = Math.max(0, Math.min(wanted, untilEnd, room)) & ~7;
  out.u64(size);
  if (size === 0 || task === undefined) return;
  const bytes = sources.userStack?.(task, size) ?? new Uint8Array(0);
  out
    .raw(bytes)
    .raw(new Uint8Array(size - bytes.length))
    .u64(bytes.length);
}

/** What a record that is not a sample says about its origin. */
export interface RecordOrigin {
  readonly task: TaskRef | undefined;
  readonly cpu: number;
  readonly time: bigint;
}

function trailer(out: ByteWriter, event: PerfEvent, origin: RecordOrigin): Uint8Array {
  if (!event.attributes.sampleIdAll) return finish(out);
  const has = (bit: bigint): boolean => (event.attributes.sampleType & bit) !== 0n;
  if (has(SampleType.tid)) writeTask(out, origin.task);
  if (has(SampleType.time)) out.u64(origin.time);
  if (has(SampleType.id)) out.u64(event.primaryId);
  if (has(SampleType.streamId)) out.u64(event.id);
  if (has(SampleType.cpu)) out.u32(origin.cpu).u32(0);
  if (has(SampleType.identifier)) out.u64(event.primaryId);
  return finish(out);
}

export function lostRecord(event: PerfEvent, lost: number, origin: RecordOrigin): Uint8Array {
  return trailer(header(new ByteWriter(), RecordType.lost, 0).u64(event.id).u64(lost), event, origin);
}

/** FORK: `task` is the child, `parent` its maker. EXIT: the task itself and its parent, as far as known. */
export function taskRecord(
  event: PerfEvent,
  type: 'fork' | 'exit',
  task: TaskRef,
  parent: TaskRef | undefined,
  origin: RecordOrigin,
): Uint8Array {
  const out = header(new ByteWriter(), RecordType[type], 0);
  out.u32(task.tgid).u32(parent?.tgid ?? 0);
  out.u32(task.tid).u32(parent?.tid ?? 0);
  return trailer(out.u64(origin.time), event, origin);
}

export function commRecord(event: PerfEvent, task: TaskRef, exec: boolean, origin: RecordOrigin): Uint8Array {
  const out = header(new ByteWriter(), RecordType.comm, exec ? RECORD_MISC_COMM_EXEC : 0);
  writeTask(out, task);
  return trailer(out.paddedText(task.comm.slice(0, 15)), event, origin);
}

/** A mapping as MMAP and MMAP2 tell it. */
export interface MappingInfo {
  readonly address: bigint;
  readonly lengthBytes: bigint;
  /** Of the file, in bytes; for anonymous memory its own address. */
  readonly offset: bigint;
  /** PROT_ and MAP_ bits. */
  readonly prot: number;
  readonly flags: number;
  readonly executable: boolean;
  readonly name: string;
  readonly major: number;
  readonly minor: number;
  readonly inode: bigint;
}

/** MMAP, or MMAP2 where the event wants that. */
export function mappingRecord(event: PerfEvent, task: TaskRef, mapping: MappingInfo, origin: RecordOrigin): Uint8Array {
  const { mmap2 } = event.attributes;
  const misc = RECORD_MISC_USER | (mapping.executable ? 0 : RECORD_MISC_MMAP_DATA);
  const out = header(new ByteWriter(), mmap2 ? RecordType.mmap2 : RecordType.mmap, misc);
  writeTask(out, task);
  out.u64(mapping.address).u64(mapping.lengthBytes).u64(mapping.offset);
  if (mmap2) {
    out.u32(mapping.major).u32(mapping.minor).u64(mapping.inode).u64(0);
    out.u32(mapping.prot).u32(mapping.flags);
  }
  return trailer(out.paddedText(mapping.name), event, origin);
}

/** SWITCH, or SWITCH_CPU_WIDE for an event of a CPU, which names the other task. */
export function switchRecord(
  event: PerfEvent,
  direction: { readonly out: boolean; readonly preempted: boolean; readonly other: TaskRef | undefined },
  origin: RecordOrigin,
): Uint8Array {
  const misc = direction.out ? RECORD_MISC_SWITCH_OUT | (direction.preempted ? RECORD_MISC_SWITCH_OUT_PREEMPT : 0) : 0;
  const isOfTask = event.target !== undefined;
  const out = header(new ByteWriter(), isOfTask ? RecordType.switch : RecordType.switchCpuWide, misc);
  if (!isOfTask) writeTask(out, direction.other);
  return trailer(out, event, origin);
}

/** READ: the last word of a copy with inherit_stat. */
export function readRecord(event: PerfEvent, origin: RecordOrigin, refresh: Refresh): Uint8Array {
  const out = header(new ByteWriter(), RecordType.read, 0);
  writeTask(out, origin.task);
  writeSampleRead(out, event, refresh);
  return trailer(out, event, origin);
}

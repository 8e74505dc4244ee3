// load-program.ts: puts a program and its interpreter into a new address space, with the stack it expects.
//
//   0x10000 …           nothing (Linux's mmap_min_addr)
//   0x400000            programs that are not position-independent (their own addresses)
//   PIE_BASE …          position-independent programs, then the heap (brk)
//   … mmapTop           mmap, top-down: the interpreter, libraries, thread stacks
//   stack (8 MiB)       up to the limit
//
// Always the same places. No vDSO: time calls are system calls.
// Truth: execve(2), getauxval(3), x86-64 psABI 3.4.1 (process initialization).

import { MAX_LIMIT } from '../../machine/layout';
import type { AddressSpace } from '../../machine/machine';
import { MAP_FIXED, PROT_EXEC, PROT_READ, PROT_WRITE } from '../abi/file-constants';
import type { KernelAccess } from '../mm/user-copy';
import type { VmaFile } from '../mm/vma-list';
import { LOWEST_ADDRESS, MemoryMap, pageCeil, pageFloor } from '../mm/memory-map';
import type { ElfImage, LoadSegment } from './elf-image';
import { programTooLarge } from './exec-errors';
import { buildStack, type StackFacts } from './initial-stack';
import { hex } from '../../util/hex';

const PIE_BASE = 0x1000000;
const STACK_BYTES = 8 * 1024 * 1024;
/** A program that leaves less than this below the first limit gets its stack at the highest one. */
const USUAL_ROOM_BYTES = 128 * 1024 * 1024;
const STACK_GAP = 1024 * 1024;
/** Room above the stack's top that stays unmapped. */
const TOP_GAP = 0x10000;

export interface ProgramFile {
  readonly image: ElfImage;
  readonly file: VmaFile;
}

export interface LoadedProgram {
  readonly memory: MemoryMap;
  /** Behind a segment's own bytes in its last page (the beginning of .bss) the kernel itself writes zeros. */
  readonly cleared: readonly KernelAccess[];
  readonly entry: bigint;
  readonly stackPointer: bigint;
  readonly auxiliary: Uint8Array;
  readonly bias: number;
}

export function loadProgram(
  space: AddressSpace,
  program: ProgramFile,
  interpreter: ProgramFile | undefined,
  facts: StackFacts,
): LoadedProgram {
  const memory = new MemoryMap(space);
  const bias = program.image.relocatable ? PIE_BASE : 0;
  const programEnd = Math.max(...program.image.segments.map((segment) => segment.address + segment.memoryBytes));
  const roomy = bias + programEnd + USUAL_ROOM_BYTES <= memory.firstLimit;
  const stackTop = (roomy ? memory.firstLimit : MAX_LIMIT) - TOP_GAP;
  memory.mmapTop = stackTop - STACK_BYTES - STACK_GAP;
  placeImage(memory, program, bias);
  memory.brkStart = memory.brkEnd = pageCeil(bias + programEnd);
  const interpreterBase = interpreter === undefined ? 0 : baseForInterpreter(memory, interpreter.image);
  if (interpreter !== undefined) placeImage(memory, interpreter, interpreterBase);
  const stackProt = PROT_READ | PROT_WRITE | (program.image.stackExecutable ? PROT_EXEC : 0);
  memory.mmap({
    address: stackTop - STACK_BYTES,
    lengthBytes: STACK_BYTES,
    prot: stackProt,
    flags: MAP_FIXED,
    name: '[stack]',
  });
  const stack = buildStack(memory, stackTop, facts, {
    headers: bias + program.image.headersAddress,
    headerCount: program.image.headerCount,
    interpreterBase,
    entry: bias + program.image.entry,
  });
  const entry = interpreter === undefined ? bias + program.image.entry : interpreterBase + interpreter.image.entry;
  return {
    memory,
    cleared: [
      ...clearedBy(program.image, bias),
      ...(interpreter === undefined ? [] : clearedBy(interpreter.image, interpreterBase)),
    ],
    entry: BigInt(entry),
    stackPointer: BigInt(stack.pointer),
    auxiliary: stack.auxiliary,
    bias,
  };
}

function clearedBy(image: ElfImage, bias: number): KernelAccess[] {
  return image.segments
    .filter(({ writable, fileBytes, memoryBytes }) => writable && fileBytes > 0 && memoryBytes > fileBytes)
    .map((segment) => {
      const address = bias + segment.address + segment.fileBytes;
      return { address: BigInt(address), lengthBytes: pageCeil(address) - address, write: true, bytewise: true };
    });
}

function baseForInterpreter(memory: MemoryMap, image: ElfImage): number {
  if (!image.relocatable) return 0;
  const end = Math.max(...image.segments.map((segment) => segment.address + segment.memoryBytes));
  const base = memory.vmas.findGapDown(pageCeil(end), LOWEST_ADDRESS, memory.mmapTop);
  if (base === undefined) throw programTooLarge(image.path, 'the interpreter finds no room');
  return base;
}

function placeImage(memory: MemoryMap, program: ProgramFile, bias: number): void {
  for (const segment of program.image.segments) placeSegment(memory, program, segment, bias);
}

function placeSegment(memory: MemoryMap, program: ProgramFile, segment: LoadSegment, bias: number): void {
  const start = pageFloor(bias + segment.address);
  const lead = bias + segment.address - start;
  const fileEnd = start + pageCeil(lead + segment.fileBytes);
  const end = start + pageCeil(lead + segment.memoryBytes);
  if (start < LOWEST_ADDRESS || end > memory.mmapTop) {
    throw programTooLarge(program.image.path, `it asks for ${hex(start)}–${hex(end)}`);
  }
  const prot = protOf(segment);
  if (segment.fileBytes > 0) {
    const from = segment.fileOffset - lead;
    memory.mmap({
      address: start,
      lengthBytes: fileEnd - start,
      prot,
      flags: MAP_FIXED,
      file: program.file,
      offset: from,
      content: contentOf(program.image.bytes, from, fileEnd - start, segment),
    });
  }
  const anonymousStart = segment.fileBytes > 0 ? fileEnd : start;
  if (end > anonymousStart) {
    memory.mmap({ address: anonymousStart, lengthBytes: end - anonymousStart, prot, flags: MAP_FIXED });
  }
}

/** The file's bytes of a segment's pages; behind a writable segment's own bytes there are zeros (.bss). */
function contentOf(bytes: Uint8Array, from: number, lengthBytes: number, segment: LoadSegment): Uint8Array {
  const content = bytes.slice(Math.max(0, from), from + lengthBytes);
  if (segment.memoryBytes > segment.fileBytes) content.fill(0, segment.fileOffset + segment.fileBytes - from);
  return content;
}

function protOf(segment: LoadSegment): number {
  return (
    (segment.readable ? PROT_READ : 0) | (segment.writable ? PROT_WRITE : 0) | (segment.executable ? PROT_EXEC : 0)
  );
}

export const STACK_LIMIT_BYTES = STACK_BYTES;

// code.ts: writes the body of one WebAssembly function.
//
// Keeps the locals, the nesting of blocks and the branch hints. A label is the nesting depth at which its block was
// opened; branches turn it into the relative number that the format wants.
//
// `mark` leaves a place that is filled when the body is finished (the registers to spill are not known before).
// Truth: WebAssembly core specification, 5.4 and 5.5.13; branch hinting proposal (metadata.code.branch_hint).

import { ByteWriter } from './byte-writer';
import { ARITHMETIC_64, COMPARE_64, EMPTY_BLOCK, OP, type ValueType } from './opcodes.table';

export type Label = number;
export type Local = number;

export interface FunctionBody {
  readonly bytes: Uint8Array;
  /** Offsets, from the start of the body, of branches that are seldom taken. */
  readonly coldBranches: readonly number[];
}

/** What fills a mark: up to 32 registers. */
const FILL_BYTES = 512;

interface Mark {
  readonly at: number;
  readonly fill: (code: Code) => void;
}

export class Code {
  protected readonly out: ByteWriter;
  private readonly localTypes: ValueType[] = [];
  private readonly coldBranches: number[] = [];
  private readonly marks: Mark[] = [];
  private depth = 0;

  /**
   * @param parameters how many locals the function's parameters take; each numbered from 0
   * @param out where the body is written
   */
  constructor(
    readonly parameters: number,
    out = new ByteWriter(4096),
  ) {
    this.out = out;
  }

  get size(): number {
    return this.out.length;
  }

  /** Blocks, loops and ifs that are open. */
  get nesting(): number {
    return this.depth;
  }

  newLocal(type: ValueType): Local {
    this.localTypes.push(type);
    return this.parameters + this.localTypes.length - 1;
  }

  op(opcode: number): void {
    this.out.byte(opcode);
  }

  /** Arithmetic by its i32 opcode, in the width asked for. */
  arithmetic(opcode32: number, wide: boolean): void {
    this.out.byte(wide ? opcode32 + ARITHMETIC_64 : opcode32);
  }

  /** A comparison by its i32 opcode, in the width asked for. */
  compare(opcode32: number, wide: boolean): void {
    this.out.byte(wide ? opcode32 + COMPARE_64 : opcode32);
  }

  opFc(number: number): void {
    this.out.byte(0xfc);
    this.out.unsigned(number);
  }

  memoryCopy(): void {
    this.opFc(10);
    this.out.byte(0);
    this.out.byte(0);
  }

  memoryFill(): void {
    this.opFc(11);
    this.out.byte(0);
  }

  simd(number: number): void {
    this.out.byte(0xfd);
    this.out.unsigned(number);
  }

  /** extract_lane, replace_lane. */
  simdLane(number: number, lane: number): void {
    this.simd(number);
    this.out.byte(lane);
  }

  /** v128.load…, v128.store. */
  simdMemory(number: number, offset = 0): void {
    this.simd(number);
    this.out.unsigned(0);
    this.out.unsigned(offset);
  }

  /** v128.load8_lane … store64_lane. */
  simdMemoryLane(number: number, lane: number, offset = 0): void {
    this.simdMemory(number, offset);
    this.out.byte(lane);
  }

  /** v128.const, i8x16.shuffle. */
  simdBytes(number: number, bytes: Uint8Array | readonly number[]): void {
    this.simd(number);
    for (let n = 0; n < 16; n++) this.out.byte(bytes[n] ?? 0);
  }

  /** An operand of the instruction just written. */
  unsigned(value: number): void {
    this.out.unsigned(value);
  }

  i32(value: number): void {
    this.out.byte(OP.i32Const);
    this.out.signed(value);
  }

  i64(value: number | bigint): void {
    this.out.byte(OP.i64Const);
    this.out.signed64(value);
  }

  /** An integer constant of the width asked for. */
  constant(value: number | bigint, wide: boolean): void {
    if (wide) this.i64(value);
    else this.i32(typeof value === 'bigint' ? Number(BigInt.asIntN(32, value)) : value);
  }

  f64(value: number): void {
    this.out.byte(OP.f64Const);
    this.out.append(new Uint8Array(new Float64Array([value]).buffer));
  }

  f32(value: number): void {
    this.out.byte(OP.f32Const);
    this.out.append(new Uint8Array(new Float32Array([value]).buffer));
  }

  get(local: Local): void {
    this.out.byte(OP.localGet);
    this.out.unsigned(local);
  }

  set(local: Local): void {
    this.out.byte(OP.localSet);
    this.out.unsigned(local);
  }

  tee(local: Local): void {
    this.out.byte(OP.localTee);
    this.out.unsigned(local);
  }

  /** A load or store; no alignment is promised. */
  memory(opcode: number, offset = 0): void {
    this.out.byte(opcode);
    this.out.byte(0);
    this.out.unsigned(offset);
  }

  block(result: number = EMPTY_BLOCK): Label {
    this.out.byte(OP.block);
    this.out.byte(result);
    return ++this.depth;
  }

  loop(): Label {
    this.out.byte(OP.loop);
    this.out.byte(EMPTY_BLOCK);
    return ++this.depth;
  }

  if(result: number = EMPTY_BLOCK): Label {
    this.out.byte(OP.if);
    this.out.byte(result);
    return ++this.depth;
  }

  /** An `if` whose inside is seldom entered. */
  coldIf(result: number = EMPTY_BLOCK): Label {
    this.coldBranches.push(this.out.length);
    return this.if(result);
  }

  else(): void {
    this.out.byte(OP.else);
  }

  end(): void {
    this.depth--;
    this.out.byte(OP.end);
  }

  br(label: Label): void {
    this.out.byte(OP.br);
    this.out.unsigned(this.depth - label);
  }

  brIf(label: Label): void {
    this.out.byte(OP.brIf);
    this.out.unsigned(this.depth - label);
  }

  /** A conditional branch that is seldom taken. */
  coldBrIf(label: Label): void {
    this.coldBranches.push(this.out.length);
    this.brIf(label);
  }

  brTable(labels: readonly Label[], otherwise: Label): void {
    this.out.byte(OP.brTable);
    this.out.unsigned(labels.length);
    for (const label of labels) this.out.unsigned(this.depth - label);
    this.out.unsigned(this.depth - otherwise);
  }

  call(functionIndex: number): void {
    this.out.byte(OP.call);
    this.out.unsigned(functionIndex);
  }

  callIndirect(typeIndex: number): void {
    this.out.byte(OP.callIndirect);
    this.out.unsigned(typeIndex);
    this.out.unsigned(0);
  }

  /** A place to be filled by `fill` when the body is finished; `fill` may emit, but not mark or nest. */
  mark(fill: (code: Code) => void): void {
    this.marks.push({ at: this.out.length, fill });
  }

  /** The body with its locals in front and the marks filled. */
  finish(): FunctionBody {
    const filled = this.marks.map(({ at, fill }) => {
      const code = new Code(this.parameters, new ByteWriter(FILL_BYTES));
      fill(code);
      return { at, bytes: code.out };
    });
    const body = new ByteWriter(this.out.length + 64 + 16 * this.localTypes.length);
    this.writeLocals(body);
    const header = body.length;
    let from = 0;
    const inserted: { at: number; total: number }[] = [{ at: -1, total: header }];
    for (const { at, bytes } of filled) {
      body.append(this.out.bytes, from, at);
      body.append(bytes.bytes, 0, bytes.length);
      from = at;
      inserted.push({ at, total: body.length - at });
    }
    body.append(this.out.bytes, from, this.out.length);
    let next = 0;
    const coldBranches = this.coldBranches.map((at) => {
      while (next + 1 < inserted.length && inserted[next + 1].at <= at) next++;
      return at + inserted[next].total;
    });
    return { bytes: body.finish(), coldBranches };
  }

  private writeLocals(body: ByteWriter): void {
    const groups: { count: number; type: ValueType }[] = [];
    for (const type of this.localTypes) {
      const last = groups.at(-1);
      if (last?.type === type) last.count++;
      else groups.push({ count: 1, type });
    }
    body.unsigned(groups.length);
    for (const { count, type } of groups) {
      body.unsigned(count);
      body.byte(type);
    }
  }
}

// micro-code.ts: writes a region's body in the form that the evaluator runs (evaluator.ts).
//
// The same operations as in code.ts, so that each instruction is described once for both; but operands have a fixed
// size, blocks are gone, and branches say how far they go. How many values lie on the operand stack is known here, so
// a branch also says how many stay. Bodies hold no addresses of their own: they can be moved.
//
//   u16 bytes of locals, then operations: one byte, and operands, little-endian
//
// A frame: the operand stack (MOST_OPERANDS slots), then the locals, parameters first; each in 16 bytes.

import { assert } from '../../util/assert';
import { HELPERS } from '../translate/helper-imports';
import { ByteWriter } from '../wasm/byte-writer';
import { Code, type FunctionBody, type Label, type Local } from '../wasm/code';
import {
  ARITHMETIC_64,
  COMPARE_64,
  EMPTY_BLOCK,
  F32,
  I32,
  OP,
  OP_FC,
  V128,
  type ValueType,
} from '../wasm/opcodes.table';
import {
  EXTRACTS,
  LANE_LOADS,
  LANE_STORES,
  LOAD_EFFECTS,
  MICRO,
  PLAIN_EFFECTS,
  PLAIN_FC_EFFECTS,
  PLAIN_SIMD_EFFECTS,
  REPLACES,
  SIMD_LOAD_EFFECTS,
  STORE_EFFECTS,
  type Effect,
} from './operations.table';
import { SIMD } from '../wasm/simd.table';

export const SLOT_SHIFT = 4;
const MOST_OPERANDS = 32;
/** An empty stack's pointer is the frame's address; its first value lies this far above. */
export const FIRST_OPERAND = 64;
export const LOCALS = FIRST_OPERAND + (MOST_OPERANDS << SLOT_SHIFT);
export const HEADER_BYTES = 2;
const MOST_LOCALS = 1024;

interface OpenBlock {
  readonly isLoop: boolean;
  /** Operands that stay where a branch goes here. */
  readonly height: number;
  readonly results: number;
  /** Where a loop begins. */
  readonly start: number;
  /** Operands that get the distance to the end. */
  readonly patches: number[];
}

/** What operations do to the height of the operand stack. */
function heights(effects: ReadonlyMap<number, Effect>, heightOf: Int8Array, base = 0): void {
  for (const [number, { takes, leaves }] of effects) {
    heightOf[base + number] = (leaves === undefined ? 0 : 1) - takes.length;
  }
}

const HEIGHTS = new Int8Array(256);
heights(PLAIN_EFFECTS, HEIGHTS);
heights(LOAD_EFFECTS, HEIGHTS);
heights(STORE_EFFECTS, HEIGHTS);
heights(PLAIN_FC_EFFECTS, HEIGHTS, MICRO.prefixFc);
HEIGHTS[OP.drop] = -1;
HEIGHTS[OP.select] = -2;
HEIGHTS[MICRO.prefixFc + OP_FC.memoryCopy] = -3;

const SIMD_HEIGHTS = new Int8Array(256);
heights(PLAIN_SIMD_EFFECTS, SIMD_HEIGHTS);
heights(SIMD_LOAD_EFFECTS, SIMD_HEIGHTS);
for (const number of EXTRACTS.keys()) SIMD_HEIGHTS[number] = 0;
for (const number of [...REPLACES.keys(), ...LANE_LOADS.keys()]) SIMD_HEIGHTS[number] = -1;
for (const number of [SIMD.v128Store, ...LANE_STORES.keys()]) SIMD_HEIGHTS[number] = -2;
SIMD_HEIGHTS[SIMD.v128Const] = 1;
SIMD_HEIGHTS[SIMD.i8x16Shuffle] = -1;

/** One body is written at a time. */
const SCRATCH = new ByteWriter(16384);

export class MicroCode extends Code {
  private readonly types: ValueType[];
  private readonly open: OpenBlock[] = [];
  /** Open ifs without an else, and where each says how far its else is. */
  private readonly ifs: Label[] = [];
  private readonly elseAt: number[] = [];
  private height = 0;

  constructor(parameters: readonly ValueType[]) {
    super(parameters.length, SCRATCH);
    SCRATCH.length = 0;
    this.types = [...parameters];
    SCRATCH.word16(0);
  }

  override get nesting(): number {
    return this.open.length;
  }

  override newLocal(type: ValueType): Local {
    this.types.push(type);
    return this.types.length - 1;
  }

  override op(opcode: number): void {
    this.out.byte(opcode);
    this.height += HEIGHTS[opcode];
  }

  override arithmetic(opcode32: number, wide: boolean): void {
    this.op(wide ? opcode32 + ARITHMETIC_64 : opcode32);
  }

  override compare(opcode32: number, wide: boolean): void {
    this.op(wide ? opcode32 + COMPARE_64 : opcode32);
  }

  override opFc(number: number): void {
    this.op(MICRO.prefixFc + number);
  }

  override memoryCopy(): void {
    this.opFc(OP_FC.memoryCopy);
  }

  override memoryFill(): void {
    throw new Error('micro-code has no bulk memory operations');
  }

  // SIMD ---------------------------------------------------------------------------------------------------------

  override simd(number: number): void {
    this.out.byte(MICRO.simd);
    this.out.byte(number);
    this.height += SIMD_HEIGHTS[number];
    this.checkHeight();
  }

  override simdMemory(number: number, offset = 0): void {
    this.simd(number);
    this.out.word32(offset);
  }

  // Values -------------------------------------------------------------------------------------------------------

  override unsigned(): void {
    throw new Error('micro-operations take no such operand');
  }

  private grow(): void {
    this.height++;
    this.checkHeight();
  }

  private checkHeight(): void {
    assert(this.height <= MOST_OPERANDS, 'the operand stack is deep enough', this.height);
  }

  override i32(value: number): void {
    this.out.byte(OP.i32Const);
    this.out.word32(value);
    this.grow();
  }

  override i64(value: number | bigint): void {
    this.out.byte(OP.i64Const);
    this.out.word64(value);
    this.grow();
  }

  override f64(value: number): void {
    super.f64(value);
    this.grow();
  }

  override f32(value: number): void {
    super.f32(value);
    this.grow();
  }

  private local(local: Local, opcode64: number, opcode32: number, opcode128: number): void {
    const type = this.types[local];
    this.out.byte(type === I32 || type === F32 ? opcode32 : type === V128 ? opcode128 : opcode64);
    this.out.word16(LOCALS + (local << SLOT_SHIFT));
  }

  override get(local: Local): void {
    this.local(local, OP.localGet, MICRO.get32, MICRO.get128);
    this.grow();
  }

  override set(local: Local): void {
    this.local(local, OP.localSet, MICRO.set32, MICRO.set128);
    this.height--;
  }

  override tee(local: Local): void {
    this.local(local, OP.localTee, MICRO.tee32, MICRO.tee128);
  }

  override memory(opcode: number, offset = 0): void {
    this.op(opcode);
    this.out.word32(offset);
  }

  /** Pushes an i64 of the state area. */
  getState(address: number): void {
    this.out.byte(MICRO.getState);
    this.out.word16(address);
    this.grow();
  }

  /** Pops an i64 to the state area. */
  setState(address: number): void {
    this.out.byte(MICRO.setState);
    this.out.word16(address);
    this.height--;
  }

  // Blocks -------------------------------------------------------------------------------------------------------

  private openBlock(isLoop: boolean, result: number): Label {
    const results = result === EMPTY_BLOCK ? 0 : 1;
    return this.open.push({ isLoop, height: this.height, results, start: this.out.length, patches: [] });
  }

  override block(result: number = EMPTY_BLOCK): Label {
    return this.openBlock(false, result);
  }

  override loop(): Label {
    return this.openBlock(true, EMPTY_BLOCK);
  }

  override if(result: number = EMPTY_BLOCK): Label {
    this.out.byte(OP.if);
    this.height--;
    const at = this.out.length;
    this.out.word32(0);
    const label = this.openBlock(false, result);
    this.elseAt.push(at);
    this.ifs.push(label);
    return label;
  }

  override coldIf(result: number = EMPTY_BLOCK): Label {
    return this.if(result);
  }

  override else(): void {
    const block = this.open[this.open.length - 1];
    this.out.byte(OP.else);
    block.patches.push(this.out.length);
    this.out.word32(0);
    this.patchIf();
    this.height = block.height;
  }

  private patchIf(): void {
    this.ifs.pop();
    const at = this.elseAt.pop();
    if (at !== undefined) this.out.setWord32(at, this.out.length - at);
  }

  override end(): void {
    if (this.ifs.at(-1) === this.open.length) this.patchIf();
    const block = this.open.pop();
    assert(block !== undefined, 'a block is open');
    for (const at of block.patches) this.out.setWord32(at, this.out.length - at);
    this.height = block.height + block.results;
  }

  override br(label: Label): void {
    this.out.byte(OP.br);
    this.branchTo(label);
  }

  override brIf(label: Label): void {
    this.out.byte(OP.brIf);
    this.height--;
    this.branchTo(label);
  }

  override coldBrIf(label: Label): void {
    this.brIf(label);
  }

  private branchTo(label: Label): void {
    const block = this.open[label - 1];
    assert(block.results === 0, 'branches carry no values');
    const at = this.out.length;
    if (block.isLoop) this.out.word32(block.start - at);
    else {
      block.patches.push(at);
      this.out.word32(0);
    }
    this.out.word16(block.height << SLOT_SHIFT);
  }

  override brTable(): void {
    throw new Error('micro-code has no jump tables');
  }

  // Calls --------------------------------------------------------------------------------------------------------

  override call(): void {
    throw new Error('micro-code calls helpers only');
  }

  /** By the helper's number. */
  override callIndirect(helper: number): void {
    const { parameters } = HELPERS[helper];
    this.out.byte(MICRO.helper + helper);
    this.height += 1 - parameters.length;
  }

  override mark(): void {
    throw new Error('registers stay in the state area');
  }

  override finish(): FunctionBody {
    assert(this.types.length <= MOST_LOCALS, 'locals fit the frame', this.types.length);
    this.out.setWord16(0, this.types.length << SLOT_SHIFT);
    return { bytes: this.out.finish(), coldBranches: [] };
  }
}

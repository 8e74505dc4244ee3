// operations.table.ts: what each micro-operation takes from the operand stack and what it leaves there.
//
// Micro-operations are WebAssembly's instructions, one byte each (SIMD: two), with operands of fixed size; those that
// a single byte cannot say, or that say often-used pairs at once, have numbers that WebAssembly does not use.
// Truth: WebAssembly core specification, appendix A.3 (index of instructions).

import { F32, F64, I32, I64, OP, OP_FC, V128, type ValueType } from '../wasm/opcodes.table';

export interface Effect {
  readonly takes: readonly ValueType[];
  readonly leaves: ValueType | undefined;
}

/** Numbers beyond WebAssembly's. */
export const MICRO = {
  /** An i64 of the state area, by a u16 address. */
  getState: 0xd0,
  setState: 0xd1,
  /** Locals of other types than i64, by a u16 offset in the frame. */
  get32: 0xd2,
  set32: 0xd3,
  tee32: 0xd4,
  get128: 0xd5,
  set128: 0xd6,
  tee128: 0xd7,
  /** + the number after the prefix 0xfc. */
  prefixFc: 0xe0,
  /** Goes on in another region. */
  tailGo: 0xee,
  simd: 0xef,
  /** + the helper's number: the last ones. */
  helper: 0xf0,
} as const;

type Row = readonly [first: number, last: number, takes: readonly ValueType[], leaves: ValueType | undefined];

/** Operations without operands of their own. */
const PLAIN: readonly Row[] = [
  [OP.i32Eqz, OP.i32Eqz, [I32], I32],
  [OP.i32Eq, OP.i32GeU, [I32, I32], I32],
  [OP.i64Eqz, OP.i64Eqz, [I64], I32],
  [OP.i64Eq, OP.i64GeU, [I64, I64], I32],
  [OP.f32Eq, OP.f32Ge, [F32, F32], I32],
  [OP.f64Eq, OP.f64Ge, [F64, F64], I32],
  [OP.i32Clz, OP.i32Popcnt, [I32], I32],
  [OP.i32Add, OP.i32Rotr, [I32, I32], I32],
  [OP.i64Clz, OP.i64Popcnt, [I64], I64],
  [OP.i64Add, OP.i64Rotr, [I64, I64], I64],
  [OP.f32Abs, OP.f32Sqrt, [F32], F32],
  [OP.f32Add, OP.f32Copysign, [F32, F32], F32],
  [OP.f64Abs, OP.f64Sqrt, [F64], F64],
  [OP.f64Add, OP.f64Copysign, [F64, F64], F64],
  [OP.i32WrapI64, OP.i32WrapI64, [I64], I32],
  [OP.i64ExtendI32S, OP.i64ExtendI32U, [I32], I64],
  [OP.f32ConvertI32S, OP.f32ConvertI32S, [I32], F32],
  [OP.f32ConvertI64S, OP.f32ConvertI64S, [I64], F32],
  [OP.f32DemoteF64, OP.f32DemoteF64, [F64], F32],
  [OP.f64ConvertI32S, OP.f64ConvertI32S, [I32], F64],
  [OP.f64ConvertI64S, OP.f64ConvertI64S, [I64], F64],
  [OP.f64PromoteF32, OP.f64PromoteF32, [F32], F64],
  [OP.i32ReinterpretF32, OP.i32ReinterpretF32, [F32], I32],
  [OP.i64ReinterpretF64, OP.i64ReinterpretF64, [F64], I64],
  [OP.f32ReinterpretI32, OP.f32ReinterpretI32, [I32], F32],
  [OP.f64ReinterpretI64, OP.f64ReinterpretI64, [I64], F64],
  [OP.i32Extend8S, OP.i32Extend16S, [I32], I32],
  [OP.i64Extend8S, OP.i64Extend32S, [I64], I64],
];

/** After the prefix 0xfc. */
const PLAIN_FC: readonly Row[] = [
  [OP_FC.i32TruncSatF32S, OP_FC.i32TruncSatF32S, [F32], I32],
  [OP_FC.i32TruncSatF64S, OP_FC.i32TruncSatF64S, [F64], I32],
  [OP_FC.i64TruncSatF32S, OP_FC.i64TruncSatF32S, [F32], I64],
  [OP_FC.i64TruncSatF64S, OP_FC.i64TruncSatF64S, [F64], I64],
];

/** With the address's offset as a u32. */
const LOADS: readonly Row[] = [
  [OP.i32Load, OP.i32Load, [I32], I32],
  [OP.i64Load, OP.i64Load, [I32], I64],
  [OP.f32Load, OP.f32Load, [I32], F32],
  [OP.f64Load, OP.f64Load, [I32], F64],
  [OP.i32Load8S, OP.i32Load16U, [I32], I32],
  [OP.i64Load8S, OP.i64Load32U, [I32], I64],
];

const STORES: readonly Row[] = [
  [OP.i32Store, OP.i32Store, [I32, I32], undefined],
  [OP.i64Store, OP.i64Store, [I32, I64], undefined],
  [OP.f32Store, OP.f32Store, [I32, F32], undefined],
  [OP.f64Store, OP.f64Store, [I32, F64], undefined],
  [OP.i32Store8, OP.i32Store16, [I32, I32], undefined],
  [OP.i64Store8, OP.i64Store32, [I32, I64], undefined],
];

const UNARY_V: readonly ValueType[] = [V128];
const BINARY_V: readonly ValueType[] = [V128, V128];
const SHIFT_V: readonly ValueType[] = [V128, I32];

/** SIMD operations without operands of their own, by their number after 0xfd. */
const PLAIN_SIMD: readonly Row[] = [
  [14, 14, BINARY_V, V128],
  [15, 17, [I32], V128],
  [18, 18, [I64], V128],
  [19, 19, [F32], V128],
  [20, 20, [F64], V128],
  [35, 76, BINARY_V, V128],
  [77, 77, UNARY_V, V128],
  [78, 81, BINARY_V, V128],
  [82, 82, [V128, V128, V128], V128],
  [83, 83, UNARY_V, I32],
  [94, 98, UNARY_V, V128],
  [99, 100, UNARY_V, I32],
  [101, 102, BINARY_V, V128],
  [103, 106, UNARY_V, V128],
  [107, 109, SHIFT_V, V128],
  [110, 115, BINARY_V, V128],
  [116, 117, UNARY_V, V128],
  [118, 121, BINARY_V, V128],
  [122, 122, UNARY_V, V128],
  [123, 123, BINARY_V, V128],
  [124, 129, UNARY_V, V128],
  [130, 130, BINARY_V, V128],
  [131, 132, UNARY_V, I32],
  [133, 134, BINARY_V, V128],
  [135, 138, UNARY_V, V128],
  [139, 141, SHIFT_V, V128],
  [142, 147, BINARY_V, V128],
  [148, 148, UNARY_V, V128],
  [149, 153, BINARY_V, V128],
  [155, 159, BINARY_V, V128],
  [160, 161, UNARY_V, V128],
  [163, 164, UNARY_V, I32],
  [167, 170, UNARY_V, V128],
  [171, 173, SHIFT_V, V128],
  [174, 174, BINARY_V, V128],
  [177, 177, BINARY_V, V128],
  [181, 186, BINARY_V, V128],
  [188, 191, BINARY_V, V128],
  [192, 193, UNARY_V, V128],
  [195, 196, UNARY_V, I32],
  [199, 202, UNARY_V, V128],
  [203, 205, SHIFT_V, V128],
  [206, 206, BINARY_V, V128],
  [209, 209, BINARY_V, V128],
  [213, 223, BINARY_V, V128],
  [224, 225, UNARY_V, V128],
  [227, 227, UNARY_V, V128],
  [228, 235, BINARY_V, V128],
  [236, 237, UNARY_V, V128],
  [239, 239, UNARY_V, V128],
  [240, 247, BINARY_V, V128],
  [248, 255, UNARY_V, V128],
];

/** Loads of a vector, and of parts of one with the rest zeroed, extended or repeated. */
const SIMD_LOADS: readonly Row[] = [
  [0, 10, [I32], V128],
  [92, 93, [I32], V128],
];

/** Where a lane lies: log2 of its bytes, and the value outside of the vector. */
export interface Lane {
  readonly load: number;
  readonly store: number;
  readonly shift: number;
  readonly type: ValueType;
}

const BYTE: Lane = { load: OP.i32Load8U, store: OP.i32Store8, shift: 0, type: I32 };
const WORD: Lane = { load: OP.i32Load16U, store: OP.i32Store16, shift: 1, type: I32 };
const DOUBLE_WORD: Lane = { load: OP.i32Load, store: OP.i32Store, shift: 2, type: I32 };
const QUAD_WORD: Lane = { load: OP.i64Load, store: OP.i64Store, shift: 3, type: I64 };
const SINGLE: Lane = { load: OP.f32Load, store: OP.f32Store, shift: 2, type: F32 };
const DOUBLE: Lane = { load: OP.f64Load, store: OP.f64Store, shift: 3, type: F64 };

/** extract_lane by number; the lane is a u8. */
export const EXTRACTS: ReadonlyMap<number, Lane> = new Map([
  [21, { ...BYTE, load: OP.i32Load8S }],
  [22, BYTE],
  [24, { ...WORD, load: OP.i32Load16S }],
  [25, WORD],
  [27, DOUBLE_WORD],
  [29, QUAD_WORD],
  [31, SINGLE],
  [33, DOUBLE],
]);

export const REPLACES: ReadonlyMap<number, Lane> = new Map([
  [23, BYTE],
  [26, WORD],
  [28, DOUBLE_WORD],
  [30, QUAD_WORD],
  [32, SINGLE],
  [34, DOUBLE],
]);

/** load_lane and store_lane: the lane's bits go as they are. */
export const LANE_LOADS: ReadonlyMap<number, Lane> = new Map([
  [84, BYTE],
  [85, WORD],
  [86, DOUBLE_WORD],
  [87, QUAD_WORD],
]);

export const LANE_STORES: ReadonlyMap<number, Lane> = new Map([
  [88, BYTE],
  [89, WORD],
  [90, DOUBLE_WORD],
  [91, QUAD_WORD],
]);

function expand(rows: readonly Row[]): ReadonlyMap<number, Effect> {
  const effects = new Map<number, Effect>();
  for (const [first, last, takes, leaves] of rows) {
    for (let number = first; number <= last; number++) effects.set(number, { takes, leaves });
  }
  return effects;
}

export const PLAIN_EFFECTS = expand(PLAIN);
export const PLAIN_FC_EFFECTS = expand(PLAIN_FC);
export const LOAD_EFFECTS = expand(LOADS);
export const STORE_EFFECTS = expand(STORES);
export const PLAIN_SIMD_EFFECTS = expand(PLAIN_SIMD);
export const SIMD_LOAD_EFFECTS = expand(SIMD_LOADS);

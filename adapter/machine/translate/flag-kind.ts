// flag-kind.ts: how the arithmetic flags are kept until somebody asks.
//
// A kind says what the two numbers A and B mean; bits of them above the operand's size do not count.
//
//   EFLAGS  A is the flag word itself
//   SUB     A − B was computed (also CMP)        ADD   A is the sum, B one of the addends
//   LOGIC   A is the result, CF OF AF are 0      MIXED A is the result (SF ZF PF); B holds CF, AF and OF in place
//   SHL SHR SAR   A was shifted by B ≠ 0
//   FLOAT   doubles A and B (as bits) were compared by COMISD and its like: CF not A ≥ B, ZF neither A < B nor A > B,
//           PF unordered, the others 0
//
// kind = operation * 4 + log2(bytes).
// Truth: Intel SDM vol. 1, 3.4.3.1; vol. 2 for each instruction.

export const KIND_EFLAGS = 0;
export const KIND_SUB = 1;
export const KIND_ADD = 2;
export const KIND_LOGIC = 3;
export const KIND_MIXED = 4;
export const KIND_SHL = 5;
export const KIND_SHR = 6;
export const KIND_SAR = 7;
export const KIND_FLOAT = 8;

export type FlagOperation = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

export const CF = 1;
export const PF = 4;
export const AF = 0x10;
export const ZF = 0x40;
export const SF = 0x80;
export const DF = 0x400;
export const OF = 0x800;
export const ARITHMETIC_FLAGS = CF | PF | AF | ZF | SF | OF;

const LOG2: Readonly<Record<number, number>> = { 1: 0, 2: 1, 4: 2, 8: 3 };

export function flagKind(operation: FlagOperation, bytes: number): number {
  return operation * 4 + LOG2[bytes];
}

/** The flag word of a kind and its two numbers: the reference that translated code agrees with. */
export function flagWord(kind: number, a: bigint, b: bigint): number {
  const operation = kind >> 2;
  if (operation === KIND_EFLAGS) return Number(a & BigInt(ARITHMETIC_FLAGS));
  if (operation === KIND_FLOAT) return floatFlags(double(a), double(b));
  const bits = BigInt(8 << (kind & 3));
  const mask = (1n << bits) - 1n;
  const left = a & mask;
  const right = b & mask;
  const sign = (value: bigint): boolean => ((value >> (bits - 1n)) & 1n) === 1n;
  const bit = (condition: boolean, flag: number): number => (condition ? flag : 0);
  const withResult = (result: bigint): number =>
    bit(result === 0n, ZF) | bit(sign(result), SF) | bit(evenParity(Number(result & 0xffn)), PF);
  switch (operation) {
    case KIND_SUB: {
      const result = (left - right) & mask;
      const overflow = sign((left ^ right) & (left ^ result));
      return withResult(result) | bit(left < right, CF) | auxiliary(left, right, result) | bit(overflow, OF);
    }
    case KIND_ADD: {
      const other = (left - right) & mask;
      const overflow = sign((left ^ right) & (left ^ other));
      return withResult(left) | bit(left < right, CF) | auxiliary(left, right, other) | bit(overflow, OF);
    }
    case KIND_LOGIC:
      return withResult(left);
    case KIND_MIXED:
      return withResult(left) | Number(b & BigInt(CF | AF | OF));
    default:
      return shiftFlags(operation, left, b & 63n, bits, withResult);
  }
}

function double(bits: bigint): number {
  return new Float64Array(BigUint64Array.of(BigInt.asUintN(64, bits)).buffer)[0];
}

function floatFlags(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return ZF | PF | CF;
  return a < b ? CF : a > b ? 0 : ZF;
}

function shiftFlags(
  operation: number,
  value: bigint,
  count: bigint,
  bits: bigint,
  withResult: (result: bigint) => number,
): number {
  const mask = (1n << bits) - 1n;
  const top = bits - 1n;
  const signed = BigInt.asIntN(Number(bits), value);
  const shifted = operation === KIND_SHL ? value << count : operation === KIND_SHR ? value >> count : signed >> count;
  const result = shifted & mask;
  const carry =
    operation === KIND_SHL
      ? count > bits
        ? 0n
        : (value >> (bits - count)) & 1n
      : ((operation === KIND_SHR ? value : signed) >> (count - 1n)) & 1n;
  const overflow =
    operation === KIND_SHL ? ((result >> top) & 1n) ^ carry : operation === KIND_SHR ? (value >> top) & 1n : 0n;
  return withResult(result) | (Number(carry) * CF) | (Number(overflow) * OF);
}

function auxiliary(a: bigint, b: bigint, c: bigint): number {
  return Number((a ^ b ^ c) & 0x10n);
}

function evenParity(byte: number): boolean {
  const nibble = byte ^ (byte >> 4);
  return ((0x9669 >> (nibble & 15)) & 1) === 1;
}

// stack-values.ts: values on the stack of a DWARF expression: typed bits, and arithmetic on them.
//
// Without a type a value is an address-sized integer (64 bits here). gcc uses base types for floats at -O1 and -O2.
// Truth: DWARF 5 sections 2.5.1, 2.5.1.4 and 2.5.1.6.

import { OP } from './dwarf-constants.table';

export interface StackType {
  readonly sizeBytes: number;
  readonly encoding: 'signed' | 'unsigned' | 'float';
}

export interface StackValue {
  /** The bits, unsigned, in the type's size. */
  readonly bits: bigint;
  /** Undefined: the generic type. */
  readonly type?: StackType;
}

/** The expression cannot be evaluated now; `message` says why, to be read after "optimized out: ". */
export class Unavailable extends Error {}

const sizeBitsOf = (type: StackType | undefined): number => (type?.sizeBytes ?? 8) * 8;
export const generic = (value: bigint): StackValue => ({ bits: BigInt.asUintN(64, value) });
const signedOf = (value: StackValue): bigint => BigInt.asIntN(sizeBitsOf(value.type), value.bits);

/** The integer that the bits mean; of floats the bits themselves. */
const integerOf = (value: StackValue): bigint => (value.type?.encoding === 'unsigned' ? value.bits : signedOf(value));

const make = (value: bigint, type: StackType | undefined): StackValue => ({
  bits: BigInt.asUintN(sizeBitsOf(type), value),
  ...(type && { type }),
});

export function withType(bits: bigint, type: StackType | undefined): StackValue {
  return make(bits, type);
}

export function bytesOfValue(value: StackValue): Uint8Array {
  const bytes = new Uint8Array(value.type?.sizeBytes ?? 8);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number((value.bits >> BigInt(at * 8)) & 0xffn);
  return bytes;
}

export function bitsOfBytes(bytes: Uint8Array): bigint {
  let bits = 0n;
  for (let at = bytes.length - 1; at >= 0; at--) bits = (bits << 8n) | BigInt(bytes[at]);
  return bits;
}

function floatOf(value: StackValue): number {
  if (value.type?.encoding !== 'float') return Number(integerOf(value));
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt.asUintN(64, value.bits), true);
  if (value.type.sizeBytes === 4) return view.getFloat32(0, true);
  if (value.type.sizeBytes === 8) return view.getFloat64(0, true);
  throw new Unavailable(`it is computed with ${value.type.sizeBytes}-byte floating point`);
}

function makeFloat(value: number, type: StackType): StackValue {
  const view = new DataView(new ArrayBuffer(8));
  if (type.sizeBytes === 4) view.setFloat32(0, value, true);
  else if (type.sizeBytes === 8) view.setFloat64(0, value, true);
  else throw new Unavailable(`it is computed with ${type.sizeBytes}-byte floating point`);
  return { bits: view.getBigUint64(0, true), type };
}

/** DW_OP_convert: the value in another type. */
export function convert(value: StackValue, type: StackType | undefined): StackValue {
  if (type?.encoding === 'float') {
    return value.type?.encoding === 'float' && value.type.sizeBytes === type.sizeBytes
      ? value
      : makeFloat(floatOf(value), type);
  }
  if (value.type?.encoding !== 'float') return make(integerOf(value), type);
  const number = floatOf(value);
  return make(Number.isFinite(number) ? BigInt(Math.trunc(number)) : 0n, type);
}

/** DW_OP_reinterpret: the same bits in another type. */
export const reinterpret = (value: StackValue, type: StackType | undefined): StackValue => make(value.bits, type);

/** abs, neg, not. */
export function unary(operation: number, value: StackValue): StackValue {
  const { type } = value;
  if (type?.encoding === 'float') {
    const number = floatOf(value);
    return makeFloat(operation === OP.neg ? -number : Math.abs(number), type);
  }
  const number = signedOf(value);
  if (operation === OP.not) return make(~number, type);
  return make(operation === OP.neg || number < 0n ? -number : number, type);
}

/** Arithmetic, logic, shifts and comparisons: `left` was pushed first. */
export function binary(operation: number, left: StackValue, right: StackValue): StackValue {
  if (left.type?.encoding === 'float') return binaryFloat(operation, left, right, left.type);
  return compare(operation, integerOf(left), integerOf(right)) ?? make(integer(operation, left, right), left.type);
}

function compare<T extends bigint | number>(operation: number, left: T, right: T): StackValue | undefined {
  const truth = (value: boolean): StackValue => generic(value ? 1n : 0n);
  switch (operation) {
    case OP.eq:
      return truth(left === right);
    case OP.ne:
      return truth(left !== right);
    case OP.lt:
      return truth(left < right);
    case OP.le:
      return truth(left <= right);
    case OP.gt:
      return truth(left > right);
    case OP.ge:
      return truth(left >= right);
    default:
      return undefined;
  }
}

function binaryFloat(operation: number, left: StackValue, right: StackValue, type: StackType): StackValue {
  const a = floatOf(left);
  const b = floatOf(right);
  switch (operation) {
    case OP.plus:
      return makeFloat(a + b, type);
    case OP.minus:
      return makeFloat(a - b, type);
    case OP.mul:
      return makeFloat(a * b, type);
    case OP.div:
      return makeFloat(a / b, type);
    default: {
      const result = compare(operation, a, b);
      if (result) return result;
      throw new Unavailable('it is computed in a way that floating point does not know');
    }
  }
}

function integer(operation: number, left: StackValue, right: StackValue): bigint {
  const bits = BigInt(sizeBitsOf(left.type));
  const shift = right.bits > bits ? bits : right.bits;
  switch (operation) {
    case OP.and:
      return left.bits & right.bits;
    case OP.or:
      return left.bits | right.bits;
    case OP.xor:
      return left.bits ^ right.bits;
    case OP.plus:
      return left.bits + right.bits;
    case OP.minus:
      return left.bits - right.bits;
    case OP.mul:
      return left.bits * right.bits;
    case OP.shl:
      return left.bits << shift;
    case OP.shr:
      return left.bits >> shift;
    case OP.shra:
      return signedOf(left) >> shift;
    case OP.div:
      if (right.bits === 0n) throw new Unavailable('it is computed by a division by zero');
      return integerOf(left) / integerOf(right);
    default:
      if (right.bits === 0n) throw new Unavailable('it is computed by a division by zero');
      // Without a type the remainder is unsigned.
      return left.type ? integerOf(left) % integerOf(right) : left.bits % right.bits;
  }
}

// type-members.ts: the members of a struct, class or union: offsets, bit-fields, base classes (virtual ones too), variants.
//
// Bit-fields of both kinds (data_bit_offset of DWARF 4 and 5; bit_offset of DWARF 2 and 3, counted from the most
// significant bit) come out as a byte offset and a bit position from the least significant bit there.
// Truth: DWARF 5 section 5.7; DWARF 3 section 5.6.6.

import type { MemberInfo, TypeInfo, VariantPart, VirtualBase } from '../program-symbols';
import { AT, OP, TAG } from './dwarf-constants.table';
import type { Die } from './unit';

/** More than any class has in its table of virtual bases. */
const MOST_CONSTANT_BYTES = 5;

/** What members need of the types: dwarf-types.ts. */
export interface TypeSource {
  ofAttribute(die: Die): TypeInfo;
}

/** Static members, which live elsewhere, are left out. */
export function membersOf(struct: Die, types: TypeSource): MemberInfo[] {
  return struct.children.flatMap((child) => {
    if (child.tag === TAG.member)
      return child.has(AT.external) || child.flag(AT.declaration) ? [] : memberOf(child, types);
    if (child.tag === TAG.inheritance) return memberOf(child, types);
    return child.tag === TAG.variant_part ? variantMembers(child, types) : [];
  });
}

/** The virtual bases, where the debug information finds them as the Itanium C++ ABI (2.5.2) has them. */
export function virtualBasesOf(struct: Die, types: TypeSource): VirtualBase[] {
  return struct.children.flatMap((child) => {
    const place = child.tag === TAG.inheritance ? child.get(AT.data_member_location) : undefined;
    const isCode = place?.kind === 'expression' || place?.kind === 'block';
    const tableOffset = isCode ? tableOffsetIn(place.bytes) : undefined;
    return tableOffset === undefined ? [] : [{ type: types.ofAttribute(child), tableOffset }];
  });
}

/** The object's address A is on the stack: A + *(*A - offset). */
function tableOffsetIn(code: Uint8Array): number | undefined {
  const before = [OP.dup, OP.deref];
  const after = [OP.minus, OP.deref, OP.plus];
  const isSo =
    before.every((operation, index) => code[index] === operation) &&
    after.every((operation, index) => code.at(index - after.length) === operation);
  return isSo ? constantIn(code.subarray(before.length, -after.length)) : undefined;
}

/** The operation that pushes a number of some bytes, as compilers choose it by its size. */
function constantIn(code: Uint8Array): number | undefined {
  if (code.length === 0 || code.length > MOST_CONSTANT_BYTES) return undefined;
  const [operation, ...bytes] = code;
  if (bytes.length === 0) return operation >= OP.lit0 && operation <= OP.lit31 ? operation - OP.lit0 : undefined;
  const digit = operation === OP.constu ? 7 : operation === OP.const1u || operation === OP.const2u ? 8 : undefined;
  return digit && bytes.reduce((value, byte, index) => value + (byte & (2 ** digit - 1)) * 2 ** (digit * index), 0);
}

/** Rust's enums: the discriminant, and every variant's members side by side (they overlap). */
function variantMembers(part: Die, types: TypeSource): MemberInfo[] {
  return part.children.flatMap((child) => {
    if (child.tag === TAG.member) return memberOf(child, types);
    if (child.tag !== TAG.variant) return [];
    return child.children.filter(({ tag }) => tag === TAG.member).flatMap((member) => memberOf(member, types));
  });
}

/** Which variant is told by which number; undefined for all but Rust's enums. */
export function variantPartOf(struct: Die, types: TypeSource): VariantPart | undefined {
  const part = struct.children.find(({ tag }) => tag === TAG.variant_part);
  if (part === undefined) return undefined;
  const discriminant = part.reference(AT.discr);
  const place = discriminant === undefined ? undefined : memberOf(discriminant, types).at(0);
  const variants = part.children.flatMap((variant) => {
    if (variant.tag !== TAG.variant) return [];
    const own = variant.children.filter(({ tag }) => tag === TAG.member).flatMap((member) => memberOf(member, types));
    const value = variant.exact(AT.discr_value);
    return own.slice(0, 1).map((member) => ({ member, ...(value === undefined ? {} : { discriminantValue: value }) }));
  });
  return place === undefined ? { variants } : { variants, discriminant: place };
}

function memberOf(die: Die, types: TypeSource): MemberInfo[] {
  const type = types.ofAttribute(die);
  const name = die.name ?? '';
  const bitSize = die.number(AT.bit_size);
  const offsetBytes = offsetOf(die);
  // A virtual base: see virtualBasesOf.
  if (offsetBytes === undefined) return [];
  if (bitSize === undefined) return [{ name, type, offsetBytes }];
  return [{ name, type, bitSize, ...bitPlace(die, type, offsetBytes, bitSize) }];
}

function offsetOf(die: Die): number | undefined {
  const value = die.get(AT.data_member_location);
  if (value === undefined) return 0;
  if (value.kind === 'constant') return value.value;
  if (value.kind !== 'expression' && value.kind !== 'block') return undefined;
  // DW_OP_plus_uconst N, as DWARF 2 writes an offset.
  if (value.bytes[0] !== 0x23) return undefined;
  let offset = 0;
  value.bytes.subarray(1).forEach((byte, index) => (offset += (byte & 0x7f) * 128 ** index));
  return offset;
}

/** The aligned unit of the member's type that holds the field; where it crosses two (packed), the first byte. */
function bitPlace(
  die: Die,
  type: TypeInfo,
  offsetBytes: number,
  bitSize: number,
): { readonly offsetBytes: number; readonly bitOffset: number } {
  const unitBits = Math.max(1, type.sizeBytes) * 8;
  const fromMost = die.number(AT.bit_offset);
  const storageBits = (die.number(AT.byte_size) ?? type.sizeBytes) * 8;
  const bit =
    die.number(AT.data_bit_offset) ?? offsetBytes * 8 + (fromMost === undefined ? 0 : storageBits - fromMost - bitSize);
  const inUnit = bit % unitBits;
  if (inUnit + bitSize <= unitBits) return { offsetBytes: (bit - inUnit) / 8, bitOffset: inUnit };
  return { offsetBytes: Math.floor(bit / 8), bitOffset: bit % 8 };
}

// type-members.ts: the members of a struct, class or union: offsets, bit-fields, base classes, variants.
//
// Bit-fields of both kinds (data_bit_offset of DWARF 4 and 5; bit_offset of DWARF 2 and 3, counted from the most
// significant bit) come out as a byte offset and a bit position from the least significant bit there.
// Truth: DWARF 5 section 5.7; DWARF 3 section 5.6.6.

import type { MemberInfo, TypeInfo, VariantPart } from '../program-symbols';
import { AT, TAG } from './dwarf-constants.table';
import type { Die } from './unit';

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
  // A virtual base's place depends on the object.
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

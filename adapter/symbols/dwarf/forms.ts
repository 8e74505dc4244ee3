// forms.ts: how attribute values are stored: their sizes, and how to read one.
//
// Truth: DWARF 5 section 7.5.4 to 7.5.6.

import type { ByteReader } from '../byte-reader';
import { FORM } from './dwarf-constants.table';
import { unsupportedForm } from './dwarf-errors';

/** What the size and meaning of a value depend on. */
export interface FormContext {
  readonly path: string;
  readonly version: number;
  readonly addressSize: number;
  /** 4, or 8 in 64-bit DWARF. */
  readonly offsetSize: number;
  /** Of the unit in its section: what references count from. */
  readonly start: number;
  stringAt(section: '.debug_str' | '.debug_line_str', offset: number): string;
  indexedString(index: number): string;
  indexedAddress(index: number): number;
}

export type AttributeValue =
  /** Link-time. */
  | { readonly kind: 'address'; readonly value: number }
  /** `exact` is there where a number cannot hold it. Fixed-size forms come unsigned. */
  | { readonly kind: 'constant'; readonly value: number; readonly exact?: bigint; readonly sizeBytes?: number }
  | { readonly kind: 'block'; readonly bytes: Uint8Array }
  | { readonly kind: 'expression'; readonly bytes: Uint8Array }
  | { readonly kind: 'flag'; readonly value: boolean }
  /** Offset of an entry in the section: of the unit's own, or with `global` of .debug_info. */
  | { readonly kind: 'reference'; readonly offset: number; readonly global: boolean }
  | { readonly kind: 'signature'; readonly value: bigint }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'sectionOffset'; readonly value: number }
  | { readonly kind: 'listIndex'; readonly index: number }
  /** In another file that is not at hand (dwz, supplementary). */
  | { readonly kind: 'elsewhere' };

/** Size of a form where it is always the same; the negative codes below where it is not. */
export const SIZE_LEB = -1;
export const SIZE_STRING = -2;
export const SIZE_BLOCK1 = -3;
export const SIZE_BLOCK2 = -4;
export const SIZE_BLOCK4 = -5;
export const SIZE_BLOCK = -6;
export const SIZE_INDIRECT = -7;

const SIZES: ReadonlyMap<number, number> = new Map<number, number>([
  [FORM.block2, SIZE_BLOCK2],
  [FORM.block4, SIZE_BLOCK4],
  [FORM.block, SIZE_BLOCK],
  [FORM.exprloc, SIZE_BLOCK],
  [FORM.block1, SIZE_BLOCK1],
  [FORM.string, SIZE_STRING],
  [FORM.indirect, SIZE_INDIRECT],
  ...[FORM.flag_present, FORM.implicit_const].map((form) => [form, 0] as const),
  ...[FORM.data1, FORM.flag, FORM.ref1, FORM.strx1, FORM.addrx1].map((form) => [form, 1] as const),
  ...[FORM.data2, FORM.ref2, FORM.strx2, FORM.addrx2].map((form) => [form, 2] as const),
  ...[FORM.strx3, FORM.addrx3].map((form) => [form, 3] as const),
  ...[FORM.data4, FORM.ref4, FORM.ref_sup4, FORM.strx4, FORM.addrx4].map((form) => [form, 4] as const),
  ...[FORM.data8, FORM.ref8, FORM.ref_sig8, FORM.ref_sup8].map((form) => [form, 8] as const),
  [FORM.data16, 16],
  ...[FORM.sdata, FORM.udata, FORM.ref_udata, FORM.strx, FORM.addrx, FORM.loclistx, FORM.rnglistx].map(
    (form) => [form, SIZE_LEB] as const,
  ),
  ...[FORM.GNU_addr_index, FORM.GNU_str_index].map((form) => [form, SIZE_LEB] as const),
]);

const OFFSET_FORMS: ReadonlySet<number> = new Set([
  FORM.strp,
  FORM.sec_offset,
  FORM.strp_sup,
  FORM.line_strp,
  FORM.GNU_ref_alt,
  FORM.GNU_strp_alt,
]);

export type FormSizes = Pick<FormContext, 'path' | 'version' | 'addressSize' | 'offsetSize'>;

/** Bytes of the form, or one of the SIZE_ codes. */
export function sizeOfForm(form: number, context: FormSizes): number {
  const size = SIZES.get(form);
  if (size !== undefined) return size;
  if (OFFSET_FORMS.has(form)) return context.offsetSize;
  if (form === FORM.addr) return context.addressSize;
  if (form === FORM.ref_addr) return context.version <= 2 ? context.addressSize : context.offsetSize;
  throw unsupportedForm(context.path, form);
}

/** The exact integer of a constant. */
export const exactOf = (value: { readonly value: number; readonly exact?: bigint }): bigint =>
  value.exact ?? BigInt(value.value);

export function readForm(reader: ByteReader, form: number, implicit: number, context: FormContext): AttributeValue {
  switch (form) {
    case FORM.addr:
      return { kind: 'address', value: reader.unsigned(context.addressSize) };
    case FORM.data1:
    case FORM.data2:
    case FORM.data4:
    case FORM.data8:
    case FORM.sdata:
    case FORM.udata:
    case FORM.implicit_const:
      return readConstant(reader, form, implicit);
    case FORM.flag:
      return { kind: 'flag', value: reader.u8() !== 0 };
    case FORM.flag_present:
      return { kind: 'flag', value: true };
    case FORM.block1:
      return { kind: 'block', bytes: reader.take(reader.u8()) };
    case FORM.block2:
      return { kind: 'block', bytes: reader.take(reader.u16()) };
    case FORM.block4:
      return { kind: 'block', bytes: reader.take(reader.u32()) };
    case FORM.block:
      return { kind: 'block', bytes: reader.take(reader.uleb()) };
    case FORM.data16:
      return { kind: 'block', bytes: reader.take(16) };
    case FORM.exprloc:
      return { kind: 'expression', bytes: reader.take(reader.uleb()) };
    case FORM.sec_offset:
      return { kind: 'sectionOffset', value: reader.unsigned(context.offsetSize) };
    case FORM.loclistx:
    case FORM.rnglistx:
      return { kind: 'listIndex', index: reader.uleb() };
    case FORM.indirect:
      return readIndirect(reader, context);
    default:
      return readReference(reader, form, context) ?? readStringOrAddress(reader, form, context);
  }
}

function readIndirect(reader: ByteReader, context: FormContext): AttributeValue {
  const form = reader.uleb();
  if (form === FORM.indirect) throw unsupportedForm(context.path, form);
  const implicit = form === FORM.implicit_const ? reader.sleb() : 0;
  return readForm(reader, form, implicit, context);
}

function readConstant(reader: ByteReader, form: number, implicit: number): AttributeValue {
  switch (form) {
    case FORM.data1:
      return { kind: 'constant', value: reader.u8(), sizeBytes: 1 };
    case FORM.data2:
      return { kind: 'constant', value: reader.u16(), sizeBytes: 2 };
    case FORM.data4:
      return { kind: 'constant', value: reader.u32(), sizeBytes: 4 };
    case FORM.data8:
      return constantOf(reader.u64big(), 8);
    case FORM.sdata:
      return constantOf(reader.slebBig());
    case FORM.udata:
      return constantOf(reader.ulebBig());
    default:
      return { kind: 'constant', value: implicit };
  }
}

function constantOf(exact: bigint, sizeBytes?: number): AttributeValue {
  const value = Number(exact);
  const size = sizeBytes === undefined ? {} : { sizeBytes };
  return Number.isSafeInteger(value)
    ? { kind: 'constant', value, ...size }
    : { kind: 'constant', value, exact, ...size };
}

function readReference(reader: ByteReader, form: number, context: FormContext): AttributeValue | undefined {
  const local = (offset: number): AttributeValue => ({
    kind: 'reference',
    offset: context.start + offset,
    global: false,
  });
  switch (form) {
    case FORM.ref1:
      return local(reader.u8());
    case FORM.ref2:
      return local(reader.u16());
    case FORM.ref4:
      return local(reader.u32());
    case FORM.ref8:
      return local(reader.u64());
    case FORM.ref_udata:
      return local(reader.uleb());
    case FORM.ref_addr:
      return { kind: 'reference', offset: reader.unsigned(sizeOfForm(form, context)), global: true };
    case FORM.ref_sig8:
      return { kind: 'signature', value: reader.u64big() };
    case FORM.ref_sup4:
    case FORM.ref_sup8:
    case FORM.GNU_ref_alt:
    case FORM.GNU_strp_alt:
    case FORM.strp_sup:
      reader.skip(sizeOfForm(form, context));
      return { kind: 'elsewhere' };
    default:
      return undefined;
  }
}

function readStringOrAddress(reader: ByteReader, form: number, context: FormContext): AttributeValue {
  const string = (value: string): AttributeValue => ({ kind: 'string', value });
  const address = (index: number): AttributeValue => ({ kind: 'address', value: context.indexedAddress(index) });
  switch (form) {
    case FORM.string:
      return string(reader.cString());
    case FORM.strp:
      return string(context.stringAt('.debug_str', reader.unsigned(context.offsetSize)));
    case FORM.line_strp:
      return string(context.stringAt('.debug_line_str', reader.unsigned(context.offsetSize)));
    case FORM.strx:
    case FORM.GNU_str_index:
      return string(context.indexedString(reader.uleb()));
    case FORM.strx1:
      return string(context.indexedString(reader.u8()));
    case FORM.strx2:
      return string(context.indexedString(reader.u16()));
    case FORM.strx3:
      return string(context.indexedString(reader.u24()));
    case FORM.strx4:
      return string(context.indexedString(reader.u32()));
    case FORM.addrx:
    case FORM.GNU_addr_index:
      return address(reader.uleb());
    case FORM.addrx1:
      return address(reader.u8());
    case FORM.addrx2:
      return address(reader.u16());
    case FORM.addrx3:
      return address(reader.u24());
    case FORM.addrx4:
      return address(reader.u32());
    default:
      throw unsupportedForm(context.path, form);
  }
}

// abbreviations.ts: the shapes of entries: tag, attributes and their forms; and how to step over an entry fast.
//
// Each abbreviation carries a plan: sizes to add, and SIZE_ codes (forms.ts) where the length stands in the data.
// Truth: DWARF 5 section 7.5.3.

import { truncatedData, type ByteReader } from '../byte-reader';
import { FORM } from './dwarf-constants.table';
import { badDebugInfo, unsupportedForm } from './dwarf-errors';
import {
  SIZE_BLOCK,
  SIZE_BLOCK1,
  SIZE_BLOCK2,
  SIZE_BLOCK4,
  SIZE_INDIRECT,
  SIZE_LEB,
  SIZE_STRING,
  sizeOfForm,
  type FormSizes,
} from './forms';

export interface Abbreviation {
  readonly tag: number;
  readonly hasChildren: boolean;
  readonly names: readonly number[];
  readonly forms: readonly number[];
  /** Values of DW_FORM_implicit_const; 0 elsewhere. */
  readonly implicits: readonly number[];
  /** See stepOver. */
  readonly plan: readonly number[];
}

export class AbbreviationTable {
  readonly #byCode: (Abbreviation | undefined)[] = [];

  constructor(
    readonly path: string,
    reader: ByteReader,
    sizes: FormSizes,
  ) {
    for (let code = reader.uleb(); code !== 0; code = reader.atEnd ? 0 : reader.uleb()) {
      if (code > 1 << 20) throw badDebugInfo(path, `abbreviation ${code} is out of any program's range`);
      this.#byCode[code] = parseAbbreviation(reader, sizes);
    }
  }

  get(code: number): Abbreviation {
    const abbreviation = this.#byCode.at(code);
    if (code === 0 || abbreviation === undefined) throw badDebugInfo(this.path, `there is no abbreviation ${code}`);
    return abbreviation;
  }
}

function parseAbbreviation(reader: ByteReader, sizes: FormSizes): Abbreviation {
  const tag = reader.uleb();
  const hasChildren = reader.u8() !== 0;
  const names: number[] = [];
  const forms: number[] = [];
  const implicits: number[] = [];
  const plan: number[] = [];
  for (;;) {
    const name = reader.uleb();
    const form = reader.uleb();
    if (name === 0 && form === 0) return { tag, hasChildren, names, forms, implicits, plan };
    names.push(name);
    forms.push(form);
    implicits.push(form === FORM.implicit_const ? reader.sleb() : 0);
    addStep(plan, sizeOfForm(form, sizes));
  }
}

function addStep(plan: number[], size: number): void {
  const last = plan.length - 1;
  if (size >= 0 && last >= 0 && plan[last] >= 0) plan[last] += size;
  else plan.push(size);
}

/** Offset behind the attribute values that start at `at`. Hot: plain numbers, one bounds check at the end. */
export function stepOver(bytes: Uint8Array, at: number, plan: readonly number[], sizes: FormSizes): number {
  for (const step of plan) {
    if (step >= 0) at += step;
    else if (step === SIZE_LEB) while (bytes[at++] >= 0x80);
    else at = stepOverVariable(bytes, at, step, sizes);
  }
  if (at > bytes.length) throw truncatedData(`The debug information of \`${sizes.path}\``, bytes.length);
  return at;
}

function stepOverVariable(bytes: Uint8Array, at: number, step: number, sizes: FormSizes): number {
  switch (step) {
    case SIZE_STRING: {
      const nul = bytes.indexOf(0, at);
      return nul < 0 ? Infinity : nul + 1;
    }
    case SIZE_BLOCK1:
      return at + 1 + (at < bytes.length ? bytes[at] : 0);
    case SIZE_BLOCK2:
      return at + 2 + (at + 1 < bytes.length ? bytes[at] | (bytes[at + 1] << 8) : 0);
    case SIZE_BLOCK4:
      return at + 4 + (at + 3 < bytes.length ? u32At(bytes, at) : 0);
    case SIZE_BLOCK: {
      const length = ulebAt(bytes, at);
      return ulebEnd(bytes, at) + length;
    }
    case SIZE_INDIRECT: {
      const form = ulebAt(bytes, at);
      const after = ulebEnd(bytes, at);
      if (form === FORM.indirect) throw unsupportedForm(sizes.path, form);
      if (form === FORM.implicit_const) return ulebEnd(bytes, after);
      return stepOver(bytes, after, [sizeOfForm(form, sizes)], sizes);
    }
    default:
      return Infinity;
  }
}

export function u32At(bytes: Uint8Array, at: number): number {
  return (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16)) + bytes[at + 3] * 0x100_0000;
}

/** The number of a LEB128 that starts at `at`; 0 outside. */
export function ulebAt(bytes: Uint8Array, at: number): number {
  let result = 0;
  for (let scale = 1; at < bytes.length; scale *= 128) {
    const byte = bytes[at++];
    result += (byte & 0x7f) * scale;
    if (byte < 0x80) break;
  }
  return result;
}

export function ulebEnd(bytes: Uint8Array, at: number): number {
  while (bytes[at++] >= 0x80);
  return at;
}

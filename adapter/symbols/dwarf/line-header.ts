// line-header.ts: the head of a line program: how to decode it, and the source files it names.
//
// Truth: DWARF 5 section 6.2.4; DWARF 2 to 4 section 6.2.4 (files count from 1 there, from 0 in DWARF 5).

import type { ByteReader } from '../byte-reader';
import { AT, LNCT } from './dwarf-constants.table';
import { badDebugInfo, unsupportedVersion } from './dwarf-errors';
import { readForm, type FormContext } from './forms';
import { joinPath } from './source-path';
import type { Unit } from './unit';
import { readInitialLength } from './unit-header';

export interface LineHeader {
  readonly version: number;
  readonly minimumInstructionLength: number;
  readonly defaultIsStmt: boolean;
  readonly lineBase: number;
  readonly lineRange: number;
  readonly opcodeBase: number;
  /** Number of operands by standard opcode; index 0 unused. */
  readonly operandCounts: readonly number[];
  /** Absolute paths by file number, as the line program and DW_AT_decl_file count them. */
  readonly files: (string | undefined)[];
  readonly folders: readonly string[];
  readonly programStart: number;
  readonly programEnd: number;
}

/** The unit's line program header; undefined where the unit has none. */
export function readLineHeader(unit: Unit): LineHeader | undefined {
  const offset = unit.root.number(AT.stmt_list);
  if (offset === undefined) return undefined;
  const reader = unit.sections.reader('.debug_line');
  reader.seek(offset);
  const { length, offsetSize } = readInitialLength(reader);
  const programEnd = reader.offset + length;
  if (length > reader.remaining) throw badDebugInfo(unit.path, 'a line program is longer than its section');
  const version = reader.u16();
  if (version < 2 || version > 5) throw unsupportedVersion(unit.path, 'A line table', version);
  if (version >= 5) reader.skip(2); // address size, segment selector size
  const headerLength = reader.unsigned(offsetSize);
  const programStart = reader.offset + headerLength;
  const minimumInstructionLength = reader.u8();
  if (version >= 4) reader.skip(1); // maximum operations per instruction: 1 on x86
  const defaultIsStmt = reader.u8() !== 0;
  const lineBase = reader.i8();
  const lineRange = reader.u8();
  if (lineRange === 0) throw badDebugInfo(unit.path, 'a line program has a line range of 0');
  const opcodeBase = reader.u8();
  const operandCounts = [0];
  for (let opcode = 1; opcode < opcodeBase; opcode++) operandCounts.push(reader.u8());
  const names = version >= 5 ? readTables(unit, reader, offsetSize) : readOldTables(unit, reader);
  return {
    version,
    minimumInstructionLength,
    defaultIsStmt,
    lineBase,
    lineRange,
    opcodeBase,
    operandCounts,
    ...names,
    programStart,
    programEnd,
  };
}

type Names = Pick<LineHeader, 'files' | 'folders'>;

function readOldTables(unit: Unit, reader: ByteReader): Names {
  const folders = [unit.compilationFolder];
  for (let folder = reader.cString(); folder !== ''; folder = reader.cString()) {
    folders.push(joinPath(unit.compilationFolder, folder));
  }
  const files: (string | undefined)[] = [undefined];
  for (let name = reader.cString(); name !== ''; name = reader.cString()) {
    const folder = reader.uleb();
    reader.skipLeb(); // time
    reader.skipLeb(); // size
    files.push(joinPath(folders.at(folder) ?? unit.compilationFolder, name));
  }
  return { files, folders };
}

/** DWARF 5: both tables describe their own columns; the first folder is the compilation's once more. */
function readTables(unit: Unit, reader: ByteReader, offsetSize: number): Names {
  const folders: string[] = [];
  const context = contextOf(unit, offsetSize);
  for (const { path } of readEntries(context, reader)) {
    const isCompilations = folders.length === 0 && path === unit.namedFolder;
    folders.push(isCompilations ? unit.compilationFolder : joinPath(folders.at(0) ?? unit.compilationFolder, path));
  }
  const files = readEntries(context, reader).map(({ path, folder }) =>
    joinPath(folders.at(folder) ?? unit.compilationFolder, path),
  );
  return { files, folders };
}

/** A line table may be of the other offset size than its unit. */
const contextOf = (unit: Unit, offsetSize: number): FormContext => ({
  path: unit.path,
  version: unit.version,
  addressSize: unit.addressSize,
  offsetSize,
  start: unit.start,
  stringAt: (section, offset) => unit.stringAt(section, offset),
  indexedString: (index) => unit.indexedString(index),
  indexedAddress: (index) => unit.indexedAddress(index),
});

function readEntries(context: FormContext, reader: ByteReader): { readonly path: string; readonly folder: number }[] {
  const columns: { readonly content: number; readonly form: number }[] = [];
  const columnCount = reader.u8();
  for (let column = 0; column < columnCount; column++) columns.push({ content: reader.uleb(), form: reader.uleb() });
  const count = reader.uleb();
  // An entry without columns takes no bytes; the count would then be free to be anything.
  if (columnCount === 0 || count > reader.remaining) return [];
  const entries: { path: string; folder: number }[] = [];
  for (let index = 0; index < count; index++) {
    const entry = { path: '', folder: 0 };
    for (const { content, form } of columns) {
      const value = readForm(reader, form, 0, context);
      if (content === LNCT.path && value.kind === 'string') entry.path = value.value;
      if (content === LNCT.directory_index && value.kind === 'constant') entry.folder = value.value;
    }
    entries.push(entry);
  }
  return entries;
}

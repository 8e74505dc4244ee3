// library-contents.ts: the contents of a value whose type is one of a standard library's.
//
// The standard libraries of C++ (libstdc++) and Rust are known by their types' names and members (the tables beside
// this). A type that is laid out otherwise than expected has no contents here, and is shown by its members. Looks at
// memory only where the contents lie; never throws.

import type { MemoryReader, TypeInfo, Value } from '../../program-symbols';
import { isStruct, strip } from '../strip';
import type { Contents, LibraryType } from './contents';
import { CPP_LIBRARY } from './cpp-library.table';
import { RUST_LIBRARY } from './rust-library.table';

/** More elements than any memory here holds: the bytes are no such value (yet). */
const MOST_ELEMENTS = 1 << 30;

const known = new WeakMap<TypeInfo, LibraryType | 'none'>();

/** Undefined where the type is none of a library's, or the value is not (yet) a sound one. */
export function contentsOf(value: Value, memory: MemoryReader): Contents | undefined {
  if (value.error !== undefined || value.isRaw === true) return undefined;
  const type = strip(value.type);
  const library = libraryType(type);
  const contents = library?.contents(value, memory);
  if (contents === undefined || !('count' in contents) || memory.isImagined === true) return contents;
  return contents.count >= 0 && contents.count <= MOST_ELEMENTS && Number.isInteger(contents.count)
    ? contents
    : undefined;
}

function libraryType(type: TypeInfo): LibraryType | undefined {
  if (!isStruct(type)) return undefined;
  let found = known.get(type);
  if (found === undefined) {
    const { name } = type;
    found = [...RUST_LIBRARY, ...CPP_LIBRARY].find((each) => each.name.test(name)) ?? 'none';
    known.set(type, found);
  }
  return found === 'none' ? undefined : found;
}

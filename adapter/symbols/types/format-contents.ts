// format-contents.ts: strings, vectors, maps and smart pointers of the standard libraries as one line.
//
//     "text"   [3] {1, 2, 3}   [2] {1 = "one", 2 = "two"}   @0x1029eb0: {x = 1}   nullopt
//
// Where the contents cannot be read, only their number is shown.

import type { MemoryReader, Value } from '../program-symbols';
import { braces } from './braces';
import { quoteString, quoteWideString } from './characters';
import { bytesToUnsigned } from './integers';
import type { Contents } from './library/contents';
import { readValue } from './read-value';
import { sizeOf } from './strip';
import { hex } from '../../util/hex';

const STRING_UNITS = 200;

export interface ContentsFormatting {
  readonly memory: MemoryReader;
  readonly budget: number;
  /** Too deep for more levels. */
  readonly isDeep: boolean;
  readonly part: (value: Value, budget: number) => string;
}

export function formatContents(contents: Contents, how: ContentsFormatting): string {
  switch (contents.kind) {
    case 'nothing':
      return contents.text;
    case 'inner':
      return how.isDeep ? '{…}' : how.part(contents.value, how.budget);
    case 'owner': {
      const address = hex(contents.address);
      const { target } = contents;
      if (target === undefined || how.isDeep) return address;
      return target.error === undefined ? `@${address}: ${how.part(target, how.budget)}` : address;
    }
    case 'text':
      return textOf(contents, how.memory);
    case 'elements':
      return listed(contents.count, elementTexts(contents, how), how);
    case 'entries':
      return listed(contents.count, entryTexts(contents, how), how);
  }
}

function textOf({ unit, address, count }: Contents & { kind: 'text' }, memory: MemoryReader): string {
  const size = Math.max(1, sizeOf(unit));
  const shown = Math.min(count, STRING_UNITS);
  const bytes = shown === 0 ? new Uint8Array(0) : memory.read(address, shown * size);
  if (bytes.length < shown * size) return `[${count}] "…"`;
  const codes = Array.from({ length: shown }, (_, at) =>
    Number(bytesToUnsigned(bytes.subarray(at * size, (at + 1) * size))),
  );
  return (size === 1 ? quoteString(bytes) : quoteWideString(codes)) + (shown < count ? '…' : '');
}

type Part = (budget: number) => string;

function listed(count: number, parts: Iterable<Part> | undefined, how: ContentsFormatting): string {
  const prefix = `[${count}] `;
  if (count === 0) return `${prefix}{}`;
  return parts === undefined || how.isDeep ? `${prefix}{…}` : prefix + braces(parts, how.budget - prefix.length);
}

function elementTexts(
  { type, count, addressOf }: Contents & { kind: 'elements' },
  { memory, part }: ContentsFormatting,
): Iterable<Part> | undefined {
  const at = (index: number): Value => readValue(type, { kind: 'memory', address: addressOf(index) }, { memory });
  if (count > 0 && at(0).error !== undefined) return undefined;
  return (function* () {
    for (let index = 0; index < count; index++) yield (left: number) => part(at(index), left);
  })();
}

function* entryTexts({ count, walk }: Contents & { kind: 'entries' }, { part }: ContentsFormatting): Iterable<Part> {
  let shown = 0;
  for (const { key, value } of walk()) {
    shown++;
    yield (left) => {
      if (key === undefined) return part(value, left);
      const name = part(key, left);
      return `${name} = ${part(value, Math.max(1, left - name.length))}`;
    };
  }
  if (shown < count) yield () => '…';
}

// raw-type.ts: the type that bytes are shown with where none is known: unsigned.

import type { ProgramSymbols, TypeInfo } from '../symbols/program-symbols';

export function rawType(sizeBytes: number, symbols: ProgramSymbols): TypeInfo {
  const names: Readonly<Partial<Record<number, string>>> = {
    2: 'unsigned short',
    4: 'unsigned int',
    8: 'unsigned long',
  };
  const name = names[sizeBytes];
  const known = name === undefined ? undefined : symbols.typeNamed(name);
  if (known !== undefined) return known;
  if (name !== undefined) return { kind: 'base', name, sizeBytes, encoding: 'unsigned' };
  const byte: TypeInfo = { kind: 'base', name: 'uint8_t', sizeBytes: 1, encoding: 'unsigned' };
  if (sizeBytes === 1) return byte;
  return { kind: 'array', name: `uint8_t [${sizeBytes}]`, sizeBytes, target: byte, dimensions: [sizeBytes] };
}

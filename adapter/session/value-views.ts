// value-views.ts: values as an editor's tree shows them: text, type, expression, children.
//
// Hexadecimal where asked. Knows no frame and no reference numbers.

import type { MemoryReader, ProgramSymbols, Value } from '../symbols/program-symbols';
import { strip } from '../symbols/types/strip';
import { hex } from '../util/hex';

export interface ValueText {
  readonly value: string;
  readonly type: string;
  readonly memoryReference?: string;
}

export class ValueViews {
  constructor(
    private readonly symbols: ProgramSymbols,
    private readonly memory: MemoryReader,
  ) {}

  text(value: Value, hexadecimal: boolean): ValueText {
    const reference = memoryReferenceOf(value);
    return {
      value: this.valueText(value, hexadecimal),
      type: value.type.name,
      ...(reference === undefined ? {} : { memoryReference: reference }),
    };
  }

  private valueText(value: Value, hexadecimal: boolean): string {
    if (value.error !== undefined) return `<${value.error}>`;
    return this.symbols.format(value, this.memory, { hex: hexadecimal });
  }
}

/** Where a memory view would open: what a pointer points at, or the value's own place. */
function memoryReferenceOf(value: Value): string | undefined {
  if (strip(value.type).kind === 'pointer' && value.bytes.length === 8) {
    return hex(unsignedOf(value.bytes));
  }
  return value.location.kind === 'memory' ? hex(value.location.address) : undefined;
}

export function unsignedOf(bytes: Uint8Array): bigint {
  let bits = 0n;
  for (const [index, byte] of bytes.entries()) bits |= BigInt(byte) << BigInt(8 * index);
  return bits;
}

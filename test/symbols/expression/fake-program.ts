// fake-program.ts: a program made by hand: types, variables in a byte buffer, registers. No ELF, no DWARF.

import type { LocatedVariable, SymbolScope, ExpressionContext } from '../../../adapter/symbols/expression/symbol-scope';
import type {
  MemberInfo,
  MemoryReader,
  TypeInfo,
  Value,
  ValueLocation,
} from '../../../adapter/symbols/program-symbols';
import {
  arrayOf,
  CHAR,
  DOUBLE,
  FLOAT,
  INT,
  LONG,
  pointerTo,
  UNSIGNED_CHAR,
  UNSIGNED_INT,
  VOID,
} from '../../../adapter/symbols/types/base-types';
import { integerToBytes } from '../../../adapter/symbols/types/integers';

export const BASE = 0x404000n;
const SIZE = 0x1000;

export const member = (
  name: string,
  type: TypeInfo,
  offsetBytes: number,
  bits?: readonly [number, number],
): MemberInfo =>
  bits === undefined ? { name, type, offsetBytes } : { name, type, offsetBytes, bitOffset: bits[0], bitSize: bits[1] };

export const POINT: TypeInfo = {
  kind: 'struct',
  name: 'struct point',
  sizeBytes: 8,
  members: [member('x', INT, 0), member('y', INT, 4)],
};

export const COLOR: TypeInfo = {
  kind: 'enum',
  name: 'enum color',
  sizeBytes: 4,
  enumerators: [
    { name: 'RED', value: 0n },
    { name: 'GREEN', value: 1n },
    { name: 'BLUE', value: 5n },
  ],
};

export const FLAGS: TypeInfo = {
  kind: 'enum',
  name: 'enum flags',
  sizeBytes: 4,
  enumerators: [
    { name: 'READ', value: 1n },
    { name: 'WRITE', value: 2n },
    { name: 'EXEC', value: 4n },
  ],
};

const OVERLAY: TypeInfo = {
  kind: 'union',
  name: 'union <anonymous>',
  sizeBytes: 4,
  members: [member('bits', UNSIGNED_INT, 0), member('real', FLOAT, 0)],
};

export const NODE: TypeInfo = {
  kind: 'struct',
  name: 'struct node',
  sizeBytes: 40,
  members: [
    member('value', INT, 0),
    member('low', UNSIGNED_INT, 4, [0, 3]),
    member('signed_bits', INT, 4, [3, 5]),
    member('at', POINT, 8),
    member('', OVERLAY, 16),
    member('next', { kind: 'pointer', name: 'struct node *', sizeBytes: 8, target: VOID }, 24),
    member('name', arrayOf(CHAR, 8), 32),
  ],
};

export const MAIN: TypeInfo = { kind: 'function', name: 'int (void)', sizeBytes: 0, target: INT };
export const SIZE_T: TypeInfo = {
  kind: 'typedef',
  name: 'size_t',
  sizeBytes: 8,
  target: { ...LONG, encoding: 'unsigned', name: 'unsigned long' },
};

/** Variables, memory and registers that a test fills. */
export class FakeProgram implements SymbolScope {
  readonly bytes = new Uint8Array(SIZE);
  readonly registerValues = new Map<number, bigint>();
  readonly convenience = new Map<string, Value>();
  private readonly variables = new Map<string, LocatedVariable>();
  private readonly types = new Map<string, TypeInfo>([
    ['struct point', POINT],
    ['struct node', NODE],
    ['enum color', COLOR],
    ['enum flags', FLAGS],
    ['point_t', { kind: 'typedef', name: 'point_t', sizeBytes: 8, target: POINT }],
    ['size_t', SIZE_T],
  ]);
  private end = 0x10;

  readonly memory: MemoryReader = {
    read: (address, lengthBytes) => {
      const from = Number(address - BASE);
      if (from < 0 || from >= SIZE) return new Uint8Array(0);
      return this.bytes.slice(from, Math.min(from + lengthBytes, SIZE));
    },
  };

  readonly context: ExpressionContext = {
    scope: this,
    memory: this.memory,
    registers: (n) => this.registerValues.get(n),
    convenience: this.convenience,
  };

  /** As `context`, with writing. */
  get writable(): ExpressionContext {
    return {
      ...this.context,
      write: (location, bytes) => {
        if (location.kind === 'memory') this.bytes.set(bytes, Number(location.address - BASE));
        if (location.kind !== 'register') return;
        const old = integerToBytes(this.registerValues.get(location.dwarfNumber) ?? 0n, 8);
        old.set(bytes);
        this.registerValues.set(location.dwarfNumber, new DataView(old.buffer).getBigUint64(0, true));
      },
    };
  }

  /** Puts a variable into memory, 16-byte aligned; its address. */
  add(name: string, type: TypeInfo, content: Uint8Array | readonly number[] = []): bigint {
    const address = BASE + BigInt(this.end);
    this.bytes.set(content, this.end);
    this.end += Math.ceil((Math.max(type.sizeBytes, content.length) + 1) / 16) * 16;
    this.place(name, type, { kind: 'memory', address });
    return address;
  }

  place(name: string, type: TypeInfo, location: ValueLocation): void {
    this.variables.set(name, { type, location });
  }

  addType(name: string, type: TypeInfo): void {
    this.types.set(name, type);
  }

  variable(name: string, file?: string): LocatedVariable | undefined {
    return this.variables.get(file === undefined ? name : `${file}:${name}`);
  }

  functionNamed(name: string): { readonly address: bigint; readonly type: TypeInfo } | undefined {
    return name === 'main' ? { address: 0x401136n, type: MAIN } : undefined;
  }

  enumerator(name: string): { readonly type: TypeInfo; readonly value: bigint } | undefined {
    for (const type of this.types.values()) {
      const found = type.enumerators?.find((each) => each.name === name);
      if (found !== undefined) return { type, value: found.value };
    }
    return undefined;
  }

  typeNamed(name: string): TypeInfo | undefined {
    return this.types.get(name);
  }

  names(): Iterable<string> {
    return [...this.variables.keys(), 'main', 'RED', 'GREEN', 'BLUE'];
  }

  typeNames(): Iterable<string> {
    return this.types.keys();
  }
}

export const int = (...values: number[]): Uint8Array =>
  Uint8Array.from(values.flatMap((value) => [...integerToBytes(BigInt(value), 4)]));
export const long = (...values: bigint[]): Uint8Array =>
  Uint8Array.from(values.flatMap((value) => [...integerToBytes(value, 8)]));
export const text = (value: string): Uint8Array => new TextEncoder().encode(`${value}\0`);
export const double = (value: number): Uint8Array => new Uint8Array(new Float64Array([value]).buffer);

/** A program with one of everything. */
export function sampleProgram(): FakeProgram {
  const program = new FakeProgram();
  program.add('counter', INT, int(41));
  program.add('negative', INT, int(-7));
  program.add('big', LONG, long(0x1234_5678_9abc_def0n));
  program.add('letter', CHAR, [97]);
  program.add('byte', UNSIGNED_CHAR, [200]);
  program.add('ratio', DOUBLE, double(2.5));
  const array = program.add('array', arrayOf(INT, 5), int(10, 11, 12, 13, 14));
  program.add('matrix', arrayOf(INT, 2, 3), int(1, 2, 3, 4, 5, 6));
  const point = program.add('point', POINT, int(3, 4));
  program.add('p', pointerTo(POINT), long(point));
  program.add('cursor', pointerTo(INT), long(array + 4n));
  program.add('nothing', pointerTo(INT), long(0n));
  program.add('anything', pointerTo(VOID), long(array));
  const words = program.add('words', arrayOf(CHAR, 6), text('hello'));
  program.add('string', pointerTo(CHAR), long(words));
  program.add('color', COLOR, int(5));
  program.add('mode', FLAGS, int(3));
  const node = program.add('node', NODE, [
    ...int(7),
    0b10101_101,
    0,
    0,
    0,
    ...int(1, 2),
    ...int(0x40490fdb),
    0,
    0,
    0,
    0,
  ]);
  program.bytes.set(text('node'), Number(node - BASE) + 32);
  program.add('main_p', pointerTo(MAIN), long(0x401136n));
  program.place('in_register', INT, { kind: 'register', dwarfNumber: 3 });
  program.place('gone', INT, { kind: 'optimizedOut', why: 'no location here' });
  program.add('untyped', { kind: 'unknown', name: '<data>', sizeBytes: 4 }, int(99));
  program.add('main.c:hidden', INT, int(123));
  program.registerValues.set(0, 0x1122_3344_5566_7788n);
  program.registerValues.set(3, 77n);
  program.registerValues.set(16, 0x401140n);
  program.registerValues.set(49, 0x246n);
  program.convenience.set('old', { type: INT, location: { kind: 'memory', address: BASE }, bytes: int(40) });
  return program;
}

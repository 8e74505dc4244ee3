// bound-place.ts: where an expression's value lies at one instruction, whatever memory and registers hold there.
//
// Found by trying: the expression is evaluated in frames of made-up registers, unwound by the program's own information,
// over a memory that knows nothing. What comes out the same each time is a constant; what keeps its distance from one of
// the registers lies relative to it. Anything else needs the evaluator at each hit.
// Truth: System V ABI x86-64, figure 3.36 (DWARF register numbers).

import type { NumberCode } from '../judging/number-code';
import type {
  EvaluationContext,
  Frame,
  MemoryReader,
  ProgramSymbols,
  TypeInfo,
  Value,
} from '../symbols/program-symbols';
import { sum } from '../symbols/expression/number-part';
import type { PartPlace } from '../symbols/expression/number-part';
import { FILTERED_MEMORY_END } from '../target/target';
import { storageBytes } from '../symbols/types/read-value';
import { UserError } from '../util/user-error';

export type Found =
  | { readonly kind: 'constant'; readonly value: Value }
  | { readonly kind: 'place'; readonly value: Value; readonly place: PartPlace };

/** Numbers in the instruction set of rax, rdx, rcx, rbx, rsi, rdi, rbp, rsp, r8 … r15, by DWARF number. */
const REGISTERS = [0, 2, 1, 3, 6, 7, 5, 4, 8, 9, 10, 11, 12, 13, 14, 15];
const RIP = 16;
/** What memory is made of: each bit is once this and once that. */
const FILLS = [0, 0xff, 0x55, 0xaa];
/** Made-up registers are far apart, aligned as a stack pointer is, and have nothing else in common. */
const REGISTER_STEP = 0x1_0135_7900n;
const SAMPLE_STEP = 0x73_1397_5310n;

interface Sample {
  readonly registers: readonly bigint[];
  readonly memory: MemoryReader;
  readonly frame: Frame | undefined;
}

export class PlaceFinder {
  private readonly samples: readonly Sample[];

  /** `at`: a frame of the instruction, whose registers do not count; undefined: only globals are meant. */
  constructor(
    private readonly symbols: ProgramSymbols,
    private readonly memory: MemoryReader,
    at: Frame | undefined,
  ) {
    this.samples = FILLS.map((fill, n) => sampleOf(symbols, at, n, fill));
  }

  /** `expression` has no side effects. */
  find(expression: string): Found | undefined {
    const values: Value[] = [];
    for (const sample of this.samples) {
      const value = this.evaluated(expression, sample);
      if (value === undefined) return undefined;
      values.push(value);
    }
    const [first] = values;
    const place = this.placeOf(values);
    if (place !== undefined) return { kind: 'place', value: first, place };
    const isConstant = values.every(({ location, bytes }) => location.kind === 'value' && isEqual(bytes, first.bytes));
    return isConstant ? { kind: 'constant', value: first } : undefined;
  }

  /** Undefined: no number's or address's type is called so here. */
  typeNamed(text: string): TypeInfo | undefined {
    const [sample] = this.samples;
    return this.evaluated(`(${text})0`, sample)?.type;
  }

  /** A variable of that name would hide it. */
  isType(name: string): boolean {
    const [sample] = this.samples;
    return this.evaluated(name, sample) === undefined && this.evaluated(`sizeof(${name})`, sample) !== undefined;
  }

  private evaluated(expression: string, { memory, frame }: Sample): Value | undefined {
    const context: EvaluationContext = { memory, ...(frame === undefined ? {} : { frame }) };
    try {
      return this.symbols.evaluate(expression, context);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return undefined;
    }
  }

  private placeOf(values: readonly Value[]): PartPlace | undefined {
    const [{ location, type }] = values;
    if (location.kind === 'register') return registerOf(location.dwarfNumber, values);
    const addresses = values.flatMap((value) => (value.location.kind === 'memory' ? [value.location.address] : []));
    const [address] = addresses;
    if (addresses.length < values.length) return undefined;
    if (addresses.some((other) => other !== address)) return this.relative(addresses);
    const size = storageBytes(type, values[0]);
    if (address + BigInt(size) > FILTERED_MEMORY_END || this.memory.read(address, size).length < size) return undefined;
    return { kind: 'memory', address: Number(address) };
  }

  /** At the same distance from one register in each sample. */
  private relative(addresses: readonly bigint[]): PartPlace | undefined {
    const distance = (n: number, dwarfNumber: number): bigint =>
      BigInt.asIntN(64, addresses[n] - this.samples[n].registers[dwarfNumber]);
    const dwarfNumber = REGISTERS.findIndex((_, each) =>
      addresses.every((_, n) => distance(n, each) === distance(0, each)),
    );
    if (dwarfNumber < 0) return undefined;
    const register: NumberCode = {
      ...{ kind: 'load', type: 'i64', bytes: 8, signed: false },
      from: { kind: 'register', register: REGISTERS[dwarfNumber] },
    };
    return { kind: 'at', address: sum(register, distance(0, dwarfNumber)) };
  }
}

function registerOf(dwarfNumber: number, values: readonly Value[]): PartPlace | undefined {
  const isSame = values.every(({ location }) => location.kind === 'register' && location.dwarfNumber === dwarfNumber);
  return isSame && dwarfNumber < REGISTERS.length ? { kind: 'register', register: REGISTERS[dwarfNumber] } : undefined;
}

function sampleOf(symbols: ProgramSymbols, at: Frame | undefined, n: number, fill: number): Sample {
  const memory: MemoryReader = { read: (_, lengthBytes) => new Uint8Array(lengthBytes).fill(fill) };
  const registers = REGISTERS.map(
    (_, each) => BigInt(each + 1) * REGISTER_STEP * BigInt(n + 1) + BigInt(n) * SAMPLE_STEP,
  );
  if (at === undefined) return { registers, memory, frame: undefined };
  const known = (dwarfNumber: number): bigint | undefined => (dwarfNumber === RIP ? at.pc : registers.at(dwarfNumber));
  return { registers, memory, frame: symbols.unwind(known, memory, 1).at(0) };
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, n) => byte === other[n]);
}

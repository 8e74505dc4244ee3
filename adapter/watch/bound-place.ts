// bound-place.ts: where an expression's value lies at one instruction, whatever memory and registers hold there.
//
// Found by trying: the expression is evaluated in frames of made-up registers, unwound by the program's own information,
// over a memory that knows nothing. What comes out the same each time is a constant; what keeps its distance from one of
// the registers lies relative to it, or to a pointer there. Anything else needs the evaluator at each hit.
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
import { bytesToUnsigned } from '../symbols/types/integers';
import { storageBytes } from '../symbols/types/read-value';
import { UserError } from '../util/user-error';
import type { MemoryRange } from './watch-through';
import { sameBytes } from '../util/same-bytes';

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

const WORD_BYTES = 8;

/** What an expression comes to in a sample, and what was read for it. */
interface Look {
  readonly value: Value;
  readonly reads: readonly MemoryRange[];
}

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
    const looks = this.looksAt(expression);
    return looks && foundAt(looks, this.placeOf(looks));
  }

  /** A variable, a reference, a member of `this`, an enumerator, … */
  findName(name: string): Found | undefined {
    const looks = this.looksAt(name);
    return looks && foundAt(looks, this.placeOf(looks) ?? this.behindPointer(looks));
  }

  /** One for each sample. */
  private looksAt(expression: string): readonly Look[] | undefined {
    const looks: Look[] = [];
    for (const sample of this.samples) {
      const look = this.look(expression, sample);
      if (look === undefined) return undefined;
      looks.push(look);
    }
    return looks;
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

  private evaluated(expression: string, sample: Sample): Value | undefined {
    return this.look(expression, sample)?.value;
  }

  private look(expression: string, { memory, frame }: Sample): Look | undefined {
    const reads: MemoryRange[] = [];
    const noting: MemoryReader = {
      read: (address, lengthBytes) => {
        reads.push({ address, lengthBytes });
        return memory.read(address, lengthBytes);
      },
    };
    const context: EvaluationContext = { memory: noting, ...(frame === undefined ? {} : { frame }) };
    try {
      return { value: this.symbols.evaluate(expression, context), reads };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return undefined;
    }
  }

  private placeOf(looks: readonly Look[]): PartPlace | undefined {
    const [first] = looks.map(({ value }) => value);
    if (first.location.kind === 'register') return registerOf(first.location.dwarfNumber, looks);
    const addresses = looks.flatMap(({ value: { location } }) =>
      location.kind === 'memory' ? [location.address] : [],
    );
    return addresses.length < looks.length ? undefined : this.placeAt(addresses, storageBytes(first.type, first));
  }

  /** By its address in each sample. */
  private placeAt(addresses: readonly bigint[], bytes: number): PartPlace | undefined {
    const [address] = addresses;
    if (addresses.some((other) => other !== address)) return this.relative(addresses);
    const isThere = address + BigInt(bytes) <= FILTERED_MEMORY_END && this.memory.read(address, bytes).length === bytes;
    return isThere ? { kind: 'memory', address: Number(address) } : undefined;
  }

  /** One pointer was read, and what it leads to, at the same distance each time: a reference, a member of `this`. */
  private behindPointer(looks: readonly Look[]): PartPlace | undefined {
    const steps = looks.flatMap(({ value: { location }, reads }, n) => {
      const [pointer, last] = reads;
      if (location.kind !== 'memory' || reads.length !== 2 || pointer.lengthBytes !== WORD_BYTES) return [];
      if (last.address !== location.address) return [];
      const held = bytesToUnsigned(this.samples[n].memory.read(pointer.address, WORD_BYTES));
      return [{ at: pointer.address, distance: BigInt.asIntN(64, location.address - held) }];
    });
    const distance = steps.at(0)?.distance;
    if (distance === undefined || steps.length < looks.length) return undefined;
    if (steps.some((step) => step.distance !== distance)) return undefined;
    const from = this.placeAt(
      steps.map(({ at }) => at),
      WORD_BYTES,
    );
    if (from === undefined || from.kind === 'watched') return undefined;
    const pointer: NumberCode = { kind: 'load', type: 'i64', bytes: WORD_BYTES, signed: false, from };
    return { kind: 'at', address: sum(pointer, distance) };
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
      ...{ kind: 'load', type: 'i64', bytes: WORD_BYTES, signed: false },
      from: { kind: 'register', register: REGISTERS[dwarfNumber] },
    };
    return { kind: 'at', address: sum(register, distance(0, dwarfNumber)) };
  }
}

function foundAt(looks: readonly Look[], place: PartPlace | undefined): Found | undefined {
  const [{ value }] = looks;
  if (place !== undefined) return { kind: 'place', value, place };
  const isSame = looks.every(
    ({ value: { location, bytes } }) => location.kind === 'value' && sameBytes(bytes, value.bytes),
  );
  return isSame ? { kind: 'constant', value } : undefined;
}

function registerOf(dwarfNumber: number, looks: readonly Look[]): PartPlace | undefined {
  const isSame = looks.every(
    ({ value: { location } }) => location.kind === 'register' && location.dwarfNumber === dwarfNumber,
  );
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

// jump-table.ts: guesses where an indirect jump of a `switch` goes.
//
// Compilers jump through a table of addresses (`jmp [table + index*8]`) or of offsets (`lea base; movsxd; add; jmp`).
// A guess is only a hint: translated code compares the real target with it, and leaves when it is none of them.

import type { Instruction } from '../decode/instruction';

/** What guessing needs to see of the guest. */
export interface TableSource {
  /** The instruction at the address, or undefined where its bytes may not be executed. */
  decode(address: number): Instruction | undefined;
  /** What a general register holds now. */
  register(index: number): number;
  /** Undefined where nothing is mapped. */
  readU32(address: number): number | undefined;
}

const MOST_TARGETS = 256;
/** A table's targets lie in the same function, so near each other. */
const FARTHEST_BYTES = 0x8000;
/** How far back the table's address is looked for. */
const INSTRUCTIONS_BACK = 12;
/** A table of offsets that gives fewer is none. */
const FEWEST_TARGETS = 3;

export function predictJumpTable(
  source: TableSource,
  jump: Instruction,
  known: ReadonlyMap<number, Instruction>,
): readonly number[] {
  const operand = jump.operands.at(0);
  if (operand === undefined) return [];
  if (operand.kind === 'memory') {
    const isTable = operand.base < 0 && operand.index >= 0 && operand.scaleShift === 3;
    return isTable ? readTable(source, operand.displacement, 8, 0, jump.address) : [];
  }
  const before = precedingInstructions(jump.address, known);
  const direct = before.slice(0, 2).flatMap(tableOfAddresses).at(0);
  if (direct !== undefined) return readTable(source, direct, 8, 0, jump.address);
  const load = before.find(isLoadOfOffset);
  if (load === undefined) return [];
  // The table's address comes from a LEA: nearby, or hoisted to the beginning of the function, so that a region that
  // begins in a loop does not see it, but runs with it in a register.
  const seen = [...tableCandidates(before), ...tableCandidates([...known.values()])];
  for (const table of [...seen, ...registersOf(load).map((index) => source.register(index))]) {
    const targets = readTable(source, table, 4, table, jump.address);
    if (targets.length >= FEWEST_TARGETS) return targets;
  }
  return [];
}

/** `mov reg, [table + index*8]`: the table's address. */
function tableOfAddresses({ mnemonic, operands }: Instruction): number[] {
  const source = operands.at(1);
  if (mnemonic !== 'mov' || source?.kind !== 'memory') return [];
  return source.base < 0 && source.index >= 0 && source.scaleShift === 3 ? [source.displacement] : [];
}

/** `movsxd reg, [table + index*4]`, or without optimisation `mov eax, [rdx + rax]`. */
function isLoadOfOffset({ mnemonic, operands }: Instruction): boolean {
  const source = operands.at(1);
  const loads = mnemonic === 'movsxd' || mnemonic === 'mov';
  return loads && source?.kind === 'memory' && source.bytes === 4 && source.base >= 0 && source.index >= 0;
}

/** Registers of the address that it loads from. */
function registersOf({ operands }: Instruction): number[] {
  const source = operands.at(1);
  return source?.kind === 'memory' ? [source.base, source.index].filter((index) => index >= 0) : [];
}

/** Addresses that `lea reg, [rip + …]` gives. */
function tableCandidates(instructions: readonly Instruction[]): number[] {
  return instructions.flatMap(({ mnemonic, operands }) => {
    const source = operands.at(1);
    return mnemonic === 'lea' && source?.kind === 'memory' && source.ripRelative ? [source.displacement] : [];
  });
}

/** Nearest first. */
function precedingInstructions(address: number, known: ReadonlyMap<number, Instruction>): Instruction[] {
  const found: Instruction[] = [];
  let at = address;
  while (found.length < INSTRUCTIONS_BACK) {
    const previous = instructionBefore(at, known);
    if (previous === undefined) break;
    found.push(previous);
    at = previous.address;
  }
  return found;
}

function instructionBefore(address: number, known: ReadonlyMap<number, Instruction>): Instruction | undefined {
  for (let length = 1; length <= 15; length++) {
    const candidate = known.get(address - length);
    if (candidate?.length === length) return candidate;
  }
  return undefined;
}

function readTable(
  source: TableSource,
  table: number,
  entryBytes: 4 | 8,
  base: number,
  jumpAddress: number,
): readonly number[] {
  const targets = new Set<number>();
  for (let n = 0; n < MOST_TARGETS; n++) {
    const low = source.readU32(table + n * entryBytes);
    if (low === undefined) break;
    const target = entryBytes === 8 ? low : base + (low | 0);
    if (entryBytes === 8 && source.readU32(table + n * 8 + 4) !== 0) break;
    if (Math.abs(target - jumpAddress) > FARTHEST_BYTES) break;
    if (source.decode(target) === undefined) break;
    targets.add(target);
  }
  return [...targets];
}

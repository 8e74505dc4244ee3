// access-groups.ts: accesses near each other, so that one check stands before all of them.
//
// Two accesses are near each other when their addresses are the same registers with the same values plus displacements
// at most WINDOW_BYTES apart: the lines of a stack frame, the members of a structure. A check of the granules of the
// first and the last start then says of all whether they are fast. Followed along paths without merges.
//
// An address is a key (whose values the registers have) and an offset; values are numbered, as in value numbering.

import type { Instruction, MemoryOperand, Operand } from '../decode/instruction';
import type { AccessGroup, AccessPlan, PlannedAccess } from './access-plan';
import { isMerge, type FlowNode } from './control-flow';
import {
  IMPLICIT_WRITES,
  READS_FIRST_OPERAND,
  WRITES_FIRST_OPERAND,
  WRITES_SECOND_OPERAND,
} from './register-writes.table';

/** First and last start lie at most so far apart: in two granules at most. */
const WINDOW_BYTES = 64;
const ALL_REGISTERS = 0xffff;
const RSP = 4;
const RBP = 5;

/** Have memory operands that nobody reads or writes. */
const ACCESSES_NOTHING: ReadonlySet<string> = new Set(['lea', 'nop', 'endbr64']);

interface Value {
  readonly number: number;
  readonly offset: number;
}

interface State {
  readonly registers: Value[];
  readonly groups: Map<string, AccessGroup[]>;
}

/** Registers that the instruction may change, as a mask. */
export function writtenRegisters({ mnemonic, operands }: Instruction): number {
  const implicit = mnemonic in IMPLICIT_WRITES ? IMPLICIT_WRITES[mnemonic] : undefined;
  const first = operands.at(0);
  const own = first?.kind === 'register' && first.file.startsWith('gpr') ? 1 << first.index : 0;
  if (WRITES_FIRST_OPERAND.has(mnemonic)) return own;
  if (mnemonic === 'pop') return own | (1 << RSP);
  if (mnemonic === 'call' || mnemonic === 'ret') return 1 << RSP;
  if (mnemonic === 'imul') return operands.length > 1 ? own : 5;
  if (mnemonic === 'leave') return (1 << RSP) | (1 << RBP);
  return implicit ?? ALL_REGISTERS;
}

/** For each block (nodes in reverse postorder) its accesses that are in groups of at least two. */
export function planAccesses(nodes: readonly FlowNode[]): ReadonlyMap<FlowNode, AccessPlan> {
  const states = new Map<FlowNode, State>();
  const planner = new Planner();
  const plans = new Map<FlowNode, AccessPlan>();
  for (const node of nodes) {
    const before = inherits(node) ? states.get(node.dominator ?? node) : undefined;
    const state = before === undefined ? planner.fresh() : copy(before);
    plans.set(node, planner.plan(node.block.instructions, state));
    states.set(node, state);
  }
  return plans;
}

/**
 * Only one way leads here, straight from the block that dominates this one, and it is no return from a call. (Another
 * way may lead here that leaves the region first: then the dominator can lie further back.)
 */
function inherits(node: FlowNode): boolean {
  const { dominator } = node;
  if (dominator === undefined || isMerge(node) || node.isLoop || node.order === 0) return false;
  if (!dominator.successors.includes(node) || dominator.badTargets.has(node)) return false;
  const { block } = dominator;
  return block.isInlinedCall || block.instructions.at(-1)?.mnemonic.startsWith('call') !== true;
}

function copy({ registers, groups }: State): State {
  return { registers: [...registers], groups: new Map([...groups].map(([key, list]) => [key, [...list]])) };
}

class Planner {
  private values = 0;

  fresh(): State {
    return { registers: Array.from({ length: 16 }, () => this.newValue()), groups: new Map() };
  }

  private newValue(): Value {
    return { number: this.values++, offset: 0 };
  }

  plan(instructions: readonly Instruction[], state: State): AccessPlan {
    const plan = new Map<MemoryOperand | Instruction, PlannedAccess>();
    for (const instruction of instructions) {
      this.planInstruction(instruction, state, plan);
      this.follow(instruction, state);
    }
    return plan;
  }

  private planInstruction(
    instruction: Instruction,
    state: State,
    plan: Map<MemoryOperand | Instruction, PlannedAccess>,
  ): void {
    const { mnemonic, operands, operandBytes } = instruction;
    for (const [n, operand] of operands.entries()) {
      if (operand.kind !== 'memory' || ACCESSES_NOTHING.has(mnemonic) || mnemonic === 'pop') continue;
      const address = addressOf(operand, state);
      if (address === undefined) continue;
      const writes = n === 0 ? !READS_FIRST_OPERAND.has(mnemonic) : WRITES_SECOND_OPERAND.has(mnemonic);
      plan.set(operand, join(state, address.key, address.offset, writes));
    }
    const stack = stackOffset(mnemonic, operandBytes);
    if (stack === undefined) return;
    const { number, offset } = state.registers[mnemonic === 'leave' ? RBP : RSP];
    plan.set(instruction, join(state, baseKey(number), offset + stack, stack < 0));
  }

  /** What the instruction does to the registers' values. */
  private follow(instruction: Instruction, { registers }: State): void {
    const { mnemonic, operands, operandBytes } = instruction;
    const rsp = registers[RSP];
    const rbp = registers[RBP];
    const moved = movedValue(instruction, registers);
    const written = writtenRegisters(instruction);
    for (let index = 0; index < 16; index++) if (((written >> index) & 1) === 1) registers[index] = this.newValue();
    if (moved !== undefined) registers[moved.index] = moved.value;
    const target = operands.at(0);
    const popsStack = target?.kind === 'register' && target.file === 'gpr' && target.index === RSP;
    if (mnemonic === 'call') registers[RSP] = plus(rsp, -8);
    if (mnemonic === 'ret' && target === undefined) registers[RSP] = plus(rsp, 8);
    if (mnemonic === 'push') registers[RSP] = plus(rsp, -operandBytes);
    if (mnemonic === 'pop' && !popsStack) registers[RSP] = plus(rsp, operandBytes);
    if (mnemonic === 'leave') registers[RSP] = plus(rbp, operandBytes);
  }
}

function plus({ number, offset }: Value, bytes: number): Value {
  return { number, offset: offset + bytes };
}

function baseKey(number: number): string {
  return `${number}`;
}

function addressOf(operand: MemoryOperand, { registers }: State): { key: string; offset: number } | undefined {
  const { base, index, scaleShift, displacement, segment, address32, bytes } = operand;
  if ((base < 0 && index < 0) || segment !== 'none' || address32 || bytes > 16) return undefined;
  const from = base < 0 ? undefined : registers[base];
  const by = index < 0 ? undefined : registers[index];
  const offset = displacement + (from?.offset ?? 0) + (by?.offset ?? 0) * 2 ** scaleShift;
  const key = baseKey(from?.number ?? -1);
  return { key: by === undefined ? key : `${key} ${by.number} ${scaleShift}`, offset };
}

/** The group's window is widened while it may. */
function join(state: State, key: string, offset: number, writes: boolean): PlannedAccess {
  const groups = state.groups.get(key) ?? [];
  state.groups.set(key, groups);
  for (const group of groups) {
    const first = Math.min(group.first, offset);
    const last = Math.max(group.last, offset);
    if (last - first > WINDOW_BYTES) continue;
    group.first = first;
    group.last = last;
    group.writes ||= writes;
    group.accesses++;
    return { group, offset };
  }
  const group = { first: offset, last: offset, writes, accesses: 1, opened: undefined };
  groups.push(group);
  return { group, offset };
}

/** Where an instruction without a memory operand accesses the stack, from its pointer. */
function stackOffset(mnemonic: string, operandBytes: number): number | undefined {
  if (mnemonic === 'push') return -operandBytes;
  if (mnemonic === 'call' || mnemonic === 'call_indirect') return -8;
  return mnemonic === 'pop' || mnemonic === 'ret' || mnemonic === 'leave' ? 0 : undefined;
}

/** A register that gets another's value plus a constant. */
function movedValue(
  { mnemonic, operands }: Instruction,
  registers: readonly Value[],
): { index: number; value: Value } | undefined {
  const target = operands.at(0);
  const source = operands.at(1);
  if (target?.kind !== 'register' || target.file !== 'gpr' || target.bytes !== 8 || source === undefined) return;
  const value = valueMoved(mnemonic, registers[target.index], source, registers);
  return value === undefined ? undefined : { index: target.index, value };
}

function valueMoved(mnemonic: string, target: Value, source: Operand, registers: readonly Value[]): Value | undefined {
  if (source.kind === 'register')
    return mnemonic === 'mov' && source.file === 'gpr' ? registers[source.index] : undefined;
  if (source.kind === 'immediate') {
    const bytes = Number(source.value);
    if (mnemonic === 'add') return plus(target, bytes);
    return mnemonic === 'sub' ? plus(target, -bytes) : undefined;
  }
  const { base, index, segment, address32, displacement } = source;
  const isSum = mnemonic === 'lea' && base >= 0 && index < 0 && segment === 'none' && !address32;
  return isSum ? plus(registers[base], displacement) : undefined;
}

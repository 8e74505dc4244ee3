// region-shape.ts: which guest code becomes one WebAssembly function.
//
// From an entry, code is followed along jumps and past calls, nearest first, up to a limit. Edges that lead out of the
// region become exits. A block ends where control may go elsewhere, or where another block begins.

import type { Instruction } from '../decode/instruction';
import { EMITTERS } from './semantics/semantics';
import type { TableSource } from './jump-table';

export interface Block {
  readonly address: number;
  readonly instructions: readonly Instruction[];
  /** Address after the last instruction. */
  readonly end: number;
  /** Blocks of this region that control may go to, calls' continuations included. */
  successors: readonly number[];
  /** The debugger may want to stop before this block's first instruction: it only leaves. */
  readonly isStop: boolean;
}

export interface RegionShape {
  readonly entry: number;
  readonly blocks: ReadonlyMap<number, Block>;
  /** Targets of direct calls. */
  readonly callees: ReadonlySet<number>;
}

export interface CodeSource extends TableSource {
  /** Where an indirect jump may go, as far as one can tell. */
  jumpTargets(jump: Instruction, known: ReadonlyMap<number, Instruction>): readonly number[];
  /** The debugger or a debug register may want to stop before this instruction. */
  isStop(address: number): boolean;
}

export interface ShapeLimits {
  readonly instructions: number;
  /** Bring the cases of a `switch` along. */
  readonly followsTables: boolean;
  /** Longest block: the instruction count is looked at once per block. */
  readonly blockInstructions: number;
}

/** Control always leaves the straight line here. */
const TRANSFERS: ReadonlySet<string> = new Set([
  ...['jmp', 'jcc', 'call', 'ret', 'jmp_indirect', 'call_indirect', 'loop', 'loope', 'loopne', 'jrcxz'],
  ...['syscall', 'int3', 'icebp', 'int', 'cpuid', 'rdtsc', 'rdtscp', 'popf'],
  ...['ud0', 'ud1', 'ud2', '(bad)', 'hlt', 'in', 'out', 'ins', 'outs', 'cli', 'sti', 'clts', 'rdmsr', 'wrmsr', 'rdpmc'],
  ...['xgetbv', 'rdrand', 'rdseed', 'rdfsbase', 'rdgsbase', 'wrfsbase', 'wrgsbase', 'invd', 'wbinvd', 'iret', 'lgdt'],
  ...['lidt', 'lldt', 'ltr', 'lmsw', 'invlpg', 'swapgs', 'sysret', 'sysexit'],
]);

const CONDITIONAL: ReadonlySet<string> = new Set(['jcc', 'loop', 'loope', 'loopne', 'jrcxz']);

/** Instructions after which the next one follows. */
const STRAIGHT: ReadonlySet<string> = new Set(Object.keys(EMITTERS).filter((mnemonic) => !TRANSFERS.has(mnemonic)));

export function endsBlock(instruction: Instruction): boolean {
  return !STRAIGHT.has(instruction.mnemonic);
}

export function nextAddress(instruction: Instruction): number {
  return instruction.address + instruction.length;
}

interface Reached {
  readonly instructions: Map<number, Instruction>;
  readonly leaders: Set<number>;
  readonly callees: Set<number>;
  /** Predicted targets of indirect jumps, by the jump's address. */
  readonly tables: Map<number, readonly number[]>;
}

export function shapeRegion(source: CodeSource, entry: number, limits: ShapeLimits): RegionShape {
  const reached = explore(source, entry, limits);
  const blocks = new Map<number, Block>();
  for (const leader of reached.leaders) {
    if (!reached.instructions.has(leader) && !source.isStop(leader)) continue;
    blocks.set(leader, makeBlock(source, leader, reached));
  }
  for (const block of blocks.values()) block.successors = block.successors.filter((address) => blocks.has(address));
  return { entry, blocks, callees: reached.callees };
}

/** A region of one instruction, for running it alone. */
export function shapeSingle(instruction: Instruction): RegionShape {
  const block: Block = {
    address: instruction.address,
    instructions: [instruction],
    end: nextAddress(instruction),
    successors: [],
    isStop: false,
  };
  return { entry: instruction.address, blocks: new Map([[instruction.address, block]]), callees: new Set() };
}

/** A region of one block, which counts each instruction. */
export function shapeStepping(source: CodeSource, entry: number, limits: ShapeLimits): RegionShape {
  const instructions: Instruction[] = [];
  let address = entry;
  while (instructions.length < limits.blockInstructions) {
    if (source.isStop(address)) break;
    const instruction = source.decode(address);
    if (instruction === undefined) break;
    instructions.push(instruction);
    address = nextAddress(instruction);
    if (endsBlock(instruction)) break;
  }
  const isStop = instructions.length === 0;
  const block: Block = { address: entry, instructions, end: address, successors: [], isStop };
  return { entry, blocks: new Map([[entry, block]]), callees: new Set() };
}

function explore(source: CodeSource, entry: number, limits: ShapeLimits): Reached {
  const reached: Reached = {
    instructions: new Map(),
    leaders: new Set([entry]),
    callees: new Set(),
    tables: new Map(),
  };
  const queue = [entry];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (reached.instructions.size >= limits.instructions) break;
    followLine(source, next, reached, queue, limits);
  }
  return reached;
}

function followLine(source: CodeSource, from: number, reached: Reached, queue: number[], limits: ShapeLimits): void {
  let address = from;
  let length = 0;
  for (;;) {
    if (reached.instructions.has(address)) return;
    if (source.isStop(address)) {
      reached.leaders.add(address);
      return;
    }
    const instruction = source.decode(address);
    if (instruction === undefined) return;
    reached.instructions.set(address, instruction);
    const following = nextAddress(instruction);
    if (endsBlock(instruction)) {
      addTargets(source, instruction, reached, queue, limits.followsTables);
      return;
    }
    if (++length >= limits.blockInstructions) {
      reached.leaders.add(following);
      queue.push(following);
      return;
    }
    address = following;
  }
}

function addTargets(
  source: CodeSource,
  instruction: Instruction,
  reached: Reached,
  queue: number[],
  followsTables: boolean,
): void {
  const add = (address: number): void => {
    reached.leaders.add(address);
    queue.push(address);
  };
  const { mnemonic, target } = instruction;
  if (CONDITIONAL.has(mnemonic)) add(nextAddress(instruction));
  if (mnemonic === 'call' || mnemonic === 'call_indirect') add(nextAddress(instruction));
  if (target !== undefined) {
    if (mnemonic === 'call') reached.callees.add(target);
    else add(target);
  }
  if (mnemonic === 'jmp_indirect') {
    // Asked even where they are not followed: who begins in the middle may not see the table's address.
    const found = source.jumpTargets(instruction, reached.instructions);
    const targets = followsTables ? found : [];
    reached.tables.set(instruction.address, targets);
    targets.forEach(add);
  }
}

function makeBlock(source: CodeSource, leader: number, reached: Reached): Block {
  const instructions: Instruction[] = [];
  let address = leader;
  if (source.isStop(leader)) return { address: leader, instructions, end: leader, successors: [], isStop: true };
  for (;;) {
    const instruction = reached.instructions.get(address);
    if (instruction === undefined) break; // Beyond the limit: the block goes on elsewhere.
    instructions.push(instruction);
    address = nextAddress(instruction);
    if (endsBlock(instruction)) {
      const successors = successorsOf(instruction, reached);
      return { address: leader, instructions, end: address, successors, isStop: false };
    }
    if (reached.leaders.has(address)) break;
  }
  return { address: leader, instructions, end: address, successors: [address], isStop: false };
}

function successorsOf(instruction: Instruction, reached: Reached): readonly number[] {
  const following = nextAddress(instruction);
  const { mnemonic, target } = instruction;
  if (CONDITIONAL.has(mnemonic) && target !== undefined) return [target, following];
  if (mnemonic === 'jmp' && target !== undefined) return [target];
  if (mnemonic === 'call' || mnemonic === 'call_indirect') return [following];
  return reached.tables.get(instruction.address) ?? [];
}

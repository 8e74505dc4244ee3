// region-shape.ts: which guest code becomes one WebAssembly function.
//
// From an entry, code is followed along jumps and past calls, nearest first, up to a limit. Edges that lead out of the
// region become exits. A block ends where control may go elsewhere, or where another block begins.
//
// Small callees are brought into hot regions: their blocks again for each such call (a context), with the call's
// continuation behind their returns; those of indirect calls, too, as far as they are known. Recursive functions unroll that way. Context 0 is the region's own code.

import type { Instruction } from '../decode/instruction';
import { EMITTERS } from './semantics/semantics';
import type { TableSource } from './jump-table';

export interface Block {
  /** What tells blocks of a region apart: the address, and above 32 bits the context. */
  readonly key: number;
  readonly address: number;
  readonly instructions: readonly Instruction[];
  /** Address after the last instruction. */
  readonly end: number;
  /** Keys of blocks of this region that control may go to, calls' continuations included. */
  successors: readonly number[];
  /** The block ends with a call whose callee is the only successor. */
  isInlinedCall: boolean;
  /** The block ends with an indirect call: callees that are successors, too. */
  inlinedTargets: readonly { readonly address: number; readonly key: number }[];
  /** The block ends with a return, which is expected to go on there, in this region. */
  returnsTo: { readonly address: number; readonly key: number } | undefined;
  /** The debugger may want to stop before this block's first instruction: it only leaves. */
  readonly isStop: boolean;
}

export interface RegionShape {
  readonly entry: number;
  /** By key. */
  readonly blocks: ReadonlyMap<number, Block>;
  /** Targets of direct calls. */
  readonly callees: ReadonlySet<number>;
}

export interface CodeSource extends TableSource {
  /** Where an indirect jump may go, as far as one can tell. */
  jumpTargets(jump: Instruction, known: ReadonlyMap<number, Instruction>): readonly number[];
  /** Where the indirect call at the address has gone so far, as far as one can tell. */
  callTargets(address: number): readonly number[];
  /** A region begins there that is worth leaving code that runs seldom for. */
  isHotEntry(address: number): boolean;
  /** The debugger or a debug register may want to stop before this instruction. */
  isStop(address: number): boolean;
}

export interface ShapeLimits {
  readonly instructions: number;
  /** Bring the cases of a `switch` along. */
  readonly followsTables: boolean;
  /** Longest block: the instruction count is looked at once per block. */
  readonly blockInstructions: number;
  /** Entries of hot regions are not followed. */
  readonly leavesForHot: boolean;
  /** Callees up to so many instructions are brought into the region; 0: none. */
  readonly inlinedCallee: number;
  /** All that is brought in. */
  readonly inlinedInstructions: number;
}

/** Calls in callees that were brought in are followed so deep. */
const DEEPEST_INLINED = 4;
/** Above any guest address of code. */
const CONTEXT = 2 ** 32;

/** Control always leaves the straight line here. */
const TRANSFERS: ReadonlySet<string> = new Set([
  ...['jmp', 'jcc', 'call', 'ret', 'jmp_indirect', 'call_indirect', 'loop', 'loope', 'loopne', 'jrcxz'],
  ...['syscall', 'int3', 'icebp', 'int', 'cpuid', 'rdtsc', 'rdtscp', 'popf'],
  ...['ud0', 'ud1', 'ud2', '(bad)', 'hlt', 'in', 'out', 'ins', 'outs', 'cli', 'sti', 'clts', 'rdmsr', 'wrmsr', 'rdpmc'],
  ...['xgetbv', 'rdrand', 'rdseed', 'rdfsbase', 'rdgsbase', 'wrfsbase', 'wrgsbase', 'invd', 'wbinvd', 'iret', 'lgdt'],
  ...['lidt', 'lldt', 'ltr', 'lmsw', 'invlpg', 'swapgs', 'sysret', 'sysexit'],
  'sysenter',
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

/** One use of a function in a region. */
interface Context {
  readonly number: number;
  readonly reached: Reached;
  readonly returnsTo: Block['returnsTo'];
  readonly depth: number;
}

export function keyOf(address: number, context: number): number {
  return address + context * CONTEXT;
}

/** The key of a block at an address that a block of the same context goes to. */
export function keyBeside({ key, address }: Block, target: number): number {
  return key - address + target;
}

export function shapeRegion(source: CodeSource, entry: number, limits: ShapeLimits): RegionShape {
  const blocks = new Map<number, Block>();
  const callees = new Set<number>();
  const inlining = new Inlining(source, limits);
  const contexts: Context[] = [{ number: 0, reached: explore(source, entry, limits), returnsTo: undefined, depth: 0 }];
  for (let context = contexts.shift(); context !== undefined; context = contexts.shift()) {
    const { reached } = context;
    for (const leader of reached.leaders) {
      if (!reached.instructions.has(leader) && !source.isStop(leader)) continue;
      const block = makeBlock(source, leader, context);
      blocks.set(block.key, block);
      contexts.push(...inlining.inline(block, context));
    }
    for (const callee of reached.callees) callees.add(callee);
  }
  for (const block of blocks.values()) block.successors = block.successors.filter((key) => blocks.has(key));
  return { entry, blocks, callees };
}

/** Decides which calls bring their callee along. */
class Inlining {
  private readonly bodies = new Map<number, Reached | undefined>();
  private contexts = 0;
  private left: number;

  constructor(
    private readonly source: CodeSource,
    private readonly limits: ShapeLimits,
  ) {
    this.left = limits.inlinedInstructions;
  }

  /** The contexts of callees that the block's call gets. */
  inline(block: Block, context: Context): readonly Context[] {
    const call = block.instructions.at(-1);
    if (call === undefined || context.depth >= DEEPEST_INLINED || this.limits.inlinedCallee === 0) return [];
    if (call.mnemonic === 'call_indirect') return this.inlineTargets(block, call, context);
    if (call.mnemonic !== 'call' || call.target === undefined) return [];
    const inlined = this.use(call, call.target, context);
    if (inlined === undefined) return [];
    block.isInlinedCall = true;
    block.successors = [keyOf(call.target, inlined.number)];
    return [inlined];
  }

  /** An indirect call compares its target with those that it had; the way of others stays. */
  private inlineTargets(block: Block, call: Instruction, context: Context): readonly Context[] {
    const inlined = this.source.callTargets(call.address).flatMap((address) => {
      const used = this.use(call, address, context);
      return used === undefined ? [] : [{ address, used }];
    });
    block.inlinedTargets = inlined.map(({ address, used }) => ({ address, key: keyOf(address, used.number) }));
    block.successors = [...block.successors, ...block.inlinedTargets.map(({ key }) => key)];
    return inlined.map(({ used }) => used);
  }

  private use(call: Instruction, target: number, { number, depth }: Context): Context | undefined {
    const reached = this.body(target);
    if (reached === undefined || reached.instructions.size > this.left) return undefined;
    this.left -= reached.instructions.size;
    const address = nextAddress(call);
    return { number: ++this.contexts, reached, returnsTo: { address, key: keyOf(address, number) }, depth: depth + 1 };
  }

  private body(callee: number): Reached | undefined {
    if (!this.bodies.has(callee)) this.bodies.set(callee, this.findBody(callee));
    return this.bodies.get(callee);
  }

  /** The whole function, where it is small, returns, and nothing leads out of it that is not a call. */
  private findBody(callee: number): Reached | undefined {
    const { source, limits } = this;
    const reached = explore(source, callee, { ...limits, instructions: limits.inlinedCallee });
    const { instructions, leaders, tables } = reached;
    if (instructions.size > limits.inlinedCallee) return undefined;
    if (![...leaders].every((leader) => instructions.has(leader))) return undefined;
    if ([...tables.values()].some((targets) => targets.length === 0)) return undefined;
    return [...instructions.values()].some(({ mnemonic }) => mnemonic === 'ret') ? reached : undefined;
  }
}

/** A region of one instruction, for running it alone. */
export function shapeSingle(instruction: Instruction): RegionShape {
  const block = ownBlock(instruction.address, [instruction], nextAddress(instruction), false);
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
  const block = ownBlock(entry, instructions, address, isStop);
  return { entry, blocks: new Map([[entry, block]]), callees: new Set() };
}

function ownBlock(
  address: number,
  instructions: readonly Instruction[],
  end: number,
  isStop: boolean,
  key = address,
): Block {
  return {
    key,
    address,
    instructions,
    end,
    successors: [],
    isStop,
    isInlinedCall: false,
    inlinedTargets: [],
    returnsTo: undefined,
  };
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
    if (limits.leavesForHot && reached.instructions.size > 0 && source.isHotEntry(address)) return;
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

function makeBlock(source: CodeSource, leader: number, { number, reached, returnsTo }: Context): Block {
  const instructions: Instruction[] = [];
  const key = keyOf(leader, number);
  if (source.isStop(leader)) return ownBlock(leader, instructions, leader, true, key);
  let address = leader;
  let successors: readonly number[] | undefined;
  while (successors === undefined) {
    const instruction = reached.instructions.get(address);
    if (instruction === undefined) break; // Beyond the limit: the block goes on elsewhere.
    instructions.push(instruction);
    address = nextAddress(instruction);
    if (endsBlock(instruction)) successors = successorsOf(instruction, reached);
    else if (reached.leaders.has(address)) break;
  }
  const block = ownBlock(leader, instructions, address, false, key);
  if (returnsTo !== undefined && instructions.at(-1)?.mnemonic === 'ret') {
    block.successors = [returnsTo.key];
    block.returnsTo = returnsTo;
  } else {
    block.successors = (successors ?? [address]).map((successor) => keyOf(successor, number));
  }
  return block;
}

function successorsOf(instruction: Instruction, reached: Reached): readonly number[] {
  const following = nextAddress(instruction);
  const { mnemonic, target } = instruction;
  if (CONDITIONAL.has(mnemonic) && target !== undefined) return [target, following];
  if (mnemonic === 'jmp' && target !== undefined) return [target];
  if (mnemonic === 'call' || mnemonic === 'call_indirect') return [following];
  return reached.tables.get(instruction.address) ?? [];
}

// region-emitter.ts: writes a region as one WebAssembly function: its blocks, each with its instructions.
//
// (guest address, instructions left, call depth left) → left << 32 | next guest address; 0 in the low half: the state
// area names the exit site. The function's frame and the ways out of it: region-frame.ts.
//
// Guest calls are WebAssembly calls; a result other than the return address unwinds.

import { assert } from '../../util/assert';
import type { Instruction } from '../decode/instruction';
import { AT } from '../layout';
import { RegistersOfState } from '../evaluate/evaluated-region';
import { MicroCode } from '../evaluate/micro-code';
import { Code, type FunctionBody, type Label } from '../wasm/code';
import { OP } from '../wasm/opcodes.table';
import { planAccesses, writtenRegisters } from './access-groups';
import type { AccessPlan } from './access-plan';
import { isMerge, orderBlocks, type FlowNode } from './control-flow';
import { EmitContext, type LeaveOptions, type Region } from './emit-context';
import type { ExitReason } from './exit-site';
import { findFlagLiveness, flagsWantedAfter } from './flag-liveness';
import { DYNAMIC, Flags, IN_STATE } from './flags';
import { ADDRESS, COUNT, REGION_SIGNATURE, type HelperName } from './helper-imports';
import { InstructionCount, findCheckedNodes } from './instruction-count';
import { MemoryAccess } from './memory-access';
import { RegionFrame, type ExitPlace, type FramedRegion } from './region-frame';
import type { RegionOptions } from './region-options';
import { RegisterCache, RegistersInMemory, type RegisterAccess } from './register-cache';
import { endsBlock, keyBeside, nextAddress, type Block, type RegionShape } from './region-shape';
import { EMITTERS } from './semantics/semantics';
import { emitTransfer, isTransfer, type TransferRegion } from './transfer';

const PARAMETER_COUNT = REGION_SIGNATURE.parameters.length;

export class RegionEmitter implements Region, TransferRegion, FramedRegion {
  readonly code: Code;
  readonly flags: Flags;
  readonly registers: RegisterAccess;
  readonly memory: MemoryAccess;
  readonly context: EmitContext;
  readonly count: InstructionCount;
  readonly frame: RegionFrame;

  private readonly nodes = new Map<number, FlowNode>();
  private readonly blockLabels = new Map<FlowNode, Label>();
  private readonly loopLabels = new Map<FlowNode, Label>();
  private node: FlowNode | undefined;
  private plans: ReadonlyMap<FlowNode, AccessPlan> | undefined;
  private checked: ReadonlySet<FlowNode> = new Set();

  constructor(
    readonly shape: RegionShape,
    readonly options: RegionOptions,
  ) {
    const micro = options.isEvaluated ? new MicroCode(REGION_SIGNATURE.parameters) : undefined;
    const code = micro ?? new Code(PARAMETER_COUNT);
    this.code = code;
    this.count = new InstructionCount(code);
    this.frame = new RegionFrame(this);
    this.flags = new Flags(code, () => {
      this.callHelper('eflags');
    });
    this.registers =
      micro !== undefined
        ? new RegistersOfState(micro)
        : options.isHot
          ? new RegisterCache(code)
          : new RegistersInMemory(code);
    const alone = options.purpose === 'alone';
    this.memory = new MemoryAccess(code, this.registers, {
      limitBits: options.limitBits,
      isHot: options.isHot,
      alone,
      leaveIfRefused: () => {
        this.leaveIf(alone ? 'fault' : 'access');
      },
      callHelper: (name) => {
        this.callHelper(name);
      },
      temporary: (type) => this.context.temporary(type),
    });
    this.context = new EmitContext(this, alone);
  }

  callHelper(name: HelperName): void {
    this.options.helpers.call(this.code, name);
  }

  /** The function; an emitter writes one. */
  emit(): FunctionBody {
    this.registers.markReload();
    this.frame.open();
    this.emitBody();
    this.frame.close();
    return this.code.finish();
  }

  private emitBody(): void {
    const nodes = orderBlocks(this.shape);
    if (this.options.isHot) {
      if (!this.keepsFlags) findFlagLiveness(nodes);
      this.plans = planAccesses(nodes);
    }
    this.checked = findCheckedNodes(nodes);
    for (const node of nodes) this.nodes.set(node.block.key, node);
    const entry = nodes[0];
    if (this.hasDynamicFlags(entry)) this.flags.makeDynamic();
    this.emitTree(entry);
  }

  // Structure ----------------------------------------------------------------------------------------------------

  private hasDynamicFlags(node: FlowNode): boolean {
    return node.flagsLiveIn && (isMerge(node) || node.isLoop);
  }

  /** The block, then all that it dominates. */
  private emitTree(node: FlowNode): void {
    const { code, memory } = this;
    const { openGroups } = memory;
    if (node.isLoop) {
      this.count.settle();
      this.loopLabels.set(node, code.loop());
    }
    const merges = node.children.filter(isMerge).sort((a, b) => b.order - a.order);
    for (const merge of merges) this.blockLabels.set(merge, code.block());
    this.emitBlock(node);
    for (const merge of merges.reverse()) {
      code.end();
      this.flags.kind = merge.flagsLiveIn ? DYNAMIC : IN_STATE;
      this.count.begin(0);
      this.emitTree(merge);
    }
    if (node.isLoop) {
      code.end();
      code.op(OP.unreachable);
    }
    memory.closeGroups(openGroups);
  }

  private emitBlock(node: FlowNode): void {
    const { block } = node;
    this.node = node;
    if (node.isLoop) this.flags.kind = node.flagsLiveIn ? DYNAMIC : IN_STATE;
    if (block.isStop) {
      this.frame.leave('stop', { rip: block.address, uncounted: -this.count.retired });
      return;
    }
    const { purpose } = this.options;
    if (purpose === 'alone') this.count.begin(-1);
    if (purpose === 'run' && this.checked.has(node)) this.checkCount(block.address);
    const wanted = this.options.isHot && !this.keepsFlags ? flagsWantedAfter(node) : undefined;
    const entries = purpose === 'step' ? this.openEntries(block) : [];
    for (const [n, instruction] of block.instructions.entries()) {
      if (purpose === 'step') this.beginStep(instruction, n < entries.length);
      const isJudged = purpose === 'run' && this.isJudged(instruction);
      this.context.begin(instruction, isJudged || (wanted?.[n] ?? true));
      this.memory.isJudged = isJudged;
      if (this.plans !== undefined) this.beginHot(instruction, this.plans.get(node));
      if (isTransfer(instruction)) {
        this.count.end();
        emitTransfer(this, instruction);
        return;
      }
      this.emitInstruction(instruction);
      if (isJudged) this.askJudge(instruction);
      this.count.retire();
      if (endsBlock(instruction)) return;
    }
    this.goTo(block.end);
  }

  private beginHot(instruction: Instruction, plan: AccessPlan | undefined): void {
    this.memory.begin(instruction, plan);
    this.registers.allowWrites(writtenRegisters(instruction));
  }

  private emitInstruction(instruction: Instruction): void {
    const emitter = instruction.mnemonic in EMITTERS ? EMITTERS[instruction.mnemonic] : undefined;
    if (emitter === undefined) this.leave('unimplemented');
    else emitter(this.context);
  }

  private isJudged(instruction: Instruction): boolean {
    return this.options.judged.has(instruction.address) && !isTransfer(instruction) && !endsBlock(instruction);
  }

  /** Leaves after the instruction where one of its hits is to be told. */
  private askJudge({ address }: Instruction): void {
    const { code } = this;
    code.i32(0);
    code.memory(OP.i32Load, AT.pendingCount);
    code.if();
    this.registers.markSpill();
    code.i32(address);
    code.get(COUNT);
    code.i32(this.count.retired);
    code.op(OP.i32Sub);
    this.callHelper('judge');
    this.leaveIf('judged', { after: true });
    code.end();
  }

  private checkCount(address: number): void {
    this.count.settle();
    this.count.pushIsOver();
    this.frame.leaveIf('count', { rip: address, uncounted: 0 });
  }

  /** A region for stepping can be entered at each of its instructions, by the guest address. */
  private openEntries(block: Block): readonly Label[] {
    const { code } = this;
    const entries = [...block.instructions]
      .reverse()
      .map(() => code.block())
      .reverse();
    const labels = new Array<Label>(block.end - block.address).fill(entries[0]);
    block.instructions.forEach(({ address }, n) => (labels[address - block.address] = entries[n]));
    code.get(ADDRESS);
    code.i32(block.address);
    code.op(OP.i32Sub);
    code.brTable(labels, entries[0]);
    return entries;
  }

  private beginStep(instruction: Instruction, isEntry: boolean): void {
    this.flags.store();
    if (isEntry) this.code.end();
    this.countInstruction(instruction);
  }

  private countInstruction(instruction: Instruction): void {
    const { code } = this;
    code.get(COUNT);
    code.op(OP.i32Eqz);
    this.frame.leaveIf('count', { rip: instruction.address, uncounted: 0 });
    this.count.takeNext();
  }

  /** Does not go on to other regions. */
  get isShort(): boolean {
    return this.options.purpose !== 'run';
  }

  get isHot(): boolean {
    return this.options.isHot;
  }

  get keepsFlags(): boolean {
    return this.options.exactFlags;
  }

  calleeIndex(address: number): number | undefined {
    return this.options.calleeIndex(address);
  }

  /** Emits what follows the current block on the way to an address; control does not fall through. */
  goTo(address: number): void {
    const { node } = this;
    assert(node !== undefined, 'a block is being emitted');
    this.goToBlock(keyBeside(node.block, address), address);
  }

  /** The block whose call or return this is, where the region has what follows. */
  get block(): Block {
    assert(this.node !== undefined, 'a block is being emitted');
    return this.node.block;
  }

  /** The same by the block's key. */
  goToBlock(key: number, address: number): void {
    const { code, node } = this;
    assert(node !== undefined, 'a block is being emitted');
    const target = this.nodes.get(key);
    // A region for stepping knows no successors: even a jump to itself leaves it.
    if (target === undefined || !node.successors.includes(target) || node.badTargets.has(target)) {
      this.frame.goOutside(address);
      return;
    }
    const { place } = this.count;
    const isBackEdge = target.order <= node.order;
    if (isBackEdge || isMerge(target)) {
      this.count.settleAside();
      if (target.flagsLiveIn) this.flags.makeDynamic();
      code.br(this.label(target, isBackEdge));
      return;
    }
    if (this.hasDynamicFlags(target)) this.flags.makeDynamic();
    const { kind } = this.flags;
    this.count.goOn();
    this.emitTree(target);
    this.node = node;
    this.count.place = place;
    this.flags.kind = kind;
  }

  label(target: FlowNode, isBackEdge: boolean): Label {
    const label = (isBackEdge ? this.loopLabels : this.blockLabels).get(target);
    assert(label !== undefined, 'a branch target has a label', target.block.address);
    return label;
  }

  /** The region's blocks that the current block may branch to, where they have labels. */
  get labelledSuccessors(): readonly { address: number; label: Label }[] {
    const { node } = this;
    assert(node !== undefined, 'a block is being emitted');
    return node.successors
      .filter((target) => !node.badTargets.has(target))
      .map((target) => ({ address: target.block.address, label: this.label(target, target.order <= node.order) }));
  }

  // Leaving ------------------------------------------------------------------------------------------------------

  /** The count is right from here on. */
  settleCount(): void {
    this.count.settle();
  }

  leave(reason: ExitReason, options: LeaveOptions = {}): void {
    this.frame.leave(reason, this.place(options));
  }

  leaveIf(reason: ExitReason, options: LeaveOptions = {}): void {
    this.frame.leaveIf(reason, this.place(options));
  }

  private place(options: LeaveOptions): ExitPlace {
    const { instruction } = this.context;
    const after = options.after === true;
    const rip = after ? nextAddress(instruction) : instruction.address;
    const uncounted = -this.count.retired - (after ? 1 : 0);
    return { rip, uncounted, instruction, vector: options.vector };
  }
}

// instruction-count.ts: how a region counts the guest's instructions.
//
// The local COUNT holds how many are left. Code that runs takes whole ways off at once, where ways meet, where a loop
// goes back and where the region is left or calls; what has retired since is known while translating, and an exit site
// says so. Whether any are left is looked at where a region begins, in each loop, after calls, and at least every
// LONGEST_UNCHECKED instructions: a run keeps as many in reserve. Regions for stepping count each instruction.

import type { Code } from '../wasm/code';
import { OP } from '../wasm/opcodes.table';
import type { FlowNode } from './control-flow';
import { COUNT } from './helper-imports';

/** At least the longest block. */
export const LONGEST_UNCHECKED = 64;

/** Where on the way the translation is. */
export interface CountPlace {
  readonly retired: number;
  readonly isEnding: boolean;
}

export class InstructionCount {
  private uncounted = 0;
  private isEnding = false;

  constructor(private readonly code: Code) {}

  /** Instructions that have retired and are not taken off yet; −1: the current one was taken off beforehand. */
  get retired(): number {
    return this.uncounted;
  }

  get place(): CountPlace {
    return { retired: this.uncounted, isEnding: this.isEnding };
  }

  set place({ retired, isEnding }: CountPlace) {
    this.uncounted = retired;
    this.isEnding = isEnding;
  }

  /** A place to which all ways lead with nothing left to take off; or, with −1, the instruction that was. */
  begin(retired: 0 | -1): void {
    this.uncounted = retired;
    this.isEnding = false;
  }

  /** The instruction that begins ends its block: it retires with whatever leads on. */
  end(): void {
    this.isEnding = true;
  }

  retire(): void {
    this.uncounted++;
  }

  /** The instruction that ends the block has retired. */
  goOn(): void {
    if (this.isEnding) this.uncounted++;
    this.isEnding = false;
  }

  /** Takes off what has retired, the instruction that ends the block included. */
  settle(): void {
    this.goOn();
    if (this.uncounted !== 0) this.takeOff(this.uncounted);
    this.uncounted = 0;
  }

  /** The same where the way ends: what is emitted next stands on another one. */
  settleAside(): void {
    const { place } = this;
    this.settle();
    this.place = place;
  }

  /** Takes the next instruction off before it runs. */
  takeNext(): void {
    this.takeOff(1);
    this.uncounted = -1;
  }

  private takeOff(instructions: number): void {
    const { code } = this;
    code.get(COUNT);
    code.i32(instructions);
    code.op(OP.i32Sub);
    code.set(COUNT);
  }

  /** Pushes an i32: are more used up than there were? */
  pushIsOver(): void {
    this.code.get(COUNT);
    this.code.i32(0);
    this.code.op(OP.i32LtS);
  }
}

/** The blocks at whose begin the count is looked at. Nodes in reverse postorder. */
export function findCheckedNodes(nodes: readonly FlowNode[]): ReadonlySet<FlowNode> {
  const checked = new Set<FlowNode>();
  const unchecked = new Map<FlowNode, number>();
  for (const [n, node] of nodes.entries()) {
    const length = node.block.instructions.length;
    const before = unchecked.get(node) ?? 0;
    if (n === 0 || node.isLoop || followsCall(node) || before + length > LONGEST_UNCHECKED) checked.add(node);
    const after = length + (checked.has(node) ? 0 : before);
    for (const successor of node.successors) {
      if (successor.order > node.order) unchecked.set(successor, Math.max(unchecked.get(successor) ?? 0, after));
    }
  }
  return checked;
}

/** What the callee has left may be nothing. */
function followsCall({ predecessors }: FlowNode): boolean {
  return predecessors.some(
    ({ block }) => !block.isInlinedCall && block.instructions.at(-1)?.mnemonic.startsWith('call') === true,
  );
}

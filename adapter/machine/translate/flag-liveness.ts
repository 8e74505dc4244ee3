// flag-liveness.ts: after which instructions somebody may still look at the arithmetic flags.
//
// Everything through which the region may leave is a look: the registers that a stop or a signal shows are exact.

import type { Instruction } from '../decode/instruction';
import { isMerge, type FlowNode } from './control-flow';
import { MAY_LEAVE, READS_FLAGS, SHIFTS, WRITES_FLAGS } from './flag-effects.table';

function writesAll(instruction: Instruction): boolean {
  if (WRITES_FLAGS.has(instruction.mnemonic)) return true;
  if (!SHIFTS.has(instruction.mnemonic)) return false;
  const count = instruction.operands.at(1);
  return count?.kind === 'immediate' && (Number(count.value) & 31) !== 0;
}

function readsSome(instruction: Instruction): boolean {
  const { mnemonic } = instruction;
  if (READS_FLAGS.has(mnemonic)) return true;
  return SHIFTS.has(mnemonic) && !writesAll(instruction);
}

/** May leave the region before it has any effect. */
function mayLeave(instruction: Instruction): boolean {
  return MAY_LEAVE.has(instruction.mnemonic) || instruction.operands.some(({ kind }) => kind === 'memory');
}

function liveBefore(instruction: Instruction, liveAfter: boolean, exact: boolean): boolean {
  if (readsSome(instruction) || (exact && mayLeave(instruction))) return true;
  return writesAll(instruction) ? false : liveAfter;
}

/** For each instruction: are the flags that it leaves of use, to the guest or where the region may leave? */
export function flagsWantedAfter(node: FlowNode): boolean[] {
  const { instructions } = node.block;
  const wanted = new Array<boolean>(instructions.length);
  let live = node.flagsLiveOut;
  for (let n = instructions.length - 1; n >= 0; n--) {
    wanted[n] = live;
    live = liveBefore(instructions[n], live, true);
  }
  return wanted;
}

/**
 * Fills flagsLiveIn and flagsLiveOut. Where paths meet only the guest's own looks count, so that loops do not carry
 * flags that nobody uses; calls and returns kill flags.
 * Quirk: a stop between such a meeting and the next instruction that sets flags shows older flags. The last
 * instructions of a budget are stepped, so that these are exact.
 */
export function findFlagLiveness(nodes: readonly FlowNode[]): void {
  for (const node of nodes) node.flagsLiveIn = false;
  let changed = true;
  while (changed) {
    changed = false;
    for (let n = nodes.length - 1; n >= 0; n--) {
      const node = nodes[n];
      node.flagsLiveOut = liveOut(node);
      const live = scan(node, false);
      if (live === node.flagsLiveIn) continue;
      node.flagsLiveIn = live;
      changed = true;
    }
  }
  // Along single paths everything through which the region may leave counts too.
  for (let n = nodes.length - 1; n >= 0; n--) {
    const node = nodes[n];
    node.flagsLiveOut = liveOut(node);
    if (!isMerge(node) && !node.isLoop && n > 0) node.flagsLiveIn = true;
  }
}

function scan(node: FlowNode, exact: boolean): boolean {
  return node.block.instructions.reduceRight(
    (after, instruction) => liveBefore(instruction, after, exact),
    node.flagsLiveOut,
  );
}

const CALLS: ReadonlySet<string> = new Set(['call', 'call_indirect', 'ret']);

function liveOut(node: FlowNode): boolean {
  const last = node.block.instructions.at(-1);
  if (last !== undefined && CALLS.has(last.mnemonic)) return false;
  const leavesRegion = node.successors.length < node.block.successors.length || node.badTargets.size > 0;
  if (leavesRegion || node.block.successors.length === 0) return true;
  const expected = last?.mnemonic === 'jcc' ? 2 : 1;
  if (node.successors.length < expected) return true;
  return node.successors.some(({ flagsLiveIn }) => flagsLiveIn);
}

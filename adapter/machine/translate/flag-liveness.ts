// flag-liveness.ts: after which instructions somebody may still look at the arithmetic flags.
//
// Everything through which the region may leave is a look: the registers that a stop or a signal shows are exact.

import type { Instruction } from '../decode/instruction';
import { isMerge, type FlowNode } from './control-flow';
import { MAY_LEAVE, READS_FLAGS, SHIFTS, WRITES_FLAGS } from './flag-effects.table';

const READS = 1;
const WRITES = 2;
const LEAVES = 4;

/** What a mnemonic does, whatever its operands. */
const EFFECTS: ReadonlyMap<string, number> = new Map(
  [...READS_FLAGS, ...WRITES_FLAGS, ...MAY_LEAVE].map((mnemonic) => [
    mnemonic,
    (READS_FLAGS.has(mnemonic) ? READS : 0) |
      (WRITES_FLAGS.has(mnemonic) ? WRITES : 0) |
      (MAY_LEAVE.has(mnemonic) ? LEAVES : 0),
  ]),
);

function effectsOf({ mnemonic, operands }: Instruction): number {
  let effects = EFFECTS.get(mnemonic) ?? 0;
  if (SHIFTS.has(mnemonic)) {
    const count = operands[1];
    // A count of 0 leaves the flags as they were.
    effects = count.kind === 'immediate' && (Number(count.value) & 31) !== 0 ? WRITES : READS;
  }
  for (const { kind } of operands) if (kind === 'memory') effects |= LEAVES;
  return effects;
}

function liveBefore(instruction: Instruction, liveAfter: boolean, exact: boolean): boolean {
  const effects = effectsOf(instruction);
  if ((effects & (exact ? READS | LEAVES : READS)) !== 0) return true;
  return (effects & WRITES) === 0 && liveAfter;
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
 * instructions of a budget are stepped, so that these are exact; and what a guest traces by ptrace keeps its flags
 * everywhere (AddressSpace.setExactFlags).
 */
export function findFlagLiveness(nodes: readonly FlowNode[]): void {
  const summaries = nodes.map(summarize);
  for (const node of nodes) node.flagsLiveIn = false;
  let changed = true;
  while (changed) {
    changed = false;
    for (let n = nodes.length - 1; n >= 0; n--) {
      const node = nodes[n];
      node.flagsLiveOut = liveOut(node);
      const live = summaries[n] ?? node.flagsLiveOut;
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

/** Keep some of the flags: a look only if somebody looks afterwards. */
const PASSES_ON: ReadonlySet<string> = new Set(['rol', 'ror', 'bt', 'bts', 'btr', 'btc', 'shl', 'shr', 'sar']);

/** The pair of conditions that look at CF alone. */
const CARRY_CONDITION = 1;

/** Does the guest's code in the block look at the flags before it sets them? Undefined: it does neither. */
function summarize(node: FlowNode): boolean | undefined {
  let isCarryNew = false;
  for (const instruction of node.block.instructions) {
    const { mnemonic, condition } = instruction;
    const effects = effectsOf(instruction);
    if (mnemonic.startsWith('bt')) isCarryNew = true;
    const looksAtCarry = condition !== undefined && condition >> 1 === CARRY_CONDITION;
    if (PASSES_ON.has(mnemonic) && (effects & WRITES) === 0) continue;
    if ((effects & READS) !== 0 && isCarryNew && looksAtCarry) continue;
    if ((effects & READS) !== 0) return true;
    if ((effects & WRITES) !== 0) return false;
  }
  return undefined;
}

const BRANCHES: ReadonlySet<string> = new Set(['jcc', 'loop', 'loope', 'loopne', 'jrcxz']);
/** What an indirect call reaches cannot be read ahead (flags-across-calls.ts). */
const FORGETS: ReadonlySet<string> = new Set(['call', 'ret']);

function liveOut(node: FlowNode): boolean {
  const last = node.block.instructions.at(-1);
  if (last !== undefined && FORGETS.has(last.mnemonic)) return false;
  if (last?.mnemonic === 'call_indirect') return true;
  const leavesRegion = node.successors.length < node.block.successors.length || node.badTargets.size > 0;
  if (leavesRegion || node.block.successors.length === 0) return true;
  const expected = last !== undefined && BRANCHES.has(last.mnemonic) ? 2 : 1;
  if (node.successors.length < expected) return true;
  return node.successors.some(({ flagsLiveIn }) => flagsLiveIn);
}

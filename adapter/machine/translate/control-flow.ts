// control-flow.ts: orders a region's blocks so that they can be written with WebAssembly's nested blocks and loops.
//
// Reverse postorder, dominators (Cooper, Harvey, Kennedy: "A simple, fast dominance algorithm"), which edges go back
// to a loop, which blocks need a label because several edges meet there ("Beyond Relooper", Ramsey 2022). An edge into
// the middle of a loop (irreducible) is marked bad: it leaves the region.

import { assert } from '../../util/assert';
import type { Block, RegionShape } from './region-shape';

export interface FlowNode {
  readonly block: Block;
  /** Place in reverse postorder. */
  readonly order: number;
  /** Blocks that this one immediately dominates. */
  readonly children: FlowNode[];
  readonly successors: FlowNode[];
  readonly predecessors: FlowNode[];
  /** Successors that may not be branched to. */
  readonly badTargets: Set<FlowNode>;
  dominator: FlowNode | undefined;
  forwardEntries: number;
  isLoop: boolean;
  /** Reached through a table of labels. */
  needsLabel: boolean;
  /** Somebody may look at the flags that hold on entry. */
  flagsLiveIn: boolean;
  flagsLiveOut: boolean;
}

export function isMerge(node: FlowNode): boolean {
  return node.forwardEntries >= 2 || node.needsLabel;
}

/** In reverse postorder, the entry first; blocks that cannot be reached are left out. */
export function orderBlocks(shape: RegionShape): readonly FlowNode[] {
  const nodes = reversePostorder(shape);
  findDominators(nodes);
  classifyEdges(nodes);
  return nodes;
}

function reversePostorder(shape: RegionShape): FlowNode[] {
  const postorder: Block[] = [];
  const seen = new Set<number>([shape.entry]);
  const entry = shape.blocks.get(shape.entry);
  assert(entry !== undefined, 'a region has its entry block');
  const stack: { block: Block; next: number }[] = [{ block: entry, next: 0 }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const key = top.block.successors.at(top.next++);
    if (key === undefined) {
      postorder.push(top.block);
      stack.pop();
      continue;
    }
    const block = shape.blocks.get(key);
    if (block === undefined || seen.has(key)) continue;
    seen.add(key);
    stack.push({ block, next: 0 });
  }
  const nodes = postorder.reverse().map((block, order) => makeNode(block, order));
  const byKey = new Map(nodes.map((node) => [node.block.key, node]));
  for (const node of nodes) {
    for (const key of node.block.successors) {
      const successor = byKey.get(key);
      if (successor !== undefined && !node.successors.includes(successor)) node.successors.push(successor);
    }
  }
  return nodes;
}

function makeNode(block: Block, order: number): FlowNode {
  return {
    block,
    order,
    children: [],
    successors: [],
    predecessors: [],
    badTargets: new Set(),
    dominator: undefined,
    forwardEntries: 0,
    isLoop: false,
    needsLabel: false,
    flagsLiveIn: true,
    flagsLiveOut: true,
  };
}

function findDominators(nodes: readonly FlowNode[]): void {
  for (const node of nodes) for (const successor of node.successors) successor.predecessors.push(node);
  const entry = nodes[0];
  entry.dominator = entry;
  let changed = true;
  while (changed) {
    changed = false;
    for (const node of nodes) {
      if (node === entry) continue;
      let dominator: FlowNode | undefined;
      for (const predecessor of node.predecessors) {
        if (predecessor.dominator === undefined) continue;
        dominator = dominator === undefined ? predecessor : commonDominator(dominator, predecessor);
      }
      if (node.dominator !== dominator) {
        node.dominator = dominator;
        changed = true;
      }
    }
  }
  for (const node of nodes) if (node !== entry) node.dominator?.children.push(node);
}

function commonDominator(a: FlowNode, b: FlowNode): FlowNode {
  let left = a;
  let right = b;
  while (left !== right) {
    while (left.order > right.order) left = left.dominator ?? left;
    while (right.order > left.order) right = right.dominator ?? right;
  }
  return left;
}

function dominates(a: FlowNode, b: FlowNode): boolean {
  let node = b;
  while (node.order > a.order && node.dominator !== undefined) node = node.dominator;
  return node === a;
}

function classifyEdges(nodes: readonly FlowNode[]): void {
  for (const node of nodes) {
    const last = node.block.instructions.at(-1);
    const isTable = last?.mnemonic === 'jmp_indirect';
    for (const successor of node.successors) {
      if (successor.order > node.order) {
        successor.forwardEntries += node.block.successors.filter((key) => key === successor.block.key).length;
        if (isTable) successor.needsLabel = true;
      } else if (dominates(successor, node)) {
        successor.isLoop = true;
      } else {
        node.badTargets.add(successor);
      }
    }
  }
}

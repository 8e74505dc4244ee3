// user-stack.ts: what a perf sample may show of a task's user stack.
//
// The chain is that of the frame pointers, as the kernel walks it: {next frame, return address} at rbp, until one of them
// cannot be read. Programs built without frame pointers show what rbp happens to hold. Faults nothing in.

import type { TaskRef } from '../sched/task';
import type { UserStacks } from '../perf/records';
import { Task } from './task';

const RBP = 5;
const RSP = 4;
const USER_SPACE_END = (1n << 47n) - 4096n;
const FRAME_BYTES = 16;

function userCallchain(task: TaskRef, maxDepth: number): readonly bigint[] {
  if (!(task instanceof Task)) return [];
  const { space } = task.process.memory;
  const addresses: bigint[] = [];
  let frame = task.registers.readGpr(RBP);
  while (addresses.length < maxDepth && frame < USER_SPACE_END) {
    if (space.accessibleBytes(frame, FRAME_BYTES, 'read') < FRAME_BYTES) break;
    addresses.push(space.readU64(frame + 8n));
    frame = space.readU64(frame);
  }
  return addresses;
}

function userStack(task: TaskRef, maxBytes: number): Uint8Array {
  if (!(task instanceof Task)) return new Uint8Array(0);
  const { space } = task.process.memory;
  const top = task.registers.readGpr(RSP);
  return space.read(top, space.accessibleBytes(top, maxBytes, 'read'));
}

export const USER_STACKS: UserStacks = { userCallchain, userStack };

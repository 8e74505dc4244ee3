// own-stack.ts: does a frame lie on a stack that the program has made itself, of a heap block or of mapped memory?
//
// A coroutine's does. Such a stack may be given back while calls on it have not returned: then they are over. By the
// memory map: the first thread's stack is named there, and another thread's holds what its thread pointer leads to.

import { matchGroups } from '../util/match-groups';
import type { Target } from '../target/target';
import type { FrameLife } from './watch-world';

const MAPS = '/proc/self/maps';
const known = new WeakMap<FrameLife, boolean>();

/** Asked first while the frame is there; a frame's stack stays what it is. */
export function isOnOwnStack(frame: FrameLife, target: Target): boolean {
  const before = known.get(frame);
  if (before !== undefined) return before;
  const now = lookAt(frame, target);
  known.set(frame, now);
  return now;
}

function lookAt({ cfa }: FrameLife, target: Target): boolean {
  const lines = target.procFile?.(MAPS)?.split('\n') ?? [];
  const mapping = lines.map(mappingOf).find((each) => each !== undefined && each.from <= cfa && cfa < each.to);
  if (mapping === undefined || mapping.name === '[stack]') return false;
  const pointers = target.threads().map(({ id }) => target.registers(id).fsBase);
  return !pointers.some((pointer) => mapping.from <= pointer && pointer < mapping.to);
}

function mappingOf(line: string) {
  const match = /^([0-9a-f]+)-([0-9a-f]+) \S+ \S+ \S+ \S+ *(.*)$/.exec(line);
  if (match === null) return undefined;
  const [from = '', to = '', name = ''] = matchGroups(match).slice(1);
  return { from: BigInt(`0x${from}`), to: BigInt(`0x${to}`), name };
}

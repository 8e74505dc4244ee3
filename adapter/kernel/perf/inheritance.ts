// inheritance.ts: what becomes of a task's events when it forks, executes a program, or exits.
//
// Copies hang off the original, never off another copy, and take over the state (not attr.disabled) of the forking
// task's own copy. When a copy goes, its count and times stay with the original.
// Absent on purpose: the swap of whole contexts between parent and child that Linux does as an optimisation.
//
// Truth: shared reference "hw-breakpoint-spec", B.9, B.10.7.

import type { TaskRef } from '../sched/task';
import type { PerfContext } from './context';
import { EventState, PerfEvent } from './event';
import type { PerfOutput } from './output';
import type { PendingWork } from './pending-work';
import type { PerfErrno } from './result';
import type { PerfScheduler } from './scheduler';
import { readRecord } from './records';

export interface InheritanceParts {
  readonly scheduler: PerfScheduler;
  readonly output: PerfOutput;
  readonly pending: PendingWork;
  newId(): number;
}

/** Copies the parent's inheriting groups to the child. An errno (no slot left) means that fork fails. */
export function inheritEvents(
  parent: TaskRef,
  child: TaskRef,
  thread: boolean,
  parts: InheritanceParts,
): PerfErrno | undefined {
  const context = parts.scheduler.taskContext(parent);
  if (context === undefined) return undefined;
  for (const one of ['pinned', 'flexible'] as const) {
    for (const leader of context.leadersByCpu(one)) {
      const { inherit, inheritThread } = leader.attributes;
      if (!inherit || (inheritThread && !thread)) continue;
      const errno = inheritGroup(leader, child, parts);
      if (errno !== undefined) return errno;
    }
  }
  return undefined;
}

function inheritGroup(leader: PerfEvent, child: TaskRef, parts: InheritanceParts): PerfErrno | undefined {
  const copy = inheritEvent(leader, child, undefined, parts);
  if (!(copy instanceof PerfEvent)) return copy;
  for (const sibling of leader.siblings) {
    const member = inheritEvent(sibling, child, copy, parts);
    if (!(member instanceof PerfEvent)) return member;
  }
  copy.groupGeneration = leader.groupGeneration;
  return undefined;
}

function inheritEvent(
  event: PerfEvent,
  child: TaskRef,
  leader: PerfEvent | undefined,
  parts: InheritanceParts,
): PerfEvent | PerfErrno {
  const { original } = event;
  const copy = new PerfEvent({
    id: parts.newId(),
    attributes: original.attributes,
    pmu: original.pmu,
    owner: original.owner,
    cpu: original.cpu,
    target: child,
    parent: original,
    handler: original.handler,
  });
  const errno = copy.pmu.init(copy, { sysAdmin: true });
  if (errno !== undefined) return errno;
  if (leader !== undefined) copy.leader = leader;
  copy.state = event.state >= EventState.inactive ? EventState.inactive : EventState.off;
  if (copy.attributes.freq) {
    copy.samplePeriod = original.samplePeriod;
    copy.lastPeriod = original.samplePeriod;
    copy.periodLeft = original.samplePeriod;
  }
  copy.context = parts.scheduler.ensureTaskContext(child);
  parts.scheduler.install(copy);
  original.children.push(copy);
  return copy;
}

/** execve: enable_on_exec once, then remove_on_exec. */
export function execEvents(task: TaskRef, parts: InheritanceParts): void {
  const context = parts.scheduler.taskContext(task);
  if (context === undefined) return;
  for (const event of [...context.events]) {
    if (!event.attributes.enableOnExec) continue;
    event.attributes.enableOnExec = false;
    if (event.state < EventState.inactive) enableInPlace(event, parts);
  }
  for (const event of [...context.events]) {
    if (event.attributes.removeOnExec) endEvent(event, context, parts, true);
  }
}

function enableInPlace(event: PerfEvent, parts: InheritanceParts): void {
  if (event.state < EventState.error) return;
  parts.scheduler.enable(event);
}

/** The task is gone (its context was taken from the scheduler): all its events end. */
export function exitEvents(context: PerfContext<PerfEvent>, parts: InheritanceParts): void {
  for (const event of [...context.events]) endEvent(event, context, parts, false);
}

/**
 * An original stays, readable, in state EXIT; a copy leaves what it counted to its original and is freed. A group
 * stays together when its task exits, so that it can still be read as one; exec takes it apart.
 */
function endEvent(
  event: PerfEvent,
  context: PerfContext<PerfEvent>,
  parts: InheritanceParts,
  leaveGroup: boolean,
): void {
  const { parent } = event;
  if (parent === undefined) {
    parts.scheduler.remove(event, EventState.exit, leaveGroup);
    parts.pending.wakeUp(event);
    return;
  }
  // Times go over as they stood when the copy last changed its state, as in Linux.
  parts.scheduler.refreshCount(event);
  if (event.attributes.inheritStat) {
    const origin = parts.output.origin(context.task, event.onCpu);
    parts.output.sideBand(event, readRecord(event, origin, parts.output.sources.refresh), origin);
  }
  parent.childCount += event.total();
  parent.childTimeEnabled += event.timeEnabled;
  parent.childTimeRunning += event.timeRunning;
  parts.scheduler.remove(event, EventState.exit, true);
  parent.children = parent.children.filter((child) => child !== event);
  parts.pending.wakeUp(parent);
  event.pmu.destroy(event);
}

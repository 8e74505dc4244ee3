// open.ts: perf_event_open(2): from a request to an event, or to the errno that Linux would answer.
//
// A request may be wrong in several ways; the order of the checks decides which one is told. The steps keep the
// numbers of the specification (B.10.2).
//
// Truth: shared reference "hw-breakpoint-spec", B.10.2, B.11.

import { OpenFlag, SampleType } from '../../perf/constants.table';
import { PERIOD_LIMIT, setOutput } from '../../perf/control';
import type { PerfEvent } from '../../perf/event';
import { EventState } from '../../perf/event';
import type { PerfAttributes } from '../../perf/event-attributes';
import { parseAttributes } from '../../perf/parse-attributes';
import type { PerfCore } from '../../perf/perf-core';
import type { PerfSettings } from '../../perf/settings';
import { failure, success, type PerfErrno, type Result } from '../../perf/result';
import type { TaskRef } from '../../sched/task';

/** What the calling task may do. */
export interface Opener {
  /** CAP_PERFMON or CAP_SYS_ADMIN. */
  readonly perfmon: boolean;
  readonly sysAdmin: boolean;
  /** Watching that task: ptrace's read access, or attach access where the event sends it SIGTRAP. */
  mayObserve(task: TaskRef, access: 'read' | 'attach'): boolean;
}

export interface OpenRequest {
  /** perf_event_attr, at least as long as its own size says. */
  readonly attributes: Uint8Array;
  /** pid: a task; 'all' for -1; 'missing' where no such task lives. */
  readonly target: TaskRef | 'all' | 'missing';
  readonly cpu: number;
  /** group_fd: 'none' for -1, 'bad' for what is no perf event. */
  readonly group: PerfEvent | 'none' | 'bad';
  readonly flags: number;
  readonly opener: Opener;
}

const ALL_FLAGS = OpenFlag.noGroup | OpenFlag.output | OpenFlag.pidCgroup | OpenFlag.closeOnExec;

export function openEvent(perf: PerfCore, request: OpenRequest): Result<PerfEvent> {
  // 1
  if ((request.flags & ~ALL_FLAGS) !== 0) return failure('EINVAL');
  // 2
  const parsed = parseAttributes(request.attributes, perf.settings.perf_event_max_stack);
  if (!parsed.ok) return parsed;
  const attributes = parsed.value;
  const { settings } = perf;
  const refused = checkPrivileges(attributes, settings, request) ?? checkReferences(attributes, request);
  if (refused !== undefined) return failure(refused);
  const cgroup = (request.flags & OpenFlag.pidCgroup) !== 0;
  const task = typeof request.target === 'string' || cgroup ? undefined : request.target;
  // 9
  const wrong = checkPlace(attributes, task, request.cpu, perf.scheduler.cpus.length);
  if (wrong !== undefined) return failure(wrong);
  // 10
  const made = perf.allocate({
    attributes,
    target: task,
    cpu: request.cpu,
    owner: 'perf',
    privileges: { sysAdmin: request.opener.sysAdmin },
  });
  if (!made.ok) return made;
  const event = made.value;
  const late = cgroup ? 'EBADF' : (checkTarget(event, settings, request) ?? checkGroup(perf, event, request));
  if (late !== undefined) {
    perf.discard(event);
    return failure(late);
  }
  perf.install(event, leaderOf(request));
  return success(event);
}

/** 3, 4 */
function checkPrivileges(
  attributes: PerfAttributes,
  settings: PerfSettings,
  request: OpenRequest,
): PerfErrno | undefined {
  const { perfmon } = request.opener;
  const kernelForbidden = settings.perf_event_paranoid > 1 && !perfmon;
  if (!perfmon && settings.perf_event_paranoid > 2) return 'EACCES';
  if (!attributes.excludeKernel && kernelForbidden) return 'EACCES';
  if (attributes.namespaces && !perfmon) return 'EACCES';
  if (
    attributes.freq
      ? attributes.samplePeriod > BigInt(settings.perf_event_max_sample_rate)
      : attributes.samplePeriod >= PERIOD_LIMIT
  ) {
    return 'EINVAL';
  }
  if ((attributes.sampleType & SampleType.physicalAddress) !== 0n && kernelForbidden) return 'EACCES';
  return undefined;
}

/** 5 to 8 */
function checkReferences(attributes: PerfAttributes, request: OpenRequest): PerfErrno | undefined {
  const { flags, target, cpu, group } = request;
  const cgroup = (flags & OpenFlag.pidCgroup) !== 0;
  if (cgroup && (target === 'all' || cpu === -1)) return 'EINVAL';
  if (group === 'bad') return 'EBADF';
  if (group !== 'none' && group.state <= EventState.exit) return 'ENODEV';
  if (cgroup) return undefined;
  if (target === 'missing') return 'ESRCH';
  const leader = leaderOf(request);
  if (target !== 'all' && leader !== undefined && leader.attributes.inherit !== attributes.inherit) return 'EINVAL';
  return undefined;
}

/** 9 */
function checkPlace(
  attributes: PerfAttributes,
  task: TaskRef | undefined,
  cpu: number,
  cpuCount: number,
): PerfErrno | undefined {
  const outside = cpu < 0 || cpu >= cpuCount;
  if (outside && (task === undefined || cpu !== -1)) return 'EINVAL';
  if (attributes.sigtrap && task === undefined) return 'EINVAL';
  const reads = (attributes.sampleType & SampleType.read) !== 0n && (attributes.sampleType & SampleType.tid) === 0n;
  return attributes.inherit && reads ? 'EINVAL' : undefined;
}

/** 11, 12 */
function checkTarget(event: PerfEvent, settings: PerfSettings, request: OpenRequest): PerfErrno | undefined {
  const { opener } = request;
  if (event.target === undefined) return settings.perf_event_paranoid > 0 && !opener.perfmon ? 'EACCES' : undefined;
  return opener.mayObserve(event.target, event.attributes.sigtrap ? 'attach' : 'read') ? undefined : 'EACCES';
}

/** 13, 14 */
function checkGroup(perf: PerfCore, event: PerfEvent, request: OpenRequest): PerfErrno | undefined {
  const leader = leaderOf(request);
  if (leader !== undefined) {
    const { pinned, exclusive } = event.attributes;
    if (!leader.isLeader || leader.cpu !== event.cpu || pinned || exclusive) return 'EINVAL';
    if (leader.context !== perf.contextFor(event)) return 'EINVAL';
  }
  if ((request.flags & OpenFlag.output) === 0 || typeof request.group === 'string') return undefined;
  return setOutput(event, request.group);
}

function leaderOf(request: OpenRequest): PerfEvent | undefined {
  if (typeof request.group === 'string' || (request.flags & OpenFlag.noGroup) !== 0) return undefined;
  return request.group;
}

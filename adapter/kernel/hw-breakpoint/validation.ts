// validation.ts: is this a breakpoint that x86 can have, and may the caller have it?
//
// The checks and their order are Linux's; each case keeps the number it has in the specification (B.4).
// Pure: takes the request, answers the hardware's terms or an errno.
//
// Truth: shared reference "hw-breakpoint-spec", B.4.

import type { Privileges } from '../perf/pmu';
import {
  BREAKPOINT_EXECUTE,
  BREAKPOINT_READ_WRITE,
  BREAKPOINT_WRITE,
  type PerfAttributes,
} from '../perf/event-attributes';
import { failure, success, type Result } from '../perf/result';
import type { ArchBreakpoint, HardwareLength, HardwareType } from './breakpoint-info';

/** The first address that is not a task's. */
const TASK_SIZE_MAX = 0x7ffffffff000n;
/** What CPU entry code uses: a breakpoint there would recurse. */
const CPU_ENTRY_AREA = { start: 0xfffffe0000000000n, end: 0xfffffe8000000000n };
const SIZEOF_LONG = 8n;

const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);

type Request = Pick<PerfAttributes, 'breakpointType' | 'breakpointAddress' | 'breakpointLength' | 'excludeKernel'>;

export function parseBreakpoint(request: Request, privileges: Privileges): Result<ArchBreakpoint> {
  const { breakpointAddress: address, breakpointLength: length } = request;
  // 1
  const last = u64(address + length - 1n);
  if (last < address) return failure('EINVAL');
  // 2
  if (address < CPU_ENTRY_AREA.end && last >= CPU_ENTRY_AREA.start) return failure('EINVAL');
  // 3
  const type = hardwareType(request.breakpointType);
  if (type === undefined) return failure('EINVAL');
  if (type === 0) return executeBreakpoint(request, privileges);
  // 4
  const known = hardwareLength(length);
  if (known === undefined) {
    const spans = length > 8n && (length & (length - 1n)) === 0n && (address & (length - 1n)) === 0n;
    return failure(spans ? 'EOPNOTSUPP' : 'EINVAL');
  }
  // 5
  if ((address & (length - 1n)) !== 0n) return failure('EINVAL');
  // 6
  return inUserSpace({ address, length: known, type }, last, request, privileges);
}

function executeBreakpoint(request: Request, privileges: Privileges): Result<ArchBreakpoint> {
  const address = request.breakpointAddress;
  // 3: where kprobes are not built in, every kernel address is on their blacklist.
  if (address >= TASK_SIZE_MAX || request.breakpointLength !== SIZEOF_LONG) return failure('EINVAL');
  return inUserSpace({ address, length: 1, type: 0 }, address, request, privileges);
}

function inUserSpace(
  breakpoint: ArchBreakpoint,
  last: bigint,
  request: Request,
  privileges: Privileges,
): Result<ArchBreakpoint> {
  if (breakpoint.address >= TASK_SIZE_MAX || last >= TASK_SIZE_MAX) {
    if (request.excludeKernel) return failure('EINVAL');
    if (!privileges.sysAdmin) return failure('EPERM');
  }
  return success(breakpoint);
}

function hardwareType(generic: number): HardwareType | undefined {
  if (generic === BREAKPOINT_WRITE) return 1;
  if (generic === BREAKPOINT_READ_WRITE) return 3;
  return generic === BREAKPOINT_EXECUTE ? 0 : undefined;
}

function hardwareLength(length: bigint): HardwareLength | undefined {
  return ([1, 2, 4, 8] as const).find((known) => BigInt(known) === length);
}

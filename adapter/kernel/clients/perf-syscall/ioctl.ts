// ioctl.ts: ioctl(2) on a perf event: command numbers, pointers and descriptors → what PerfFile offers.
//
// Truth: shared reference "hw-breakpoint-spec", B.10.3; perf_event_open(2), "perf_event ioctl calls".

import type { FamilyAction } from '../../perf/control';
import { ATTRIBUTES_SIZE, ATTRIBUTES_SIZE_OFFSET, attributesLength } from '../../perf/parse-attributes';
import type { PerfErrno } from '../../perf/result';
import type { Opener } from './open';
import type { PerfFile } from './perf-file';

/** The caller's memory and descriptors. */
export interface IoctlCaller {
  readonly opener: Opener;
  /** undefined: EFAULT. */
  readBytes(address: bigint, lengthBytes: number): Uint8Array | undefined;
  /** False: EFAULT. */
  writeBytes(address: bigint, bytes: Uint8Array): boolean;
  /** A perf event, some other open file, or no open descriptor. */
  descriptor(fd: number): PerfFile | 'other' | 'closed';
}

const PerfIoctl = {
  enable: 0x2400,
  disable: 0x2401,
  refresh: 0x2402,
  reset: 0x2403,
  period: 0x40082404,
  setOutput: 0x2405,
  setFilter: 0x40082406,
  id: 0x80082407,
  setBpf: 0x40042408,
  pauseOutput: 0x40042409,
  queryBpf: 0xc008240a,
  modifyAttributes: 0x4008240b,
} as const;

const FAMILY: Readonly<Record<number, FamilyAction>> = {
  [PerfIoctl.enable]: 'enable',
  [PerfIoctl.disable]: 'disable',
  [PerfIoctl.reset]: 'reset',
};
const FLAG_GROUP = 1n;
const ALL_ONES = (1n << 64n) - 1n;

/** `argument`: all 64 bits of it. */
export function perfIoctl(
  file: PerfFile,
  command: number,
  argument: bigint,
  caller: IoctlCaller,
): PerfErrno | undefined {
  if (Object.hasOwn(FAMILY, command)) {
    file.control(FAMILY[command], (argument & FLAG_GROUP) !== 0n);
    return undefined;
  }
  switch (command) {
    case PerfIoctl.refresh:
      return file.refresh(Number(BigInt.asIntN(32, argument)));
    case PerfIoctl.period: {
      const period = readU64(argument, caller);
      return period === undefined ? 'EFAULT' : file.setPeriod(period);
    }
    case PerfIoctl.setOutput:
      return setOutput(file, argument, caller);
    case PerfIoctl.setFilter:
      // Address filters are for tracing hardware that breakpoints do not have.
      return caller.readBytes(argument, 1) === undefined ? 'EFAULT' : 'EINVAL';
    case PerfIoctl.id:
      return caller.writeBytes(argument, u64Bytes(BigInt(file.event.primaryId))) ? undefined : 'EFAULT';
    case PerfIoctl.setBpf:
      return caller.descriptor(Number(BigInt.asIntN(32, argument))) === 'closed' ? 'EBADF' : 'EINVAL';
    case PerfIoctl.pauseOutput:
      return file.pause((argument & 0xffffffffn) !== 0n);
    case PerfIoctl.queryBpf:
      return caller.opener.perfmon ? 'EINVAL' : 'EPERM';
    case PerfIoctl.modifyAttributes:
      return modify(file, argument, caller);
    default:
      return 'ENOTTY';
  }
}

function setOutput(file: PerfFile, argument: bigint, caller: IoctlCaller): PerfErrno | undefined {
  if (argument === ALL_ONES) return file.setOutput(undefined);
  const other = caller.descriptor(Number(BigInt.asIntN(32, argument)));
  return typeof other === 'string' ? 'EBADF' : file.setOutput(other);
}

function modify(file: PerfFile, address: bigint, caller: IoctlCaller): PerfErrno | undefined {
  const bytes = readAttributeBytes(address, caller);
  if (typeof bytes === 'string') return bytes;
  const errno = file.modify(bytes, caller.opener);
  if (errno === 'E2BIG') writeOwnSize(address, caller);
  return errno;
}

/** The perf_event_attr at an address, as long as its own size says; on E2BIG the caller's size is corrected. */
function readAttributeBytes(
  address: bigint,
  caller: Pick<IoctlCaller, 'readBytes' | 'writeBytes'>,
): Uint8Array | 'EFAULT' | 'E2BIG' {
  const size = caller.readBytes(address + BigInt(ATTRIBUTES_SIZE_OFFSET), 4);
  if (size === undefined) return 'EFAULT';
  const length = attributesLength(new DataView(size.buffer, size.byteOffset).getUint32(0, true));
  if (length !== undefined) return caller.readBytes(address, length) ?? 'EFAULT';
  writeOwnSize(address, caller);
  return 'E2BIG';
}

/** After E2BIG: tells the caller the size that we know. */
function writeOwnSize(address: bigint, caller: Pick<IoctlCaller, 'writeBytes'>): void {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, ATTRIBUTES_SIZE, true);
  caller.writeBytes(address + BigInt(ATTRIBUTES_SIZE_OFFSET), bytes);
}

function readU64(address: bigint, caller: IoctlCaller): bigint | undefined {
  const bytes = caller.readBytes(address, 8);
  return bytes === undefined ? undefined : new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
}

function u64Bytes(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value, true);
  return bytes;
}

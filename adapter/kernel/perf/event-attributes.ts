// event-attributes.ts: what was asked of an event, as a record of the fields of perf_event_attr.
//
// Plain data: `parse-attributes.ts` makes it from bytes, clients inside the kernel from `breakpointAttributes`.
//
//   flag word (offset 40): bit = position in FLAG_NAMES; 15–16 precise_ip

export const FLAG_NAMES = [
  'disabled',
  'inherit',
  'pinned',
  'exclusive',
  'excludeUser',
  'excludeKernel',
  'excludeHypervisor',
  'excludeIdle',
  'mmap',
  'comm',
  'freq',
  'inheritStat',
  'enableOnExec',
  'task',
  'watermark',
  undefined, // precise_ip, two bits
  undefined,
  'mmapData',
  'sampleIdAll',
  'excludeHost',
  'excludeGuest',
  'excludeCallchainKernel',
  'excludeCallchainUser',
  'mmap2',
  'commExec',
  'useClockId',
  'contextSwitch',
  'writeBackward',
  'namespaces',
  'ksymbol',
  'bpfEvent',
  'auxOutput',
  'cgroup',
  'textPoke',
  'buildId',
  'inheritThread',
  'removeOnExec',
  'sigtrap',
] as const;

export type EventFlag = Exclude<(typeof FLAG_NAMES)[number], undefined>;

/** perf_event_attr, each number as the ABI has it. Events own a mutable copy. */
export interface PerfAttributes extends Record<EventFlag, boolean> {
  type: number;
  /** As given; 0 was replaced by 64. */
  size: number;
  config: bigint;
  /** sample_period, or sample_freq where `freq` is set. */
  samplePeriod: bigint;
  sampleType: bigint;
  readFormat: bigint;
  preciseIp: number;
  /** wakeup_events, or wakeup_watermark in bytes where `watermark` is set. */
  wakeup: number;
  breakpointType: number;
  breakpointAddress: bigint;
  breakpointLength: bigint;
  branchSampleType: bigint;
  sampleRegsUser: bigint;
  sampleStackUser: number;
  clockId: number;
  sampleRegsInterrupt: bigint;
  auxWatermark: number;
  sampleMaxStack: number;
  auxSampleSize: number;
  sigData: bigint;
  config3: bigint;
}

/** bp_type. */
export const BREAKPOINT_EMPTY = 0;
export const BREAKPOINT_READ = 1;
export const BREAKPOINT_WRITE = 2;
export const BREAKPOINT_READ_WRITE = 3;
export const BREAKPOINT_EXECUTE = 4;
export const BREAKPOINT_INVALID = 7;

/** perf_event_max_stack where nobody changed it. */
export const DEFAULT_MAX_STACK = 127;

/** A literal, so that copies of it are cheap: breakpoints come and go by the thousand. */
const EMPTY: Readonly<PerfAttributes> = {
  type: 0,
  size: 136,
  config: 0n,
  samplePeriod: 0n,
  sampleType: 0n,
  readFormat: 0n,
  preciseIp: 0,
  wakeup: 0,
  breakpointType: 0,
  breakpointAddress: 0n,
  breakpointLength: 0n,
  branchSampleType: 0n,
  sampleRegsUser: 0n,
  sampleStackUser: 0,
  clockId: 0,
  sampleRegsInterrupt: 0n,
  auxWatermark: 0,
  sampleMaxStack: DEFAULT_MAX_STACK,
  auxSampleSize: 0,
  sigData: 0n,
  config3: 0n,
  disabled: false,
  inherit: false,
  pinned: false,
  exclusive: false,
  excludeUser: false,
  excludeKernel: false,
  excludeHypervisor: false,
  excludeIdle: false,
  mmap: false,
  comm: false,
  freq: false,
  inheritStat: false,
  enableOnExec: false,
  task: false,
  watermark: false,
  mmapData: false,
  sampleIdAll: false,
  excludeHost: false,
  excludeGuest: false,
  excludeCallchainKernel: false,
  excludeCallchainUser: false,
  mmap2: false,
  commExec: false,
  useClockId: false,
  contextSwitch: false,
  writeBackward: false,
  namespaces: false,
  ksymbol: false,
  bpfEvent: false,
  auxOutput: false,
  cgroup: false,
  textPoke: false,
  buildId: false,
  inheritThread: false,
  removeOnExec: false,
  sigtrap: false,
};

/** All fields zero, the way a caller would memset it; `overrides` on top. */
export function emptyAttributes(overrides: Partial<PerfAttributes> = {}): PerfAttributes {
  return Object.assign({ ...EMPTY }, overrides);
}

const KERNEL_BREAKPOINT: Readonly<PerfAttributes> = { ...EMPTY, type: 5, pinned: true, samplePeriod: 1n };

/** What every breakpoint made inside the kernel starts from: pinned, one overflow a hit. */
export function breakpointAttributes(overrides: Partial<PerfAttributes> = {}): PerfAttributes {
  return Object.assign({ ...KERNEL_BREAKPOINT }, overrides);
}

/** Field by field, as the kernel compares two attr structures. */
export function sameAttributes(left: PerfAttributes, right: PerfAttributes): boolean {
  return Object.entries(left).every(([field, value]) => right[field as keyof PerfAttributes] === value);
}

export function isSampling(attributes: PerfAttributes): boolean {
  return attributes.samplePeriod !== 0n;
}

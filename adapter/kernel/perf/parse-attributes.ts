// parse-attributes.ts: the bytes of a perf_event_attr → PerfAttributes, or the errno that the kernel answers.
//
// The structure grew over the years; its `size` says how much the caller knows. What is missing reads as zero, what
// is beyond us must be zero. Needs no privilege checks except for branch levels, which breakpoints never reach.
//
// Truth: shared reference "hw-breakpoint-spec", B.10.1 and B.10.2 (step 2); perf_event_open(2).

import { READ_FORMAT_LIMIT, SAMPLE_TYPE_LIMIT, SampleType } from './constants.table';
import { DEFAULT_MAX_STACK, emptyAttributes, FLAG_NAMES, type PerfAttributes } from './event-attributes';
import { failure, success, type PerfErrno, type Result } from './result';

/** The kernel's own sizeof(struct perf_event_attr); E2BIG writes it back into attr.size. */
export const ATTRIBUTES_SIZE = 136;
/** Where attr.size lies. */
export const ATTRIBUTES_SIZE_OFFSET = 4;
const SIZE_VERSION_0 = 64;
const SIZE_MAX = 4096;
const FLAG_COUNT = BigInt(FLAG_NAMES.length);

/** How many bytes of the caller's memory to read: those that `size` (already read) says; undefined = E2BIG. */
export function attributesLength(size: number): number | undefined {
  const length = size === 0 ? SIZE_VERSION_0 : size;
  return length < SIZE_VERSION_0 || length > SIZE_MAX ? undefined : length;
}

/**
 * `bytes` starts at the structure. Fewer bytes than its own size says is EFAULT, as for a caller whose memory ends
 * there. `defaultMaxStack`: what a sample_max_stack of 0 means. On E2BIG the caller's attr.size is to be set to ATTRIBUTES_SIZE.
 */
export function parseAttributes(bytes: Uint8Array, defaultMaxStack = DEFAULT_MAX_STACK): Result<PerfAttributes> {
  if (bytes.length < ATTRIBUTES_SIZE_OFFSET + 4) return failure('EFAULT');
  const given = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = attributesLength(given.getUint32(ATTRIBUTES_SIZE_OFFSET, true));
  if (length === undefined) return failure('E2BIG');
  if (bytes.length < length) return failure('EFAULT');
  if (bytes.subarray(ATTRIBUTES_SIZE, length).some((byte) => byte !== 0)) return failure('E2BIG');

  const whole = new Uint8Array(ATTRIBUTES_SIZE);
  whole.set(bytes.subarray(0, Math.min(length, ATTRIBUTES_SIZE)));
  const view = new DataView(whole.buffer);
  const flags = view.getBigUint64(40, true);
  if (flags >> FLAG_COUNT !== 0n || view.getUint16(110, true) !== 0 || view.getUint32(116, true) !== 0) {
    return failure('EINVAL');
  }
  const attributes = readFields(view, flags, length);
  if (attributes.sampleMaxStack === 0) attributes.sampleMaxStack = defaultMaxStack;
  const errno = findContradiction(attributes);
  return errno === undefined ? success(attributes) : failure(errno);
}

function readFields(view: DataView, flags: bigint, size: number): PerfAttributes {
  const attributes = emptyAttributes({
    type: view.getUint32(0, true),
    size,
    config: view.getBigUint64(8, true),
    samplePeriod: view.getBigUint64(16, true),
    sampleType: view.getBigUint64(24, true),
    readFormat: view.getBigUint64(32, true),
    preciseIp: Number((flags >> 15n) & 3n),
    wakeup: view.getUint32(48, true),
    breakpointType: view.getUint32(52, true),
    breakpointAddress: view.getBigUint64(56, true),
    breakpointLength: view.getBigUint64(64, true),
    branchSampleType: view.getBigUint64(72, true),
    sampleRegsUser: view.getBigUint64(80, true),
    sampleStackUser: view.getUint32(88, true),
    clockId: view.getInt32(92, true),
    sampleRegsInterrupt: view.getBigUint64(96, true),
    auxWatermark: view.getUint32(104, true),
    sampleMaxStack: view.getUint16(108, true),
    auxSampleSize: view.getUint32(112, true),
    sigData: view.getBigUint64(120, true),
    config3: view.getBigUint64(128, true),
  });
  FLAG_NAMES.forEach((name, bit) => {
    if (name !== undefined) attributes[name] = ((flags >> BigInt(bit)) & 1n) === 1n;
  });
  return attributes;
}

const BRANCH_LEVELS = 7n;
const BRANCH_LIMIT = 1n << 20n;
/** DS ES FS GS, and what lies between r15 and xmm0. */
const REGISTERS_UNSUPPORTED = 0xf000n | 0xff000000n;

function validRegisterMask(mask: bigint): boolean {
  return mask !== 0n && (mask & REGISTERS_UNSUPPORTED) === 0n;
}

function findContradiction(attributes: PerfAttributes): PerfErrno | undefined {
  const { sampleType } = attributes;
  const samples = (bit: bigint): boolean => (sampleType & bit) !== 0n;
  if (sampleType >= SAMPLE_TYPE_LIMIT || attributes.readFormat >= READ_FORMAT_LIMIT) return 'EINVAL';
  if (samples(SampleType.branchStack)) {
    const mask = attributes.branchSampleType;
    if (mask >= BRANCH_LIMIT || (mask & ~BRANCH_LEVELS) === 0n) return 'EINVAL';
  }
  if (samples(SampleType.regsUser) && !validRegisterMask(attributes.sampleRegsUser)) return 'EINVAL';
  if (samples(SampleType.stackUser)) {
    if (attributes.sampleStackUser >= 0xffff || attributes.sampleStackUser % 8 !== 0) return 'EINVAL';
  }
  if (samples(SampleType.regsInterrupt) && !validRegisterMask(attributes.sampleRegsInterrupt)) return 'EINVAL';
  if (samples(SampleType.weight) && samples(SampleType.weightStruct)) return 'EINVAL';
  if (!attributes.inherit && attributes.inheritThread) return 'EINVAL';
  if (attributes.removeOnExec && attributes.enableOnExec) return 'EINVAL';
  if (attributes.sigtrap && !attributes.removeOnExec) return 'EINVAL';
  return undefined;
}

// constants.table.ts: the numbers of the perf ABI that events, records and reads share.
//
// Truth: perf_event_open(2); include/uapi/linux/perf_event.h (values).

/** attr.type. */
export const EVENT_TYPE_SOFTWARE = 1;
export const EVENT_TYPE_BREAKPOINT = 5;

/** attr.sample_type. */
export const SampleType = {
  ip: 1n << 0n,
  tid: 1n << 1n,
  time: 1n << 2n,
  addr: 1n << 3n,
  read: 1n << 4n,
  callchain: 1n << 5n,
  id: 1n << 6n,
  cpu: 1n << 7n,
  period: 1n << 8n,
  streamId: 1n << 9n,
  raw: 1n << 10n,
  branchStack: 1n << 11n,
  regsUser: 1n << 12n,
  stackUser: 1n << 13n,
  weight: 1n << 14n,
  dataSource: 1n << 15n,
  identifier: 1n << 16n,
  transaction: 1n << 17n,
  regsInterrupt: 1n << 18n,
  physicalAddress: 1n << 19n,
  aux: 1n << 20n,
  cgroup: 1n << 21n,
  dataPageSize: 1n << 22n,
  codePageSize: 1n << 23n,
  weightStruct: 1n << 24n,
} as const;

/** The first sample_type bit that means nothing. */
export const SAMPLE_TYPE_LIMIT = 1n << 25n;

/** attr.read_format. */
export const ReadFormat = {
  totalTimeEnabled: 1n,
  totalTimeRunning: 2n,
  id: 4n,
  group: 8n,
  lost: 16n,
} as const;

export const READ_FORMAT_LIMIT = 32n;

/** perf_event_header.type. */
export const RecordType = {
  mmap: 1,
  lost: 2,
  comm: 3,
  exit: 4,
  throttle: 5,
  unthrottle: 6,
  fork: 7,
  read: 8,
  sample: 9,
  mmap2: 10,
  switch: 14,
  switchCpuWide: 15,
} as const;

/** perf_event_header.misc. */
export const RECORD_MISC_KERNEL = 1;
export const RECORD_MISC_USER = 2;
/** The same bit means: of a COMM, by exec; of an MMAP, not executable; of a SWITCH, off the CPU. */
export const RECORD_MISC_COMM_EXEC = 0x2000;
export const RECORD_MISC_MMAP_DATA = 0x2000;
export const RECORD_MISC_SWITCH_OUT = 0x2000;
export const RECORD_MISC_SWITCH_OUT_PREEMPT = 0x4000;

/** What a wake-up means to F_ASYNC: siginfo's si_code and si_band. */
export const POLL_IN = 1;
export const POLL_ERR = 4;
export const POLL_HUP = 6;

/** perf_event_open's flags. */
export const OpenFlag = {
  noGroup: 1,
  output: 2,
  pidCgroup: 4,
  closeOnExec: 8,
} as const;

export const PAGE_SIZE = 4096;

// layout.ts: where the machine keeps its own things in the WebAssembly memory of an address space.
//
//   0x0000_0000  nothing: null pointers meet the tables' "forbidden"
//   0x0000_1000  STATE: registers of the task that runs, and what translated code and JavaScript tell each other
//   0x0001_0000  the guest's memory, up to the limit (a power of two, grown up to MAX_LIMIT)
//   0x7000_0000  READ_TABLE   one byte per granule of 64 bytes; 0: an access that starts here may go straight on
//   0x7200_0000  WRITE_TABLE  the same for writes, and for read-modify-writes
//   0x7400_0000  PAGE_TABLE   one byte per page of 4096 bytes: what the guest may do with it
//   0x7410_0000  HIGH_PAGES   the same for the pages of BACKING, by their place there
//   0x7420_0000  HASH         guest address → translated function
//   0x7430_0000  CALL_TARGETS where indirect calls went
//   0x7500_0000  WINDOWS      guest pages at or above HIGH_BOTTOM → BACKING
//   0x7540_0000  FRAMES       of the evaluator, nested calls above each other
//   0x7580_0000  MICRO_CODE   what it runs
//   0x7a00_0000  RECORDS      one for each condition on data that is watched for, by address
//   0x7a10_0000  PLACES       of each condition: which instructions have met it
//   0x7c00_0000  ENTRIES      of each condition: its last accesses
//   0x8000_0000  BACKING      pages that a program insisted on at or above HIGH_BOTTOM
//
// The tables lie below 2 GiB so that V8 can use their addresses as displacements.

export const STATE = 0x1000;

/** Byte addresses within the state area. */
export const AT = {
  /** 16 × u64 */
  gpr: STATE,
  flagKind: STATE + 0x88,
  flagA: STATE + 0x90,
  flagB: STATE + 0x98,
  /** TF IF DF IOPL NT RF AC VIF VIP ID as in RFLAGS; the arithmetic flags are in flagKind/A/B. */
  systemFlags: STATE + 0xa0,
  fsBase: STATE + 0xa8,
  gsBase: STATE + 0xb0,
  /** Number of the exit site through which translated code left. */
  site: STATE + 0xb8,
  /** Instructions left of the quantum when it did. */
  count: STATE + 0xbc,
  faultAddress: STATE + 0xc0,
  /** 1 write, 2 read. */
  faultAccess: STATE + 0xc8,
  remainder: STATE + 0xd0,
  /** Where the last slow access of fast code may go on. */
  place: STATE + 0xd8,
  /** Numbers of an override (translate/flag-override.ts), as they are where code is left. */
  flagC: STATE + 0xe0,
  flagD: STATE + 0xe8,
  /** Where the evaluator's next frame begins. */
  frame: STATE + 0xf0,
  /** For semantics that need memory: 64 bytes. */
  scratch: STATE + 0x100,
  /** The FXSAVE image, 512 bytes, 16-aligned: x87, MXCSR, XMM0–15 live here. */
  fxsave: STATE + 0x200,
  ymmHigh: STATE + 0x400,
  /** Accesses of the instruction that runs alone: count, then entries of 16 bytes: u64 address, u32 bytes, u32 access. */
  logCount: STATE + 0x5f8,
  log: STATE + 0x600,
  /** i64: what conditions call `thread`. */
  thread: STATE + 0xfd8,
  /** f64: instructions retired in this run when `left` of the quantum are left = this minus `left`. */
  judgeBase: STATE + 0xfe0,
  /** Leads of those that this instruction has met and that the judge decides. */
  askedCount: STATE + 0xfe8,
  /** Conditions that this instruction has met; those that have passed over hits since the last report. */
  pendingCount: STATE + 0xff0,
  passedCount: STATE + 0xff4,
  conditionCount: STATE + 0xff8,
  /** u32 each: places of their records. */
  pending: STATE + 0x1000,
  passed: STATE + 0x3000,
  asked: STATE + 0x5000,
} as const;

export const LOG_ENTRIES = 128;
export const MAX_CONDITIONS = 2048;
export const RECORD_SHIFT = 8;
export const RECORDS = 0x7a00_0000;

/** A record's fields, as displacements from its place in RECORDS. */
export const RECORD = {
  /** u64: the bytes watched, and one past them. */
  first: RECORDS,
  end: RECORDS + 8,
  /** Accesses that meet it. */
  mask: RECORDS + 16,
  /** WAY. */
  way: RECORDS + 20,
  /** u64: hits counted since the last report. */
  hits: RECORDS + 24,
  /** Where its bytes lie in the memory. */
  place: RECORDS + 32,
  // For JUDGED ones:
  /** Of the accesses that meet it those that count. */
  wanted: RECORDS + 36,
  /** 1: a write of the same value is only counted. */
  onlyChanges: RECORDS + 40,
  /** TEST_…, or the table slot of the function that decides it (number-function.ts). */
  test: RECORDS + 44,
  /** u64: the bits of its bytes. */
  bits: RECORDS + 48,
  /** i64: `$hits` at the last report. */
  hitsBefore: RECORDS + 56,
  /** Conditions with one filter are parts of one: the first leads, and each names the next; the last: NO_PART. */
  lead: RECORDS + 64,
  nextPart: RECORDS + 68,
  /** u64: its bytes before the instruction. */
  before: RECORDS + 72,
  /** The last change: 1 if there is one, u64 old, u64 new. */
  changed: RECORDS + 80,
  changedOld: RECORDS + 88,
  changedNew: RECORDS + 96,
  /** i32: so many more that meet the condition may be passed over. */
  quiet: RECORDS + 104,
  /** u32: those passed over since the last report. */
  matches: RECORDS + 108,
  /** 1: it is in the list of those that have passed over hits. */
  hasPassed: RECORDS + 112,
  // Of the instruction that accesses:
  /** Kinds of its accesses, as a mask; 0: none yet. */
  kind: RECORDS + 116,
  /** VERDICT. */
  verdict: RECORDS + 120,
  /** The access that is told: its kinds, bytes, u64 address. */
  accessKind: RECORDS + 124,
  accessBytes: RECORDS + 128,
  accessAddress: RECORDS + 136,
  /** ACCESS_WRITE or ACCESS_READ: what it does to this part; 0: nothing. At the lead: to any part, as a mask. */
  partKind: RECORDS + 144,
  kinds: RECORDS + 148,
  /** u64: its bytes after the instruction. */
  now: RECORDS + 152,
  /** u64: of its bits those that are meant. */
  meant: RECORDS + 176,
  // At the lead:
  /** Table slot of the function by which it is told where that does not answer 1; 0: none. */
  guard: RECORDS + 160,
  /** u64: which of its PLACES have hits that are not reported. */
  placesUsed: RECORDS + 168,
  /** The first of its companions (helpers/judge-companions.ts), which may be itself; none: NO_COMPANION. */
  companion: RECORDS + 184,
  /** At the first companion: 1 << VERDICT of each that is decided. */
  verdicts: RECORDS + 188,
  /** What is to be counted unless a companion's hit must be told: 1 if anything; then its place, truth, change, kinds. */
  keptPassed: RECORDS + 192,
  keptPlace: RECORDS + 196,
  keptTruth: RECORDS + 200,
  keptChanged: RECORDS + 204,
  keptKind: RECORDS + 208,
} as const;

export const NO_PART = -1;
export const NO_COMPANION = -1;

/** What becomes of a condition's hits. */
export const WAY_TOLD = 0;
export const WAY_COUNTED = 1;
/** helpers/judge.ts decides them. */
export const WAY_JUDGED = 2;

export const TEST_ALWAYS = 0;
/** The test is that of the instruction's place. */
export const TEST_BY_PLACE = -1;
/** At that place every hit is told. */
export const TEST_TOLD = -2;

export const VERDICT_PASSED = 0;
export const VERDICT_TOLD = 1;
/** There is no room for the instruction's place: fetch the report and ask again. */
export const VERDICT_FULL = 2;
/** The test at the instruction's place is not known: put it there and ask again. */
export const VERDICT_UNKNOWN = 3;
/** A companion must be asked again: ask this one too. */
export const VERDICT_AGAIN = 4;

/** Of each condition a table by hash: u32 instruction (0: free), i32 test, u64 hits. */
export const PLACES = 0x7a10_0000;
export const PLACE_BYTES = 16;
export const PLACES_SHIFT = 10;
/** Of each condition a ring: u32 instruction, u32 kinds, u64 old, u64 new, f64 instructions retired before. */
export const ENTRIES = 0x7c00_0000;
export const ENTRY_SHIFT = 5;
export const RING_ENTRIES = 1024;
export const RING_SHIFT = 15;

export const XMM = AT.fxsave + 160;
export const MXCSR = AT.fxsave + 24;

export const GUEST_BOTTOM = 0x10000;
export const PAGE_BYTES = 4096;
export const PAGE_SHIFT = 12;
export const GRANULE_SHIFT = 6;
export const GRANULE_BYTES = 64;

/** The guest's memory starts with so many address bits, and may grow to MAX_LIMIT. */
export const FIRST_LIMIT_BITS = 29;
export const MAX_LIMIT_BITS = 31;
export const MAX_LIMIT = 0x7000_0000;

export const READ_TABLE = 0x7000_0000;
export const WRITE_TABLE = 0x7200_0000;
export const PAGE_TABLE = 0x7400_0000;
export const HASH = 0x7420_0000;
export const HASH_ENTRIES = 0x10000;
/** u32 guest address, u32 table slot, u32 entries left, u32 where its micro-code is (0: it has none). */
export const HASH_ENTRY_BYTES = 16;
/** By a hash of the call's address: u32 targets, each at a place by a hash of its own. Only a hint. */
export const CALL_TARGETS = 0x7430_0000;
export const CALL_TARGETS_ENTRIES = 0x1000;
export const CALL_TARGETS_EACH = 4;

/** Where the targets of the indirect call at an address are. */
export function callTargetsOf(address: number): number {
  return CALL_TARGETS + ((address ^ (address >>> 12)) & (CALL_TARGETS_ENTRIES - 1)) * 4 * CALL_TARGETS_EACH;
}

/** Index by place in the memory, as PAGE_TABLE by guest address. */
export const HIGH_PAGES = 0x7410_0000;
/** u32 count, then from WINDOW_BYTES on sorted entries: u64 first, u64 end, u32 place in the memory, u32 unused. */
export const WINDOWS = 0x7500_0000;
export const WINDOW_BYTES = 32;
export const MAX_WINDOWS = 0x10000;
export const FRAMES = 0x7540_0000;
export const MICRO_CODE = 0x7580_0000;
export const MICRO_CODE_END = 0x7a00_0000;
export const BACKING = 0x8000_0000;
export const BACKING_END = 0xffff_0000;
/** From here on guest pages live in BACKING. Nothing can be mapped between MAX_LIMIT and here. */
export const HIGH_BOTTOM_BITS = 31;
export const HIGH_BOTTOM = 2 ** HIGH_BOTTOM_BITS;
/** Where user addresses end. */
export const ADDRESS_END = 2 ** 47 - 4096;

/** Bits of a granule's byte. */
export const GRANULE_FORBIDDEN = 1;
export const GRANULE_WATCHED = 2;
export const GRANULE_CODE = 4;
/** The next granule is not free, and an access that starts here may reach it. */
export const GRANULE_NEIGHBOUR = 8;

/** Bits of a page's byte. */
export const PAGE_MAPPED = 1;
export const PAGE_READ = 2;
export const PAGE_WRITE = 4;
export const PAGE_EXECUTE = 8;

/** Access masks that translated code hands to the probes; the length in bytes is above ACCESS_BYTES_SHIFT. */
export const ACCESS_WRITE = 1;
export const ACCESS_READ = 2;
/** The instruction has several accesses, or may fault after this one: hits are left to the exact path. */
export const ACCESS_UNCERTAIN = 4;
/** The judge is asked right after the instruction: hits need not leave. */
export const ACCESS_JUDGED = 8;
export const ACCESS_BYTES_SHIFT = 8;

/** Longer accesses always ask the probe: granules are marked for what accesses of up to so many bytes may reach. */
export const LONGEST_FAST_BYTES = 16;

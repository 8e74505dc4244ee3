// stubs.table.ts: the single instructions that a recorded worker can be told to run, and where they lie.
//
// Each stub is `insn; dec r10; jnz insn; int3`. Functions f0…f7 are nop, nop, 3-byte nop, inc r11, jmp rbx.
// Truth: the recording server's line protocol ("INSN", "Objects and names").

export const DATA_START = 0x100000000000n;
export const DATA_SIZE = 0x4000n;
export const FUNCTIONS_START = 0x402000n;
export const FUNCTION_SIZE = 64n;
export const FUNCTION_COUNT = 8n;
const STUBS_START = 0x401000n;
const STUB_SIZE = 16n;
/** Bytes from a stub's start to `dec r10`; any will do. */
const INSTRUCTION_SIZE = 5n;

export interface StubDefinition {
  readonly loads?: number;
  readonly stores?: number;
  /** A string instruction: which of rdi and rsi it uses and moves on. */
  readonly string?: boolean;
  readonly rep?: boolean;
  readonly stack?: 'push' | 'pop';
}

/** A store that reads first is a store: one #DB whatever it does to the block. */
export const STUBS: Readonly<Record<string, StubDefinition>> = {
  ld1: { loads: 1 },
  ld2: { loads: 2 },
  ld4: { loads: 4 },
  ld8: { loads: 8 },
  ld16: { loads: 16 },
  st1: { stores: 1 },
  st2: { stores: 2 },
  st4: { stores: 4 },
  st8: { stores: 8 },
  st16: { stores: 16 },
  inc1: { stores: 1 },
  inc2: { stores: 2 },
  inc4: { stores: 4 },
  inc8: { stores: 8 },
  xchg4: { stores: 4 },
  xadd8: { stores: 8 },
  cmp4: { loads: 4 },
  lea: {},
  nopm: {},
  movs1: { loads: 1, stores: 1, string: true },
  movs8: { loads: 8, stores: 8, string: true },
  stos4: { stores: 4, string: true },
  lods2: { loads: 2, string: true },
  push8: { stores: 8, stack: 'push' },
  pop8: { loads: 8, stack: 'pop' },
  rstos1: { stores: 1, string: true, rep: true },
  rstos4: { stores: 4, string: true, rep: true },
  rstos8: { stores: 8, string: true, rep: true },
  rmovs1: { loads: 1, stores: 1, string: true, rep: true },
  rmovs4: { loads: 4, stores: 4, string: true, rep: true },
  rmovs8: { loads: 8, stores: 8, string: true, rep: true },
  rlods1: { loads: 1, string: true, rep: true },
};

/** Where a stub's instruction is, and what follows it. */
export interface StubPlace {
  readonly start: bigint;
  readonly after: bigint;
}

export const STUB_PLACES: ReadonlyMap<string, StubPlace> = new Map(
  Object.keys(STUBS).map((name, position) => {
    const start = STUBS_START + STUB_SIZE * BigInt(position);
    return [name, { start, after: start + INSTRUCTION_SIZE }];
  }),
);

const OTHERS_START = STUBS_START + STUB_SIZE * BigInt(Object.keys(STUBS).length);
/** `jmp *rdi`. */
export const JUMP = OTHERS_START;
/** `dec r10; jnz JUMP; int3`: where functions return to. */
export const RETURN = OTHERS_START + STUB_SIZE;
/** `syscall; int3`. */
export const SYSCALL = OTHERS_START + 2n * STUB_SIZE;
export const SYSCALL_SIZE = 2n;

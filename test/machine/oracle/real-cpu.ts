// real-cpu.ts: runs instructions on the host's own CPU, through real-cpu.c (which says how).

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const CODE = 0x10000000;
export const CODE_BYTES = 0x10000;
export const DATA = 0x11000000;
export const WINDOW = DATA + 0xe00;
export const WINDOW_BYTES = 512;
/** gs's base in both worlds. */
export const GS_BASE = WINDOW;

/** What an instruction starts from. */
export interface Request {
  /** At most MAX_CODE_BYTES. */
  readonly code: Uint8Array;
  readonly address: number;
  /** So many steps at most, while rip stays inside the code: 1, more for REP (one each time) and for sequences. */
  readonly steps: number;
  readonly gpr: readonly bigint[];
  readonly rflags: bigint;
  /** 512 bytes; MXCSR_MASK and what lies above XMM15 do not count. */
  readonly fxsave: Uint8Array;
  /** WINDOW_BYTES at WINDOW. */
  readonly memory: Uint8Array;
}

/** What it left. */
export interface Response {
  /** The signal and the CPU's vector; 5 and 1 where the instruction simply retired. */
  readonly signal: number;
  readonly vector: number;
  /** Steps taken; the one that faulted does not count. */
  readonly steps: number;
  readonly pageFaultError: number;
  readonly cr2: bigint;
  readonly gpr: readonly bigint[];
  readonly rflags: bigint;
  readonly rip: bigint;
  readonly fxsave: Uint8Array;
  readonly memory: Uint8Array;
}

export const MAX_CODE_BYTES = 512;

const REQUEST_BYTES = MAX_CODE_BYTES + 16 + 16 * 8 + 8 + 512 + WINDOW_BYTES;
const RESPONSE_BYTES = 16 + 16 + 16 * 8 + 16 + 512 + WINDOW_BYTES;

/** Compiles the C side; its path. */
export function compileRealCpu(): string {
  const program = join(mkdtempSync(join(tmpdir(), 'trapline-oracle-')), 'real-cpu');
  execFileSync('gcc', ['-O1', '-o', program, join(__dirname, 'real-cpu.c')]);
  return program;
}

/** Executes all, in order. */
export function runOnRealCpu(program: string, requests: readonly Request[]): Response[] {
  const input = Buffer.alloc(requests.length * REQUEST_BYTES);
  requests.forEach((request, n) => {
    writeRequest(input.subarray(n * REQUEST_BYTES), request);
  });
  const result = spawnSync(program, { input, maxBuffer: 1 << 30 });
  const output = result.stdout;
  if (result.status !== 0 || output.length !== requests.length * RESPONSE_BYTES) {
    throw new Error(`real-cpu ended with ${result.status ?? result.signal ?? '?'} after ${output.length} bytes`);
  }
  return requests.map((_, n) => readResponse(output.subarray(n * RESPONSE_BYTES, (n + 1) * RESPONSE_BYTES)));
}

function writeRequest(out: Buffer, request: Request): void {
  const after = MAX_CODE_BYTES;
  out.set(request.code, 0);
  out.writeUInt32LE(request.address, after);
  out.writeUInt32LE(request.address + request.code.length, after + 4);
  out.writeUInt32LE(request.steps, after + 8);
  request.gpr.forEach((value, n) => out.writeBigUInt64LE(BigInt.asUintN(64, value), after + 16 + n * 8));
  out.writeBigUInt64LE(request.rflags, after + 144);
  out.set(request.fxsave, after + 152);
  out.set(request.memory, after + 664);
}

function readResponse(bytes: Buffer): Response {
  return {
    signal: bytes.readUInt32LE(0),
    vector: bytes.readUInt32LE(4),
    steps: bytes.readUInt32LE(8),
    pageFaultError: Number(bytes.readBigUInt64LE(16)),
    cr2: bytes.readBigUInt64LE(24),
    gpr: Array.from({ length: 16 }, (_, n) => bytes.readBigUInt64LE(32 + n * 8)),
    rflags: bytes.readBigUInt64LE(160),
    rip: bytes.readBigUInt64LE(168),
    fxsave: bytes.subarray(176, 176 + 512),
    memory: bytes.subarray(688, 688 + WINDOW_BYTES),
  };
}

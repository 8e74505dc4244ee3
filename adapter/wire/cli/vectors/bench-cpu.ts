// bench-cpu.ts: a CPU that knows only the workers' stubs, but whose debug registers work as x86's do.
//
// Execute conditions fault before their instruction unless RF is set; data conditions trap after it, once, whatever
// overlapped; a string repeats iteration by iteration; TF traps after each instruction or iteration. An instruction
// that faults raises no data #DB.
//
// Truth: shared reference "hw-breakpoint-spec", A.2–A.7.

import { DR6_BS } from '../../../machine/debug-registers';
import type { DebugExit, HitDetail } from '../../../kernel/hw-breakpoint/debug-exception';
import type { Cpu, TaskRef } from '../../../kernel/sched/task';
import type { BenchDebugRegisters, BenchRegisters } from './bench-registers';
import {
  DATA_SIZE,
  DATA_START,
  FUNCTIONS_START,
  FUNCTION_COUNT,
  FUNCTION_SIZE,
  JUMP,
  RETURN,
  STUBS,
  STUB_PLACES,
  SYSCALL,
  SYSCALL_SIZE,
  type StubDefinition,
} from './stubs.table';

export const RFLAGS_TF = 1n << 8n;
export const RFLAGS_RF = 1n << 16n;
export const Gpr = { rcx: 1, rbx: 3, rsp: 4, rsi: 6, rdi: 7, r10: 10, r11: 11 } as const;

export interface BenchCpu extends Cpu {
  readonly debugRegisters: BenchDebugRegisters;
  current: TaskRef | undefined;
}

interface Access {
  readonly access: 'read' | 'write';
  readonly address: bigint;
  readonly lengthBytes: number;
}

/** What one instruction (or one iteration of a string) did. */
type Step =
  { readonly kind: 'done' } | { readonly kind: 'int3' } | { readonly kind: 'syscall' } | { readonly kind: 'fault' };

export type BenchExit =
  | { readonly kind: 'next' }
  | { readonly kind: 'int3' }
  | { readonly kind: 'syscall' }
  | { readonly kind: 'debug'; readonly exit: DebugExit }
  | { readonly kind: 'segv'; readonly code: 1 | 2 }
  | { readonly kind: 'illegal' };

/** Runs the instruction at rip, or one iteration of it. */
export function runInstruction(cpu: BenchCpu, registers: BenchRegisters): BenchExit {
  const { debugRegisters } = cpu;
  const start = registers.rip;
  if ((registers.rflags & RFLAGS_RF) === 0n) {
    const fault = matchExecute(debugRegisters, start);
    if (fault.length > 0) return raise(debugRegisters, fault, false, start);
  }
  const instruction = decode(start);
  if (instruction === undefined) return notCode(start);
  const accesses: Access[] = [];
  const step = instruction(registers, accesses);
  if (step.kind === 'fault') return { kind: 'segv', code: accesses.some(isInCode) ? 2 : 1 };
  if (step.kind === 'syscall') return step;
  registers.rflags &= ~RFLAGS_RF;
  const hits = matchData(debugRegisters, accesses);
  const stepped = (registers.rflags & RFLAGS_TF) !== 0n;
  if (step.kind === 'int3') return { kind: 'int3' };
  if (hits.length > 0 || stepped) return raise(debugRegisters, hits, stepped, start);
  return { kind: 'next' };
}

/** The workers' data cannot be executed, what lies elsewhere is not mapped. */
function notCode(address: bigint): BenchExit {
  const place: Access = { access: 'read', address, lengthBytes: 1 };
  if (isMapped(place)) return { kind: 'segv', code: 2 };
  return isInCode(place) ? { kind: 'illegal' } : { kind: 'segv', code: 1 };
}

function raise(
  debugRegisters: BenchDebugRegisters,
  hits: readonly HitDetail[],
  singleStep: boolean,
  instruction: bigint,
): BenchExit {
  for (const { index } of hits) if (index < 4) debugRegisters.dr6 |= 1n << BigInt(index);
  if (singleStep) debugRegisters.dr6 |= DR6_BS;
  return { kind: 'debug', exit: { hits, singleStep, instruction, icebp: false } };
}

const NO_BYTES = new Uint8Array(0);

function matchExecute(debugRegisters: BenchDebugRegisters, address: bigint): HitDetail[] {
  return collect(debugRegisters, (index) => {
    const condition = debugRegisters.condition(index);
    if (condition.type !== 0 || condition.address !== address) return undefined;
    return { index, access: 'execute', address, lengthBytes: 1, before: NO_BYTES, after: NO_BYTES };
  });
}

function matchData(debugRegisters: BenchDebugRegisters, accesses: readonly Access[]): HitDetail[] {
  return collect(debugRegisters, (index) => {
    const condition = debugRegisters.condition(index);
    const end = condition.address + BigInt(condition.lengthBytes);
    const access = accesses.find(
      (one) =>
        (condition.type === 3 || (condition.type === 1 && one.access === 'write')) &&
        one.address < end &&
        one.address + BigInt(one.lengthBytes) > condition.address,
    );
    return access === undefined ? undefined : { ...access, index, before: NO_BYTES, after: NO_BYTES };
  });
}

/** Those that trap; those that only count are counted here and now. */
function collect(debugRegisters: BenchDebugRegisters, match: (index: number) => HitDetail | undefined): HitDetail[] {
  const hits: HitDetail[] = [];
  for (let index = 0; index < debugRegisters.count; index += 1) {
    const { enabled, countOnly } = debugRegisters.condition(index);
    const hit = enabled ? match(index) : undefined;
    if (hit === undefined) continue;
    if (countOnly) debugRegisters.addCount(index, 1);
    else hits.push(hit);
  }
  return hits;
}

type Instruction = (registers: BenchRegisters, accesses: Access[]) => Step;

const DONE: Step = { kind: 'done' };
const INSTRUCTIONS = buildInstructions();

function decode(address: bigint): Instruction | undefined {
  return INSTRUCTIONS.get(address);
}

function buildInstructions(): Map<bigint, Instruction> {
  const all = new Map<bigint, Instruction>();
  for (const [name, { start, after }] of STUB_PLACES) {
    all.set(start, memoryInstruction(STUBS[name], start, after));
    addLoopEnd(all, after, start);
  }
  all.set(JUMP, (registers) => jump(registers, registers.readGpr(Gpr.rdi)));
  addLoopEnd(all, RETURN, JUMP);
  all.set(SYSCALL, () => ({ kind: 'syscall' }));
  all.set(SYSCALL + SYSCALL_SIZE, () => ({ kind: 'int3' }));
  for (let index = 0n; index < FUNCTION_COUNT; index += 1n) addFunction(all, FUNCTIONS_START + index * FUNCTION_SIZE);
  return all;
}

function addLoopEnd(all: Map<bigint, Instruction>, at: bigint, loop: bigint): void {
  all.set(at, (registers) => {
    registers.writeGpr(Gpr.r10, registers.readGpr(Gpr.r10) - 1n);
    return jump(registers, at + 3n);
  });
  all.set(at + 3n, (registers) => jump(registers, registers.readGpr(Gpr.r10) === 0n ? at + 5n : loop));
  all.set(at + 5n, () => ({ kind: 'int3' }));
}

function addFunction(all: Map<bigint, Instruction>, start: bigint): void {
  all.set(start, (registers) => jump(registers, start + 1n));
  all.set(start + 1n, (registers) => jump(registers, start + 2n));
  all.set(start + 2n, (registers) => jump(registers, start + 5n));
  all.set(start + 5n, (registers) => {
    registers.writeGpr(Gpr.r11, registers.readGpr(Gpr.r11) + 1n);
    return jump(registers, start + 8n);
  });
  all.set(start + 8n, (registers) => jump(registers, registers.readGpr(Gpr.rbx)));
}

function jump(registers: BenchRegisters, to: bigint): Step {
  registers.rip = to;
  return DONE;
}

function memoryInstruction(stub: StubDefinition, start: bigint, after: bigint): Instruction {
  return (registers, accesses) => {
    const count = registers.readGpr(Gpr.rcx);
    if (stub.rep === true && count === 0n) return jump(registers, after);
    const moved = listAccesses(stub, registers, accesses);
    const bad = accesses.find((access) => !isMapped(access) && (access.access === 'write' || !isInCode(access)));
    if (bad !== undefined) {
      accesses.splice(0, accesses.length, bad);
      return { kind: 'fault' };
    }
    for (const [register, value] of moved) registers.writeGpr(register, value);
    if (stub.rep !== true) return jump(registers, after);
    registers.writeGpr(Gpr.rcx, count - 1n);
    return jump(registers, count === 1n ? after : start);
  };
}

/** Adds what the instruction touches; answers the registers that it moves on. */
function listAccesses(stub: StubDefinition, registers: BenchRegisters, accesses: Access[]): [number, bigint][] {
  const { loads = 0, stores = 0 } = stub;
  const moved: [number, bigint][] = [];
  if (loads > 0) {
    const base = loadBase(stub);
    const address = registers.readGpr(base);
    accesses.push({ access: 'read', address, lengthBytes: loads });
    if (stub.string === true || stub.stack === 'pop') moved.push([base, address + BigInt(loads)]);
  }
  if (stores > 0) {
    const push = stub.stack === 'push';
    const base = push ? Gpr.rsp : Gpr.rdi;
    const value = registers.readGpr(base);
    const address = push ? value - BigInt(stores) : value;
    accesses.push({ access: 'write', address, lengthBytes: stores });
    if (push) moved.push([base, address]);
    else if (stub.string === true) moved.push([base, address + BigInt(stores)]);
  }
  return moved;
}

function loadBase(stub: StubDefinition): number {
  if (stub.stack === 'pop') return Gpr.rsp;
  return stub.string === true ? Gpr.rsi : Gpr.rdi;
}

export function isMapped(access: { readonly address: bigint; readonly lengthBytes: number }): boolean {
  return access.address >= DATA_START && access.address + BigInt(access.lengthBytes) <= DATA_START + DATA_SIZE;
}

function isInCode({ address }: Access): boolean {
  return address >= FUNCTIONS_START && address < FUNCTIONS_START + FUNCTION_COUNT * FUNCTION_SIZE;
}

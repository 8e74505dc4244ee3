// transfer.ts: jumps, calls and returns.
//
// A call pushes the return address, calls the callee's function and compares what comes back with the return address:
// anything else is handed on to the caller's caller. Returns to and jumps to addresses above 4 GiB are left to the
// exact path, which tells the fault.
// Truth: Intel SDM vol. 2 (CALL, RET, JMP, Jcc, LOOP, JRCXZ).

import { AT, CALL_TARGETS_EACH, callTargetsOf } from '../layout';
import type { Instruction } from '../decode/instruction';
import type { Code, Label, Local } from '../wasm/code';
import { I64, OP } from '../wasm/opcodes.table';
import type { EmitContext } from './emit-context';
import { COUNT, DEPTH, type HelperName } from './helper-imports';
import { nextAddress, type Block } from './region-shape';
import { pushOnStack } from './semantics/move';
import { IN_STATE, type Flags } from './flags';
import type { RegionFrame } from './region-frame';
import type { RegisterAccess } from './register-cache';

const RCX = 1;
const RSP = 4;
const GENERAL_PROTECTION = 13;
/** Functions begin at multiples of 16, mostly. */
const TARGET_HASH_SHIFT = 4;
/** Jump tables are written out up to this span of target addresses. */
const LARGEST_SPAN = 4096;

/** What transfers need of the region being emitted. */
export interface TransferRegion {
  readonly code: Code;
  readonly flags: Flags;
  readonly registers: RegisterAccess;
  readonly context: EmitContext;
  /** The ways out. */
  readonly frame: RegionFrame;
  /** The current block's successors that may be branched to. */
  readonly labelledSuccessors: readonly { readonly address: number; readonly label: Label }[];
  /** Function index of a translated callee, or undefined: through `go`. */
  calleeIndex(address: number): number | undefined;
  callHelper(name: HelperName): void;
  /** Worth fast code; otherwise small code. */
  readonly isHot: boolean;
  /** Does not go on to other regions: calls and jumps end it. */
  readonly isShort: boolean;
  /** Calls and returns do not drop the flags. */
  readonly keepsFlags: boolean;
  /** The block that the instruction ends. */
  readonly block: Block;
  /** Emits what follows the current block on the way to an address; control does not fall through. */
  goTo(address: number): void;
  /** The same by the key of a block of the region, which is at the address. */
  goToBlock(key: number, address: number): void;
  /** From here on the count holds all instructions up to and with this one. */
  settleCount(): void;
}

type Transfer = (region: TransferRegion, instruction: Instruction) => void;

const TRANSFERS: Readonly<Record<string, Transfer>> = {
  jmp,
  jcc,
  loop: (region, instruction) => {
    loop(region, instruction, undefined);
  },
  loope: (region, instruction) => {
    loop(region, instruction, 4);
  },
  loopne: (region, instruction) => {
    loop(region, instruction, 5);
  },
  jrcxz,
  call,
  call_indirect: callIndirect,
  ret,
  jmp_indirect: jumpIndirect,
};

export function isTransfer(instruction: Instruction): boolean {
  return instruction.mnemonic in TRANSFERS;
}

export function emitTransfer(region: TransferRegion, instruction: Instruction): void {
  TRANSFERS[instruction.mnemonic](region, instruction);
}

function targetOf(instruction: Instruction): number {
  return instruction.target ?? 0;
}

function jmp(region: TransferRegion, instruction: Instruction): void {
  region.goTo(targetOf(instruction));
}

/** Goes to the target if the i32 on the stack is not 0, else to the next instruction. */
function branch(region: TransferRegion, instruction: Instruction): void {
  const { code, flags } = region;
  code.if();
  const { kind } = flags;
  region.goTo(targetOf(instruction));
  flags.kind = kind;
  code.end();
  region.goTo(nextAddress(instruction));
}

function jcc(region: TransferRegion, instruction: Instruction): void {
  region.flags.condition(instruction.condition ?? 0);
  branch(region, instruction);
}

function loop(region: TransferRegion, instruction: Instruction, condition: number | undefined): void {
  const { code, registers, flags, context } = region;
  if (instruction.address32) {
    context.leave('unimplemented');
    return;
  }
  registers.getGpr(RCX);
  code.i64(1);
  code.op(OP.i64Sub);
  registers.setGpr(RCX);
  registers.getGpr(RCX);
  code.i64(0);
  code.op(OP.i64Ne);
  if (condition !== undefined) {
    flags.condition(condition);
    code.op(OP.i32And);
  }
  branch(region, instruction);
}

function jrcxz(region: TransferRegion, instruction: Instruction): void {
  region.registers.getGpr(RCX);
  if (instruction.address32) region.code.op(OP.i32WrapI64);
  region.code.op(instruction.address32 ? OP.i32Eqz : OP.i64Eqz);
  branch(region, instruction);
}

/** Takes a target (i64) that the guest computed. Check it before the instruction's effects. */
function saveComputedTarget(region: TransferRegion): Local {
  const target = region.context.temporary(I64);
  region.code.set(target);
  return target;
}

function checkComputedTarget(region: TransferRegion, target: Local): void {
  const { code, context } = region;
  if (context.alone) {
    // Not canonical: the transfer itself faults.
    code.get(target);
    code.i64(16);
    code.op(OP.i64Shl);
    code.i64(16);
    code.op(OP.i64ShrS);
    code.get(target);
    code.op(OP.i64Ne);
    context.raiseIf(GENERAL_PROTECTION);
  } else {
    pushIsFar(region, target);
    context.leaveIf('access');
  }
}

function pushIsFar(region: TransferRegion, target: Local): void {
  const { code } = region;
  code.get(target);
  code.i64(32);
  code.op(OP.i64ShrU);
  code.i64(0);
  code.op(OP.i64Ne);
}

/** An instruction that runs alone tells where it wanted to go; `result` takes the low half. */
function finishComputedTarget(region: TransferRegion, target: Local): void {
  const { code, context } = region;
  if (context.alone) {
    code.i32(0);
    code.get(target);
    code.memory(OP.i64Store, AT.faultAddress);
    pushIsFar(region, target);
    context.leaveIf('fetch', { after: true });
  }
  code.get(target);
  code.op(OP.i32WrapI64);
  code.set(region.frame.result);
}

function ret(region: TransferRegion, instruction: Instruction): void {
  const { code, context, registers } = region;
  registers.getGpr(RSP);
  const at = context.addressOfTop('read', 8);
  context.load(at, 8);
  const target = saveComputedTarget(region);
  checkComputedTarget(region, target);
  const extra = instruction.operands.at(0);
  registers.getGpr(RSP);
  code.i64(8 + (extra?.kind === 'immediate' ? Number(extra.value) & 0xffff : 0));
  code.op(OP.i64Add);
  registers.setGpr(RSP);
  finishComputedTarget(region, target);
  const { returnsTo } = region.block;
  if (returnsTo === undefined) {
    region.frame.returnResult();
    return;
  }
  code.get(region.frame.result);
  code.i32(returnsTo.address);
  code.op(OP.i32Ne);
  code.coldIf();
  const { kind } = region.flags;
  region.frame.returnResult();
  region.flags.kind = kind;
  code.end();
  region.goToBlock(returnsTo.key, returnsTo.address);
}

/** `check` runs when the stack's access is known to be good, before it happens. */
function pushReturnAddress(region: TransferRegion, instruction: Instruction, check?: () => void): void {
  pushOnStack(
    region.context,
    8,
    () => {
      check?.();
      region.code.i64(nextAddress(instruction));
    },
    check !== undefined,
  );
}

function call(region: TransferRegion, instruction: Instruction): void {
  const { code } = region;
  const target = targetOf(instruction);
  pushReturnAddress(region, instruction);
  if (region.isShort || target < 0 || target >= 2 ** 32) {
    region.frame.goOutside(target);
    return;
  }
  if (region.block.isInlinedCall) {
    region.goToBlock(region.block.successors[0], target);
    return;
  }
  code.i32(target);
  code.set(region.frame.result);
  emitCall(region, instruction, region.calleeIndex(target));
}

function callIndirect(region: TransferRegion, instruction: Instruction): void {
  const { context } = region;
  context.pushOperand(context.operand(0), 8, true);
  const target = saveComputedTarget(region);
  pushReturnAddress(region, instruction, () => {
    checkComputedTarget(region, target);
  });
  finishComputedTarget(region, target);
  if (region.isShort) {
    region.frame.goToResult();
    return;
  }
  if (!region.isHot) noteTarget(region, instruction);
  for (const { address, key } of region.block.inlinedTargets) {
    const { code, flags } = region;
    code.get(region.frame.result);
    code.i32(address);
    code.op(OP.i32Eq);
    code.if();
    const { kind } = flags;
    region.goToBlock(key, address);
    flags.kind = kind;
    code.end();
  }
  emitCall(region, instruction, undefined);
}

/** For the hot code that may follow: functions that were called from here. */
function noteTarget({ code, frame: { result } }: TransferRegion, instruction: Instruction): void {
  code.get(result);
  code.i32(TARGET_HASH_SHIFT);
  code.op(OP.i32ShrU);
  code.i32(CALL_TARGETS_EACH - 1);
  code.op(OP.i32And);
  code.i32(2);
  code.op(OP.i32Shl);
  code.get(result);
  code.memory(OP.i32Store, callTargetsOf(instruction.address));
}

/** Calls the guest function at `result`; goes on after the call when it returned there. */
function emitCall(region: TransferRegion, instruction: Instruction, callee: number | undefined): void {
  const { code, flags, registers } = region;
  const next = nextAddress(instruction);
  code.get(DEPTH);
  code.op(OP.i32Eqz);
  code.coldIf();
  const { kind } = flags;
  region.frame.goToResult();
  flags.kind = kind;
  code.end();
  if (region.keepsFlags || instruction.mnemonic === 'call_indirect') flags.store();
  region.settleCount();
  registers.markSpill();
  code.get(region.frame.result);
  code.get(COUNT);
  code.get(DEPTH);
  code.i32(1);
  code.op(OP.i32Sub);
  if (callee === undefined) region.callHelper('go');
  else code.call(callee);
  code.tee(region.frame.longResult);
  code.i64(32);
  code.op(OP.i64ShrU);
  code.op(OP.i32WrapI64);
  code.set(COUNT);
  code.get(region.frame.longResult);
  code.op(OP.i32WrapI64);
  code.tee(region.frame.result);
  code.i32(next);
  code.op(OP.i32Ne);
  region.frame.coldReturnIf();
  registers.markReload();
  flags.kind = IN_STATE;
  region.goTo(next);
}

function jumpIndirect(region: TransferRegion): void {
  const { context } = region;
  context.pushOperand(context.operand(0), 8, true);
  const target = saveComputedTarget(region);
  checkComputedTarget(region, target);
  finishComputedTarget(region, target);
  if (!region.isShort) emitJumpTable(region);
  region.frame.goToResult();
}

/** Branches to those targets that are blocks of this region. */
function emitJumpTable(region: TransferRegion): void {
  const { code, flags } = region;
  const targets = [...region.labelledSuccessors].sort((a, b) => a.address - b.address);
  if (targets.length === 0) return;
  flags.makeDynamic();
  region.settleCount();
  const first = targets[0].address;
  const span = (targets.at(-1)?.address ?? first) - first + 1;
  if (span > LARGEST_SPAN) {
    for (const { address, label } of targets) {
      code.get(region.frame.result);
      code.i32(address);
      code.op(OP.i32Eq);
      code.brIf(label);
    }
    return;
  }
  const outside = code.block();
  const labels = new Array<number>(span).fill(outside);
  for (const { address, label } of targets) labels[address - first] = label;
  code.get(region.frame.result);
  code.i32(first);
  code.op(OP.i32Sub);
  code.brTable(labels, outside);
  code.end();
}

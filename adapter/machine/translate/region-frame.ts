// region-frame.ts: the frame of a region's function, and the ways out through it.
//
// The tail of each function, reached by branches out of nested blocks:
//
//   block $return               registers are in memory already: hand the result on
//     block $spill              a guest return: next address in `result`
//       block $jump             a jump out of the region: goes on in another one, with a tail call
//         block $jumpFlags      the same, flags in locals
//           block $leave        an exit site
//             block $leaveFlags   the same, flags in locals
//               … the guest's code …

import type { Instruction } from '../decode/instruction';
import { AT } from '../layout';
import type { Code, Label, Local } from '../wasm/code';
import { I32, I64, OP } from '../wasm/opcodes.table';
import type { ExitReason } from './exit-site';
import { IN_STATE, type Flags } from './flags';
import { COUNT, DEPTH } from './helper-imports';
import type { InstructionCount } from './instruction-count';
import type { RegionOptions } from './region-options';
import type { RegisterAccess } from './register-cache';

/** Guest code lies below. */
const FAR = 2 ** 32;

/** What the frame needs of the region being emitted. */
export interface FramedRegion {
  readonly code: Code;
  readonly flags: Flags;
  readonly registers: RegisterAccess;
  readonly count: InstructionCount;
  readonly options: RegionOptions;
  /** Does not go on to other regions. */
  readonly isShort: boolean;
  /** Calls and returns do not drop the flags. */
  readonly keepsFlags: boolean;
}

/** Where an exit site is; see ExitSite. */
export interface ExitPlace {
  readonly rip: number;
  readonly uncounted: number;
  readonly instruction?: Instruction;
  readonly vector?: number | undefined;
}

export class RegionFrame {
  /** Where a guest address goes that is decided at run time. */
  readonly result: Local;
  /** What a callee has handed back: the count and an address. */
  readonly longResult: Local;
  private readonly site: Local;
  private readonly code: Code;

  private returnLabel: Label = 0;
  private spillLabel: Label = 0;
  private jumpLabel: Label = 0;
  private jumpFlagsLabel: Label = 0;
  private leaveLabel: Label = 0;
  private leaveFlagsLabel: Label = 0;

  constructor(private readonly region: FramedRegion) {
    this.code = region.code;
    this.result = this.code.newLocal(I32);
    this.longResult = this.code.newLocal(I64);
    this.site = this.code.newLocal(I32);
  }

  /** Before the guest's code. */
  open(): void {
    const { code } = this;
    this.returnLabel = code.block();
    this.spillLabel = code.block();
    this.jumpLabel = code.block();
    this.jumpFlagsLabel = code.block();
    this.leaveLabel = code.block();
    this.leaveFlagsLabel = code.block();
  }

  /** After it. */
  close(): void {
    const { code, region } = this;
    code.op(OP.unreachable);
    code.end();
    this.storeFlagLocals();
    region.flags.storeOverride();
    code.end();
    code.i32(0);
    code.get(this.site);
    code.memory(OP.i32Store, AT.site);
    code.i32(0);
    code.set(this.result);
    code.br(this.spillLabel);
    code.end();
    this.storeFlagLocals();
    code.end();
    region.registers.markSpill();
    this.emitGo();
    code.end();
    region.registers.markSpill();
    code.end();
    code.get(COUNT);
    code.op(OP.i64ExtendI32U);
    code.i64(32);
    code.op(OP.i64Shl);
    code.get(this.result);
    code.op(OP.i64ExtendI32U);
    code.op(OP.i64Or);
    code.op(OP.end);
  }

  private storeFlagLocals(): void {
    const { code } = this;
    const { flags } = this.region;
    code.i32(0);
    code.get(flags.dynamicKind);
    code.memory(OP.i32Store, AT.flagKind);
    flags.storeNumbers();
  }

  /** Goes on in the region at `result`. Regions of one instruction or block go no further. */
  private emitGo(): void {
    const { code, region } = this;
    if (region.isShort) {
      code.br(this.returnLabel);
      return;
    }
    code.get(this.result);
    code.get(COUNT);
    code.get(DEPTH);
    region.options.helpers.tailCall(code, 'go');
  }

  /** A jump to an address outside of the region that is known now. */
  goOutside(address: number): void {
    if (address < 0 || address >= FAR) {
      this.region.count.settleAside();
      this.leave('next', { rip: address, uncounted: 0 });
      return;
    }
    this.code.i32(address);
    this.code.set(this.result);
    this.goToResult();
  }

  /** A jump to the address in `result`. */
  goToResult(): void {
    const { flags, count } = this.region;
    count.settleAside();
    if (flags.kind === IN_STATE) {
      this.code.br(this.jumpLabel);
      return;
    }
    flags.makeDynamic();
    this.code.br(this.jumpFlagsLabel);
  }

  /** A guest return to the address in `result`. */
  returnResult(): void {
    const { flags, count, isShort, keepsFlags } = this.region;
    count.settleAside();
    if (isShort || keepsFlags) flags.store();
    this.code.br(this.spillLabel);
  }

  /** Hands `result` and the count on as they are, if the i32 on the stack is not 0; registers are in memory. */
  coldReturnIf(): void {
    this.code.coldBrIf(this.returnLabel);
  }

  /** Leaves through an exit site. Emitted where control ends. */
  leave(reason: ExitReason, place: ExitPlace): void {
    this.setSite(reason, place);
    this.code.br(this.exitLabel);
  }

  /** Takes an i32 from the stack and leaves if it is not 0. */
  leaveIf(reason: ExitReason, place: ExitPlace): void {
    this.setSite(reason, place);
    this.code.coldBrIf(this.exitLabel);
  }

  private setSite(reason: ExitReason, { rip, uncounted, instruction, vector = 0 }: ExitPlace): void {
    const { flags, options } = this.region;
    const { sites, isHot, isEvaluated } = options;
    const promotes = !isHot && !isEvaluated;
    this.code.i32(sites.add({ reason, rip, uncounted, flagKind: flags.kind, instruction, vector, promotes }));
    this.code.set(this.site);
  }

  private get exitLabel(): Label {
    return this.region.flags.kind === IN_STATE ? this.leaveLabel : this.leaveFlagsLabel;
  }
}

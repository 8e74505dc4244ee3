// stack-walk.ts: the real frames of a stopped thread, innermost first, found one by one.
//
// By call frame information where there is any, else by the rbp chain. A register of which nothing is said keeps its
// value: compilers end a variable's range at a call that may change its register, and with -fipa-ra they go on where
// they know that the callee does not. Stops where the information says so (`_start`),
// where the stack does not grow, or where a return address leads to no code.
// Truth: DWARF 5 section 6.4; System V ABI x86-64, 3.2.1 and 3.2.2.

import { UserError } from '../../util/user-error';
import { computeValue } from '../dwarf/location-machine';
import { Unavailable } from '../dwarf/stack-values';
import type { FrameRegisters, MemoryReader } from '../program-symbols';
import { unwindRowAt, type CfaRule, type RegisterRule, type UnwindRow } from './cfi-program';
import type { CfiTable, CommonEntry } from './cfi-table';

/** DWARF numbers. */
const RBP = 6;
const RSP = 7;
const RIP = 16;
const CALLEE_SAVED: ReadonlySet<number> = new Set([3, RBP, 12, 13, 14, 15]);
const GENERAL_REGISTERS = 17;
/** So much of the stack is read at once. */
const BLOCK_BYTES = 512;

export interface PhysicalFrame {
  readonly pc: bigint;
  readonly lookupPc: bigint;
  readonly cfa: bigint;
  readonly registers: FrameRegisters;
  /** The kernel's way into a signal handler: what lies above was interrupted, it did not call. */
  readonly isSignalFrame: boolean;
  /** Nobody called it: its stack begins there. */
  readonly isBottom: boolean;
}

/** What the walk asks of the loaded modules. */
export interface UnwindSource {
  /** Of the module whose code holds the address. */
  cfiAt(pc: bigint): { readonly table: CfiTable; readonly bias: bigint } | undefined;
  isCode(pc: bigint): boolean;
  /** Lowest address of the function at the address. */
  functionStart(pc: bigint): bigint | undefined;
}

/** A frame before its CFA is known. */
interface Position {
  readonly pc: bigint;
  readonly lookupPc: bigint;
  readonly registers: FrameRegisters;
  /** No call has left this return address: makecontext(3) put it there, where a coroutine goes when it is done. */
  readonly isMadeByHand?: boolean;
}

interface Step {
  readonly cfa: bigint;
  /** Asked for where somebody wants to know: it takes every register. */
  readonly caller: () => Position | undefined;
  /** Known to have no caller, rather than one that is not found. */
  readonly isBottom: boolean;
  /** The caller was interrupted, it did not call: its stack may be elsewhere. */
  readonly interrupted: boolean;
}

export class StackWalk {
  readonly #frames: PhysicalFrame[] = [];
  #next: () => Position | undefined;
  /** What was read last: frames lie near each other. */
  #block: DataView = new DataView(new ArrayBuffer(0));
  #blockAt = 0n;
  #lastCfa: bigint | undefined;

  constructor(
    registers: FrameRegisters,
    readonly memory: MemoryReader,
    readonly source: UnwindSource,
  ) {
    const pc = registers(RIP);
    this.#next = pc === undefined ? nobody : () => ({ pc, lookupPc: pc, registers });
  }

  /** Frame by number, 0 the innermost; undefined beyond the last. */
  frame(index: number): PhysicalFrame | undefined {
    while (this.#frames.length <= index) {
      const position = this.#next();
      this.#next = nobody;
      if (position === undefined) break;
      this.#advance(position);
    }
    return this.#frames.at(index);
  }

  #advance(position: Position): void {
    const step = this.#byCfi(position) ?? this.#byFramePointer(position);
    const { pc, lookupPc, registers } = position;
    const { cfa, isBottom } = step;
    this.#frames.push({ pc, lookupPc, registers, cfa, isSignalFrame: step.interrupted, isBottom });
    const grows = step.interrupted || this.#lastCfa === undefined || step.cfa > this.#lastCfa;
    this.#lastCfa = step.interrupted ? undefined : step.cfa;
    this.#next = grows ? step.caller : nobody;
  }

  #byCfi(position: Position): Step | undefined {
    const module = this.source.cfiAt(position.lookupPc);
    if (!module) return undefined;
    const address = Number(position.lookupPc - module.bias);
    const entry = module.table.entryAt(address);
    if (!entry) return undefined;
    return attempt(() => this.#stepByRow(unwindRowAt(entry, address), entry.common, position))?.found;
  }

  #stepByRow(row: UnwindRow, { isSignalFrame, returnRegister }: CommonEntry, position: Position): Step {
    const cfa = this.#cfa(row.cfa, position.registers);
    const pc = this.#recover(row.rules.get(returnRegister), returnRegister, cfa, position.registers);
    const isBegun = position.isMadeByHand === true;
    if (pc === undefined || pc === 0n || isBegun) {
      const isBottom = isBegun || pc === 0n || row.rules.get(returnRegister)?.kind === 'undefined';
      return { cfa, caller: nobody, isBottom, interrupted: isSignalFrame };
    }
    const isInnermost = this.#frames.length === 0;
    const caller = (): Position | undefined => {
      const known = attempt(() => this.#caller(pc, row, cfa, position, isSignalFrame));
      return known === undefined ? this.#byFramePointer(position, isInnermost).caller() : known.found;
    };
    return { cfa, caller, isBottom: false, interrupted: isSignalFrame };
  }

  #cfa(rule: CfaRule, registers: FrameRegisters): bigint {
    if (rule.kind === 'expression') return computeValue(rule.bytes, { memory: this.memory, bias: 0n, registers });
    const value = registers(rule.dwarfNumber);
    if (value === undefined) throw new Unavailable('the register that the frame counts from is not known');
    return BigInt.asUintN(64, value + BigInt(rule.offset));
  }

  #caller(pc: bigint, row: UnwindRow, cfa: bigint, position: Position, isSignalFrame: boolean): Position | undefined {
    const values = new Map<number, bigint>();
    for (let register = 0; register < GENERAL_REGISTERS; register++) {
      const value = this.#recover(row.rules.get(register), register, cfa, position.registers);
      if (value !== undefined) values.set(register, value);
    }
    values.set(RIP, pc);
    if (!isSignalFrame && !this.source.isCode(pc)) return undefined;
    const known: FrameRegisters = (dwarfNumber) =>
      dwarfNumber < GENERAL_REGISTERS ? values.get(dwarfNumber) : position.registers(dwarfNumber);
    const isMadeByHand = !isSignalFrame && this.#isMadeByHand(pc);
    return { pc, lookupPc: isSignalFrame || isMadeByHand ? pc : pc - 1n, registers: known, isMadeByHand };
  }

  /** What begins right there has nothing before it that could have called. */
  #isMadeByHand(pc: bigint): boolean {
    const module = this.source.cfiAt(pc);
    if (module === undefined) return false;
    const address = Number(pc - module.bias);
    return module.table.entryAt(address)?.low === address && module.table.entryAt(address - 1) === undefined;
  }

  /** The register's value in the caller. */
  #recover(
    rule: RegisterRule | undefined,
    register: number,
    cfa: bigint,
    registers: FrameRegisters,
  ): bigint | undefined {
    if (!rule) return register === RSP ? cfa : registers(register);
    const compute = (bytes: Uint8Array): bigint =>
      computeValue(bytes, { memory: this.memory, bias: 0n, registers, cfa, initial: [cfa] });
    switch (rule.kind) {
      case 'undefined':
        return undefined;
      case 'same':
        return registers(register);
      case 'offset':
        return this.#load(cfa + BigInt(rule.offset));
      case 'valueOffset':
        return BigInt.asUintN(64, cfa + BigInt(rule.offset));
      case 'register':
        return registers(rule.dwarfNumber);
      case 'expression':
        return this.#load(compute(rule.bytes));
      case 'valueExpression':
        return compute(rule.bytes);
    }
  }

  /**
   * Without frame information: at a function's first instruction, or after a call to where no code is, the return
   * address is on top of the stack; else rbp points at the saved rbp below it.
   */
  #byFramePointer(position: Position, isInnermost = this.#frames.length === 0): Step {
    const { registers, lookupPc } = position;
    const rsp = registers(RSP) ?? 0n;
    const rbp = registers(RBP);
    if (isInnermost && (!this.source.isCode(lookupPc) || this.source.functionStart(lookupPc) === lookupPc)) {
      return this.#stepFrom(rsp, rbp, registers);
    }
    if (rbp === undefined || rbp < rsp) return { cfa: rsp, caller: nobody, isBottom: false, interrupted: false };
    return this.#stepFrom(rbp + 8n, this.#load(rbp), registers);
  }

  #stepFrom(returnSlot: bigint, rbp: bigint | undefined, registers: FrameRegisters): Step {
    const cfa = returnSlot + 8n;
    const pc = this.#load(returnSlot);
    if (pc === undefined || !this.source.isCode(pc))
      return { cfa, caller: nobody, isBottom: false, interrupted: false };
    const known = (dwarfNumber: number): bigint | undefined => {
      if (dwarfNumber === RIP) return pc;
      if (dwarfNumber === RSP) return cfa;
      if (dwarfNumber === RBP) return rbp;
      return CALLEE_SAVED.has(dwarfNumber) ? registers(dwarfNumber) : undefined;
    };
    const caller: Position = { pc, lookupPc: pc - 1n, registers: known };
    return { cfa, caller: () => caller, isBottom: false, interrupted: false };
  }

  #load(address: bigint): bigint | undefined {
    const at = BigInt.asUintN(64, address);
    let offset = Number(at - this.#blockAt);
    if (offset < 0 || offset + 8 > this.#block.byteLength) {
      const bytes = this.memory.read(at, BLOCK_BYTES);
      this.#block = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      this.#blockAt = at;
      offset = 0;
    }
    return this.#block.byteLength < 8 ? undefined : this.#block.getBigUint64(offset, true);
  }
}

const nobody = (): undefined => undefined;

/** Undefined where the information asks for what is not known. */
function attempt<T>(look: () => T): { readonly found: T } | undefined {
  try {
    return { found: look() };
  } catch (error) {
    if (error instanceof Unavailable || error instanceof UserError) return undefined;
    throw error;
  }
}

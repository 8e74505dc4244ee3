// guest-code.ts: the guest's code as the translator sees it: instructions, stops, and where jumps and calls may go.
//
// What was decoded is kept until `forget`, which whoever hears of changed bytes calls.

import { decode } from './decode/decode';
import type { Instruction } from './decode/instruction';
import type { GuestMemory } from './guest-memory';
import { AT, CALL_TARGETS_EACH, PAGE_BYTES, PAGE_EXECUTE, PAGE_MAPPED, callTargetsOf } from './layout';
import { predictJumpTable } from './translate/jump-table';
import type { CodeSource } from './translate/region-shape';
import type { CodeBytes } from './translate/translation-store';

/** The debugger's stops and those of the debug registers. */
export interface CodeStops {
  readonly has: (address: number) => boolean;
}

export class GuestCode implements CodeSource, CodeBytes {
  private readonly instructions = new Map<number, Instruction>();
  /** Targets of indirect jumps that were found once: a region that begins in the middle may not see the table. */
  private readonly jumpTables = new Map<number, readonly number[]>();

  constructor(
    private readonly memory: GuestMemory,
    private readonly stops: CodeStops,
    /** See CodeSource. */
    readonly isHotEntry: (address: number) => boolean,
  ) {}

  get bytes(): Uint8Array {
    return this.memory.bytes;
  }

  /** There is an instruction, or a stop before whatever is there. */
  canRun(address: number): boolean {
    return this.decode(address) !== undefined || this.isStop(address);
  }

  decode(address: number): Instruction | undefined {
    const known = this.instructions.get(address);
    if (known !== undefined) return known;
    if (!this.isExecutable(address)) return undefined;
    const pageEnd = (Math.floor(address / PAGE_BYTES) + 1) * PAGE_BYTES;
    const isWhole = address + 15 <= pageEnd || this.isExecutable(pageEnd);
    const instruction = decode(isWhole ? this.memory.bytes : this.memory.bytes.subarray(0, pageEnd), address, address);
    if (instruction.truncated) return undefined;
    this.instructions.set(address, instruction);
    return instruction;
  }

  isExecutable(address: number): boolean {
    return address >= 0 && address < this.memory.limit && (this.memory.pageAt(address) & PAGE_EXECUTE) !== 0;
  }

  isStop(address: number): boolean {
    return this.stops.has(address);
  }

  register(index: number): number {
    return Number(this.memory.view.getBigUint64(AT.gpr + 8 * index, true));
  }

  jumpTargets(jump: Instruction, known: ReadonlyMap<number, Instruction>): readonly number[] {
    const remembered = this.jumpTables.get(jump.address);
    if (remembered !== undefined) return remembered;
    const targets = predictJumpTable(this, jump, known);
    if (targets.length > 0) this.jumpTables.set(jump.address, targets);
    return targets;
  }

  callTargets(address: number): readonly number[] {
    const at = callTargetsOf(address);
    const targets = Array.from({ length: CALL_TARGETS_EACH }, (_, n) => this.memory.view.getUint32(at + 4 * n, true));
    return targets.filter((target) => target !== 0 && this.decode(target) !== undefined);
  }

  readU32(address: number): number | undefined {
    if (address < 0 || address + 4 > this.memory.limit || (this.memory.pageAt(address) & PAGE_MAPPED) === 0)
      return undefined;
    return this.memory.view.getUint32(address, true);
  }

  /** Bytes of code changed. Instructions may begin before the change; decoding again is cheap. */
  forget(): void {
    this.instructions.clear();
    this.jumpTables.clear();
  }
}

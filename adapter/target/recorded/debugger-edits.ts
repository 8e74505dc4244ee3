// debugger-edits.ts: what the debugger has written into the program, and when: a run of the same program gets it, too.

import type { RunMoment, Target, ThreadId, ThreadRegisters } from '../target';
import { isBefore } from './recorded-run';

export interface DebuggerEdit {
  readonly moment: RunMoment;
  apply(target: Target): void;
}

export class DebuggerEdits {
  private readonly list: DebuggerEdit[] = [];

  add(moment: RunMoment, apply: (target: Target) => void): void {
    this.list.push({ moment, apply });
  }

  get count(): number {
    return this.list.length;
  }

  from(number: number): readonly DebuggerEdit[] {
    return this.list.slice(number);
  }

  /** The first one from that number on that lies before the moment. */
  next(from: number, until: RunMoment): DebuggerEdit | undefined {
    const edit = this.list.at(from);
    return edit !== undefined && isBefore(edit.moment, until) ? edit : undefined;
  }
}

/** What is written is told first: `note` keeps it, or throws. */
export class NotedRegisters implements ThreadRegisters {
  constructor(
    private readonly registers: ThreadRegisters,
    private readonly thread: ThreadId,
    private readonly note: (apply: (target: Target) => void) => void,
  ) {}

  read(dwarfNumber: number): bigint {
    return this.registers.read(dwarfNumber);
  }

  write(dwarfNumber: number, value: bigint): void {
    this.change((registers) => {
      registers.write(dwarfNumber, value);
    });
  }

  readXmm(index: number): Uint8Array {
    return this.registers.readXmm(index);
  }

  writeXmm(index: number, bytes: Uint8Array): void {
    const kept = bytes.slice();
    this.change((registers) => {
      registers.writeXmm(index, kept);
    });
  }

  get rflags(): bigint {
    return this.registers.rflags;
  }

  set rflags(value: bigint) {
    this.change((registers) => {
      registers.rflags = value;
    });
  }

  get callNumber(): bigint {
    return this.registers.callNumber;
  }

  set callNumber(value: bigint) {
    this.change((registers) => {
      registers.callNumber = value;
    });
  }

  get fsBase(): bigint {
    return this.registers.fsBase;
  }

  get gsBase(): bigint {
    return this.registers.gsBase;
  }

  /** A copy: who wants to write writes registers. */
  get fxsave(): Uint8Array {
    return this.registers.fxsave.slice();
  }

  private change(action: (registers: ThreadRegisters) => void): void {
    this.note((target) => {
      action(target.registers(this.thread));
    });
    action(this.registers);
  }
}

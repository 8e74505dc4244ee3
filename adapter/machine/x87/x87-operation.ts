// x87-operation.ts: the shape of what an x87 instruction does, and the table that such are gathered in by name.
//
// The name is the mnemonic, then the form where there are several: `sti` (the destination is st(i)), `st0`, or the size
// of the operand in memory: `m2 m4 m8 m10`. The argument is i, or where the operand lies in memory.

import type { X87Unit } from './x87-unit';

/** Returns what the instruction hands on: flags for FCOMI, ax for FNSTSW, else 0. */
export type X87Operation = (unit: X87Unit, argument: number) => number;

/** One that hands on nothing. */
export type QuietOperation = (unit: X87Unit, argument: number) => void;

/** By name. */
export type X87Operations = Readonly<Record<string, X87Operation>>;

/** As one that hands on 0. */
export function quietly(operation: QuietOperation): X87Operation {
  return (unit, argument) => {
    operation(unit, argument);
    return 0;
  };
}

/** Operations of a family, gathered while its module loads. */
export class OperationTable {
  private readonly table: Record<string, X87Operation> = {};

  get operations(): X87Operations {
    return this.table;
  }

  define(name: string, operation: QuietOperation): void {
    this.table[name] = quietly(operation);
  }

  /** One that hands something on. */
  defineAnswer(name: string, operation: X87Operation): void {
    this.table[name] = operation;
  }
}

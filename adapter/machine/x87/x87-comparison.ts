// x87-comparison.ts: comparison and classification, FCOM … FXAM, and FCMOV, which acts on one.
//
// Truth: Intel SDM vol. 2; vol. 1, 8.3.3 and 8.3.6.

import { compare, type Order } from './extended-arithmetic';
import { readExtended } from './extended-conversion';
import { INDEFINITE, type Real, zero } from './extended-real';
import { OperationTable, type X87Operations } from './x87-operation';
import { readFloat, readInteger, type Source } from './x87-source';
import { C0, C1, C2, C3, type X87Unit } from './x87-unit';

const table = new OperationTable();

const CONDITION_OF: Readonly<Record<Order, number>> = { greater: 0, less: C0, equal: C3, unordered: C0 | C2 | C3 };
/** CF, ZF, and ZF PF CF of EFLAGS. */
const FLAGS_OF: Readonly<Record<Order, number>> = { greater: 0, less: 1, equal: 0x40, unordered: 0x45 };

function order(unit: X87Unit, index: number, quiet: boolean): Order {
  if (!unit.requireFull(0, index)) return 'unordered';
  const rounding = unit.rounding();
  const result = compare(unit.read(0), unit.read(index), quiet, rounding);
  unit.addExceptions(rounding);
  return result;
}

function comparison(name: string, quiet: boolean, pops: 0 | 1 | 2): void {
  table.define(name, (unit, index) => {
    const other = pops === 2 ? 1 : index;
    unit.setConditions(0, C1);
    unit.setConditions(CONDITION_OF[order(unit, other, quiet)], C0 | C2 | C3);
    for (let n = 0; n < pops; n++) unit.pop();
  });
}

for (const [name, quiet] of [
  ['fcom', false],
  ['fucom', true],
] as const) {
  comparison(`${name} sti`, quiet, 0);
  comparison(`${name}p sti`, quiet, 1);
  comparison(`${name}pp`, quiet, 2);
  for (const pops of [false, true]) {
    table.defineAnswer(`${name}i${pops ? 'p' : ''} st0`, (unit, index) => {
      const flags = FLAGS_OF[order(unit, index, quiet)];
      if (pops) unit.pop();
      return flags;
    });
  }
}

function compareWith(unit: X87Unit, at: number, read: Source): void {
  let result: Order = 'unordered';
  if (unit.requireFull(0)) {
    const rounding = unit.rounding();
    result = compare(unit.read(0), read(unit, at), false, rounding);
    unit.settle(rounding);
  }
  unit.setConditions(CONDITION_OF[result], C0 | C2 | C3);
}

/** Against an operand in memory. */
function memoryComparison(name: string, read: Source): void {
  table.define(name, (unit, at) => {
    compareWith(unit, at, read);
  });
  table.define(name.replace(' ', 'p '), (unit, at) => {
    compareWith(unit, at, read);
    unit.pop();
  });
}

memoryComparison('fcom m4', readFloat(4));
memoryComparison('fcom m8', readFloat(8));
memoryComparison('ficom m2', readInteger(2));
memoryComparison('ficom m4', readInteger(4));
table.define('ftst', (unit) => {
  compareWith(unit, 0, () => zero(false));
});

/** Unsupported, NaN, normal, infinity, 0, empty, denormal; C1 is the sign. */
table.define('fxam', (unit) => {
  const value = readExtended(unit.memory, unit.at(0));
  const sign = value.negative ? C1 : 0;
  unit.setConditions(sign | (unit.isEmpty(0) ? C3 | C0 : classBits(value)));
});

function classBits(value: Real): number {
  switch (value.kind) {
    case 'unsupported':
      return 0;
    case 'nan':
      return C0;
    case 'infinity':
      return C2 | C0;
    case 'zero':
      return C3;
    case 'finite':
      return value.denormal === true ? C3 | C2 : C2;
  }
}

/** FCMOVcc: the argument is i, plus 8 where the condition is met. */
table.define('fcmov st0', (unit, argument) => {
  const index = argument & 7;
  if (!unit.requireFull(0, index)) unit.write(0, INDEFINITE);
  else if (argument >= 8) unit.write(0, unit.read(index));
});

export const X87_COMPARISON: X87Operations = table.operations;

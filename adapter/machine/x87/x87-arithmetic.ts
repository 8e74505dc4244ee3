// x87-arithmetic.ts: the four operations, square root, remainder, scaling, rounding, sign: FADD … FXTRACT.
//
// Truth: Intel SDM vol. 2; vol. 1, 8.3.5 and 8.3.9.

import {
  add,
  divide,
  multiply,
  type Binary,
  negate,
  remainder,
  roundToInteger,
  scale,
  squareRoot,
  subtract,
} from './extended-arithmetic';
import { fromInteger } from './extended-conversion';
import {
  DENORMAL,
  INDEFINITE,
  infinity,
  INVALID,
  propagateNan,
  type Real,
  type Rounding,
  ZERO_DIVIDE,
} from './extended-real';
import { OperationTable, type X87Operations } from './x87-operation';
import { readFloat, readInteger, type Source } from './x87-source';
import { C0, C1, C2, C3, type X87Unit } from './x87-unit';

const table = new OperationTable();

const ARITHMETIC: Readonly<Record<string, Binary>> = {
  add,
  mul: multiply,
  sub: subtract,
  subr: (a, b, rounding) => subtract(b, a, rounding),
  div: divide,
  divr: (a, b, rounding) => divide(b, a, rounding),
};

/** ST(target) = operation(ST(target), ST(source)). */
function registerArithmetic(unit: X87Unit, operation: Binary, target: number, source: number, bits?: number): void {
  if (!unit.requireFull(target, source)) {
    unit.write(target, INDEFINITE);
    return;
  }
  const rounding: Rounding = bits === undefined ? unit.rounding() : { ...unit.rounding(), bits };
  unit.write(target, operation(unit.read(target), unit.read(source), rounding));
  unit.settle(rounding);
}

function memoryArithmetic(operation: Binary, read: Source): (unit: X87Unit, at: number) => void {
  return (unit, at) => {
    if (!unit.requireFull(0)) {
      unit.write(0, INDEFINITE);
      return;
    }
    const rounding = unit.rounding();
    unit.write(0, operation(unit.read(0), read(unit, at), rounding));
    unit.settle(rounding);
  };
}

for (const [name, operation] of Object.entries(ARITHMETIC)) {
  table.define(`f${name} st0`, (unit, index) => {
    registerArithmetic(unit, operation, 0, index);
  });
  table.define(`f${name} sti`, (unit, index) => {
    registerArithmetic(unit, operation, index, 0);
  });
  table.define(`f${name}p sti`, (unit, index) => {
    registerArithmetic(unit, operation, index, 0);
    unit.pop();
  });
  for (const bytes of [4, 8] as const)
    table.define(`f${name} m${bytes}`, memoryArithmetic(operation, readFloat(bytes)));
  for (const bytes of [2, 4] as const)
    table.define(`fi${name} m${bytes}`, memoryArithmetic(operation, readInteger(bytes)));
}

/** ST(0) = operation(ST(0)). */
function unary(name: string, operation: (value: Real, rounding: Rounding) => Real): void {
  table.define(name, (unit) => {
    if (!unit.requireFull(0)) {
      unit.write(0, INDEFINITE);
      return;
    }
    const rounding = unit.rounding();
    unit.write(0, operation(unit.read(0), rounding));
    unit.settle(rounding);
  });
}

unary('fsqrt', squareRoot);
unary('frndint', roundToInteger);
unary('fchs', negate);
unary('fabs', (value) => ({ ...value, negative: false }));

/** FSCALE: ST(0) = ST(0) · 2^ST(1); precision control does not count. */
table.define('fscale', (unit) => {
  registerArithmetic(unit, scale, 0, 1, 64);
});

for (const [name, nearest] of [
  ['fprem', false],
  ['fprem1', true],
] as const) {
  table.define(name, (unit) => {
    unit.setConditions(0, C2);
    if (!unit.requireFull(0, 1)) {
      unit.write(0, INDEFINITE);
      return;
    }
    const rounding = unit.rounding();
    const { value, quotient, partial } = remainder(unit.read(0), unit.read(1), nearest, rounding);
    unit.write(0, value);
    unit.settle(rounding);
    if (value.kind === 'nan') return;
    const bits = ((quotient & 4) === 0 ? 0 : C0) | ((quotient & 2) === 0 ? 0 : C3) | ((quotient & 1) === 0 ? 0 : C1);
    unit.setConditions(partial ? C2 : bits);
  });
}

table.define('fxtract', (unit) => {
  const wasFull = unit.requireFull(0);
  if (!wasFull || !unit.isEmpty(7)) {
    unit.write(0, INDEFINITE);
    unit.push(INDEFINITE);
    if (!wasFull) unit.setConditions(0, C1);
    return;
  }
  const rounding = unit.rounding();
  const value = unit.read(0);
  const [exponent, significand] = extract(value, rounding);
  unit.settle(rounding);
  unit.write(0, exponent);
  unit.push(significand);
});

function extract(value: Real, rounding: Rounding): [Real, Real] {
  switch (value.kind) {
    case 'zero':
      rounding.exceptions |= ZERO_DIVIDE;
      return [infinity(true), value];
    case 'infinity':
      return [infinity(false), value];
    case 'nan': {
      const nan = propagateNan(value, undefined, rounding);
      return [nan, nan];
    }
    case 'unsupported':
      rounding.exceptions |= INVALID;
      return [INDEFINITE, INDEFINITE];
    case 'finite':
      if (value.denormal === true) rounding.exceptions |= DENORMAL;
      return [fromInteger(BigInt(value.exponent)), { ...value, exponent: 0, denormal: false }];
  }
}

export const X87_ARITHMETIC: X87Operations = table.operations;

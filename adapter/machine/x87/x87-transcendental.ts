// x87-transcendental.ts: FSIN, FCOS, FSINCOS, FPTAN, FPATAN, F2XM1, FYL2X, FYL2XP1.
//
// Special operands as the tables say.
//
// Quirk: FSIN, FCOS, FSINCOS, FPTAN, FPATAN, F2XM1, FYL2X and FYL2XP1 are computed in double precision.
// Truth: Intel SDM vol. 2; vol. 1, 8.3.7–8.3.9.

import { fromInteger, fromNumber, toNumber } from './extended-conversion';
import { INDEFINITE, INVALID, PRECISION, propagateNan, type Real, type Rounding } from './extended-real';
import { quietly, type X87Operation, type X87Operations } from './x87-operation';
import { C1, C2, type X87Unit } from './x87-unit';

/** Operands of a magnitude of 2^63 and more are left alone, and C2 says so. */
const LARGEST_EXPONENT = 62;

function invalidOrNan(value: Real, rounding: Rounding): Real | undefined {
  if (value.kind === 'nan') return propagateNan(value, undefined, rounding);
  if (value.kind === 'finite' || value.kind === 'zero') return undefined;
  rounding.exceptions |= INVALID;
  return INDEFINITE;
}

/** One result in place of the operand, or two, of which the second is pushed. */
function trigonometric(pushes: boolean, compute: (value: Real) => readonly Real[]): X87Operation {
  return quietly((unit) => {
    unit.setConditions(0, C2);
    const wasFull = unit.requireFull(0);
    if (!wasFull || (pushes && !unit.isEmpty(7))) {
      unit.write(0, INDEFINITE);
      if (pushes) unit.push(INDEFINITE);
      if (!wasFull) unit.setConditions(0, C1);
      return;
    }
    const value = unit.read(0);
    if (value.kind === 'finite' && value.exponent > LARGEST_EXPONENT) {
      unit.setConditions(C2, C2);
      return;
    }
    const rounding = unit.rounding();
    const special = invalidOrNan(value, rounding);
    if (special === undefined && value.kind === 'finite') rounding.exceptions |= PRECISION;
    const results = compute(value).map((result) => special ?? result);
    unit.settle(rounding);
    unit.write(0, results[0]);
    if (results.length > 1) unit.push(results[1]);
  });
}

/** Below this a sine is its argument, to all 64 bits. */
const SMALL_EXPONENT = -33;

function sine(value: Real): Real {
  if (value.kind === 'zero' || value.exponent < SMALL_EXPONENT) return value;
  return fromNumber(Math.sin(toNumber(value)));
}

function tangent(value: Real): Real {
  if (value.kind === 'zero' || value.exponent < SMALL_EXPONENT) return value;
  return fromNumber(Math.tan(toNumber(value)));
}

const cosine = (value: Real) => fromNumber(Math.cos(toNumber(value)));

/** ST(1) = compute(ST(1), ST(0)), then pop. */
function binary(compute: (y: number, x: number) => number): X87Operation {
  return quietly((unit) => {
    if (!unit.requireFull(0, 1)) {
      unit.write(1, INDEFINITE);
      unit.pop();
      return;
    }
    const rounding = unit.rounding();
    const [x, y] = [unit.read(0), unit.read(1)];
    unit.write(1, combine(x, y, compute, rounding));
    unit.settle(rounding);
    unit.pop();
  });
}

function combine(x: Real, y: Real, compute: (y: number, x: number) => number, rounding: Rounding): Real {
  if (x.kind === 'nan' || y.kind === 'nan') return propagateNan(y, x, rounding);
  const result = compute(toNumber(y), toNumber(x));
  if (Number.isNaN(result)) {
    rounding.exceptions |= INVALID;
    return INDEFINITE;
  }
  rounding.exceptions |= PRECISION;
  return fromNumber(result);
}

function powerMinusOne(unit: X87Unit): void {
  if (!unit.requireFull(0)) {
    unit.write(0, INDEFINITE);
    return;
  }
  const value = unit.read(0);
  const rounding = unit.rounding();
  if (value.kind === 'nan') unit.write(0, propagateNan(value, undefined, rounding));
  else if (value.kind !== 'zero') unit.write(0, fromNumber(Math.expm1(toNumber(value) * Math.LN2)));
  unit.settle(rounding);
}

export const X87_TRANSCENDENTAL: X87Operations = {
  fsin: trigonometric(false, (value) => [sine(value)]),
  fcos: trigonometric(false, (value) => [cosine(value)]),
  fsincos: trigonometric(true, (value) => [sine(value), cosine(value)]),
  fptan: trigonometric(true, (value) => [tangent(value), fromInteger(1n)]),
  fpatan: binary((y, x) => Math.atan2(y, x)),
  fyl2x: binary((y, x) => y * Math.log2(x)),
  fyl2xp1: binary((y, x) => (y * Math.log1p(x)) / Math.LN2),
  f2xm1: quietly(powerMinusOne),
};

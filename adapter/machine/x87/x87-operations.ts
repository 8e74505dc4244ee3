// x87-operations.ts: what each x87 instruction does, by name and form.
//
// The name is the mnemonic, then the form where there are several: `sti` (the destination is st(i)), `st0`, or the size
// of the operand in memory: `m2 m4 m8 m10`. The argument is i, or where the operand lies in memory.
//
// Quirk: FSIN, FCOS, FSINCOS, FPTAN, FPATAN, F2XM1, FYL2X and FYL2XP1 are computed in double precision.
// Truth: Intel SDM vol. 2.

import {
  add,
  compare,
  divide,
  multiply,
  type Binary,
  negate,
  type Order,
  remainder,
  roundToInteger,
  scale,
  squareRoot,
  subtract,
} from './extended-arithmetic';
import {
  fromBinary,
  fromDecimal,
  fromInteger,
  readExtended,
  toBinary,
  toDecimal,
  toInteger,
  writeExtended,
} from './extended-conversion';
import {
  DENORMAL,
  INDEFINITE,
  infinity,
  INVALID,
  propagateNan,
  quieted,
  type Real,
  type Rounding,
  roundTo,
  zero,
  ZERO_DIVIDE,
} from './extended-real';
import { TRANSCENDENTAL } from './x87-transcendental';
import { C0, C1, C2, C3, type X87Unit } from './x87-unit';
import { X87_STATE_OPERATIONS } from './x87-state';

/** Returns what the instruction hands on: flags for FCOMI, ax for FNSTSW, else 0. */
export type X87Operation = (unit: X87Unit, argument: number) => number;

const operations: Record<string, X87Operation> = { ...X87_STATE_OPERATIONS };

/** For those that hand on nothing. */
function define(name: string, operation: (unit: X87Unit, argument: number) => void): void {
  operations[name] = (unit, argument) => {
    operation(unit, argument);
    return 0;
  };
}

// Arithmetic -------------------------------------------------------------------------------------------------------

const ARITHMETIC: Readonly<Record<string, Binary>> = {
  add,
  mul: multiply,
  sub: subtract,
  subr: (a, b, rounding) => subtract(b, a, rounding),
  div: divide,
  divr: (a, b, rounding) => divide(b, a, rounding),
};

type Source = (unit: X87Unit, at: number) => Real;

const readFloat =
  (bytes: 4 | 8): Source =>
  ({ memory }, at) =>
    fromBinary(bytes === 4 ? BigInt(memory.getUint32(at, true)) : memory.getBigUint64(at, true), bytes);

const readInteger =
  (bytes: 2 | 4 | 8): Source =>
  (unit, at) => {
    if (bytes === 8) return fromInteger(unit.memory.getBigInt64(at, true));
    return fromInteger(BigInt(bytes === 2 ? unit.memory.getInt16(at, true) : unit.memory.getInt32(at, true)));
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
  define(`f${name} st0`, (unit, index) => {
    registerArithmetic(unit, operation, 0, index);
  });
  define(`f${name} sti`, (unit, index) => {
    registerArithmetic(unit, operation, index, 0);
  });
  define(`f${name}p sti`, (unit, index) => {
    registerArithmetic(unit, operation, index, 0);
    unit.pop();
  });
  for (const bytes of [4, 8] as const) define(`f${name} m${bytes}`, memoryArithmetic(operation, readFloat(bytes)));
  for (const bytes of [2, 4] as const) define(`fi${name} m${bytes}`, memoryArithmetic(operation, readInteger(bytes)));
}

/** ST(0) = operation(ST(0)). */
function unary(name: string, operation: (value: Real, rounding: Rounding) => Real): void {
  define(name, (unit) => {
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
define('fscale', (unit) => {
  registerArithmetic(unit, scale, 0, 1, 64);
});

for (const [name, nearest] of [
  ['fprem', false],
  ['fprem1', true],
] as const) {
  define(name, (unit) => {
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

define('fxtract', (unit) => {
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

// Loads and stores -------------------------------------------------------------------------------------------------

function load(name: string, read: Source): void {
  define(name, (unit, at) => {
    if (unit.isEmpty(7)) unit.settle(unit.rounding());
    unit.push(read(unit, at));
  });
}

function loadFloat(bytes: 4 | 8): void {
  const read = readFloat(bytes);
  define(`fld m${bytes}`, (unit, at) => {
    const rounding = unit.rounding();
    const value = read(unit, at);
    if (unit.isEmpty(7)) {
      if (value.denormal === true) rounding.exceptions |= DENORMAL;
      unit.push({ ...quieted(value, rounding), denormal: false });
      unit.settle(rounding);
    } else {
      unit.push(value);
    }
  });
}

loadFloat(4);
loadFloat(8);
load('fld m10', (unit, at) => readExtended(unit.memory, at));
load('fild m2', readInteger(2));
load('fild m4', readInteger(4));
load('fild m8', readInteger(8));
load('fbld m10', (unit, at) => fromDecimal(new Uint8Array(unit.memory.buffer, unit.memory.byteOffset + at, 10)));

/** An empty source comes before a full stack. */
define('fld sti', (unit, index) => {
  const wasEmpty = unit.isEmpty(index);
  if (!wasEmpty) unit.settle(unit.rounding());
  unit.push(unit.read(index));
  if (wasEmpty) unit.setConditions(0, C1);
});

/** A store and its popping form. `write` gets what is to be stored. */
function store(
  name: string,
  write: (unit: X87Unit, at: number, value: Real, rounding: Rounding) => void,
  forms: readonly ('keep' | 'pop')[] = ['keep', 'pop'],
): void {
  const [mnemonic, size] = name.split(' ');
  for (const form of forms) {
    define(`${form === 'pop' ? `${mnemonic}p` : mnemonic} ${size}`, (unit, at) => {
      const rounding = unit.rounding();
      const wasEmpty = unit.isEmpty(0);
      write(unit, at, unit.read(0), wasEmpty ? { ...rounding } : rounding);
      if (!wasEmpty) unit.settle(rounding);
      if (form === 'pop') unit.pop();
    });
  }
}

store('fst m4', (unit, at, value, rounding) => {
  unit.memory.setUint32(at, Number(toBinary(value, 4, rounding)), true);
});
store('fst m8', (unit, at, value, rounding) => {
  unit.memory.setBigUint64(at, toBinary(value, 8, rounding), true);
});
store(
  'fst m10',
  (unit, at, value) => {
    writeExtended(unit.memory, at, value);
  },
  ['pop'],
);
store(
  'fbst m10',
  (unit, at, value, rounding) => {
    new Uint8Array(unit.memory.buffer, unit.memory.byteOffset + at, 10).set(toDecimal(value, rounding));
  },
  ['pop'],
);

function storeInteger(bytes: 2 | 4 | 8, truncate: boolean): Parameters<typeof store>[1] {
  return (unit, at, value, rounding) => {
    const integer = toInteger(value, bytes, truncate, rounding);
    if (bytes === 8) unit.memory.setBigInt64(at, integer, true);
    else if (bytes === 4) unit.memory.setInt32(at, Number(integer), true);
    else unit.memory.setInt16(at, Number(integer), true);
  };
}

for (const bytes of [2, 4, 8] as const) {
  store(`fist m${bytes}`, storeInteger(bytes, false));
  store(`fistt m${bytes}`, storeInteger(bytes, true), ['pop']);
}

for (const pops of [false, true]) {
  define(pops ? 'fstp sti' : 'fst sti', (unit, index) => {
    const full = !unit.isEmpty(0);
    const value = unit.read(0);
    unit.write(index, value);
    if (full) unit.settle(unit.rounding());
    if (pops) unit.pop();
  });
}

/** D9 D8+i: as FSTP, but an empty ST(0) is only popped. */
define('fstpnouflow sti', (unit, index) => {
  if (!unit.isEmpty(0)) unit.write(index, unit.read(0));
  unit.setConditions(0, C1);
  unit.pop();
});

define('fxch sti', (unit, index) => {
  const [first, second] = [unit.isEmpty(0), unit.isEmpty(index)];
  if (!first && !second) unit.settle(unit.rounding());
  const [a, b] = [unit.read(0), unit.read(index)];
  unit.write(0, b);
  unit.write(index, a);
});

/** The constants, as bits below their 64 (nearest rounds up by them or not). */
const CONSTANTS: Readonly<Record<string, readonly [significand: bigint, below: bigint, exponent: number]>> = {
  fldl2t: [0xd49a784bcd1b8afen, 1n, 1],
  fldl2e: [0xb8aa3b295c17f0bbn, 3n, 0],
  fldpi: [0xc90fdaa22168c234n, 3n, 1],
  fldlg2: [0x9a209a84fbcff798n, 3n, -2],
  fldln2: [0xb17217f7d1cf79abn, 3n, -1],
};

for (const [name, [significand, below, exponent]] of Object.entries(CONSTANTS)) {
  define(name, (unit) => {
    const rounding: Rounding = { ...unit.rounding(), bits: 64 };
    const value = roundTo(false, (significand << 2n) | below, exponent - 65, rounding);
    unit.setConditions(0, C1);
    unit.push(value);
  });
}
define('fld1', (unit) => {
  unit.setConditions(0, C1);
  unit.push(fromInteger(1n));
});
define('fldz', (unit) => {
  unit.setConditions(0, C1);
  unit.push(zero(false));
});

// Comparison -------------------------------------------------------------------------------------------------------

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
  define(name, (unit, index) => {
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
    operations[`${name}i${pops ? 'p' : ''} st0`] = (unit, index) => {
      const flags = FLAGS_OF[order(unit, index, quiet)];
      if (pops) unit.pop();
      return flags;
    };
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
  define(name, (unit, at) => {
    compareWith(unit, at, read);
  });
  define(name.replace(' ', 'p '), (unit, at) => {
    compareWith(unit, at, read);
    unit.pop();
  });
}

memoryComparison('fcom m4', readFloat(4));
memoryComparison('fcom m8', readFloat(8));
memoryComparison('ficom m2', readInteger(2));
memoryComparison('ficom m4', readInteger(4));
define('ftst', (unit) => {
  compareWith(unit, 0, () => zero(false));
});

/** Unsupported, NaN, normal, infinity, 0, empty, denormal; C1 is the sign. */
define('fxam', (unit) => {
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
define('fcmov st0', (unit, argument) => {
  const index = argument & 7;
  if (!unit.requireFull(0, index)) unit.write(0, INDEFINITE);
  else if (argument >= 8) unit.write(0, unit.read(index));
});

for (const [name, operation] of Object.entries(TRANSCENDENTAL)) define(name, operation);

/** By name. */
export const X87_OPERATIONS: Readonly<Record<string, X87Operation>> = operations;

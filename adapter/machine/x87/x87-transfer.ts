// x87-transfer.ts: loads, stores, constants, exchange: FLD … FXCH.
//
// Truth: Intel SDM vol. 2; vol. 1, 8.3.3 and 8.3.4.

import {
  fromDecimal,
  fromInteger,
  readExtended,
  toBinary,
  toDecimal,
  toInteger,
  writeExtended,
} from './extended-conversion';
import { DENORMAL, quieted, type Real, type Rounding, roundTo, zero } from './extended-real';
import { OperationTable, type X87Operations } from './x87-operation';
import { readFloat, readInteger, type Source } from './x87-source';
import { C1, type X87Unit } from './x87-unit';

const table = new OperationTable();

function load(name: string, read: Source): void {
  table.define(name, (unit, at) => {
    if (unit.isEmpty(7)) unit.settle(unit.rounding());
    unit.push(read(unit, at));
  });
}

function loadFloat(bytes: 4 | 8): void {
  const read = readFloat(bytes);
  table.define(`fld m${bytes}`, (unit, at) => {
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
table.define('fld sti', (unit, index) => {
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
    table.define(`${form === 'pop' ? `${mnemonic}p` : mnemonic} ${size}`, (unit, at) => {
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
  table.define(pops ? 'fstp sti' : 'fst sti', (unit, index) => {
    const full = !unit.isEmpty(0);
    const value = unit.read(0);
    unit.write(index, value);
    if (full) unit.settle(unit.rounding());
    if (pops) unit.pop();
  });
}

/** D9 D8+i: as FSTP, but an empty ST(0) is only popped. */
table.define('fstpnouflow sti', (unit, index) => {
  if (!unit.isEmpty(0)) unit.write(index, unit.read(0));
  unit.setConditions(0, C1);
  unit.pop();
});

table.define('fxch sti', (unit, index) => {
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
  table.define(name, (unit) => {
    const rounding: Rounding = { ...unit.rounding(), bits: 64 };
    const value = roundTo(false, (significand << 2n) | below, exponent - 65, rounding);
    unit.setConditions(0, C1);
    unit.push(value);
  });
}
table.define('fld1', (unit) => {
  unit.setConditions(0, C1);
  unit.push(fromInteger(1n));
});
table.define('fldz', (unit) => {
  unit.setConditions(0, C1);
  unit.push(zero(false));
});

export const X87_TRANSFER: X87Operations = table.operations;

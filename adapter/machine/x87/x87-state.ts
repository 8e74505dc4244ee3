// x87-state.ts: control, status, environment and stack administration.
//
//   environment, 28 bytes: FCW FSW FTW, each in four bytes, then pointers to the last instruction and operand (0 here)
//   state, 108 bytes: the environment, then ST(0)–ST(7) of ten bytes each
//
// Truth: Intel SDM vol. 1, 8.1.10 (figures 8-9 and 8-13); vol. 2.

import { readExtended } from './extended-conversion';
import { quietly, type X87Operations } from './x87-operation';
import { type X87Unit, C1 } from './x87-unit';

const ENVIRONMENT_BYTES = 28;
const ALL_MASKED = 0x3f;
/** What FCW keeps: masks, precision, rounding, and the infinity control that does nothing. */
const CONTROL_BITS = 0x1f3f;

/** Two bits for each physical register: 0 valid, 1 zero, 2 special, 3 empty. */
function fullTags(unit: X87Unit): number {
  let word = 0;
  for (let index = 0; index < 8; index++) {
    const physical = (unit.top + index) & 7;
    word |= tagOf(unit, index) << (2 * physical);
  }
  return word;
}

function tagOf(unit: X87Unit, index: number): number {
  if (unit.isEmpty(index)) return 3;
  const value = readExtended(unit.memory, unit.at(index));
  if (value.kind === 'zero') return 1;
  return value.kind === 'finite' && value.denormal !== true ? 0 : 2;
}

/** The reserved upper halves read as ones. */
function storeEnvironment(unit: X87Unit, at: number): void {
  const words = [unit.control, unit.status, fullTags(unit)].map((word) => (word | 0xffff0000) >>> 0);
  [...words, 0, 0, 0, 0xffff0000].forEach((word, n) => {
    unit.memory.setUint32(at + 4 * n, word, true);
  });
}

function loadEnvironment(unit: X87Unit, at: number): void {
  const status = unit.memory.getUint16(at + 4, true);
  const wanted = (status >> 11) & 7;
  while (unit.top !== wanted) unit.turn(1); // physical registers stay where they are
  unit.status = status;
  const tags = unit.memory.getUint16(at + 8, true);
  let abridged = 0;
  for (let n = 0; n < 8; n++) if (((tags >> (2 * n)) & 3) !== 3) abridged |= 1 << n;
  unit.tags = abridged;
  unit.control = unit.memory.getUint16(at, true) & CONTROL_BITS;
}

function copyRegisters(unit: X87Unit, at: number, toMemory: boolean): void {
  const all = new Uint8Array(unit.memory.buffer, unit.memory.byteOffset);
  for (let index = 0; index < 8; index++) {
    const outside = at + ENVIRONMENT_BYTES + 10 * index;
    const inside = unit.at(index);
    if (toMemory) all.copyWithin(outside, inside, inside + 10);
    else all.copyWithin(inside, outside, outside + 10);
  }
}

export const X87_STATE_OPERATIONS: X87Operations = {
  fninit: quietly((unit) => {
    unit.initialise();
  }),
  fnclex: quietly((unit) => {
    unit.status &= 0x7f00;
  }),
  'fldcw m2': quietly((unit, at) => {
    unit.control = unit.memory.getUint16(at, true) & CONTROL_BITS;
  }),
  'fnstcw m2': quietly((unit, at) => {
    unit.memory.setUint16(at, unit.control, true);
  }),
  'fnstsw m2': quietly((unit, at) => {
    unit.memory.setUint16(at, unit.status, true);
  }),
  'fnstsw ax': (unit) => unit.status,
  'fnstenv m28': quietly((unit, at) => {
    storeEnvironment(unit, at);
    unit.control |= ALL_MASKED;
  }),
  'fldenv m28': quietly((unit, at) => {
    loadEnvironment(unit, at);
  }),
  'fnsave m108': quietly((unit, at) => {
    storeEnvironment(unit, at);
    copyRegisters(unit, at, true);
    unit.initialise();
  }),
  'frstor m108': quietly((unit, at) => {
    loadEnvironment(unit, at);
    copyRegisters(unit, at, false);
  }),
  'ffree sti': quietly((unit, index) => {
    unit.free(index);
    unit.setConditions(0, C1);
  }),
  'ffreep sti': quietly((unit, index) => {
    unit.free(index);
    unit.setConditions(0, C1);
    unit.pop();
  }),
  fincstp: quietly((unit) => {
    unit.turn(1);
    unit.setConditions(0, C1);
  }),
  fdecstp: quietly((unit) => {
    unit.turn(-1);
    unit.setConditions(0, C1);
  }),
};

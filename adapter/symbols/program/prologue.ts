// prologue.ts: where a function's own code begins: where a breakpoint on the function goes.
//
// 1. LLVM marks the end of the prologue in the line table.
// 2. gcc's optimized code describes variables by location lists, true from the first instruction: no need to skip.
// 3. Else `push %rbp; mov %rsp,%rbp` is stepped over, and what remains of the line it belongs to.
// 4. Without such instructions there is no prologue.
// Link-time addresses. Truth: gdb's addresses for `break function`, which the tests compare.

import { AT, FORM, TAG } from '../dwarf/dwarf-constants.table';
import type { FunctionEntry } from '../dwarf/functions';
import type { Unit } from '../dwarf/unit';
import type { ModuleSymbols } from './module-symbols';

const unitsWithLists = new WeakMap<Unit, boolean>();

export function afterPrologue(module: ModuleSymbols, { die, ranges }: FunctionEntry): number {
  const { low, high } = ranges[0];
  const lines = module.linesOf(die.unit);
  if (!lines) return low;
  const producer = die.unit.producer;
  if (/clang|LLVM|rustc/.test(producer)) {
    const marked = lines.prologueEnd(low, high);
    if (marked !== undefined) return marked;
  } else if (hasLocationLists(die.unit)) return low; // 2.
  const pc = skipFrameSetup(module, low, high);
  const place = lines.placeAt(pc);
  if (!place || place.start === pc) return pc;
  return place.end >= low && place.end < high ? place.end : pc;
}

/** Behind `push %rbp; mov %rsp,%rbp`, with what may stand before it; `low` where there is no such thing. */
export function skipFrameSetup(module: ModuleSymbols, low: number, high: number): number {
  const code = module.elf.bytesAt(low, Math.min(32, high - low));
  let at = startsWith(code, 0, [0xf3, 0x0f, 0x1e, 0xfa]) ? 4 : 0; // endbr64
  at = skipRealignment(code, at);
  if (code[at] !== 0x55) return low; // push %rbp
  for (const move of [
    [0x48, 0x89, 0xe5],
    [0x48, 0x8b, 0xec],
    [0x89, 0xe5],
    [0x8b, 0xec],
  ]) {
    if (startsWith(code, at + 1, move)) return low + at + 1 + move.length;
  }
  return low;
}

/** `lea 8(%rsp),%r10; and $-N,%rsp; push -8(%r10)`: main with an aligned frame. */
function skipRealignment(code: Uint8Array, start: number): number {
  const isLea = (code[start] === 0x4c || code[start] === 0x48) && startsWith(code, start + 3, [0x24, 0x08]);
  if (!isLea || code[start + 1] !== 0x8d) return start;
  let at = start + 5;
  if (startsWith(code, at, [0x48, 0x83, 0xe4])) at += 4;
  else if (startsWith(code, at, [0x48, 0x81, 0xe4])) at += 7;
  else return start;
  if (code[at] === 0x41 && code[at + 1] === 0xff) return at + 4;
  return code[at] === 0xff ? at + 3 : start;
}

const startsWith = (code: Uint8Array, at: number, bytes: readonly number[]): boolean =>
  bytes.every((byte, index) => code[at + index] === byte);

function hasLocationLists(unit: Unit): boolean {
  const known = unitsWithLists.get(unit);
  if (known !== undefined) return known;
  const { tree } = unit;
  let found = false;
  for (let index = 0; index < tree.count && !found; index++) {
    const tag = tree.tag(index);
    if (tag !== TAG.variable && tag !== TAG.formal_parameter) continue;
    const { names, forms } = unit.abbreviationAt(index);
    const form = forms.at(names.indexOf(AT.location));
    found = names.includes(AT.location) && (form === FORM.sec_offset || form === FORM.loclistx);
  }
  unitsWithLists.set(unit, found);
  return found;
}

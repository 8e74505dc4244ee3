// returned-value.ts: what a function has given back, where it has just returned.
//
// By its result's type: each eight bytes of up to sixteen go into a register, of two sequences; what is wider lies in
// memory, and rax leads to it.
//
//     INTEGER   rax, then rdx      whole numbers, pointers, and what is mixed with them in one eightbyte
//     SSE       xmm0, then xmm1    float, double
//
// Nothing is said of what is given back otherwise: the x87's long double, small structs of other languages than C
// (`FunctionInfo.result`). Truth: System V ABI x86-64, 3.2.3.

import type { MemoryReader, TypeInfo, Value } from '../symbols/program-symbols';
import { isAggregate, isComplex, isStruct, strip } from '../symbols/types/strip';
import type { ThreadRegisters } from '../target/target';

type EightbyteClass = 'INTEGER' | 'SSE';

const WORD = 8;
const RAX = 0;
const RDX = 1;

/** Undefined: it gives nothing back, or in a way that is not read. */
export function returnedValue(result: TypeInfo, registers: ThreadRegisters, memory: MemoryReader): Value | undefined {
  const size = strip(result).sizeBytes;
  if (size === 0) return undefined;
  if (size > 2 * WORD && isAggregate(result)) {
    const address = registers.read(RAX);
    const bytes = memory.read(address, size);
    return bytes.length < size ? undefined : { type: result, location: { kind: 'memory', address }, bytes };
  }
  const classes = classesOf(result);
  if (classes === undefined) return undefined;
  const bytes = inRegisters(classes, registers).slice(0, size);
  return { type: result, location: { kind: 'value', bytes }, bytes };
}

function inRegisters(classes: readonly EightbyteClass[], registers: ThreadRegisters): Uint8Array {
  const bytes = new Uint8Array(classes.length * WORD);
  const view = new DataView(bytes.buffer);
  const integers = [RAX, RDX];
  let vectors = 0;
  for (const [at, each] of classes.entries()) {
    if (each === 'SSE') bytes.set(registers.readXmm(vectors++).subarray(0, WORD), at * WORD);
    else view.setBigUint64(at * WORD, BigInt.asUintN(64, registers.read(integers.shift() ?? RDX)), true);
  }
  return bytes;
}

/** Of each eightbyte; undefined where some part goes another way. */
function classesOf(type: TypeInfo): readonly EightbyteClass[] | undefined {
  const found: (EightbyteClass | undefined)[] = [];
  if (!classify(type, 0, found)) return undefined;
  return Array.from({ length: Math.ceil(strip(type).sizeBytes / WORD) }, (_, at) => found[at] ?? 'SSE');
}

/** Notes the classes of what lies there; false: it goes another way. */
function classify(whole: TypeInfo, offset: number, found: (EightbyteClass | undefined)[]): boolean {
  const type = strip(whole);
  if (isStruct(type)) {
    const members = type.members ?? [];
    return members.every((member) => classify(member.type, offset + member.offsetBytes, found));
  }
  if (type.kind === 'array') return classifyElements(type, offset, found);
  const own = classOf(type);
  if (own === undefined || offset % Math.min(type.sizeBytes, WORD) !== 0) return false;
  for (let at = Math.floor(offset / WORD); at * WORD < offset + type.sizeBytes; at++) {
    found[at] = own === 'INTEGER' || found[at] === 'INTEGER' ? 'INTEGER' : 'SSE';
  }
  return true;
}

function classifyElements(type: TypeInfo, offset: number, found: (EightbyteClass | undefined)[]): boolean {
  const element = type.target && strip(type.target);
  const size = element?.sizeBytes ?? 0;
  if (element === undefined || size === 0) return false;
  return Array.from({ length: type.sizeBytes / size }, (_, at) => at * size).every((at) =>
    classify(element, offset + at, found),
  );
}

function classOf(type: TypeInfo): EightbyteClass | undefined {
  const { kind, encoding, sizeBytes } = type;
  if (isComplex(type)) return undefined;
  if (encoding === 'float') return sizeBytes === 4 || sizeBytes === 8 ? 'SSE' : undefined;
  const isWhole = kind === 'pointer' || kind === 'reference' || kind === 'enum' || encoding !== undefined;
  return isWhole && sizeBytes <= 2 * WORD ? 'INTEGER' : undefined;
}

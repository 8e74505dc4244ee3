// helper-module.ts: the functions that translated code calls, themselves in WebAssembly.
//
// One instance per address space. Signatures: translate/helper-imports.ts.

import { emitEvaluator } from '../evaluate/evaluator';
import { emitEvaluatorSimd, SIMD_SIGNATURE } from '../evaluate/evaluator-simd';
import { AT, FRAMES, HASH } from '../layout';
import { emitBulkCopy, emitBulkFill } from './bulk';
import { pushHashEntry } from './hash-entry';
import { emitJudge } from './judge';
import { emitNote } from './matching';
import { emitAccess, emitPlaceHigh, emitProbe, emitProbeAlone, emitProbeHigh } from './probes';
import { emitFlagWord } from './flag-word';
import { emitDivide128, emitMultiplyHighSigned, emitMultiplyHighUnsigned } from './wide-arithmetic';
import { REGION_SIGNATURE } from '../translate/helper-imports';
import { Code, type FunctionBody } from '../wasm/code';
import { encodeModule, type FunctionType } from '../wasm/module';
import { I32, I64, OP } from '../wasm/opcodes.table';

const TYPES = {
  region: { parameters: REGION_SIGNATURE.parameters, results: REGION_SIGNATURE.results },
  probe: { parameters: [I64, I32], results: [I32] },
  place: { parameters: [I64], results: [I32] },
  flagWord: { parameters: [I32, I64, I64], results: [I32] },
  binary64: { parameters: [I64, I64], results: [I64] },
  ternary64: { parameters: [I64, I64, I64], results: [I64] },
  fill: { parameters: [I64, I64, I64, I32], results: [I64] },
  enter: { parameters: [I32, I32, I32], results: [] },
  resolve: { parameters: [I32], results: [I32] },
  service: { parameters: [I32, I32], results: [I32] },
  test: { parameters: [I32], results: [I32] },
  note: { parameters: [I32, I64, I32], results: [] },
  simd: { parameters: SIMD_SIGNATURE.parameters, results: SIMD_SIGNATURE.results },
} as const satisfies Readonly<Record<string, FunctionType>>;

type TypeName = keyof typeof TYPES;
const TYPE_NAMES = Object.keys(TYPES) as TypeName[];
const typeIndex = (name: TypeName): number => TYPE_NAMES.indexOf(name);

/** Imports from JavaScript: `resolve` gives the table slot of the region at an address, or 0. */
const RESOLVE = 0;
const SERVICE = 1;
const IMPORTS = 2;

export const HELPER_FUNCTIONS = [
  { name: 'go', type: 'region', body: go },
  { name: 'probe', type: 'probe', body: probe },
  { name: 'access', type: 'probe', body: access },
  { name: 'probeAlone', type: 'probe', body: probeAlone },
  { name: 'eflags', type: 'flagWord', body: emitFlagWord },
  { name: 'multiplyHighUnsigned', type: 'binary64', body: emitMultiplyHighUnsigned },
  { name: 'multiplyHighSigned', type: 'binary64', body: emitMultiplyHighSigned },
  { name: 'divide128', type: 'ternary64', body: emitDivide128 },
  { name: 'bulkCopy', type: 'ternary64', body: emitBulkCopy },
  { name: 'bulkFill', type: 'fill', body: emitBulkFill },
  { name: 'service', type: 'service', body: service },
  { name: 'enter', type: 'enter', body: enter },
  { name: 'probeHigh', type: 'probe', body: probeHigh },
  { name: 'placeHigh', type: 'place', body: emitPlaceHigh },
  { name: 'judge', type: 'service', body: judge },
  { name: 'note', type: 'note', body: note },
  { name: 'evaluate', type: 'region', body: evaluate },
  { name: 'evaluateSimd', type: 'simd', body: emitEvaluatorSimd },
] as const satisfies readonly { name: string; type: TypeName; body: () => FunctionBody }[];

function indexOf(name: (typeof HELPER_FUNCTIONS)[number]['name']): number {
  return IMPORTS + HELPER_FUNCTIONS.findIndex((helper) => helper.name === name);
}

export function encodeHelperModule(): Uint8Array {
  return encodeModule({
    types: TYPE_NAMES.map((name) => TYPES[name]),
    table: true,
    functionImports: [
      { module: 'e', name: 'resolve', type: typeIndex('resolve') },
      { module: 'e', name: 'service', type: typeIndex('service') },
    ],
    functions: HELPER_FUNCTIONS.map(({ type, body }) => ({ type: typeIndex(type), body: body() })),
  });
}

function access(): FunctionBody {
  return emitAccess(indexOf('probe'));
}

function probe(): FunctionBody {
  return emitProbe(indexOf('probeHigh'), indexOf('note'));
}

function probeAlone(): FunctionBody {
  return emitProbeAlone(indexOf('placeHigh'), indexOf('note'));
}

function probeHigh(): FunctionBody {
  return emitProbeHigh(indexOf('placeHigh'), indexOf('note'));
}

function judge(): FunctionBody {
  return emitJudge(typeIndex('test'));
}

function note(): FunctionBody {
  return emitNote(indexOf('placeHigh'));
}

function evaluate(): FunctionBody {
  return emitEvaluator(indexOf);
}

/** JavaScript's services behind a function that can stand in the table. */
function service(): FunctionBody {
  const code = new Code(2);
  code.get(0);
  code.get(1);
  code.call(SERVICE);
  code.op(OP.end);
  return code.finish();
}

// Running ----------------------------------------------------------------------------------------------------------

/** (guest address, count, depth): looks the region up and becomes it. */
function go(): FunctionBody {
  const code = new Code(3);
  const entry = code.newLocal(I32);
  const slot = code.newLocal(I32);
  const [rip, count, depth] = [0, 1, 2];
  pushHashEntry(code, rip);
  code.tee(entry);
  code.memory(OP.i32Load, HASH);
  code.get(rip);
  code.op(OP.i32Eq);
  code.if();
  // Count the entries down: at 0 JavaScript may put something better there.
  code.get(entry);
  code.get(entry);
  code.memory(OP.i32Load, HASH + 8);
  code.i32(1);
  code.op(OP.i32Sub);
  code.tee(slot);
  code.memory(OP.i32Store, HASH + 8);
  code.get(slot);
  code.op(OP.i32Eqz);
  code.coldIf();
  code.get(rip);
  code.call(RESOLVE);
  code.op(OP.drop);
  code.end();
  code.get(entry);
  code.memory(OP.i32Load, HASH + 4);
  code.set(slot);
  code.else();
  code.get(rip);
  code.call(RESOLVE);
  code.set(slot);
  code.end();
  code.get(slot);
  code.op(OP.i32Eqz);
  code.coldIf();
  // Nothing to run there: site 0.
  code.i32(0);
  code.i32(0);
  code.memory(OP.i32Store, AT.site);
  code.i32(0);
  code.get(rip);
  code.op(OP.i64ExtendI32U);
  code.memory(OP.i64Store, AT.faultAddress);
  code.get(count);
  code.op(OP.i64ExtendI32U);
  code.i64(32);
  code.op(OP.i64Shl);
  code.op(OP.return);
  code.end();
  code.get(rip);
  code.get(count);
  code.get(depth);
  code.get(slot);
  code.op(OP.returnCallIndirect);
  code.unsigned(typeIndex('region'));
  code.unsigned(0);
  code.op(OP.end);
  return code.finish();
}

/** (guest address, count, depth): runs until an exit site; leaves the count in the state area. */
function enter(): FunctionBody {
  const code = new Code(3);
  const [rip, count, depth] = [0, 1, 2];
  const result = code.newLocal(I64);
  code.i32(0);
  code.i32(FRAMES);
  code.memory(OP.i32Store, AT.frame);
  const again = code.loop();
  code.get(rip);
  code.get(count);
  code.get(depth);
  code.call(indexOf('go'));
  code.tee(result);
  code.i64(32);
  code.op(OP.i64ShrU);
  code.op(OP.i32WrapI64);
  code.set(count);
  code.get(result);
  code.op(OP.i32WrapI64);
  code.tee(rip);
  code.brIf(again);
  code.end();
  code.i32(0);
  code.get(count);
  code.memory(OP.i32Store, AT.count);
  code.op(OP.end);
  return code.finish();
}

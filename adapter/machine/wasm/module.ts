// module.ts: puts function bodies together into a WebAssembly module.
//
// Imports come first in the index space: function n of `functions` has index `imports.functions.length + n`.
// Each function is exported as `f0`, `f1`, …
// Truth: WebAssembly core specification, 5.5; branch hinting proposal.

import { ByteWriter } from './byte-writer';
import type { FunctionBody } from './code';
import type { ValueType } from './opcodes.table';

export interface FunctionType {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

export interface ModuleDescription {
  readonly types: readonly FunctionType[];
  /** Memory `e.m` of 65536 pages is always imported; the table `e.t` where asked for. */
  readonly table: boolean;
  readonly functionImports: readonly { readonly module: string; readonly name: string; readonly type: number }[];
  readonly functions: readonly { readonly type: number; readonly body: FunctionBody }[];
}

const MEMORY_PAGES = 65536;
const IMPORT_FUNCTION = 0;
const IMPORT_TABLE = 1;
const IMPORT_MEMORY = 2;
const FUNCREF = 0x70;
const FUNCTION_TYPE = 0x60;

export function encodeModule(description: ModuleDescription): Uint8Array {
  const { types, table, functionImports, functions } = description;
  const codeBytes = functions.reduce((sum, { body }) => sum + body.bytes.length + 8, 0);
  const out = new ByteWriter(codeBytes + 2048);
  out.append(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  section(out, 1, (body) => {
    body.unsigned(types.length);
    for (const { parameters, results } of types) {
      body.byte(FUNCTION_TYPE);
      body.unsigned(parameters.length);
      for (const type of parameters) body.byte(type);
      body.unsigned(results.length);
      for (const type of results) body.byte(type);
    }
  });
  section(out, 2, (body) => {
    body.unsigned(functionImports.length + 1 + (table ? 1 : 0));
    body.name('e');
    body.name('m');
    body.byte(IMPORT_MEMORY);
    body.byte(1);
    body.unsigned(MEMORY_PAGES);
    body.unsigned(MEMORY_PAGES);
    if (table) {
      body.name('e');
      body.name('t');
      body.byte(IMPORT_TABLE);
      body.byte(FUNCREF);
      body.byte(0);
      body.unsigned(1);
    }
    for (const { module, name, type } of functionImports) {
      body.name(module);
      body.name(name);
      body.byte(IMPORT_FUNCTION);
      body.unsigned(type);
    }
  });
  section(out, 3, (body) => {
    body.unsigned(functions.length);
    for (const { type } of functions) body.unsigned(type);
  });
  section(out, 7, (body) => {
    body.unsigned(functions.length);
    functions.forEach((_, n) => {
      body.name(`f${n}`);
      body.byte(IMPORT_FUNCTION);
      body.unsigned(functionImports.length + n);
    });
  });
  branchHints(out, description);
  section(
    out,
    10,
    (body) => {
      body.unsigned(functions.length);
      for (const { body: code } of functions) {
        body.unsigned(code.bytes.length);
        body.append(code.bytes);
      }
    },
    codeBytes + 16,
  );
  return out.finish();
}

/** Stands between the function and the code section. Function 0 and up, offsets ascending. */
function branchHints(out: ByteWriter, { functionImports, functions }: ModuleDescription): void {
  section(out, 0, (body) => {
    body.name('metadata.code.branch_hint');
    body.unsigned(functions.length);
    functions.forEach(({ body: code }, n) => {
      body.unsigned(functionImports.length + n);
      body.unsigned(code.coldBranches.length);
      for (const offset of code.coldBranches) {
        body.unsigned(offset);
        body.unsigned(1);
        body.byte(0);
      }
    });
  });
}

function section(out: ByteWriter, id: number, write: (body: ByteWriter) => void, capacity = 512): void {
  const body = new ByteWriter(capacity);
  write(body);
  out.byte(id);
  out.unsigned(body.length);
  out.append(body.bytes, 0, body.length);
}

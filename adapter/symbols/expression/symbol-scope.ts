// symbol-scope.ts: what an expression asks of the program it is evaluated in.
//
// Made by whoever knows the symbols, for one frame (or none). Nothing here reads memory: a variable's place is
// told, its bytes are read when the expression needs them.

import type { FrameRegisters, MemoryReader, TypeInfo, Value, ValueLocation } from '../program-symbols';

/** A variable with its place in the scope's frame. */
export interface LocatedVariable {
  readonly type: TypeInfo;
  readonly location: ValueLocation;
}

export interface SymbolScope {
  /**
   * The variable of that name: innermost block first, then the file's statics, then globals; `a::b` as written,
   * `::name` for a global. With `file`, the static or global of that source file (its last path parts suffice).
   */
  variable(name: string, file?: string): LocatedVariable | undefined;
  /** The function's entry and type (kind `function`). */
  functionNamed(name: string, file?: string): { readonly address: bigint; readonly type: TypeInfo } | undefined;
  enumerator(name: string): { readonly type: TypeInfo; readonly value: bigint } | undefined;
  /** `struct point`, `union u`, `enum color`, `size_t`, `ns::name`: as C writes it, without qualifiers. */
  typeNamed(name: string): TypeInfo | undefined;
  /** For suggestions: variables, functions and enumerators that the scope knows. */
  names(): Iterable<string>;
  /** For suggestions: types. */
  typeNames(): Iterable<string>;
}

export interface ExpressionContext {
  readonly scope: SymbolScope;
  readonly memory: MemoryReader;
  readonly registers?: FrameRegisters;
  /** `$old`, `$new`, `$thread`, `$hits`, …; keys without `$`. */
  readonly convenience?: ReadonlyMap<string, Value>;
  /**
   * Performs an assignment; without it, assignments are mistakes. Only `memory` and `register` places come here.
   * A register's bytes may be fewer than it has: its low bytes are meant, the others stay. Throws UserError where
   * the place cannot be written.
   */
  readonly write?: (location: ValueLocation, bytes: Uint8Array) => void;
}

// program-symbols.ts: what the floors above may ask of a program's symbols.
//
// Bytes in, facts out: built from ELF images (`addModule`), knows no target and no wire. Addresses are run-time
// addresses (link-time + bias). Everything is lazy: adding a module reads only its tables of contents.
// Truth: DWARF 4 and 5, System V ABI x86-64.

import type { Step } from './types/evaluate-name';

/** What evaluation and unwinding may read of a stopped thread. */
export interface MemoryReader {
  /** Fewer bytes than asked where memory ends. */
  read(address: bigint, lengthBytes: number): Uint8Array;
  /** The same for what only checks a result, and does not lead to it; itself where absent. */
  readonly aside?: MemoryReader;
  /** No program is there: only types and the way to a place are asked for, and nothing is empty or out of range. */
  readonly isImagined?: true;
}

/** Registers of one frame by DWARF number; undefined where the value is not known in that frame. */
export type FrameRegisters = (dwarfNumber: number) => bigint | undefined;

export interface SourceLocation {
  /** Absolute, as compiled (DW_AT_comp_dir joined). */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, 0 unknown. */
  readonly column: number;
}

export interface FunctionInfo {
  readonly name: string;
  readonly linkageName?: string;
  /** Lowest address; [low, high). */
  readonly low: bigint;
  readonly high: bigint;
  /** First address after the prologue, by the line table: where a function breakpoint goes. */
  readonly afterPrologue: bigint;
  /** Of a copy that was inlined: where it lies, among code of the function around it. */
  readonly pieces?: readonly { readonly low: bigint; readonly high: bigint }[];
  readonly declaration?: SourceLocation;
  readonly hasDebugInfo: boolean;
  /** What it gives back, where that is done by C's rules: other languages have others for small structs. */
  readonly result?: TypeInfo;
}

export type TypeKind =
  | 'base'
  | 'pointer'
  | 'reference'
  | 'struct'
  | 'class'
  | 'union'
  | 'array'
  | 'enum'
  | 'typedef'
  | 'function'
  | 'const'
  | 'volatile'
  | 'void'
  | 'unknown';

/** A type as the program names it. Qualifiers and typedefs are types of their own; `strip` sees through them. */
export interface TypeInfo {
  readonly kind: TypeKind;
  /** As C writes it: `struct point`, `int [4]`, `char *`. */
  readonly name: string;
  /** 0 for void, incomplete and function types. */
  readonly sizeBytes: number;
  /** Pointee, element, aliased or qualified type; a function's result. */
  readonly target?: TypeInfo;
  readonly encoding?: 'signed' | 'unsigned' | 'float' | 'boolean' | 'signedChar' | 'unsignedChar' | 'utf';
  /** Undefined where the program nowhere defines it. */
  readonly members?: readonly MemberInfo[];
  /** C++'s virtual bases, which are no members: each object has its own place for them. */
  readonly virtualBases?: readonly VirtualBase[];
  /** Rust's enums: the members lie over each other, and a number in them says which one is. */
  readonly variantPart?: VariantPart;
  /** What a generic type was made of: `T` of `Vec<T>`. */
  readonly typeArguments?: readonly TypeInfo[];
  /** C++'s `int T::*`: a base type's number, the member's offset; of a function two, its address or place in a table. */
  readonly memberPointer?: { readonly owner: TypeInfo; readonly target: TypeInfo };
  /** Per dimension; undefined for a flexible one. */
  readonly dimensions?: readonly (number | undefined)[];
  readonly enumerators?: readonly { readonly name: string; readonly value: bigint }[];
}

export interface MemberInfo {
  /** Empty for an anonymous struct or union. */
  readonly name: string;
  readonly type: TypeInfo;
  readonly offsetBytes: number;
  /** Bit-fields: position from the member's least significant bit at `offsetBytes`, and width. */
  readonly bitOffset?: number;
  readonly bitSize?: number;
}

export interface VirtualBase {
  readonly type: TypeInfo;
  /** The table that the object begins with the address of has the base's offset so many bytes before that address. */
  readonly tableOffset: number;
}

export interface VariantPart {
  /** Undefined: there is but one variant. */
  readonly discriminant?: MemberInfo;
  readonly variants: readonly {
    /** Undefined: the one that is where no other's number is. */
    readonly discriminantValue?: bigint;
    readonly member: MemberInfo;
  }[];
}

export interface ValueChange {
  readonly old: Value;
  readonly now: Value;
  /** Undefined: it lies in no memory. */
  readonly address?: bigint;
  /** The new value is what is there at this moment, and so is what it leads to. */
  readonly isPresent: boolean;
}

/** An old and a new value as texts that differ, and what of the whole they are: `cfg.items[3].price`, `4`, `5`. */
export interface ChangeText {
  readonly label: string;
  /** From the whole to that part: `items[3].price`; empty where it is the whole. */
  readonly path: string;
  readonly old: string;
  readonly new: string;
}

export interface VariableInfo {
  readonly name: string;
  readonly type: TypeInfo;
  readonly kind: 'global' | 'static' | 'local' | 'parameter';
  readonly declaration?: SourceLocation;
}

/** Where a value is now. */
export type ValueLocation =
  | { readonly kind: 'memory'; readonly address: bigint }
  | { readonly kind: 'register'; readonly dwarfNumber: number }
  /** Computed by the debug information, or an expression's result: has no place. */
  | { readonly kind: 'value'; readonly bytes: Uint8Array }
  /** In pieces (DW_OP_piece). */
  | { readonly kind: 'pieces'; readonly bytes: Uint8Array }
  | { readonly kind: 'optimizedOut'; readonly why: string };

/** A typed value with its place. `bytes` is empty where it cannot be read (then `error` says why). */
export interface Value {
  readonly type: TypeInfo;
  readonly location: ValueLocation;
  readonly bytes: Uint8Array;
  readonly bitOffset?: number;
  readonly bitSize?: number;
  readonly error?: string;
  /** Shown by its layout, whatever its type means. */
  readonly isRaw?: boolean;
}

export interface Frame {
  /** For frame 0 the thread's rip; for callers the return address. */
  readonly pc: bigint;
  /** `pc`, or one less for callers: what lines and scopes are looked up with. */
  readonly lookupPc: bigint;
  readonly cfa: bigint;
  readonly registers: FrameRegisters;
  /** Undefined where no symbol covers the pc. */
  readonly function?: FunctionInfo;
  readonly location?: SourceLocation;
  /** True for a frame made by inlining (shares cfa and registers with the frame below it). */
  readonly inlined: boolean;
  /** Path of the module. */
  readonly modulePath?: string;
  /** Nobody called it: its stack begins there. */
  readonly isBottom?: boolean;
}

export interface ChildRange {
  readonly start: number;
  readonly count: number;
  /** All where absent. */
  readonly kind?: 'named' | 'indexed';
}

export interface EvaluationContext {
  readonly memory: MemoryReader;
  /** Without a frame only globals are visible. */
  readonly frame?: Frame;
  /** TLS block address of the thread, for thread-local variables. */
  readonly fsBase?: bigint;
  /** `$old`, `$new`, `$thread`, … by name without `$`. */
  readonly convenience?: ReadonlyMap<string, Value>;
  /**
   * Performs an assignment (`x = 5`); without it, assignments are mistakes. Only `memory` and `register` places come
   * here; fewer bytes than a register has mean its low ones. Throws UserError where the place cannot be written.
   */
  readonly write?: (location: ValueLocation, bytes: Uint8Array) => void;
}

/** Mistakes come as UserError (util/user-error.ts): unknown name, division by zero, not a pointer, … */
export interface ProgramSymbols {
  /**
   * Adds an ELF image (the whole file's bytes). `bias` is added to link-time addresses. Throws UserError for a file
   * that is not an x86-64 ELF. Debug information may be in a file of its own. A file without debug information gives functions from .symtab/.dynsym and unwinding.
   */
  addModule(path: string, bytes: Uint8Array, bias: bigint, isMain: boolean): void;
  removeModules(): void;
  /** False: no DWARF in the main module; the person is told what is missing. */
  readonly hasDebugInfo: boolean;
  /** What could not be read of the modules' debug information so far, as sentences. */
  readonly problems: readonly string[];

  /** Addresses of the first instructions of a source line (several for inlined or templated code); the line moved to. */
  addressesOfLine(path: string, line: number): { readonly line: number; readonly addresses: readonly bigint[] };
  locationOf(pc: bigint): SourceLocation | undefined;
  /** The [start, end) of consecutive addresses around pc that belong to the same line. */
  lineRange(pc: bigint): { readonly start: bigint; readonly end: bigint } | undefined;
  functionAt(pc: bigint): FunctionInfo | undefined;
  /** As the innermost frame has it: an inlined function where the code is one's. */
  innermostFunctionAt(pc: bigint): FunctionInfo | undefined;
  functionsNamed(name: string): readonly FunctionInfo[];
  /** Of the program itself: those that debug information knows; without any, those of the linker. */
  functionNames(): readonly string[];
  /** Where the blocks within the function's code at pc begin, and where they end within others; ascending. */
  blockEdges(pc: bigint): readonly bigint[];
  /** Where functions begin that the linker knows by this name: `free` is no `Pool::free`. Reads no debug information. */
  linkedFunctions(name: string): readonly bigint[];
  sourceFiles(): readonly string[];

  /** `symbol+0x10`, for addresses in code or data without better name; undefined where nothing is near. */
  symbolize(address: bigint): string | undefined;
  /** As the program's own file has it, before loading; undefined outside of it: heap, stack, libraries. */
  fileAddress(address: bigint): bigint | undefined;
  /** Data symbol by name: DWARF variables first, then .symtab. `file.c:name` picks a static. */
  globalsNamed(name: string): readonly VariableInfo[];
  globals(): readonly VariableInfo[];

  /** Walks the stack by CFI (.eh_frame, .debug_frame); falls back to rbp chains. At most `maxFrames`. */
  unwind(registers: FrameRegisters, memory: MemoryReader, maxFrames: number): readonly Frame[];
  /** Variables in scope at the frame, innermost block first; shadowed ones are left out. */
  localsAt(frame: Frame): readonly VariableInfo[];
  valueOf(variable: VariableInfo, context: EvaluationContext): Value;

  /** C's expressions: names, members, ->, *, &, [], casts, sizeof, arithmetic, comparison, logic, ?:, =, registers. */
  evaluate(expression: string, context: EvaluationContext): Value;
  typeNamed(name: string): TypeInfo | undefined;
  /** Elements, members or pointee of a value, for a tree. */
  children(
    value: Value,
    memory: MemoryReader,
    range?: ChildRange,
  ): readonly { readonly name: string; readonly value: Value; readonly step: Step }[];
  childCount(value: Value, memory: MemoryReader): { readonly named: number; readonly indexed: number };
  /** As a person reads it: `42`, `3.5`, `0x7ffd… "text"`, `{x = 1, y = 2}`, `RED`, `97 'a'`. */
  format(value: Value, memory: MemoryReader, options?: { readonly hex?: boolean; readonly maxLength?: number }): string;
  /** Two values of one type, which differ, of a place whose bytes they have. */
  formatChange(label: string, change: ValueChange, memory: MemoryReader): ChangeText;
  /** Text → bytes of that type, for setVariable; a bit-field's width limits the number. Throws UserError with what would fit. */
  parse(text: string, type: TypeInfo, bitSize?: number): Uint8Array;
}

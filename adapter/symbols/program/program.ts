// program.ts: the symbols of a whole program: its modules, asked by run-time address or by name.
//
// Implements ProgramSymbols over ModuleSymbols (one per image), the stack walk and the expression evaluator. The main
// module is asked first. Damaged debug information makes facts missing, never a crash; `problems` tells what.

import { edgesWithin, type Scope } from '../dwarf/scopes';
import type { Die } from '../dwarf/unit';
import { demangled } from '../elf/demangle';
import { parseElf } from '../elf/elf-file';
import { separateDebugFile, type DebugFileReader } from '../elf/separate-debug';
import { ExpressionCache } from '../expression/expression-cache';

import type {
  ChangeText,
  ChildRange,
  EvaluationContext,
  Frame,
  FrameRegisters,
  FunctionInfo,
  MemoryReader,
  ProgramSymbols,
  SourceLocation,
  TypeInfo,
  Value,
  ValueChange,
  ValueLocation,
  VariableInfo,
} from '../program-symbols';
import type { Child } from '../types/child';
import { childrenOf, countChildren } from '../types/children';
import { formatChange } from '../types/format-change';
import type { ChangeSide } from '../types/format-change';
import { formatValue } from '../types/format-value';
import { memoryWith } from '../types/memory-with';
import { parseValue } from '../types/parse-value';
import { readValue } from '../types/read-value';
import type { CfiTable } from '../unwind/cfi-table';
import { StackWalk, type UnwindSource } from '../unwind/stack-walk';
import { FunctionCatalog } from './function-catalog';
import { allGlobals, globalsNamed } from './globals';
import { ModuleSymbols } from './module-symbols';
import { framesOf, inlinedFunctionAt, ProgramFrame, type FrameSource } from './program-frames';
import { addressesOfLine } from './program-lines';
import { ProgramScope, type ScopeSource } from './program-scope';
import { DebugVariable, localVariable, SymbolVariable } from './program-variable';
import { threadLocalAddress } from './thread-local';
import { typeOfText } from './type-of-text';
import { typeInFrame } from './run-time-types';
import { locateVariable, locationOrReason } from './variable-location';
import { hex } from '../../util/hex';

/** Names of globals kept with what they mean. */
const MAX_NAMES = 1000;

export class Program implements ProgramSymbols, FrameSource, ScopeSource, UnwindSource {
  /** The main module first. */
  modules: readonly ModuleSymbols[] = [];
  readonly #functions = new FunctionCatalog();
  /** By name, and by innermost block: asked at every hit of a watch with a condition. */
  readonly #globals = new Map<string, readonly VariableInfo[]>();
  readonly #locals = new WeakMap<Scope, readonly VariableInfo[]>();
  readonly #expressions = new ExpressionCache();

  /** Without a reader, debug information is looked for in the images alone. */
  constructor(private readonly readFile?: DebugFileReader) {}

  addModule(path: string, bytes: Uint8Array, bias: bigint, isMain: boolean): void {
    const elf = parseElf(path, bytes);
    const debugElf = this.readFile && separateDebugFile(elf, this.readFile);
    const image = { elf, debugElf, bias, isMain };
    const module = new ModuleSymbols(image, (name, tag, asking) => this.#complete(name, tag, asking));
    this.modules = isMain ? [module, ...this.modules] : [...this.modules, module];
    this.#globals.clear();
  }

  removeModules(): void {
    this.modules = [];
    this.#globals.clear();
    this.#functions.clear();
  }

  get hasDebugInfo(): boolean {
    return this.modules.some(({ isMain, hasDebugInfo }) => isMain && hasDebugInfo);
  }

  get problems(): readonly string[] {
    return this.modules.flatMap(({ problems }) => problems);
  }

  // Lines and functions

  addressesOfLine(path: string, line: number): { readonly line: number; readonly addresses: readonly bigint[] } {
    return addressesOfLine(this.modules, path, line);
  }

  locationOf(pc: bigint): SourceLocation | undefined {
    const module = this.moduleAt(pc);
    const unit = module?.unitAt(module.toLink(pc));
    const place = module && unit && module.linesOf(unit)?.placeAt(module.toLink(pc));
    return place && { path: place.path, line: place.line, column: place.column };
  }

  lineRange(pc: bigint): { readonly start: bigint; readonly end: bigint } | undefined {
    const module = this.moduleAt(pc);
    const unit = module?.unitAt(module.toLink(pc));
    const range = module && unit && module.linesOf(unit)?.rangeAt(module.toLink(pc));
    return range && { start: module.toRunTime(range.start), end: module.toRunTime(range.end) };
  }

  functionAt(pc: bigint): FunctionInfo | undefined {
    const module = this.moduleAt(pc);
    return module && this.#functions.at(module, pc);
  }

  innermostFunctionAt(pc: bigint): FunctionInfo | undefined {
    const module = this.moduleAt(pc);
    return module && (inlinedFunctionAt(module, pc) ?? this.#functions.at(module, pc));
  }

  functionsNamed(name: string): readonly FunctionInfo[] {
    return this.#functions.named(this.modules, name);
  }

  functionNames(): readonly string[] {
    return this.#functions.names(this.modules.filter(({ isMain }) => isMain));
  }

  blockEdges(pc: bigint): readonly bigint[] {
    const module = this.moduleAt(pc);
    const entry = module?.functionAt(module.toLink(pc));
    const scope = module && entry && module.attempt(() => module.scopesOf(entry), undefined);
    return module && scope ? edgesWithin(scope).map((edge) => module.toRunTime(edge)) : [];
  }

  linkedFunctions(name: string): readonly bigint[] {
    return this.modules.flatMap((module) =>
      module.symbols.functionsNamed(name).map(({ low }) => module.toRunTime(low)),
    );
  }

  sourceFiles(): readonly string[] {
    return [...new Set(this.modules.flatMap((module) => [...module.unitsByPath.keys()]))].sort();
  }

  symbolize(address: bigint): string | undefined {
    const module = this.moduleAt(address);
    if (!module) return undefined;
    const link = module.toLink(address);
    const placed = module.symbols.placedAt(link);
    const name = placed?.isFunction === false ? placed.name : (this.functionAt(address)?.name ?? placed?.name);
    const start = placed?.low ?? module.functionAt(link)?.ranges[0].low;
    if (name === undefined || start === undefined) return undefined;
    return link === start ? name : `${name}+${hex(link - start)}`;
  }

  fileAddress(address: bigint): bigint | undefined {
    const module = this.moduleAt(address);
    return module?.isMain === true ? BigInt(module.toLink(address)) : undefined;
  }

  moduleAt(address: bigint): ModuleSymbols | undefined {
    return this.modules.find((module) => module.contains(address));
  }

  // The stack

  unwind(registers: FrameRegisters, memory: MemoryReader, maxFrames: number): readonly Frame[] {
    const walk = new StackWalk(registers, memory, this);
    const frames: Frame[] = [];
    for (let index = 0; frames.length < maxFrames; index++) {
      const next = framesOf(walk, index, this);
      if (next.length === 0) break;
      frames.push(...next);
    }
    return frames.slice(0, maxFrames);
  }

  cfiAt(pc: bigint): { readonly table: CfiTable; readonly bias: bigint } | undefined {
    const module = this.moduleAt(pc);
    return module && { table: module.cfi, bias: module.bias };
  }

  isCode(pc: bigint): boolean {
    const module = this.moduleAt(pc);
    return module?.isCode(module.toLink(pc)) === true;
  }

  functionStart(pc: bigint): bigint | undefined {
    return this.functionAt(pc)?.low;
  }

  // Variables

  globalsNamed(name: string): readonly VariableInfo[] {
    let known = this.#globals.get(name);
    if (!known) {
      if (this.#globals.size > MAX_NAMES) this.#globals.clear();
      this.#globals.set(name, (known = globalsNamed(this.modules, name)));
    }
    return known;
  }

  globals(): readonly VariableInfo[] {
    return this.modules.filter(({ isMain }) => isMain).flatMap((module) => [...allGlobals(module)]);
  }

  localsAt(frame: Frame): readonly VariableInfo[] {
    const { module, scopes } = this.#knownFrame(frame);
    const innermost = scopes.at(-1);
    if (!module || !innermost) return [];
    let known = this.#locals.get(innermost);
    if (!known) this.#locals.set(innermost, (known = visibleIn(module, scopes)));
    return known;
  }

  valueOf(variable: VariableInfo, context: EvaluationContext): Value {
    return readValue(this.typeOf(variable, context), this.placeOf(variable, context), sourceOf(context));
  }

  typeOf(variable: VariableInfo, context: EvaluationContext): TypeInfo {
    return variable instanceof DebugVariable ? typeInFrame(variable.module, variable.type, context) : variable.type;
  }

  placeOf(variable: VariableInfo, context: EvaluationContext): ValueLocation {
    if (variable instanceof DebugVariable) {
      const { module, die, type } = variable;
      return locateVariable(module, die, type, context);
    }
    if (!(variable instanceof SymbolVariable)) return { kind: 'optimizedOut', why: 'it belongs to another program' };
    const { module, symbol } = variable;
    if (symbol.type !== 'tls') return { kind: 'memory', address: module.toRunTime(symbol.value) };
    return locationOrReason(() => ({
      kind: 'memory',
      address: threadLocalAddress(module, BigInt(symbol.value), context.fsBase, context.memory),
    }));
  }

  fileOf(frame: Frame): string | undefined {
    return frame.location?.path;
  }

  // Expressions and values

  evaluate(expression: string, context: EvaluationContext): Value {
    const { memory, frame, convenience, write } = context;
    const scope = new ProgramScope(this, context);
    return this.#expressions.get(expression, scope).evaluate({
      scope,
      memory,
      ...(frame && { registers: frame.registers }),
      ...(convenience && { convenience }),
      ...(write && { write }),
    });
  }

  typeNamed(name: string): TypeInfo | undefined {
    return typeOfText(name, new ProgramScope(this, { memory: { read: () => new Uint8Array() } }));
  }

  children(value: Value, memory: MemoryReader, range?: ChildRange): readonly Child[] {
    return childrenOf(value, memory, range);
  }

  childCount(value: Value, memory: MemoryReader): { readonly named: number; readonly indexed: number } {
    return countChildren(value, memory);
  }

  format(value: Value, memory: MemoryReader, options: { hex?: boolean; maxLength?: number } = {}): string {
    return formatValue(value, memory, { ...options, symbolize: (address) => this.#spelled(address) });
  }

  formatChange(label: string, { old, now, address, isPresent }: ValueChange, memory: MemoryReader): ChangeText {
    const side = (value: Value): ChangeSide => memoryWith(value.bytes, address, memory);
    const sides = { old: side(old), now: side(now), isPresent };
    return formatChange(label, old, now, sides, { symbolize: (at) => this.#spelled(at) });
  }

  parse(text: string, type: TypeInfo, bitSize?: number): Uint8Array {
    return parseValue(text, type, bitSize);
  }

  /** As `symbolize`, for people. */
  #spelled(address: bigint): string | undefined {
    const symbol = this.symbolize(address);
    const end = symbol === undefined ? 0 : symbol.replace(/\+0x[0-9a-f]+$/, '').length;
    return symbol === undefined ? undefined : demangled(symbol.slice(0, end)) + symbol.slice(end);
  }

  /** A frame of ours; one that was made elsewhere is looked up by its address. */
  #knownFrame(frame: Frame): ProgramFrame {
    if (frame instanceof ProgramFrame) return frame;
    const walk = new StackWalk(frame.registers, { read: () => new Uint8Array() }, this);
    const found = framesOf(walk, 0, this);
    const own = frame.function;
    const named = found.find(({ function: each }) => each?.low === own?.low && each?.name === own?.name);
    if (own !== undefined && named !== undefined) return named;
    return found.find(({ inlined }) => inlined === frame.inlined) ?? found[0];
  }

  #complete(name: string, tag: number, asking: ModuleSymbols): Die | undefined {
    for (const module of this.modules) {
      const die = module === asking ? undefined : module.definitionOf(name, tag);
      if (die) return die;
    }
    return undefined;
  }
}

/** Innermost block first; what a name hides is left out. */
function visibleIn(module: ModuleSymbols, scopes: readonly Scope[]): readonly VariableInfo[] {
  const seen = new Set<string>();
  return scopes.toReversed().flatMap((scope) => {
    const variables = scope.variables.flatMap(
      (die) => module.attempt(() => localVariable(module, die), undefined) ?? [],
    );
    return variables.filter(({ name }) => !seen.has(name) && seen.add(name));
  });
}

const sourceOf = ({
  memory,
  frame,
}: EvaluationContext): { readonly memory: MemoryReader; readonly registers?: FrameRegisters } => ({
  memory,
  ...(frame && { registers: frame.registers }),
});

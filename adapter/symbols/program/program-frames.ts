// program-frames.ts: the stack as a person sees it: every real frame, and above it those that inlining made of it.
//
// A frame made by inlining shares registers and CFA with the real one; its caller's line is where the call stood.

import { AT } from '../dwarf/dwarf-constants.table';
import { chainAt, type Scope } from '../dwarf/scopes';
import type { FrameRegisters, Frame, FunctionInfo, SourceLocation } from '../program-symbols';
import type { PhysicalFrame, StackWalk } from '../unwind/stack-walk';
import type { ModuleSymbols } from './module-symbols';
import { InlinedFunction } from './program-function';

/** Finds modules and functions by run-time address. */
export interface FrameSource {
  moduleAt(pc: bigint): ModuleSymbols | undefined;
  functionAt(pc: bigint): FunctionInfo | undefined;
  locationOf(pc: bigint): SourceLocation | undefined;
}

/** What a frame is made of. */
interface FrameParts {
  readonly physical: PhysicalFrame;
  readonly module: ModuleSymbols | undefined;
  /** Blocks that belong to this frame, outermost first; empty without debug information. */
  readonly scopes: readonly Scope[];
  readonly function: FunctionInfo | undefined;
  readonly location: SourceLocation | undefined;
  readonly inlined: boolean;
  /** The stack and the place in it, for what the caller knows. */
  readonly walk: StackWalk;
  readonly physicalIndex: number;
  readonly source: FrameSource;
}

/** A frame with what finding its variables needs. */
export class ProgramFrame implements Frame {
  readonly pc: bigint;
  readonly lookupPc: bigint;
  readonly cfa: bigint;
  readonly registers: FrameRegisters;
  readonly function: FunctionInfo | undefined;
  readonly location: SourceLocation | undefined;
  readonly inlined: boolean;
  readonly module: ModuleSymbols | undefined;
  readonly scopes: readonly Scope[];
  readonly #parts: FrameParts;

  constructor(parts: FrameParts) {
    const { pc, lookupPc, cfa, registers } = parts.physical;
    this.pc = pc;
    this.lookupPc = lookupPc;
    this.cfa = cfa;
    this.registers = registers;
    this.function = parts.function;
    this.location = parts.location;
    this.inlined = parts.inlined;
    this.module = parts.module;
    this.scopes = parts.scopes;
    this.#parts = parts;
  }

  get modulePath(): string | undefined {
    return this.module?.path;
  }

  get isBottom(): boolean {
    return this.#parts.physical.isBottom;
  }

  /** The real frame that called this one's. */
  callerFrame(): ProgramFrame | undefined {
    const { walk, physicalIndex, source } = this.#parts;
    return framesOf(walk, physicalIndex + 1, source).at(-1);
  }
}

/** The frames of one real frame, innermost first. */
export function framesOf(walk: StackWalk, physicalIndex: number, source: FrameSource): ProgramFrame[] {
  const physical = walk.frame(physicalIndex);
  if (!physical) return [];
  const module = source.moduleAt(physical.lookupPc);
  const groups = module ? module.attempt(() => scopeGroups(module, physical.lookupPc), []) : [];
  const real = physical.isSignalFrame ? signalTrampoline(physical.pc) : source.functionAt(physical.lookupPc);
  const innermost = source.locationOf(physical.lookupPc);
  const make = (
    scopes: readonly Scope[],
    described: FunctionInfo | undefined,
    location: SourceLocation | undefined,
    inlined: boolean,
  ): ProgramFrame =>
    new ProgramFrame({
      physical,
      module,
      walk,
      physicalIndex,
      source,
      scopes,
      function: described,
      location,
      inlined,
    });
  if (!module || groups.length === 0) return [make([], real, innermost, false)];
  return groups.map((scopes, index) => {
    const inner = index === 0 ? undefined : groups[index - 1][0];
    const location = inner ? module.attempt(() => callPlace(module, inner), undefined) : innermost;
    const inlined = scopes[0].kind === 'inlined';
    const described = inlined ? new InlinedFunction(module, scopes[0].die, scopes[0].ranges) : real;
    return make(scopes, described, location, inlined);
  });
}

/** The inlined function whose code an address is, as the innermost frame there has it. */
export function inlinedFunctionAt(module: ModuleSymbols, pc: bigint): FunctionInfo | undefined {
  const scope = module
    .attempt(() => scopeGroups(module, pc), [])
    .at(0)
    ?.at(0);
  return scope?.kind === 'inlined' ? new InlinedFunction(module, scope.die, scope.ranges) : undefined;
}

/** Libraries rarely keep the trampoline's own name; this one says what it is. */
const signalTrampoline = (pc: bigint): FunctionInfo => ({
  name: '<signal handler called>',
  low: pc,
  high: pc + 1n,
  afterPrologue: pc,
  hasDebugInfo: false,
});

/** The scopes at an address, cut where inlining begins; the innermost function's group first. */
function scopeGroups(module: ModuleSymbols, pc: bigint): Scope[][] {
  const link = module.toLink(pc);
  const entry = module.functionAt(link);
  if (!entry) return [];
  const groups: Scope[][] = [];
  for (const scope of chainAt(module.scopesOf(entry), link)) {
    if (scope.kind === 'block') groups.at(0)?.push(scope);
    else groups.unshift([scope]);
  }
  return groups;
}

/** Where the call stood that was inlined. */
function callPlace(module: ModuleSymbols, { die }: Scope): SourceLocation | undefined {
  const line = die.number(AT.call_line);
  const path = module.linesOf(die.unit)?.path(die.number(AT.call_file) ?? -1);
  return line === undefined || path === undefined ? undefined : { path, line, column: die.number(AT.call_column) ?? 0 };
}

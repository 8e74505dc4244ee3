// program-scope.ts: names in expressions → variables, functions, enumerators and types, seen from one frame.
//
// Innermost block first, then statics of the frame's file, then globals: of the frame's module, the program, the rest.

import { AT, TAG } from '../dwarf/dwarf-constants.table';
import { namesMatch, qualifiedName } from '../dwarf/names';
import { lastPart } from '../types/qualified-name';
import type { Die } from '../dwarf/unit';
import type { LocatedVariable, SymbolScope } from '../expression/symbol-scope';
import type { EvaluationContext, FunctionInfo, TypeInfo, ValueLocation, VariableInfo } from '../program-symbols';
import type { ModuleSymbols } from './module-symbols';
import { DebugFunction } from './program-function';

/** What the scope needs of the program: program.ts. */
export interface ScopeSource {
  readonly modules: readonly ModuleSymbols[];
  localsAt(frame: NonNullable<EvaluationContext['frame']>): readonly VariableInfo[];
  globalsNamed(name: string): readonly VariableInfo[];
  functionsNamed(name: string): readonly FunctionInfo[];
  placeOf(variable: VariableInfo, context: EvaluationContext): ValueLocation;
  /** With the lengths that its arrays have in the context's frame. */
  typeOf(variable: VariableInfo, context: EvaluationContext): TypeInfo;
  /** The path of the source file that the frame is in. */
  fileOf(frame: NonNullable<EvaluationContext['frame']>): string | undefined;
}

const TAGS: ReadonlyMap<string, readonly number[]> = new Map([
  ['struct', [TAG.structure_type, TAG.class_type]],
  ['class', [TAG.class_type, TAG.structure_type]],
  ['union', [TAG.union_type]],
  ['enum', [TAG.enumeration_type]],
]);
/** Names for suggestions: enough to find a misspelling, not a burden for large programs. */
const MAX_NAMES = 20_000;

export class ProgramScope implements SymbolScope {
  constructor(
    readonly source: ScopeSource,
    readonly context: EvaluationContext,
  ) {}

  variable(name: string, file?: string): LocatedVariable | undefined {
    const found = this.#find(name, file);
    return (
      found && {
        type: this.source.typeOf(found, this.context),
        location: this.source.placeOf(found, this.context),
      }
    );
  }

  functionNamed(name: string, file?: string): { readonly address: bigint; readonly type: TypeInfo } | undefined {
    const functions = this.source.functionsNamed(withoutRoot(name));
    const found =
      file === undefined ? functions.at(0) : functions.find((info) => isInFile(info.declaration?.path, file));
    if (!found) return undefined;
    const type =
      found instanceof DebugFunction
        ? functionType(found.module, found.entry.die)
        : ({ kind: 'function', name: '<text without debug information>', sizeBytes: 0 } as const);
    return { address: found.low, type };
  }

  enumerator(name: string): { readonly type: TypeInfo; readonly value: bigint } | undefined {
    const wanted = withoutRoot(name);
    for (const module of this.source.modules) {
      for (const die of module.index.find(lastPart(wanted), 'enumerator')) {
        const value = die.exact(AT.const_value);
        const { parent } = die;
        if (value === undefined || !parent || !matchesEnumerator(die, parent, wanted)) continue;
        return { type: module.types.of(parent), value };
      }
    }
    return undefined;
  }

  typeNamed(name: string): TypeInfo | undefined {
    return typeNamed(this.source.modules, name);
  }

  *names(): Iterable<string> {
    const { frame } = this.context;
    if (frame) for (const { name } of this.source.localsAt(frame)) yield name;
    yield* this.#indexed('variable');
    yield* this.#indexed('function');
    yield* this.#indexed('enumerator');
  }

  typeNames(): Iterable<string> {
    return this.#indexed('type');
  }

  #find(name: string, file: string | undefined): VariableInfo | undefined {
    const { frame } = this.context;
    if (file !== undefined) return this.source.globalsNamed(`${file}:${name}`).at(0);
    if (frame && !name.startsWith('::')) {
      const local = this.source.localsAt(frame).find((variable) => variable.name === name);
      if (local) return local;
    }
    const globals = this.source.globalsNamed(withoutRoot(name));
    const here = frame && this.source.fileOf(frame);
    const isOwn = ({ kind, declaration }: VariableInfo): boolean => kind === 'static' && declaration?.path === here;
    return globals.find(isOwn) ?? globals.at(0);
  }

  *#indexed(kind: 'variable' | 'function' | 'enumerator' | 'type'): Generator<string> {
    let count = 0;
    for (const module of this.source.modules) {
      for (const die of module.index.all(kind)) {
        if (count++ > MAX_NAMES) return;
        const { name } = die;
        if (name !== undefined) yield name;
      }
    }
  }
}

const withoutRoot = (name: string): string => (name.startsWith('::') ? name.slice(2) : name);

/** A path that ends in the wanted one. */
export const isInFile = (path: string | undefined, file: string): boolean =>
  path !== undefined && (path === file || path.endsWith(`/${file}`));

function functionType(module: ModuleSymbols, die: Die): TypeInfo {
  // The declaration has the parameters as written.
  return module.types.of(die.reference(AT.abstract_origin) ?? die);
}

/** `RED`, `color::RED`, `ns::color::RED`; of a plain C++ enum also `ns::RED`. */
function matchesEnumerator(die: Die, parent: Die, wanted: string): boolean {
  const full = qualifiedName(die) ?? '';
  if (namesMatch(wanted, full)) return true;
  const scope = qualifiedName(parent)?.split('::').slice(0, -1) ?? [];
  return namesMatch(wanted, [...scope, die.name ?? ''].join('::'));
}

/** `struct point`, `size_t`, `ns::Shape`: a name without derivations. A plain name in C also finds a tag. */
export function typeNamed(modules: readonly ModuleSymbols[], name: string): TypeInfo | undefined {
  const parts = /^(?:(struct|class|union|enum)\s+)?(.+)$/.exec(name.trim());
  if (!parts) return undefined;
  const tags = TAGS.get(parts.at(1) ?? '');
  const wanted = withoutRoot(parts[2]);
  for (const module of modules) {
    const candidates = module.index
      .find(lastPart(wanted), 'type')
      .filter(
        (die) => (tags ? tags.includes(die.tag) : isPlainName(die)) && namesMatch(wanted, qualifiedName(die) ?? ''),
      );
    const found = candidates.find((die) => !die.flag(AT.declaration)) ?? candidates.at(0);
    if (found) return module.types.of(found);
  }
  return undefined;
}

/** In C a tag is no type name without its keyword. */
function isPlainName(die: Die): boolean {
  const isTag = [...TAGS.values()].some((tags) => tags.includes(die.tag));
  return !isTag || die.unit.isScoped;
}

// globals.ts: variables of files and namespaces, by name or all of them, over all modules.
//
// One that a unit only declares (`extern char **environ;`) takes its place from the symbol table and its type from
// the declaration.

import { TAG } from '../dwarf/dwarf-constants.table';
import { functionNamesMatch, namesMatch, qualifiedName } from '../dwarf/names';
import { lastPart } from '../types/qualified-name';
import type { Die } from '../dwarf/unit';
import type { TypeInfo, VariableInfo } from '../program-symbols';
import type { ModuleSymbols } from './module-symbols';
import {
  globalVariable,
  isDeclarationOnly,
  localVariable,
  SymbolVariable,
  type DebugVariable,
} from './program-variable';
import { isInFile } from './program-scope';

/** Blocks within blocks deeper than this are damage. */
const MAX_BLOCKS = 64;

/** `name`, `ns::name`, `file.c:name`, `function::name`. Globals before statics, modules in order. */
export function globalsNamed(modules: readonly ModuleSymbols[], wanted: string): readonly VariableInfo[] {
  const { file, name } = splitFile(wanted);
  const debug = modules.flatMap((module) => module.attempt(() => debugGlobals(module, name), []));
  const inFile = file === undefined ? debug : debug.filter(({ declaration }) => isInFile(declaration?.path, file));
  if (inFile.length > 0) return [...inFile].sort((left, right) => rank(left) - rank(right));
  const inFunction = modules.flatMap((module) => module.attempt(() => staticsOfFunction(module, name), []));
  if (inFunction.length > 0) return inFunction;
  const type = declaredType(modules, name);
  return modules.flatMap((module) =>
    module.symbols
      .dataNamed(name)
      .filter(({ fileName }) => file === undefined || fileName === undefined || isInFile(fileName, file))
      .map((symbol) => new SymbolVariable(module, symbol, type)),
  );
}

export function* allGlobals(module: ModuleSymbols): Generator<VariableInfo> {
  for (const die of module.index.all('variable')) {
    if (die.name !== undefined && !isDeclarationOnly(die)) yield globalVariable(module, die);
  }
}

const rank = (variable: VariableInfo): number => (variable.kind === 'global' ? 0 : 1);

/** `src/file.c:name`; a `::` belongs to the name. */
function splitFile(wanted: string): { readonly file: string | undefined; readonly name: string } {
  const parts = /^(.*[^:]):([^:].*)$/.exec(wanted);
  if (!parts?.[1].includes('.')) return { file: undefined, name: wanted };
  return { file: parts[1], name: parts[2] };
}

function debugGlobals(module: ModuleSymbols, name: string): DebugVariable[] {
  return module.index
    .find(lastPart(name), 'variable')
    .filter((die) => !isDeclarationOnly(die) && namesMatch(name, qualifiedName(die) ?? ''))
    .map((die) => globalVariable(module, die));
}

/** `count::calls`: a static that only its function sees, as gdb names it. */
function staticsOfFunction(module: ModuleSymbols, name: string): DebugVariable[] {
  const own = lastPart(name);
  if (own.length === name.length) return [];
  const outer = name.slice(0, -own.length - 2);
  return module.index
    .find(lastPart(outer), 'function')
    .filter((die) => functionNamesMatch(outer, qualifiedName(die) ?? ''))
    .flatMap((die) => [...staticsBelow(module, die, own, 0)]);
}

function* staticsBelow(module: ModuleSymbols, die: Die, name: string, depth: number): Generator<DebugVariable> {
  for (const child of die.children) {
    if (child.tag === TAG.lexical_block && depth < MAX_BLOCKS) yield* staticsBelow(module, child, name, depth + 1);
    if (child.tag !== TAG.variable || child.name !== name) continue;
    const variable = localVariable(module, child);
    if (variable?.kind === 'static') yield variable;
  }
}

function declaredType(modules: readonly ModuleSymbols[], name: string): TypeInfo | undefined {
  for (const module of modules) {
    const die = module.attempt(() => module.index.find(name, 'variable').at(0), undefined);
    if (die) return module.types.ofAttribute(die);
  }
  return undefined;
}

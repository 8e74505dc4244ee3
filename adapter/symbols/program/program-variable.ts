// program-variable.ts: variables as the floors above see them: from debug information, or from the symbol table.

import { AT, OP, TAG } from '../dwarf/dwarf-constants.table';
import { qualifiedName } from '../dwarf/names';
import type { Die } from '../dwarf/unit';
import type { ElfSymbol } from '../elf/symbol-table';
import type { SourceLocation, TypeInfo, VariableInfo } from '../program-symbols';
import type { ModuleSymbols } from './module-symbols';
import { declarationOf } from './program-function';

export class DebugVariable implements VariableInfo {
  readonly name: string;
  #type: TypeInfo | undefined;

  constructor(
    readonly module: ModuleSymbols,
    readonly die: Die,
    readonly kind: VariableInfo['kind'],
  ) {
    this.name = (kind === 'global' || kind === 'static' ? qualifiedName(die) : die.name) ?? '';
  }

  get type(): TypeInfo {
    this.#type ??= this.module.types.ofAttribute(this.die);
    return this.#type;
  }

  get declaration(): SourceLocation | undefined {
    return this.module.attempt(() => declarationOf(this.module, this.die), undefined);
  }
}

/** A data symbol; its type is known where some unit declares it. */
export class SymbolVariable implements VariableInfo {
  readonly name: string;
  readonly kind: 'global' | 'static';
  readonly type: TypeInfo;

  constructor(
    readonly module: ModuleSymbols,
    readonly symbol: ElfSymbol,
    type?: TypeInfo,
  ) {
    this.name = symbol.name;
    this.kind = symbol.binding === 'local' ? 'static' : 'global';
    this.type = type ?? { kind: 'unknown', name: '<no debug information>', sizeBytes: symbol.sizeBytes };
  }
}

/** A variable of a block: a parameter, a local, or a static that only the block sees. */
export function localVariable(module: ModuleSymbols, die: Die): DebugVariable | undefined {
  if (die.name === undefined || die.name === '') return undefined;
  const location = die.get(AT.location);
  const isStatic = location?.kind === 'expression' && (location.bytes[0] === OP.addr || location.bytes[0] === OP.addrx);
  const kind = die.tag === TAG.formal_parameter ? 'parameter' : isStatic ? 'static' : 'local';
  return new DebugVariable(module, die, kind);
}

/** A variable of a file or namespace. */
export const globalVariable = (module: ModuleSymbols, die: Die): DebugVariable =>
  new DebugVariable(
    module,
    die,
    die.inherited((entry) => (entry.has(AT.external) ? entry.flag(AT.external) : undefined)) === true
      ? 'global'
      : 'static',
  );

/** Only said to be elsewhere: has no place of its own. */
export function isDeclarationOnly(die: Die): boolean {
  return die.flag(AT.declaration) && !die.has(AT.location) && !die.has(AT.const_value);
}

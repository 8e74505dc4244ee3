// debuggee.ts: the loaded program as the session sees it: target and symbols, kept in step.
//
// Tells the symbols of each module that the target maps; unwinds; builds evaluation contexts. Only valid to ask for
// registers and frames while the target stands, or inside its onWatchHit and onCodeStop.

import type {
  EvaluationContext,
  Frame,
  FrameRegisters,
  MemoryReader,
  ProgramSymbols,
} from '../symbols/program-symbols';
import type { LoadedModule, Target, ThreadId } from '../target/target';
import { UserError } from '../util/user-error';
import { allRegisters } from '../watch/all-registers';
import type { HostFiles } from './engine';
import { hex } from '../util/hex';
import { baseName } from '../util/base-name';

export const RSP = 7;
export const RIP = 16;

/** No module is longer: what lies further above a base belongs to none. */
const MODULE_REACH = 1n << 30n;
/** What Rust's own libraries are compiled from, into each program; rustc names it so wherever it runs. */
const RUST_LIBRARIES = '/rustc/';

export interface ModuleChange {
  readonly added: readonly LoadedModule[];
  readonly removed: readonly LoadedModule[];
  /** Modules whose file could not be read or understood, with the sentence why. */
  readonly troubles: readonly string[];
}

export class Debuggee {
  readonly memory: MemoryReader = { read: (address, lengthBytes) => this.target.readMemory(address, lengthBytes) };
  private known: readonly LoadedModule[] = [];

  constructor(
    readonly target: Target,
    readonly symbols: ProgramSymbols,
    private readonly files: HostFiles,
  ) {}

  get modules(): readonly LoadedModule[] {
    return this.known;
  }

  /** Adds what the target has mapped since; starts over where something was unmapped. */
  syncModules(): ModuleChange {
    const now = this.target.modules();
    const added = now.filter((module) => !this.known.some((old) => isSame(old, module)));
    const removed = this.known.filter((old) => !now.some((module) => isSame(old, module)));
    if (removed.length > 0) this.symbols.removeModules();
    const troubles = (removed.length > 0 ? now : added).flatMap((module) => this.addModule(module));
    this.known = [...now];
    return { added, removed, troubles };
  }

  registers(thread: ThreadId): FrameRegisters {
    return allRegisters(this.target.registers(thread));
  }

  stackPointer(thread: ThreadId): bigint {
    return this.target.registers(thread).read(RSP);
  }

  programCounter(thread: ThreadId): bigint {
    return this.target.registers(thread).read(RIP);
  }

  /** `pc` in place of the thread's own: an instruction that has just run. */
  unwind(thread: ThreadId, maxFrames: number, pc?: bigint): readonly Frame[] {
    const own = this.registers(thread);
    const registers: FrameRegisters = pc === undefined ? own : (number) => (number === RIP ? pc : own(number));
    return this.symbols.unwind(registers, this.memory, maxFrames);
  }

  /** Without a thread only globals are visible. */
  context(thread?: ThreadId, frame?: Frame): EvaluationContext {
    return {
      memory: this.memory,
      ...(frame === undefined ? {} : { frame }),
      ...(thread === undefined ? {} : { fsBase: this.target.registers(thread).fsBase }),
    };
  }

  threadName(thread: ThreadId): string {
    return this.target.threads().find(({ id }) => id === thread)?.name ?? '';
  }

  /** The function, the nearest symbol, or the module with an offset: never nothing. */
  codeName(pc: bigint): string {
    const known = this.symbols.innermostFunctionAt(pc)?.name ?? this.symbols.symbolize(pc);
    if (known !== undefined) return known;
    const module = this.moduleAt(pc);
    if (module === undefined) return hex(pc);
    return `${baseName(module.path)}+${hex(pc - module.bias)}`;
  }

  /** Neither a library's nor start-up code's. Without debug information nothing tells that apart from the program's. */
  isOwn({ modulePath, location }: Frame): boolean {
    const isMain = this.known.some((module) => module.isMain && module.path === modulePath);
    if (location?.path.startsWith(RUST_LIBRARIES) === true) return false;
    return isMain && (location !== undefined || !this.symbols.hasDebugInfo);
  }

  /** From the module's base to the next one's: no module lies between. */
  moduleRange(pc: bigint): { readonly low: bigint; readonly high: bigint } {
    const low = this.moduleAt(pc)?.bias ?? pc;
    const above = this.known.map(({ bias }) => bias).filter((bias) => bias > low);
    const high = above.reduce((least, bias) => (bias < least ? bias : least), low + MODULE_REACH);
    return { low, high };
  }

  private moduleAt(pc: bigint): LoadedModule | undefined {
    const below = this.known.filter(({ bias }) => bias <= pc && pc - bias < MODULE_REACH);
    return below.sort((a, b) => (a.bias < b.bias ? 1 : -1)).at(0);
  }

  private addModule(module: LoadedModule): readonly string[] {
    if (!module.path.startsWith('/')) return [];
    const bytes = this.files.read(module.path);
    if (bytes === undefined) return module.isMain ? [`${module.path} cannot be read: no symbols of it.`] : [];
    try {
      this.symbols.addModule(module.path, bytes, module.bias, module.isMain);
      return [];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return [error.message];
    }
  }
}

function isSame(first: LoadedModule, second: LoadedModule): boolean {
  return first.path === second.path && first.bias === second.bias;
}

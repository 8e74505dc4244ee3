// tiny-program.ts: a program of a few named integers, without code, for the unit tests of what stands on it.
//
// Its slots are an honest ledger; its threads do nothing by themselves.

import type {
  ArmResult,
  LoadedModule,
  Target,
  TargetDebugRegisters,
  ThreadId,
  ThreadInfo,
  ThreadRegisters,
  WatchHit,
  WatchId,
  WatchPiece,
} from '../../adapter/target/target';
import type { EvaluationContext, Frame, ProgramSymbols, TypeInfo, Value } from '../../adapter/symbols/program-symbols';
import { UserError } from '../../adapter/util/user-error';

const never = (): never => {
  throw new Error('not part of the tiny program');
};

export const INT: TypeInfo = { kind: 'base', name: 'int', sizeBytes: 4, encoding: 'signed' };

const OWN_HOLDER = { owner: 'ptrace', label: 'ptrace' } as const;

export class TinyProgram {
  readonly memory = new Uint8Array(4096);
  readonly base = 0x1000n;
  readonly armed = new Map<WatchId, readonly WatchPiece[]>();
  readonly slots = new Map<ThreadId, (WatchId | undefined)[]>();
  readonly stackPointers = new Map<ThreadId, bigint>();
  frames: Frame[] = [];
  readonly globals = new Map<string, bigint>();

  constructor(
    readonly slotsPerThread = 4,
    threads: readonly ThreadId[] = [1],
  ) {
    for (const thread of threads) this.startThread(thread);
    this.target = this.makeTarget();
  }

  startThread(thread: ThreadId): void {
    const slots = new Array<WatchId | undefined>(this.slotsPerThread).fill(undefined);
    this.slots.set(thread, slots);
    for (const [id, pieces] of this.armed) pieces.forEach(() => (slots[slots.indexOf(undefined)] = id));
    this.stackPointers.set(thread, 0x1800n);
  }

  readonly readMemory = (address: bigint, length: number): Uint8Array => {
    const at = Number(address - this.base);
    return at < 0 || at >= this.memory.length ? new Uint8Array(0) : this.memory.slice(at, at + length);
  };

  readInt(address: bigint): number {
    return new DataView(this.memory.buffer).getInt32(Number(address - this.base), true);
  }

  /** A thread writes four bytes: the hits that the machine would tell. */
  writeInt(address: bigint, value: number, instruction = 0x10n): WatchHit[] {
    const old = this.memory.slice();
    new DataView(this.memory.buffer).setInt32(Number(address - this.base), value, true);
    return this.hits(address, 4, 'write', old, instruction);
  }

  readHits(address: bigint): WatchHit[] {
    return this.hits(address, 4, 'read', this.memory.slice(), 0x20n);
  }

  private hits(
    address: bigint,
    length: number,
    access: 'read' | 'write',
    old: Uint8Array,
    instruction: bigint,
  ): WatchHit[] {
    const hits: WatchHit[] = [];
    for (const [watch, pieces] of this.armed) {
      for (const piece of pieces) {
        const overlaps =
          piece.address < address + BigInt(length) && address < piece.address + BigInt(piece.lengthBytes);
        if (!overlaps || (access === 'read' && piece.access === 'write')) continue;
        const at = Number(piece.address - this.base);
        const before = old.slice(at, at + piece.lengthBytes);
        const after = this.memory.slice(at, at + piece.lengthBytes);
        hits.push({ watch, slot: 0, piece, access, before, after, instruction });
      }
    }
    return hits;
  }

  private arm(id: WatchId, pieces: readonly WatchPiece[]): ArmResult {
    for (const [thread, slots] of this.slots) {
      const free = slots.filter((slot) => slot === undefined).length;
      if (free >= pieces.length) continue;
      const holders = slots.flatMap((watch, index) => {
        const piece = watch === undefined ? undefined : this.armed.get(watch)?.at(0);
        return watch === undefined || piece === undefined
          ? []
          : [{ index, ...OWN_HOLDER, address: piece.address, lengthBytes: piece.lengthBytes, watch }];
      });
      return { kind: 'refused', errno: 'ENOSPC', thread, slotsNeeded: pieces.length, slotsFree: free, holders };
    }
    this.armed.set(id, pieces);
    const taken = new Map<ThreadId, number[]>();
    for (const [thread, slots] of this.slots) {
      const own: number[] = [];
      pieces.forEach(() => {
        const index = slots.indexOf(undefined);
        slots[index] = id;
        own.push(index);
      });
      taken.set(thread, own);
    }
    return { kind: 'armed', slots: taken };
  }

  private disarm(id: WatchId): void {
    this.armed.delete(id);
    for (const slots of this.slots.values()) {
      for (const [index, holder] of slots.entries()) if (holder === id) slots[index] = undefined;
    }
  }

  private debugRegisters(): TargetDebugRegisters {
    const used = Math.max(
      0,
      ...[...this.slots.values()].map((slots) => slots.filter((slot) => slot !== undefined).length),
    );
    const slots = { total: this.slotsPerThread, used, free: this.slotsPerThread - used };
    return { map: { cpus: [], threads: [], slots }, watches: new Map() };
  }

  private registersOf(thread: ThreadId): ThreadRegisters {
    return {
      read: (number) => (number === 7 ? (this.stackPointers.get(thread) ?? 0n) : 0n),
      write: never,
      readXmm: never,
      writeXmm: never,
      rflags: 0n,
      callNumber: 0n,
      fsBase: 0n,
      gsBase: 0n,
      fxsave: new Uint8Array(512),
    };
  }

  readonly target: Target;

  private makeTarget(): Target {
    const { slotsPerThread } = this;
    return {
      start: never,
      running: false,
      resume: never,
      pause: never,
      kill: never,
      threads: (): readonly ThreadInfo[] => [...this.slots.keys()].map((id) => ({ id, name: `t${id}` })),
      registers: (thread) => this.registersOf(thread),
      modules: (): readonly LoadedModule[] => [],
      auxiliaryVector: never,
      processId: 1,
      timeNs: 0,
      readMemory: this.readMemory,
      writeMemory: never,
      setCodeStops: never,
      setQuietSignals: never,
      signalRecord: never,
      slotsPerThread,
      armWatch: (id, pieces) => this.arm(id, pieces),
      setWatchFilters: () => undefined,
      disarmWatch: (id) => {
        this.disarm(id);
      },
      slotBudget: () => this.debugRegisters().map.slots,
      debugRegisters: () => this.debugRegisters(),
    };
  }

  private evaluate(expression: string, context: EvaluationContext): Value {
    const comparison = /^\$(old|new) (>|==) (\d+)$/.exec(expression);
    if (comparison !== null) {
      const [, name = '', operator, right] = comparison;
      const left = context.convenience?.get(name)?.bytes ?? new Uint8Array(4);
      const value = new DataView(left.buffer, left.byteOffset).getInt32(0, true);
      const holds = operator === '>' ? value > Number(right) : value === Number(right);
      return this.value(Uint8Array.of(holds ? 1 : 0, 0, 0, 0));
    }
    const address = this.globals.get(expression);
    if (address === undefined) throw new UserError('unknown', `There is no \`${expression}\`.`);
    return { type: INT, location: { kind: 'memory', address }, bytes: context.memory.read(address, 4) };
  }

  private value(bytes: Uint8Array): Value {
    return { type: INT, location: { kind: 'value', bytes }, bytes };
  }

  readonly symbols: ProgramSymbols = {
    addModule: never,
    problems: [],
    removeModules: never,
    hasDebugInfo: true,
    addressesOfLine: never,
    locationOf: () => undefined,
    lineRange: () => undefined,
    functionNames: () => [],
    functionAt: () => undefined,
    innermostFunctionAt: () => undefined,
    functionsNamed: () => [],
    blockEdges: () => [],
    linkedFunctions: () => [],
    sourceFiles: () => [],
    symbolize: () => undefined,
    fileAddress: () => undefined,
    globalsNamed: () => [],
    globals: () => [],
    unwind: () => this.frames,
    localsAt: () => [],
    valueOf: never,
    evaluate: (expression, context) => this.evaluate(expression, context),
    typeNamed: (name) => (name === 'int' ? INT : undefined),
    children: never,
    childCount: () => ({ named: 0, indexed: 0 }),
    format: (value) => String(new DataView(value.bytes.buffer, value.bytes.byteOffset).getInt32(0, true)),
    formatChange: (label, { old, now }) => {
      const text = (value: Value): string => this.symbols.format(value, { read: () => new Uint8Array(0) });
      return { label, path: '', old: text(old), new: text(now) };
    },
    parse: never,
  };

  get world() {
    return { target: this.target, symbols: this.symbols, memory: { read: this.readMemory } };
  }
}

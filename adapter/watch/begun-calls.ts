// begun-calls.ts: a call that begins, and where a local lies in it: quickly where an earlier one began alike.
//
// Most calls of a function come from few places, and find the stack as the one before did. Alike are calls on one thread
// whose frame is at the same place and returns to the same one: where its stack ends is then taken to be the same, too.
// Where the frame is, and where the local lies in it, is looked up anew where something is other of what that was found by.

import type { FrameRegisters, MemoryReader } from '../symbols/program-symbols';
import type { ThreadId } from '../target/target';
import { allRegisters, FS_BASE } from './all-registers';
import { callAt, placeInCall } from './call-place';
import type { Call, CallCode, CallState, CallTarget } from './call-place';
import { type FrameCode, stackPointerOf } from './frame-life';
import type { Resolution } from './watch-target';
import type { WatchWorld } from './watch-world';
import { sameBytes } from '../util/same-bytes';

/** What has begun, as seen where it begins. */
export interface BegunCall {
  /** Undefined: the stack cannot be read. */
  readonly call: Call | undefined;
  /** It, and what it is inlined into. */
  readonly frames: readonly FrameCode[];
  /** Once known. */
  found?: FoundPlace;
}

interface FoundPlace {
  readonly resolution: Resolution;
  readonly by: Answers;
}

const MOST_KNOWN = 4096;
const WORD_BYTES = 8;

export class BegunCalls {
  private readonly known = new Map<string, { readonly begun: BegunCall; readonly by: Answers }>();

  constructor(private readonly world: WatchWorld) {}

  /** Code or names are others now. */
  forget(): void {
    this.known.clear();
  }

  /** The thread stands where a call of one of the functions begins. */
  at(target: CallTarget, functions: readonly CallCode[], thread: ThreadId, address: bigint): BegunCall {
    const { symbols, memory, target: program } = this.world;
    const registers = allRegisters(program.registers(thread));
    const key = `${thread} ${address} ${stackPointerOf(this.world, thread)} ${target.lengthBytes} ${target.expression}`;
    const known = this.known.get(key);
    if (known?.by.areSame(registers, memory) === true) return known.begun;
    const by = new Answers(registers, memory);
    const { asked } = by;
    symbols.unwind(asked.registers, wordByWord(asked.memory), 1);
    const begun = withoutStack(callAt(functions, thread, this.world));
    if (this.known.size >= MOST_KNOWN) this.known.clear();
    if (begun.call?.life.returnAddress !== undefined) this.known.set(key, { begun, by });
    return begun;
  }

  /** Where the local lies in that call, which has just begun. */
  placeIn(target: CallTarget, call: Call, begun: BegunCall): Resolution {
    const { memory, symbols, target: program } = this.world;
    const registers = allRegisters(program.registers(call.life.thread));
    if (begun.found?.by.areSame(registers, memory) === true) return begun.found.resolution;
    const by = new Answers(registers, memory);
    const resolution = placeInCall(target, call, by.asked, symbols);
    if (resolution.kind !== 'found') return resolution;
    by.forgetWithin(resolution.place.address, resolution.place.lengthBytes);
    begun.found = { resolution, by };
    return resolution;
  }
}

/** What a thread's registers and the memory have answered. */
class Answers {
  private readonly ofRegisters = new Map<number, bigint | undefined>();
  private ofMemory: { readonly address: bigint; readonly lengthBytes: number; readonly bytes: Uint8Array }[] = [];

  constructor(
    private readonly registers: FrameRegisters,
    private readonly memory: MemoryReader,
  ) {}

  /** To be asked instead: notes what is asked. */
  get asked(): CallState {
    const registers = (number: number): bigint | undefined => {
      const value = this.registers(number);
      this.ofRegisters.set(number, value);
      return value;
    };
    const read = (address: bigint, lengthBytes: number): Uint8Array => {
      const bytes = this.memory.read(address, lengthBytes);
      this.ofMemory.push({ address, lengthBytes, bytes: bytes.slice() });
      return bytes;
    };
    return { registers, memory: { read }, fsBase: registers(FS_BASE) };
  }

  /** What a value is says nothing of where it lies. */
  forgetWithin(address: bigint, lengthBytes: number): void {
    const end = address + BigInt(lengthBytes);
    this.ofMemory = this.ofMemory.filter(
      (read) => read.address < address || read.address + BigInt(read.lengthBytes) > end,
    );
  }

  areSame(registers: FrameRegisters, memory: MemoryReader): boolean {
    for (const [number, value] of this.ofRegisters) if (registers(number) !== value) return false;
    return this.ofMemory.every(({ address, lengthBytes, bytes }) =>
      sameBytes(memory.read(address, lengthBytes), bytes),
    );
  }
}

/** Frames hold on to all of the stack. */
function withoutStack({ call, frames }: BegunCall): BegunCall {
  const codes = frames.map(({ cfa, inlined, function: own }) => ({ cfa, inlined, ...(own && { function: own }) }));
  return { call: call && { of: call.of, life: call.life }, frames: codes };
}

/** Nothing is read, and noted, beside what is asked for. */
function wordByWord(memory: MemoryReader): MemoryReader {
  return { read: (address, lengthBytes) => memory.read(address, Math.min(lengthBytes, WORD_BYTES)) };
}

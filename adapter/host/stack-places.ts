// stack-places.ts: where a hit happened and who called, as places of a recording.
//
// Asked while the task stands at the hit. The accessing instruction lies just before rip (perf has no better either),
// an execute hit at rip. Frames are found by call frame information; what inlining made of one is told as calls.

import { syscallName } from '../kernel/abi/syscall-names.table';
import type { Process, Task } from '../kernel/process/task';
import type { Program } from '../symbols/program/program';
import { StackWalk } from '../symbols/unwind/stack-walk';
import { hex } from '../util/hex';
import type { RecordedPlace, RecordingWriter } from '../wire/cli/perf/recording';
import { ChainCache } from './chain-cache';
import { type KernelSymbols, memoryOf, registersOf } from './program-symbols';
import { baseName } from '../util/base-name';

const RIP = 16;
const MAX_FRAMES = 64;
const NO_MEMORY = { read: () => new Uint8Array(0) };

export interface HitPosition {
  readonly task: Task;
  /** An execute hit: rip is at the instruction. */
  readonly isExecution: boolean;
  /** The kernel did it, within the task's system call. */
  readonly kernelMode: boolean;
}

export class StackPlaces {
  /** By address of the code; places of one symbol set. */
  private readonly known = new WeakMap<Program, Map<bigint, readonly number[]>>();
  private readonly calls = new Map<number, number>();
  private readonly chains = new WeakMap<Program, ChainCache>();

  constructor(
    private readonly symbols: KernelSymbols,
    private readonly writer: RecordingWriter,
    private readonly callGraph: boolean,
  ) {}

  /** The number of the stack in the recording. */
  stackOf({ task, isExecution, kernelMode }: HitPosition): number {
    const program = this.symbols.of(task.process);
    const { rip } = task.registers;
    const places = kernelMode ? [this.kernelPlace(task)] : [];
    const exact = isExecution || !isWithin(program, rip) ? rip : rip - 1n;
    places.push(...this.placesAt(program, task.process, kernelMode ? rip - 1n : exact));
    if (this.callGraph) places.push(...this.callers(program, task));
    return this.writer.stack(places);
  }

  private callers(program: Program, task: Task): readonly number[] {
    let cache = this.chains.get(program);
    if (cache === undefined) this.chains.set(program, (cache = new ChainCache()));
    return cache.get(registersOf(task), memoryOf(task.process), (registers, memory) => {
      const walk = new StackWalk(registers, memory, program);
      const places: number[] = [];
      for (let index = 1; index < MAX_FRAMES; index += 1) {
        const frame = walk.frame(index);
        if (frame === undefined) break;
        places.push(...this.placesAt(program, task.process, frame.lookupPc));
      }
      return places;
    });
  }

  /** The function at the address, innermost first where it was inlined. */
  private placesAt(program: Program, process: Process, pc: bigint): readonly number[] {
    let known = this.known.get(program);
    if (known === undefined) this.known.set(program, (known = new Map<bigint, readonly number[]>()));
    const found = known.get(pc);
    if (found !== undefined) return found;
    const places = describe(program, process, pc).map((place) => this.writer.place(place));
    known.set(pc, places);
    return places;
  }

  private kernelPlace(task: Task): number {
    const call = task.currentCall;
    const known = this.calls.get(call);
    if (known !== undefined) return known;
    const name = call < 0 ? 'kernel' : `${syscallName(call)}()`;
    const place = this.writer.place({ address: '0x0', function: `[kernel] ${name}`, kernel: true });
    this.calls.set(call, place);
    return place;
  }
}

/** False where the instruction before cannot be the one that accessed: a jump has just led to a function's start. */
function isWithin(program: Program, rip: bigint): boolean {
  return program.functionAt(rip)?.low !== rip;
}

function describe(program: Program, process: Process, pc: bigint): readonly RecordedPlace[] {
  const frames = program.unwind((number) => (number === RIP ? pc : 0n), NO_MEMORY, MAX_FRAMES);
  const real = frames.findIndex(({ inlined }) => !inlined);
  return frames.slice(0, real + 1).map((frame) => ({
    address: hex(pc),
    function: frame.function?.name ?? program.symbolize(pc) ?? inModule(program, pc),
    file: frame.location?.path,
    line: frame.location?.line,
    module: frame.modulePath ?? moduleAt(process, pc),
  }));
}

/** `libc.so.6+0x2a1ca`: code without symbols. */
function inModule(program: Program, pc: bigint): string | undefined {
  const module = program.moduleAt(pc);
  if (module === undefined) return undefined;
  return `${baseName(module.path)}+${hex(module.toLink(pc))}`;
}

function moduleAt(process: Process, pc: bigint): string | undefined {
  return process.memory.vmas.find(Number(pc))?.file?.path;
}

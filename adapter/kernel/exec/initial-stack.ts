// initial-stack.ts: what a program finds on its stack: argc, argv, environment, auxiliary vector.
//
//   rsp → argc · argv… 0 · envp… 0 · auxv… AT_NULL · (padding) · 16 random bytes · "x86_64" · strings · path · 0
//
// Quirk: AT_RANDOM's bytes are the same in every run; there is no AT_SYSINFO_EHDR (no vDSO).
// Truth: x86-64 psABI 3.4.1; getauxval(3).

import { encodeText } from '../mm/user-copy';
import type { MemoryMap } from '../mm/memory-map';
import { StructWriter } from '../abi/struct-writer';

export interface StackFacts {
  readonly argv: readonly string[];
  readonly environment: readonly string[];
  /** AT_EXECFN. */
  readonly executable: string;
  readonly uid: number;
  readonly gid: number;
  /** 16 bytes. */
  readonly random: Uint8Array;
}

interface ImageFacts {
  readonly headers: number;
  readonly headerCount: number;
  readonly interpreterBase: number;
  readonly entry: number;
}

const AT_NULL = 0;
const AT_PHDR = 3;
const AT_PHENT = 4;
const AT_PHNUM = 5;
const AT_PAGESZ = 6;
const AT_BASE = 7;
const AT_FLAGS = 8;
const AT_ENTRY = 9;
const AT_UID = 11;
const AT_EUID = 12;
const AT_GID = 13;
const AT_EGID = 14;
const AT_PLATFORM = 15;
const AT_HWCAP = 16;
const AT_CLKTCK = 17;
const AT_SECURE = 23;
const AT_RANDOM = 25;
const AT_HWCAP2 = 26;
const AT_EXECFN = 31;
const AT_MINSIGSTKSZ = 51;

/** CPUID.1:EDX of the machine: FPU … SSE2. */
const HWCAP = 0x078bfbff;
const PROGRAM_HEADER_BYTES = 56;
const MIN_SIGNAL_STACK = 2048;

export interface InitialStack {
  /** rsp. */
  readonly pointer: number;
  /** The auxiliary vector as the program finds it. */
  readonly auxiliary: Uint8Array;
}

/** Writes the stack below `top`. */
export function buildStack(memory: MemoryMap, top: number, facts: StackFacts, image: ImageFacts): InitialStack {
  const strings = new StringArea(top - 8);
  const execfn = strings.add(facts.executable);
  const environment = strings.addAll(facts.environment);
  memory.envEnd = execfn;
  memory.envStart = strings.low;
  const argv = strings.addAll(facts.argv);
  memory.argEnd = memory.envStart;
  memory.argStart = strings.low;
  const platform = strings.add('x86_64');
  const random = strings.addBytes(facts.random);
  const auxiliary = auxiliaryVector(facts, image, { platform, random, execfn });
  const words = [argv.length, ...argv, 0, ...environment, 0, ...auxiliary.flat()];
  const rsp = Math.floor((strings.low - words.length * 8) / 16) * 16;
  const writer = new StructWriter(words.length * 8);
  for (const word of words) writer.u64(word);
  memory.populate(rsp, top - rsp);
  memory.space.write(BigInt(rsp), writer.bytes);
  for (const { address, bytes } of strings.parts) memory.space.write(BigInt(address), bytes);
  return { pointer: rsp, auxiliary: writer.bytes.slice(-auxiliary.length * 16) };
}

function auxiliaryVector(
  facts: StackFacts,
  image: ImageFacts,
  at: { readonly platform: number; readonly random: number; readonly execfn: number },
): readonly (readonly [number, number])[] {
  return [
    [AT_HWCAP, HWCAP],
    [AT_PAGESZ, 4096],
    [AT_CLKTCK, 100],
    [AT_PHDR, image.headers],
    [AT_PHENT, PROGRAM_HEADER_BYTES],
    [AT_PHNUM, image.headerCount],
    [AT_BASE, image.interpreterBase],
    [AT_FLAGS, 0],
    [AT_ENTRY, image.entry],
    [AT_UID, facts.uid],
    [AT_EUID, facts.uid],
    [AT_GID, facts.gid],
    [AT_EGID, facts.gid],
    [AT_SECURE, 0],
    [AT_RANDOM, at.random],
    [AT_HWCAP2, 0],
    [AT_MINSIGSTKSZ, MIN_SIGNAL_STACK],
    [AT_EXECFN, at.execfn],
    [AT_PLATFORM, at.platform],
    [AT_NULL, 0],
  ];
}

/** Strings, growing downwards. */
class StringArea {
  readonly parts: { readonly address: number; readonly bytes: Uint8Array }[] = [];

  constructor(public low: number) {}

  /** In memory in the order given. */
  addAll(texts: readonly string[]): number[] {
    return [...texts]
      .reverse()
      .map((text) => this.add(text))
      .reverse();
  }

  add(text: string): number {
    const encoded = encodeText(text);
    const bytes = new Uint8Array(encoded.length + 1);
    bytes.set(encoded);
    return this.addBytes(bytes);
  }

  addBytes(bytes: Uint8Array): number {
    this.low -= bytes.length;
    this.parts.push({ address: this.low, bytes });
    return this.low;
  }
}

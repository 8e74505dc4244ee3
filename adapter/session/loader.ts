// loader.ts: the dynamic loader of the program, whose accesses are none of the program's.
//
// It relocates: pointers in a program's and its libraries' data get their values, thread-local variables their first
// ones, when they are loaded. Nobody who watches a variable means that. It is done with what the program begins with
// when it jumps to the program's entry point. A static program that is moved relocates itself.
// Truth: glibc's elf/rtld.c and csu/static-reloc.c, musl's ldso/dlstart.c (behaviour).

import type { WatchHit } from '../target/target';
import type { Debuggee } from './debuggee';

const AT_NULL = 0n;
const AT_BASE = 7n;
const AT_ENTRY = 9n;
const WORD = 8;
const RELOCATES_ITSELF: ReadonlySet<string> = new Set(['_dl_relocate_static_pie', '_dlstart_c']);

export class Loader {
  /** Where it lies; undefined: there is none. */
  private base: bigint | undefined;
  /** Where it goes to; undefined: it has. */
  private entry: bigint | undefined;
  /** A program without a loader may be relocating itself. */
  private isBeginning = true;

  constructor(private readonly debuggee: Debuggee) {
    this.begin();
  }

  /** A program has been loaded, the first or another in its place. */
  begin(): void {
    const facts = factsOf(this.debuggee.target.auxiliaryVector());
    const base = facts.get(AT_BASE) ?? 0n;
    this.base = base === 0n ? undefined : base;
    this.entry = this.base === undefined ? undefined : facts.get(AT_ENTRY);
    this.isBeginning = this.base === undefined;
  }

  /** At what the program begins with. */
  get isAtWork(): boolean {
    return this.entry !== undefined;
  }

  /** Where the program must stop once, unseen. */
  addresses(): readonly bigint[] {
    return this.entry === undefined ? [] : [this.entry];
  }

  /** The program has come there. */
  reachedEntry(): void {
    this.entry = undefined;
  }

  /** A thread has thread-local memory: by then a program has relocated itself. */
  threadPointerSet(): void {
    this.isBeginning = false;
  }

  /** It did this to a variable that is not its own. */
  didIt({ instruction, piece }: WatchHit): boolean {
    return this.isInside(instruction) && !this.isInside(piece.address);
  }

  private isInside(address: bigint): boolean {
    if (this.base === undefined)
      return this.isBeginning && RELOCATES_ITSELF.has(this.debuggee.symbols.functionAt(address)?.name ?? '');
    if (address < this.base) return false;
    return address < this.debuggee.moduleRange(this.base).high;
  }
}

function factsOf(vector: Uint8Array): ReadonlyMap<bigint, bigint> {
  const view = new DataView(vector.buffer, vector.byteOffset, vector.byteLength);
  const facts = new Map<bigint, bigint>();
  for (let at = 0; at + 2 * WORD <= vector.length; at += 2 * WORD) {
    const kind = view.getBigUint64(at, true);
    if (kind === AT_NULL) break;
    facts.set(kind, view.getBigUint64(at + WORD, true));
  }
  return facts;
}

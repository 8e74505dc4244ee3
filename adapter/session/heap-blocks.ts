// heap-blocks.ts: watched memory of the heap whose block is freed.
//
// While such a watch is armed the program stops, unseen, where `free` and `realloc` begin (operator delete ends there
// too); otherwise nothing is set and it costs nothing. A block is known by the header that glibc keeps before it:
//
//     p - 8   size of the chunk | 1 (the one before is in use) | 2 (mapped by itself) | 4 (not of the main arena)
//
// `realloc` is judged when it returns: a block that stays keeps its watches, one that moves ends them. What the
// allocator itself writes meanwhile is not the program's doing, and is passed over.
//
// Quirk: of other allocators than glibc's only a watch at the very start of the freed block is known to end.

import type { ThreadId, WatchHit } from '../target/target';
import { hex } from '../util/hex';
import type { Watch } from '../watch/watch';
import type { WatchList } from '../watch/watch-list';
import type { EndReason } from '../watch/watch-texts';
import type { Debuggee } from './debuggee';
import { placeText, threadText } from './stop-text';

const RAX = 0;
const RSI = 4;
const RDI = 5;
const WORD = 8;
const LEAST_CHUNK = 32n;
const MOST_CHUNK = 1n << 40n;
const MAPPED = 2n;
const CALLERS_SEEN = 32;

interface Resizing {
  readonly thread: ThreadId;
  readonly returnAddress: bigint;
  readonly stackPointer: bigint;
  readonly block: bigint;
  readonly newBytes: bigint;
  readonly watches: readonly Watch[];
  /** `by thread 1000 "x" in grow at list.c:12`. */
  readonly who: string;
}

export interface HeapVerdict {
  readonly over: readonly { readonly watch: Watch; readonly reason: EndReason }[];
  /** The addresses are others now: the program must stand once, for them to be set. */
  readonly changed: boolean;
}

const NOTHING: HeapVerdict = { over: [], changed: false };

export class HeapBlocks {
  private frees = new Set<bigint>();
  private reallocs = new Set<bigint>();
  private resizings: readonly Resizing[] = [];

  constructor(
    private readonly debuggee: Debuggee,
    private readonly watches: WatchList,
  ) {}

  /** Looks for the functions anew: modules came or went. */
  refresh(): void {
    const entries = (name: string): Set<bigint> => new Set(this.debuggee.symbols.linkedFunctions(name));
    this.frees = entries('free');
    this.reallocs = entries('realloc');
  }

  /** The program stands at another moment of its time: which calls of realloc are under way there is not known. */
  travelled(): void {
    this.resizings = [];
  }

  /** Where the program must stop now. */
  addresses(): readonly bigint[] {
    if (this.watches.onHeap().length === 0) return [];
    return [...this.frees, ...this.reallocs, ...this.resizings.map(({ returnAddress }) => returnAddress)];
  }

  /** The thread is at one of the addresses. */
  at(thread: ThreadId, address: bigint): HeapVerdict {
    const returned = this.resizings.find(
      (each) =>
        each.returnAddress === address && each.thread === thread && this.stackPointer(thread) > each.stackPointer,
    );
    if (returned !== undefined) return this.resized(returned);
    const registers = this.debuggee.target.registers(thread);
    const block = registers.read(RDI);
    if (this.frees.has(address)) return this.freed(thread, block);
    if (!this.reallocs.has(address)) return NOTHING;
    const newBytes = registers.read(RSI);
    return newBytes === 0n ? this.freed(thread, block) : this.resizing(thread, block, newBytes);
  }

  /** Without what the allocator does within its own realloc. */
  programsOwn(thread: ThreadId, hits: readonly WatchHit[]): readonly WatchHit[] {
    const inside = this.resizings.filter((each) => each.thread === thread);
    if (inside.length === 0) return hits;
    const watches = new Set(inside.flatMap((each) => each.watches));
    return hits.filter((hit) => !this.watches.usersOf(hit.watch).some((watch) => watches.has(watch)));
  }

  private freed(thread: ThreadId, block: bigint): HeapVerdict {
    const watches = this.within(block);
    if (watches.length === 0) return NOTHING;
    const why = `its heap block was freed ${this.whoText(thread)}`;
    return { over: watches.map((watch) => ({ watch, reason: { why } })), changed: true };
  }

  private resizing(thread: ThreadId, block: bigint, newBytes: bigint): HeapVerdict {
    const watches = this.within(block);
    const stackPointer = this.stackPointer(thread);
    const returnAddress = this.word(stackPointer);
    if (watches.length === 0 || returnAddress === undefined) return NOTHING;
    const who = this.whoText(thread);
    this.resizings = [...this.resizings, { thread, returnAddress, stackPointer, block, newBytes, watches, who }];
    return { over: [], changed: true };
  }

  private resized(resizing: Resizing): HeapVerdict {
    this.resizings = this.resizings.filter((each) => each !== resizing);
    const { thread, block, newBytes, watches, who } = resizing;
    const now = this.debuggee.target.registers(thread).read(RAX);
    const alive = new Set(this.watches.onHeap());
    const over = watches.flatMap((watch) => {
      const { place } = watch;
      if (place === undefined || !alive.has(watch) || now === 0n) return [];
      const offset = place.address - block;
      if (offset + BigInt(place.lengthBytes) > newBytes) {
        return [{ watch, reason: { why: `realloc cut its heap block to ${newBytes} bytes, called ${who}` } }];
      }
      if (now === block) return [];
      const why = `realloc moved its heap block, called ${who}; what it was is at ${hex(now + offset)} now`;
      return [{ watch, reason: { why } }];
    });
    return { over, changed: true };
  }

  private within(block: bigint): readonly Watch[] {
    if (block === 0n) return [];
    const bytes = this.blockBytes(block) ?? 1n;
    return this.watches.onHeap().filter(({ place }) => {
      const offset = (place?.address ?? 0n) - block;
      return offset >= 0n && offset < bytes;
    });
  }

  /** What the program may use of it, by glibc's header; undefined where that is no such header. */
  private blockBytes(block: bigint): bigint | undefined {
    const header = this.word(block - BigInt(WORD));
    if (header === undefined || this.debuggee.symbols.linkedFunctions('__libc_free').length === 0) return undefined;
    const chunk = header & ~7n;
    if (chunk < LEAST_CHUNK || chunk > MOST_CHUNK || chunk % 16n !== 0n) return undefined;
    // A chunk in use lends its successor's first word.
    return (header & MAPPED) !== 0n ? chunk - 16n : chunk - 8n;
  }

  private whoText(thread: ThreadId): string {
    const frames = this.debuggee.unwind(thread, CALLERS_SEEN).slice(1);
    const own = frames.find(({ location }) => location !== undefined) ?? frames.at(0);
    const name = own === undefined ? '' : ` in ${own.function?.name ?? this.debuggee.codeName(own.lookupPc)}`;
    const at = own?.location === undefined ? '' : ` at ${placeText(own.location)}`;
    return `by ${threadText(thread, this.debuggee)}${name}${at}`;
  }

  private stackPointer(thread: ThreadId): bigint {
    return this.debuggee.stackPointer(thread);
  }

  private word(address: bigint): bigint | undefined {
    const bytes = this.debuggee.memory.read(BigInt.asUintN(64, address), WORD);
    if (bytes.length < WORD) return undefined;
    return new DataView(bytes.buffer, bytes.byteOffset, WORD).getBigUint64(0, true);
  }
}

// translation-store.ts: seldom-run code that was translated once, for all address spaces of a machine.
//
// A forked child runs its parent's code, and a program that is executed anew finds its libraries where they were: most
// of what they need is here. A batch is found by its first entry and used only where the very bytes that it was
// translated from lie at the very addresses, executable and without a stop among them.

import { ExitSites } from './exit-site';
import type { Instruction } from '../decode/instruction';
import type { RegionShape } from './region-shape';

/** The compiled regions of one module, or one region as micro-code. */
export interface StoredBatch {
  readonly code: WebAssembly.Module | Uint8Array;
  readonly shapes: readonly RegionShape[];
  readonly limitBits: number;
  /** What was read ahead and found not to look at flags. */
  readonly seen: readonly Instruction[];
}

export interface Compiled {
  readonly code: WebAssembly.Module;
}

export interface Evaluated {
  readonly code: Uint8Array;
}

/** What the store asks of an address space. */
export interface CodeBytes {
  readonly bytes: Uint8Array;
  isExecutable(address: number): boolean;
  isStop(address: number): boolean;
}

interface Candidate extends StoredBatch {
  /** Address and length of each piece of code that it depends on. */
  readonly pieces: readonly number[];
  /** Their bytes, one after the other. */
  readonly bytes: Uint8Array;
}

/** Different programs at one address, each as a module and as micro-code; beyond so many the oldest goes. */
const MOST_VARIANTS = 8;

export class TranslationStore {
  /** Of all address spaces: a stored module names its sites by number. */
  readonly sites = new ExitSites();
  private readonly batches = new Map<number, Candidate[]>();
  private readonly users = new Set<{ clear(): void }>();

  /** The user's translated code is cleared with the store. */
  join(user: { clear(): void }): void {
    this.users.add(user);
  }

  leave(user: { clear(): void }): void {
    this.users.delete(user);
  }

  /** The batch whose code is a module. */
  findModule(entry: number, limitBits: number, space: CodeBytes): (StoredBatch & Compiled) | undefined {
    return this.batches
      .get(entry)
      ?.find((found): found is Candidate & Compiled => isCompiled(found) && isUsable(found, limitBits, space));
  }

  /** The batch whose code is micro-code. */
  findMicro(entry: number, limitBits: number, space: CodeBytes): (StoredBatch & Evaluated) | undefined {
    return this.batches
      .get(entry)
      ?.find((found): found is Candidate & Evaluated => isEvaluated(found) && isUsable(found, limitBits, space));
  }

  /** Keeps what does not depend on the stops of one address space. */
  keep(entry: number, batch: StoredBatch, space: CodeBytes): void {
    const pieces: number[] = [];
    for (const { blocks } of batch.shapes) {
      for (const { address, end, isStop } of blocks.values()) {
        if (isStop) return;
        pieces.push(address, end - address);
      }
    }
    for (const { address, length } of batch.seen) pieces.push(address, length);
    const variants = this.batches.get(entry) ?? [];
    this.batches.set(
      entry,
      [{ ...batch, pieces, bytes: copyOf(pieces, space.bytes) }, ...variants].slice(0, MOST_VARIANTS),
    );
  }

  /** Forgets everything, everywhere. Call where no translated code runs. */
  clear(): void {
    for (const user of this.users) user.clear();
    this.batches.clear();
    this.sites.clear();
  }
}

function copyOf(pieces: readonly number[], memory: Uint8Array): Uint8Array {
  let total = 0;
  for (let n = 1; n < pieces.length; n += 2) total += pieces[n];
  const copy = new Uint8Array(total);
  let to = 0;
  for (let n = 0; n < pieces.length; n += 2) {
    for (let at = pieces[n]; at < pieces[n] + pieces[n + 1]; at++) copy[to++] = memory[at];
  }
  return copy;
}

function isCompiled(batch: StoredBatch): batch is StoredBatch & Compiled {
  return batch.code instanceof WebAssembly.Module;
}

function isEvaluated(batch: StoredBatch): batch is StoredBatch & Evaluated {
  return batch.code instanceof Uint8Array;
}

function isUsable(candidate: Candidate, limitBits: number, space: CodeBytes): boolean {
  return candidate.limitBits === limitBits && isThere(candidate, space);
}

function isThere({ pieces, bytes, shapes }: Candidate, space: CodeBytes): boolean {
  let from = 0;
  for (let n = 0; n < pieces.length; n += 2) {
    const first = pieces[n];
    const end = first + pieces[n + 1];
    if (!space.isExecutable(first) || !space.isExecutable(end - 1)) return false;
    for (let at = first; at < end; at++) if (space.bytes[at] !== bytes[from++]) return false;
  }
  return !shapes.some((shape) => hasStop(shape, space));
}

function hasStop({ blocks }: RegionShape, space: CodeBytes): boolean {
  for (const { instructions } of blocks.values()) {
    if (instructions.some(({ address }) => space.isStop(address))) return true;
  }
  return false;
}

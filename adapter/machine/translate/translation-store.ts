// translation-store.ts: seldom-run code that was translated once, for all address spaces of a machine.
//
// A forked child runs its parent's code, and a program that is executed anew finds its libraries where they were: most
// of what they need is here. A batch is found by its first entry and used only where the very bytes that it was
// translated from lie at the very addresses, executable and without a stop among them.

import { ExitSites } from './exit-site';
import type { Instruction } from '../decode/instruction';
import type { RegionShape } from './region-shape';

/** The compiled regions of one module. */
export interface StoredBatch {
  readonly module: WebAssembly.Module;
  readonly shapes: readonly RegionShape[];
  readonly limitBits: number;
  /** What was read ahead and found not to look at flags. */
  readonly seen: readonly Instruction[];
}

/** What the store asks of an address space. */
export interface CodeBytes {
  readonly bytes: Uint8Array;
  isExecutable(address: number): boolean;
  isStop(address: number): boolean;
}

interface Candidate extends StoredBatch {
  readonly code: readonly { readonly first: number; readonly bytes: Uint8Array }[];
  readonly instructions: readonly number[];
}

/** Different programs at one address; beyond so many the oldest goes. */
const MOST_VARIANTS = 4;

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

  find(entry: number, limitBits: number, space: CodeBytes): StoredBatch | undefined {
    return this.batches.get(entry)?.find((candidate) => candidate.limitBits === limitBits && isThere(candidate, space));
  }

  /** Keeps what does not depend on the stops of one address space. */
  keep(entry: number, batch: StoredBatch, space: CodeBytes): void {
    const blocks = batch.shapes.flatMap(({ blocks: all }) => [...all.values()]);
    if (blocks.some(({ isStop }) => isStop)) return;
    const seen = batch.seen.map(({ address, length }) => ({ address, end: address + length }));
    const code = [...blocks, ...seen].map(({ address, end }) => ({
      first: address,
      bytes: space.bytes.slice(address, end),
    }));
    const instructions = blocks.flatMap((block) => block.instructions.map(({ address }) => address));
    const variants = this.batches.get(entry) ?? [];
    this.batches.set(entry, [{ ...batch, code, instructions }, ...variants].slice(0, MOST_VARIANTS));
  }

  /** Forgets everything, everywhere. Call where no translated code runs. */
  clear(): void {
    for (const user of this.users) user.clear();
    this.batches.clear();
    this.sites.clear();
  }
}

function isThere({ code, instructions }: Candidate, space: CodeBytes): boolean {
  return (
    code.every(({ first, bytes }) => isExecutable(first, bytes.length, space) && holds(first, bytes, space.bytes)) &&
    !instructions.some((address) => space.isStop(address))
  );
}

function isExecutable(first: number, lengthBytes: number, space: CodeBytes): boolean {
  return space.isExecutable(first) && space.isExecutable(first + lengthBytes - 1);
}

function holds(first: number, bytes: Uint8Array, memory: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) if (memory[first + at] !== bytes[at]) return false;
  return true;
}

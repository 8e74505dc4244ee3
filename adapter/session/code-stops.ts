// code-stops.ts: who wants the program to stop at which instruction.
//
// Each owner (breakpoints, a step, frames that end, …) holds its own set; the target gets the union. Tells the target
// only what changed. Decides nothing.

import type { Target } from '../target/target';

export type CodeStopOwner = 'breakpoints' | 'step' | 'frames' | 'heap' | 'entry' | 'start' | 'calls';

export class CodeStops {
  private readonly wanted = new Map<CodeStopOwner, ReadonlySet<bigint>>();
  private installed: ReadonlySet<bigint> = new Set();

  constructor(private readonly target: Target) {}

  /** Replaces the owner's set. The target must stand. */
  set(owner: CodeStopOwner, addresses: Iterable<bigint>): void {
    this.wanted.set(owner, new Set(addresses));
    this.install();
  }

  wants(owner: CodeStopOwner, address: bigint): boolean {
    return this.wanted.get(owner)?.has(address) ?? false;
  }

  /** The target has been replaced by one that has none. */
  reinstall(): void {
    this.installed = new Set();
    this.install();
  }

  private install(): void {
    const union = new Set<bigint>();
    for (const addresses of this.wanted.values()) for (const address of addresses) union.add(address);
    const same = union.size === this.installed.size && [...union].every((address) => this.installed.has(address));
    if (same) return;
    this.installed = union;
    this.target.setCodeStops(union);
  }
}

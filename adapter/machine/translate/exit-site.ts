// exit-site.ts: the places where translated code may leave, and what is true there.
//
// Translated code leaves with nothing but a site's number in hand. The site tells JavaScript the rest: where the guest
// is, how many counted instructions have not retired, in what form the flags were left, and why.

import type { Instruction } from '../decode/instruction';

export type ExitReason =
  /** Go on at `rip`. */
  | 'next'
  /** The probe refused an access: run this instruction alone. */
  | 'access'
  /** The instruction is done, and has hits that are to be told. */
  | 'judged'
  /** In an instruction that runs alone: its access faults; the address is in the state area. */
  | 'fault'
  /** The instructions given are used up. */
  | 'count'
  /** A place where the debugger or a debug register may want to stop. */
  | 'stop'
  | 'syscall'
  | 'int80'
  | 'int3'
  | 'icebp'
  | 'exception'
  /** CPUID, RDTSC, …: JavaScript executes it. */
  | 'service'
  /** One repetition of a string instruction that runs alone is done, more remain. */
  | 'repetition'
  /** The instruction has no translation. */
  | 'unimplemented'
  /** The bytes at `rip` cannot be fetched. */
  | 'fetch';

export interface ExitSite {
  readonly reason: ExitReason;
  /** Where the guest goes on: the instruction itself for faults, the next one for traps. */
  readonly rip: number;
  /** Instructions that are taken off the count, but have not retired; negative: retired, but not taken off. */
  readonly uncounted: number;
  /** ≥ 0: the kind of the flags in flagA and flagB; -1: flagKind in the state area is right. */
  readonly flagKind: number;
  /** The instruction at which it happens, where there is one. */
  readonly instruction: Instruction | undefined;
  /** Vector of an exception. */
  readonly vector: number;
  /** The site is in code that is worth better code where it uses a quantum up. */
  readonly promotes: boolean;
}

/** Numbers all sites of an address space. Number 0 is reserved for a failed fetch. */
export class ExitSites {
  private readonly sites: ExitSite[] = [];

  add(site: ExitSite): number {
    this.sites.push(site);
    return this.sites.length;
  }

  /** Undefined for 0: there is no site. */
  get(number: number): ExitSite | undefined {
    return number === 0 ? undefined : this.sites[number - 1];
  }

  get count(): number {
    return this.sites.length;
  }

  clear(): void {
    this.sites.length = 0;
  }
}

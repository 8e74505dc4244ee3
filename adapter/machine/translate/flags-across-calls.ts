// flags-across-calls.ts: does guest code look at flags that a call or a return has brought?
//
// Compilers never do, so translated code forgets the flags there. Assembly may: a carry as a result, a flag as a
// parameter. What follows a direct call is read ahead before any of it has run: up to the first instruction that gives
// the flags new values, or looks at the old ones. Where code looks, the whole address space keeps its flags from then on.
// Quirk: a `ret` used as a jump to code that looks at the flags, seen for the first time, finds older ones.

import type { Instruction } from '../decode/instruction';
import { WRITES_FLAGS } from './flag-effects.table';
import { nextAddress, type RegionShape } from './region-shape';

/** Flags that nothing has given a new value yet. */
const CARRY = 1;
const REST = 2;

type Finding = 'looks' | 'over' | { readonly needed: number };

/** Read ahead so far; code that goes on longer counts as looking. */
const MOST_INSTRUCTIONS = 200;
const STRAIGHT_INSTRUCTIONS = 8;

const LOOKS_AT_CARRY: ReadonlySet<string> = new Set(['adc', 'sbb', 'rcl', 'rcr', 'cmc', 'adcx']);
const LOOKS_AT_ALL: ReadonlySet<string> = new Set([
  ...['pushf', 'lahf'],
  ...['fcmovb', 'fcmove', 'fcmovbe', 'fcmovu', 'fcmovnb', 'fcmovne', 'fcmovnbe', 'fcmovnu'],
]);
const LOOKS_AT_REST: ReadonlySet<string> = new Set(['loope', 'loopne', 'adox']);
/** The others keep their values, or get undefined ones. */
const SETS_CARRY: ReadonlySet<string> = new Set(['clc', 'stc', 'bt', 'bts', 'btr', 'btc', 'rol', 'ror']);
const SETS_REST: ReadonlySet<string> = new Set(['inc', 'dec']);
/** Whoever looks after a shift looks at the shift's own flags, and after these at theirs. */
const SETS_ALL: ReadonlySet<string> = new Set([
  ...['shl', 'shr', 'sar', 'shld', 'shrd', 'scas', 'cmps', 'sahf'],
  ...[...WRITES_FLAGS].filter((mnemonic) => !SETS_REST.has(mnemonic)),
]);
/** Where they go is not known; what they reach is read ahead by itself. */
const ENDS: ReadonlySet<string> = new Set([
  ...['ret', 'call_indirect', 'jmp_indirect', 'syscall', 'int3', 'int', 'icebp', 'hlt', 'ud2', 'iret'],
]);

export interface LookAhead {
  readonly looks: boolean;
  /** What was read: the finding holds while these are what they are. */
  readonly seen: readonly Instruction[];
}

interface Source {
  decode(address: number): Instruction | undefined;
}

/** Does anything that the regions call or go on with after a call look at flags from before? */
export function lookAhead(source: Source, shapes: readonly RegionShape[]): LookAhead {
  const reader = new Reader(source);
  for (const { blocks } of shapes) {
    for (const { instructions } of blocks.values()) {
      const last = instructions.at(-1);
      if (last === undefined || !last.mnemonic.startsWith('call')) continue;
      const starts = last.mnemonic === 'call' && last.target !== undefined ? [last.target] : [];
      if ([...starts, nextAddress(last)].some((start) => reader.looksAt(start))) return { looks: true, seen: [] };
    }
  }
  return { looks: false, seen: [...reader.seen.values()] };
}

class Reader {
  readonly seen = new Map<number, Instruction>();
  /** Starts that do not look. */
  private readonly done = new Set<number>();

  constructor(private readonly source: Source) {}

  looksAt(start: number): boolean {
    if (this.done.has(start)) return false;
    this.done.add(start);
    // Nearly always decided before the first branch.
    let address = start;
    for (let left = STRAIGHT_INSTRUCTIONS; left > 0; left--) {
      const instruction = this.source.decode(address);
      if (instruction === undefined) return false;
      const finding = findingAt(instruction, CARRY | REST);
      if (finding === 'looks') return true;
      this.seen.set(address, instruction);
      if (finding === 'over') return false;
      if (finding.needed !== (CARRY | REST) || instruction.target !== undefined) break;
      address = nextAddress(instruction);
    }
    return this.looksBeyond(address);
  }

  private looksBeyond(start: number): boolean {
    const visited = new Set<number>();
    const pending = [{ address: start, needed: CARRY | REST }];
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      if (visited.has(at.address * 4 + at.needed)) continue;
      visited.add(at.address * 4 + at.needed);
      if (visited.size > MOST_INSTRUCTIONS) return true;
      const instruction = this.source.decode(at.address);
      if (instruction === undefined) continue;
      this.seen.set(at.address, instruction);
      const finding = findingAt(instruction, at.needed);
      if (finding === 'looks') return true;
      if (finding === 'over') continue;
      for (const address of successorsOf(instruction)) pending.push({ address, needed: finding.needed });
    }
    return false;
  }
}

function findingAt({ mnemonic, condition }: Instruction, needed: number): Finding {
  const has = (flags: number): boolean => (needed & flags) !== 0;
  if (LOOKS_AT_ALL.has(mnemonic)) return 'looks';
  if (LOOKS_AT_CARRY.has(mnemonic)) return has(CARRY) ? 'looks' : { needed };
  if (LOOKS_AT_REST.has(mnemonic)) return has(REST) ? 'looks' : { needed };
  if (condition !== undefined && has(flagsOf(condition))) return 'looks';
  if (SETS_ALL.has(mnemonic) || ENDS.has(mnemonic)) return 'over';
  const left = needed & ~(SETS_CARRY.has(mnemonic) ? CARRY : SETS_REST.has(mnemonic) ? REST : 0);
  return left === 0 ? 'over' : { needed: left };
}

/** Condition codes by pairs: O, C, Z, C|Z, S, P, L, LE. */
function flagsOf(condition: number): number {
  const pair = condition >> 1;
  return pair === 1 ? CARRY : pair === 3 ? CARRY | REST : REST;
}

const BRANCHES: ReadonlySet<string> = new Set(['jcc', 'jrcxz', 'loop', 'loope', 'loopne']);

function successorsOf(instruction: Instruction): readonly number[] {
  const { mnemonic, target } = instruction;
  if (target === undefined) return [nextAddress(instruction)];
  if (mnemonic === 'jmp' || mnemonic === 'call') return [target];
  return BRANCHES.has(mnemonic) ? [nextAddress(instruction), target] : [nextAddress(instruction)];
}

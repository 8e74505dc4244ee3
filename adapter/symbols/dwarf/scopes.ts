// scopes.ts: the blocks of a function: lexical blocks and functions inlined into it, with their variables.
//
// A scope's variables are its own entries, then what its origin declares and the instance left out (the compiler kept
// no place for those). Link-time addresses.

import { covers, rangesOf, type AddressRange } from './address-ranges';
import { AT, TAG } from './dwarf-constants.table';
import type { Die } from './unit';

export interface Scope {
  readonly kind: 'function' | 'inlined' | 'block';
  readonly die: Die;
  readonly ranges: readonly AddressRange[];
  readonly variables: readonly Die[];
  readonly inner: readonly Scope[];
}

const MAX_DEPTH = 128;

/** `die` is a subprogram with code. */
export function scopesOf(die: Die, ranges: readonly AddressRange[]): Scope {
  return buildScope('function', die, ranges, 0);
}

function buildScope(kind: Scope['kind'], die: Die, ranges: readonly AddressRange[], depth: number): Scope {
  const inner: Scope[] = [];
  const variables: Die[] = [];
  for (const child of die.children) {
    if (child.tag === TAG.formal_parameter || child.tag === TAG.variable) variables.push(child);
    else if (depth < MAX_DEPTH) collectInner(child, ranges, depth, inner, variables);
  }
  return { kind, die, ranges, variables: [...variables, ...leftOut(die, variables)], inner };
}

function collectInner(
  child: Die,
  outer: readonly AddressRange[],
  depth: number,
  inner: Scope[],
  variables: Die[],
): void {
  if (child.tag === TAG.inlined_subroutine) {
    inner.push(buildScope('inlined', child, rangesOf(child), depth + 1));
  } else if (child.tag === TAG.lexical_block) {
    const own = rangesOf(child);
    // Without addresses a block holds wherever its parent does.
    const block = buildScope('block', child, own.length > 0 ? own : outer, depth + 1);
    if (own.length > 0) inner.push(block);
    else {
      variables.push(...block.variables);
      inner.push(...block.inner);
    }
  }
}

/** Variables of the abstract function that its instance does not mention. */
function leftOut(die: Die, variables: readonly Die[]): Die[] {
  const origin = die.reference(AT.abstract_origin);
  if (!origin || origin.offset === die.offset) return [];
  const mentioned = new Set(variables.map((variable) => variable.reference(AT.abstract_origin)));
  const declared = origin.children.filter(({ tag }) => tag === TAG.formal_parameter || tag === TAG.variable);
  return declared.filter((variable) => !mentioned.has(variable));
}

/** The scopes that hold at the address, outermost (the function) first. */
export function chainAt(scope: Scope, address: number): readonly Scope[] {
  const chain = [scope];
  for (let current: Scope | undefined = scope; current;) {
    current = current.inner.find(({ ranges }) => covers(ranges, address));
    if (current) chain.push(current);
  }
  return chain;
}

/** Where scopes within the given one begin, and where they end while the one around them goes on; ascending. */
export function edgesWithin(scope: Scope): readonly number[] {
  const edges = new Set<number>();
  const visit = ({ inner, ranges }: Scope): void => {
    for (const one of inner) {
      for (const { low, high } of one.ranges) {
        edges.add(low);
        if (ranges.some((around) => high >= around.low && high < around.high)) edges.add(high);
      }
      visit(one);
    }
  };
  visit(scope);
  return [...edges].sort((a, b) => a - b);
}

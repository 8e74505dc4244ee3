// number-code.ts: what a condition over numbers comes down to: a tree whose types and conversions are settled.
//
// C's rules are in it already (symbols/expression/number-tree.ts makes it); whoever computes it knows only machine
// arithmetic (machine/judge/ makes WebAssembly of it). Integers wrap around. Where a division has no result, or a place
// cannot be read, the whole tree has none.
// Types only: below every floor that makes or computes it.

export type NumberType = 'i32' | 'i64' | 'f32' | 'f64';

/** Where a number is read when an access is looked at, right after its instruction. */
export type NumberPlace =
  /** Guest memory below 2 GiB, which is mapped. */
  | { readonly kind: 'memory'; readonly address: number }
  /** Guest memory at an address, an i64, that may lead anywhere. */
  | { readonly kind: 'at'; readonly address: NumberCode }
  /** The watched bytes: of that part (HitFilter: in the order of their addresses), so many bytes in. */
  | { readonly kind: 'watched'; readonly when: 'before' | 'now'; readonly part: number; readonly offset: number }
  /** A general register, by its number in the instruction set. */
  | { readonly kind: 'register'; readonly register: number };

export type NumberOperator = 'add' | 'sub' | 'mul' | 'div' | 'rem' | 'and' | 'or' | 'xor' | 'shl' | 'shr';
export type NumberComparison = 'eq' | 'ne' | 'lt' | 'gt' | 'le' | 'ge';

export type NumberCode =
  | { readonly kind: 'constant'; readonly type: NumberType; readonly value: number | bigint }
  /** `bytes` less than the type's are extended, by `signed`. */
  | {
      readonly kind: 'load';
      readonly type: NumberType;
      readonly bytes: number;
      readonly signed: boolean;
      readonly from: NumberPlace;
    }
  /** i64: the number of this hit; the thread's number. */
  | { readonly kind: 'hits' }
  | { readonly kind: 'thread' }
  /** `signed` matters to integers only. `rem` and bits: of integers only. Shifts are by less than the type's bits. */
  | {
      readonly kind: 'arithmetic';
      readonly operator: NumberOperator;
      readonly type: NumberType;
      readonly signed: boolean;
      readonly left: NumberCode;
      readonly right: NumberCode;
    }
  /** i32 0 or 1; `type` is that of the operands. */
  | {
      readonly kind: 'comparison';
      readonly operator: NumberComparison;
      readonly type: NumberType;
      readonly signed: boolean;
      readonly left: NumberCode;
      readonly right: NumberCode;
    }
  /**
   * Of integers to a longer or shorter one, to a float, of floats to each other; a float becomes an i64, towards zero, and
   * has no result where that is none. `signed`: as what the integer is taken.
   */
  | {
      readonly kind: 'conversion';
      readonly from: NumberType;
      readonly to: NumberType;
      readonly signed: boolean;
      readonly value: NumberCode;
    }
  /** An i64 that is at least the one and below the other; no result where it is not. */
  | { readonly kind: 'bounded'; readonly least: bigint; readonly end: bigint; readonly value: NumberCode }
  /** The right side is computed only where it matters. Operands and result are i32, 0 or 1. */
  | { readonly kind: 'both' | 'either'; readonly left: NumberCode; readonly right: NumberCode }
  /** `test` is i32, 0 or 1; the other side is not computed. */
  | {
      readonly kind: 'choice';
      readonly type: NumberType;
      readonly test: NumberCode;
      readonly yes: NumberCode;
      readonly no: NumberCode;
    };

// syntax-tree.ts: expressions as the parser leaves them.
//
// Positions are offsets into the expression's text. Broken text gives a tree too, with `missing` where something
// should be: completion works on it, evaluation never sees it (the errors come first).

/** [start, end) in the expression's text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type UnaryOperator = '-' | '+' | '!' | '~' | '*' | '&';

export type BinaryOperator =
  | '*'
  | '/'
  | '%'
  | '+'
  | '-'
  | '<<'
  | '>>'
  | '<'
  | '>'
  | '<='
  | '>='
  | '=='
  | '!='
  | '&'
  | '^'
  | '|'
  | '&&'
  | '||'
  | ','
  /** gdb's: `first@count` is an array of count elements that starts at `first`. */
  | '@';

/** What `x op= y` computes before it assigns; undefined for plain `=`. */
export type AssignedOperator = Exclude<BinaryOperator, '<' | '>' | '<=' | '>=' | '==' | '!=' | '&&' | '||' | ',' | '@'>;

export type IntegerSuffix = { readonly unsigned: boolean; readonly long: boolean; readonly longLong: boolean };

export type Expression =
  | (Span & {
      readonly kind: 'integer';
      readonly value: bigint;
      readonly decimal: boolean;
      readonly suffix: IntegerSuffix;
    })
  /** `text` without its suffix. */
  | (Span & { readonly kind: 'float'; readonly text: string; readonly precision: 'float' | 'double' | 'long double' })
  | (Span & { readonly kind: 'character'; readonly code: number; readonly wide: boolean })
  | (Span & { readonly kind: 'string'; readonly bytes: readonly number[] })
  /** `name`, `a::b`, `::name`, `file.c:name`. */
  | (Span & { readonly kind: 'name'; readonly name: string; readonly file?: string })
  /** `$rax`, `$old`; the name without `$`. */
  | (Span & { readonly kind: 'dollar'; readonly name: string })
  | (Span & {
      readonly kind: 'member';
      readonly object: Expression;
      readonly arrow: boolean;
      readonly name: string;
      readonly nameSpan: Span;
    })
  | (Span & { readonly kind: 'index'; readonly object: Expression; readonly index: Expression })
  /** `a[from..to]`: elements from up to, but without, to; `..=` with it. A missing end is the array's. */
  | (Span & {
      readonly kind: 'slice';
      readonly object: Expression;
      readonly from?: Expression;
      readonly to?: Expression;
      readonly inclusive: boolean;
    })
  | (Span & { readonly kind: 'call'; readonly callee: Expression; readonly arguments: readonly Expression[] })
  | (Span & { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: Expression })
  | (Span & {
      readonly kind: 'step';
      readonly operator: '++' | '--';
      readonly prefix: boolean;
      readonly operand: Expression;
    })
  | (Span & {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly operatorSpan: Span;
      readonly left: Expression;
      readonly right: Expression;
    })
  | (Span & {
      readonly kind: 'conditional';
      readonly condition: Expression;
      readonly whenTrue: Expression;
      readonly whenFalse: Expression;
    })
  | (Span & {
      readonly kind: 'assign';
      readonly operator: AssignedOperator | undefined;
      readonly operatorSpan: Span;
      readonly left: Expression;
      readonly right: Expression;
    })
  | (Span & { readonly kind: 'cast'; readonly type: TypeName; readonly operand: Expression })
  /** gdb's `{type} address`. */
  | (Span & { readonly kind: 'at'; readonly type: TypeName; readonly operand: Expression })
  | (Span & { readonly kind: 'sizeofType'; readonly type: TypeName; readonly alignment: boolean })
  | (Span & { readonly kind: 'sizeofValue'; readonly operand: Expression })
  | (Span & { readonly kind: 'missing' });

/** A type as written: a base and what is made of it, innermost first. */
export interface TypeName extends Span {
  /** `unsigned long`, `struct point`, `uint8_t`, `ns::name`; words by one blank, qualifiers left out. */
  readonly base: string;
  /** Of the base; those of pointers say nothing about values and are forgotten. */
  readonly qualifiers: readonly ('const' | 'volatile')[];
  readonly derivations: readonly Derivation[];
}

export type Derivation =
  | { readonly kind: 'pointer' }
  | { readonly kind: 'reference' }
  | { readonly kind: 'array'; readonly length: number | undefined }
  | { readonly kind: 'function' };

/** What parsing gives: always a tree, and what is wrong with the text, first things first. */
export interface ParsedExpression<E> {
  readonly text: string;
  readonly tree: Expression;
  readonly errors: readonly E[];
}

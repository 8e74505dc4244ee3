// dwarf-types.ts: types from debug information, made when asked for; one object per entry.
//
// Parts (pointee, members, enumerators) are read when looked at, so types that refer to themselves are no trouble.
// An incomplete struct is completed from another unit where the program has it.
// Truth: DWARF 5 chapter 5.

import type { MemberInfo, TypeInfo, TypeKind, VariantPart, VirtualBase } from '../program-symbols';
import { AT, ATE, LANG_RUST, TAG } from './dwarf-constants.table';
import { exactOf } from './forms';
import { qualifiedName } from './names';
import { nameOfType } from './type-names';
import { membersOf, variantPartOf, virtualBasesOf } from './type-members';
import type { Die } from './unit';

const KINDS: ReadonlyMap<number, TypeKind> = new Map<number, TypeKind>([
  [TAG.base_type, 'base'],
  [TAG.pointer_type, 'pointer'],
  [TAG.ptr_to_member_type, 'base'],
  [TAG.reference_type, 'reference'],
  [TAG.rvalue_reference_type, 'reference'],
  [TAG.structure_type, 'struct'],
  [TAG.class_type, 'class'],
  [TAG.union_type, 'union'],
  [TAG.array_type, 'array'],
  [TAG.enumeration_type, 'enum'],
  [TAG.typedef, 'typedef'],
  [TAG.subroutine_type, 'function'],
  [TAG.subprogram, 'function'],
  [TAG.const_type, 'const'],
  [TAG.immutable_type, 'const'],
  [TAG.volatile_type, 'volatile'],
  [TAG.unspecified_type, 'void'],
]);

const ENCODINGS: ReadonlyMap<number, TypeInfo['encoding']> = new Map([
  [ATE.boolean, 'boolean'],
  [ATE.complex_float, 'float'],
  [ATE.float, 'float'],
  [ATE.signed, 'signed'],
  [ATE.signed_char, 'signedChar'],
  [ATE.address, 'unsigned'],
  [ATE.unsigned, 'unsigned'],
  [ATE.unsigned_char, 'unsignedChar'],
  [ATE.UTF, 'utf'],
  [ATE.ASCII, 'unsignedChar'],
]);

const SCALARS: ReadonlySet<TypeKind> = new Set(['base', 'pointer', 'reference', 'enum']);
/** The widest that compilers make: a complex number of two 128-bit parts is 32 bytes. */
const MOST_SCALAR_BYTES = 64;

export const VOID: TypeInfo = { kind: 'void', name: 'void', sizeBytes: 0 };

/** Chains of typedefs and nested arrays longer than this are loops in damaged data. */
const MAX_DEPTH = 64;

export class DwarfTypes {
  readonly #types = new Map<Die, DwarfType>();
  /** Finds the full definition of a struct, class, union or enum by name and tag. */
  readonly complete: (name: string, tag: number) => Die | undefined;

  constructor(complete: (name: string, tag: number) => Die | undefined) {
    this.complete = complete;
  }

  /** Restrict and atomic are seen through: nothing here depends on them. */
  of(die: Die | undefined): TypeInfo {
    let current = die;
    for (let depth = 0; current && isTransparent(current.tag) && depth < MAX_DEPTH; depth++) {
      current = current.reference(AT.type);
    }
    if (current?.has(AT.signature)) current = current.reference(AT.signature) ?? current;
    if (!current) return VOID;
    const known = this.#types.get(current);
    if (known) return known;
    const type = new DwarfType(current, this);
    this.#types.set(current, type);
    return type;
  }

  /** The type of a variable, member or function result. */
  ofAttribute(die: Die): TypeInfo {
    return this.of(die.inherited((entry) => entry.reference(AT.type)));
  }

  /** The entry behind a type that came from here. */
  entryOf(type: TypeInfo): Die | undefined {
    return type instanceof DwarfType ? type.die : undefined;
  }
}

const isTransparent = (tag: number): boolean => tag === TAG.restrict_type || tag === TAG.atomic_type;

/** A number, an enum or a pointer of a size that none has comes from damaged debug information: of no use. */
function kindOf(die: Die): TypeKind {
  const kind = KINDS.get(die.tag) ?? 'unknown';
  return SCALARS.has(kind) && !isScalarSize(die.number(AT.byte_size) ?? 0) ? 'unknown' : kind;
}

const isScalarSize = (sizeBytes: number): boolean => sizeBytes >= 0 && sizeBytes <= MOST_SCALAR_BYTES;

class DwarfType implements TypeInfo {
  readonly kind: TypeKind;
  #name: string | undefined;
  #sizeBytes: number | undefined;
  #target: TypeInfo | undefined;
  #members: readonly MemberInfo[] | undefined;
  #virtualBases: readonly VirtualBase[] | undefined;
  #variantPart: VariantPart | null | undefined;
  #arguments: readonly TypeInfo[] | undefined;
  #dimensions: readonly (number | undefined)[] | undefined;
  #enumerators: TypeInfo['enumerators'];
  #definition: Die | undefined;

  constructor(
    readonly die: Die,
    readonly types: DwarfTypes,
  ) {
    this.kind = kindOf(die);
  }

  get name(): string {
    // Rust names its references: `&str`.
    if (this.kind === 'pointer') this.#name ??= this.die.name;
    this.#name ??= nameOfType(this, (type) => (type instanceof DwarfType ? type.#ownName() : type.name));
    return this.#name;
  }

  get sizeBytes(): number {
    this.#sizeBytes ??= this.#size(0);
    return this.#sizeBytes;
  }

  get target(): TypeInfo | undefined {
    if (!this.#hasTarget()) return undefined;
    this.#target ??= this.types.of(this.die.reference(AT.type));
    return this.#target;
  }

  get encoding(): TypeInfo['encoding'] {
    if (this.memberPointer !== undefined) return this.sizeBytes === 8 ? 'signed' : undefined;
    if (this.kind === 'base') return ENCODINGS.get(this.die.number(AT.encoding) ?? -1);
    if (this.kind !== 'enum') return undefined;
    const underlying = this.die.reference(AT.type);
    return underlying && ENCODINGS.get(underlying.number(AT.encoding) ?? -1);
  }

  get memberPointer(): TypeInfo['memberPointer'] {
    if (this.die.tag !== TAG.ptr_to_member_type) return undefined;
    return {
      owner: this.types.of(this.die.reference(AT.containing_type)),
      target: this.types.of(this.die.reference(AT.type)),
    };
  }

  get isRust(): boolean {
    return this.die.unit.language === LANG_RUST;
  }

  get members(): readonly MemberInfo[] | undefined {
    if (!this.#isStruct() || this.#full().flag(AT.declaration)) return undefined;
    this.#members ??= membersOf(this.#full(), this.types);
    return this.#members;
  }

  get virtualBases(): readonly VirtualBase[] {
    if (!this.#isStruct()) return [];
    this.#virtualBases ??= virtualBasesOf(this.#full(), this.types);
    return this.#virtualBases;
  }

  get variantPart(): VariantPart | undefined {
    if (this.kind !== 'struct') return undefined;
    this.#variantPart ??= variantPartOf(this.#full(), this.types) ?? null;
    return this.#variantPart ?? undefined;
  }

  get typeArguments(): readonly TypeInfo[] {
    if (!this.#isStruct()) return [];
    this.#arguments ??= this.#full()
      .children.filter(({ tag }) => tag === TAG.template_type_parameter)
      .map((entry) => this.types.ofAttribute(entry));
    return this.#arguments;
  }

  get dimensions(): readonly (number | undefined)[] | undefined {
    if (this.kind !== 'array') return undefined;
    this.#dimensions ??= this.die.children.filter(({ tag }) => tag === TAG.subrange_type).map(countOf);
    return this.#dimensions;
  }

  get enumerators(): TypeInfo['enumerators'] {
    if (this.kind !== 'enum') return undefined;
    this.#enumerators ??= this.#full()
      .children.filter(({ tag }) => tag === TAG.enumerator)
      .map((entry) => ({ name: entry.name ?? '', value: entry.exact(AT.const_value) ?? 0n }));
    return this.#enumerators;
  }

  /** Parameter types of a function type; `...` comes as undefined. */
  get parameters(): readonly (TypeInfo | undefined)[] {
    return this.die.children.flatMap((child) => {
      if (child.tag === TAG.unspecified_parameters) return [undefined];
      return child.tag === TAG.formal_parameter ? [this.types.ofAttribute(child)] : [];
    });
  }

  get isPrototyped(): boolean {
    return this.die.unit.isScoped || this.die.flag(AT.prototyped);
  }

  get isRvalueReference(): boolean {
    return this.die.tag === TAG.rvalue_reference_type;
  }

  #isStruct(): boolean {
    return this.kind === 'struct' || this.kind === 'class' || this.kind === 'union';
  }

  #hasTarget(): boolean {
    switch (this.kind) {
      case 'pointer':
      case 'reference':
      case 'array':
      case 'typedef':
      case 'function':
      case 'const':
      case 'volatile':
        return true;
      case 'enum':
        return this.die.has(AT.type);
      case 'base':
      case 'struct':
      case 'class':
      case 'union':
      case 'void':
      case 'unknown':
        return false;
    }
  }

  /** The complete definition where this entry only declares. */
  #full(): Die {
    if (this.#definition) return this.#definition;
    const name = this.die.flag(AT.declaration) ? this.die.name : undefined;
    this.#definition = (name === undefined ? undefined : this.types.complete(name, this.die.tag)) ?? this.die;
    return this.#definition;
  }

  /** The name as the entry has it, with its keyword in C. */
  #ownName(): string {
    const name = qualifiedName(this.die) ?? '{...}';
    if (this.kind === 'base') return plainName(name);
    if (this.die.unit.isScoped && name !== '{...}') return name;
    if (this.kind === 'struct' || this.kind === 'class' || this.kind === 'union' || this.kind === 'enum') {
      return `${this.kind} ${name}`;
    }
    return name === '{...}' ? '<unnamed type>' : name;
  }

  #size(depth: number): number {
    const own = this.#full().number(AT.byte_size);
    if (own !== undefined) return own < 0 || (this.kind === 'unknown' && !isScalarSize(own)) ? 0 : own;
    if (depth > MAX_DEPTH) return 0;
    // Truth: Itanium C++ ABI 2.3: a function's has an adjustment of `this` behind it.
    if (this.memberPointer !== undefined) return this.memberPointer.target.kind === 'function' ? 16 : 8;
    const target = this.target instanceof DwarfType ? this.target.#size(depth + 1) : 0;
    switch (this.kind) {
      case 'pointer':
      case 'reference':
        return this.die.unit.addressSize;
      case 'array':
        return (this.dimensions ?? []).reduce<number>((size, count) => size * (count ?? 0), target);
      case 'typedef':
      case 'const':
      case 'volatile':
      case 'enum':
        return target;
      case 'base':
      case 'struct':
      case 'class':
      case 'union':
      case 'function':
      case 'void':
      case 'unknown':
        return 0;
    }
  }
}

/** `long unsigned int`, as gcc has it → `unsigned long`, as people write it. */
function plainName(name: string): string {
  const words = name.split(' ');
  const lengths = words.filter((word) => word === 'long' || word === 'short');
  if (lengths.length === 0 && !words.includes('__int128')) return name;
  const others = words.filter((word) => word !== 'long' && word !== 'short' && word !== 'int' && word !== 'unsigned');
  return [...(words.includes('unsigned') ? ['unsigned'] : []), ...lengths, ...others].join(' ');
}

/** Elements of one dimension; undefined where the program decides at run time or leaves it open. */
function countOf(range: Die): number | undefined {
  const count = range.number(AT.count);
  if (count !== undefined) return count;
  const upper = range.get(AT.upper_bound);
  if (upper?.kind !== 'constant') return undefined;
  // -1 in the form's width: an array of no elements.
  const bits = (upper.sizeBytes ?? 8) * 8;
  if (exactOf(upper) === (1n << BigInt(bits)) - 1n && bits >= 32) return 0;
  return Math.max(0, upper.value + 1);
}

export type { DwarfType };

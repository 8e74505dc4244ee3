// name-index.ts: names of functions, variables, types and enumerators over all units, by hash.
//
// One walk over .debug_info, made when a name is first asked for; it keeps 32-bit hashes and offsets, no strings, so
// that programs of many megabytes open fast. What lies inside functions is not indexed. Candidates are verified by
// reading the entry.

import { UserError } from '../../util/user-error';
import { stepOver, u32At, ulebAt, ulebEnd, type Abbreviation } from './abbreviations';
import { AT, FORM, TAG } from './dwarf-constants.table';
import { sizeOfForm } from './forms';
import type { Die, Unit } from './unit';

export type NameKind = 'function' | 'variable' | 'type' | 'enumerator';

const KINDS: readonly NameKind[] = ['function', 'variable', 'type', 'enumerator'];
const KIND_OF_TAG: ReadonlyMap<number, number> = new Map([
  [TAG.subprogram, 0],
  [TAG.variable, 1],
  [TAG.structure_type, 2],
  [TAG.class_type, 2],
  [TAG.union_type, 2],
  [TAG.enumeration_type, 2],
  [TAG.typedef, 2],
  [TAG.base_type, 2],
  [TAG.unspecified_type, 2],
  [TAG.enumerator, 3],
]);
/** Entries whose insides hold names that can be asked for. */
const CONTAINERS: ReadonlySet<number> = new Set([
  TAG.compile_unit,
  TAG.partial_unit,
  TAG.type_unit,
  TAG.namespace,
  TAG.structure_type,
  TAG.class_type,
  TAG.union_type,
  TAG.enumeration_type,
]);

/** What the walk needs of an abbreviation. */
interface ScanPlan {
  readonly kind: number;
  readonly isContainer: boolean;
  /** Plans for the values before the wanted one; undefined where the entry has no such attribute. */
  readonly name?: ValuePlan;
  readonly origin?: ValuePlan;
  readonly sibling?: ValuePlan;
}

interface ValuePlan {
  readonly before: readonly number[];
  readonly form: number;
}

const ORIGIN_FORMS: ReadonlySet<number> = new Set([FORM.ref4, FORM.ref8, FORM.ref_addr]);
/** `<` */
const LESS = 0x3c;
/** Chains of origins longer than this are loops in damaged data. */
const MAX_CHAIN = 16;

export class NameIndex {
  readonly #units: readonly Unit[];
  readonly #problems: string[];
  readonly #plans = new Map<Abbreviation, ScanPlan>();
  #count = 0;
  #hashes = new Uint32Array(1024);
  #offsets = new Uint32Array(1024);
  /** Unit number × 4 + kind. */
  #owners = new Uint32Array(1024);
  #heads = new Int32Array(0);
  #next = new Int32Array(0);
  #built = false;

  constructor(units: readonly Unit[], problems: string[]) {
    this.#units = units;
    this.#problems = problems;
  }

  /** Entries whose own (unqualified) name this is, in file order; of functions, template arguments may be left out. */
  find(name: string, kind: NameKind): Die[] {
    this.#build();
    const hash = hashOf(new TextEncoder().encode(name));
    const found: Die[] = [];
    if (this.#heads.length === 0) return found;
    for (let at = this.#heads[hash & (this.#heads.length - 1)]; at >= 0; at = this.#next[at]) {
      if (this.#hashes[at] !== hash || KINDS[this.#owners[at] & 3] !== kind) continue;
      const die = this.#read(at);
      if (die && isNamed(die, name, kind)) found.push(die);
    }
    return found.reverse();
  }

  /** Every indexed entry of the kind, in file order. */
  *all(kind: NameKind): Generator<Die> {
    this.#build();
    for (let at = 0; at < this.#count; at++) {
      if (KINDS[this.#owners[at] & 3] !== kind) continue;
      const die = this.#read(at);
      if (die) yield die;
    }
  }

  #read(at: number): Die | undefined {
    try {
      return this.#units[this.#owners[at] >>> 2].die(this.#offsets[at]);
    } catch (error) {
      if (error instanceof UserError) return undefined;
      throw error;
    }
  }

  #build(): void {
    if (this.#built) return;
    this.#built = true;
    this.#units.forEach((unit, number) => {
      try {
        this.#walk(unit, number);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        this.#problems.push(error.message);
      }
    });
    let size = 1024;
    while (size < this.#count) size *= 2;
    this.#heads = new Int32Array(size).fill(-1);
    this.#next = new Int32Array(this.#count);
    for (let at = 0; at < this.#count; at++) {
      const bucket = this.#hashes[at] & (size - 1);
      this.#next[at] = this.#heads[bucket];
      this.#heads[bucket] = at;
    }
  }

  /** `inside` counts the open entries that are no container: while there are any, nothing is indexed. */
  #walk(unit: Unit, number: number): void {
    const { firstDie, end } = unit.header;
    const bytes = unit.bytes.subarray(0, end);
    const { abbreviations } = unit;
    let depth = 0;
    let inside = 0;
    for (let at = firstDie; at < end;) {
      const offset = at;
      const code = ulebAt(bytes, at);
      at = ulebEnd(bytes, at);
      if (code === 0) {
        if (inside > 0) inside--;
        if (--depth <= 0) return;
        continue;
      }
      const abbreviation = abbreviations.get(code);
      const values = at;
      at = stepOver(bytes, at, abbreviation.plan, unit);
      const plan = this.#planOf(abbreviation, unit);
      if (inside === 0 && plan.kind >= 0) this.#index(unit, number, offset, values, plan, bytes);
      if (!abbreviation.hasChildren) continue;
      if (inside === 0 && plan.isContainer) depth++;
      else {
        const next = plan.sibling ? siblingOf(unit, bytes, values, plan.sibling) : 0;
        if (next > at && next < end) at = next;
        else {
          depth++;
          inside++;
        }
      }
    }
  }

  #index(unit: Unit, number: number, offset: number, values: number, plan: ScanPlan, bytes: Uint8Array): void {
    const hash = this.#hashOf(unit, values, plan, bytes, 0);
    if (hash === undefined) return;
    if (this.#count === this.#hashes.length) this.#grow();
    this.#hashes[this.#count] = hash;
    this.#offsets[this.#count] = offset;
    this.#owners[this.#count] = number * 4 + plan.kind;
    this.#count++;
  }

  /** A definition that names its declaration goes by the declaration's name. */
  #hashOf(unit: Unit, values: number, plan: ScanPlan, bytes: Uint8Array, depth: number): number | undefined {
    if (plan.name) return hashOfName(unit, bytes, values, plan.name);
    if (!plan.origin || depth > MAX_CHAIN) return undefined;
    const { form, before } = plan.origin;
    const at = stepOver(bytes, values, before, unit);
    // A reference across units (link-time optimization) counts from the section.
    const isLocal = form !== FORM.ref_addr;
    const value = unsignedAt(bytes, at, form === FORM.ref4 ? 4 : form === FORM.ref8 ? 8 : unit.offsetSize);
    const offset = isLocal ? unit.header.start + value : value;
    const target = isLocal ? unit : unit.directory.unitContaining(offset);
    if (!target || offset < target.header.firstDie || offset >= target.header.end) return undefined;
    const inside = target === unit ? bytes : target.bytes.subarray(0, target.header.end);
    const plans = this.#planOf(target.abbreviations.get(ulebAt(inside, offset)), target);
    return this.#hashOf(target, ulebEnd(inside, offset), plans, inside, depth + 1);
  }

  #planOf(abbreviation: Abbreviation, unit: Unit): ScanPlan {
    const known = this.#plans.get(abbreviation);
    if (known) return known;
    const kind = KIND_OF_TAG.get(abbreviation.tag) ?? -1;
    const value = (attribute: number): ValuePlan | undefined => valuePlan(abbreviation, attribute, unit);
    // Of entries that are not indexed too: a static member's definition goes by its declaration in the class.
    const named = value(AT.name);
    const origin = kind >= 0 ? (value(AT.specification) ?? value(AT.abstract_origin)) : undefined;
    const sibling = value(AT.sibling);
    const plan: ScanPlan = {
      kind,
      isContainer: CONTAINERS.has(abbreviation.tag),
      ...(named && { name: named }),
      ...(origin && ORIGIN_FORMS.has(origin.form) && { origin }),
      ...(sibling && { sibling }),
    };
    this.#plans.set(abbreviation, plan);
    return plan;
  }

  #grow(): void {
    const grown = (from: Uint32Array): Uint32Array<ArrayBuffer> => {
      const to = new Uint32Array(from.length * 2);
      to.set(from);
      return to;
    };
    this.#hashes = grown(this.#hashes);
    this.#offsets = grown(this.#offsets);
    this.#owners = grown(this.#owners);
  }
}

const isNamed = (die: Die, name: string, kind: NameKind): boolean =>
  die.name === name || (kind === 'function' && die.name?.startsWith(`${name}<`) === true);

function valuePlan(abbreviation: Abbreviation, attribute: number, unit: Unit): ValuePlan | undefined {
  const index = abbreviation.names.indexOf(attribute);
  if (index < 0) return undefined;
  const before = abbreviation.forms.slice(0, index).map((form) => sizeOfForm(form, unit));
  return { before, form: abbreviation.forms[index] };
}

const unsignedAt = (bytes: Uint8Array, at: number, sizeBytes: number): number =>
  u32At(bytes, at) + (sizeBytes === 8 ? u32At(bytes, at + 4) * 2 ** 32 : 0);

function siblingOf(unit: Unit, bytes: Uint8Array, values: number, plan: ValuePlan): number {
  if (plan.form !== FORM.ref4) return 0;
  return unit.header.start + u32At(bytes, stepOver(bytes, values, plan.before, unit));
}

function hashOfName(unit: Unit, bytes: Uint8Array, values: number, plan: ValuePlan): number | undefined {
  const at = stepOver(bytes, values, plan.before, unit);
  if (plan.form === FORM.string) return hashUpToNul(bytes, at);
  if (plan.form === FORM.strp || plan.form === FORM.line_strp) {
    const strings = unit.sections.bytes(plan.form === FORM.strp ? '.debug_str' : '.debug_line_str');
    return hashUpToNul(strings, unsignedAt(bytes, at, unit.offsetSize));
  }
  // Names by index (strx), as clang and rustc write them.
  const index = indexedForm(bytes, at, plan.form);
  return index === undefined ? undefined : hashOf(new TextEncoder().encode(unit.indexedString(index)));
}

function indexedForm(bytes: Uint8Array, at: number, form: number): number | undefined {
  switch (form) {
    case FORM.strx:
    case FORM.GNU_str_index:
      return ulebAt(bytes, at);
    case FORM.strx1:
      return bytes[at];
    case FORM.strx2:
      return bytes[at] | (bytes[at + 1] << 8);
    case FORM.strx3:
      return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16);
    case FORM.strx4:
      return u32At(bytes, at);
    default:
      return undefined;
  }
}

/** FNV-1a, up to template arguments: `twice` finds every `twice<T>`. */
function hashUpToNul(bytes: Uint8Array, start: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < bytes.length && bytes[at] !== 0; at++) {
    if (bytes[at] === LESS && at > start) break;
    hash = Math.imul(hash ^ bytes[at], 0x01000193);
  }
  return hash >>> 0;
}

const hashOf = (bytes: Uint8Array): number => hashUpToNul(bytes, 0);

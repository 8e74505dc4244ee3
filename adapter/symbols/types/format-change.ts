// format-change.ts: an old and a new value as two texts that tell what changed.
//
// Short values are shown whole. Of what would be cut, or reads the same before and after, only the parts that differ
// are shown, with the way to them: `state.items[3].price`: 4 → 5; several as `{time = 1, last = 2}`. Where no part
// reads differently (padding, a NaN's bits) it is the bytes.

import type { ChangeText, MemberInfo, MemoryReader, TypeInfo, Value } from '../program-symbols';
import { childExpression } from './evaluate-name';
import type { Step } from './evaluate-name';
import { findMember } from './find-member';
import { formatValue } from './format-value';
import type { FormatOptions } from './format-value';
import { contentsOf } from './library/library-contents';
import { elementValue, memberValue, scalarBytes } from './read-value';
import { holdsNothing, isAggregate, isStruct, strip } from './strip';
import { activeVariant } from './variants';
import { sameBytes } from '../../util/same-bytes';

/** Both texts together: longer ones are no longer compared at a glance. */
const GLANCE = 120;
/** So many parts are shown. */
const MOST_PARTS = 3;
const MAX_DEPTH = 16;

interface Pair {
  readonly old: Value;
  readonly now: Value;
  readonly steps: readonly Step[];
}

interface Texts {
  readonly old: string;
  readonly new: string;
}

interface Difference extends Texts {
  readonly steps: readonly Step[];
  /** Only bytes differ that are no part of any value. */
  readonly isPadding?: true;
}

/** Of one side: the memory around it, and the little of it that is sure to have been so then. */
export interface ChangeSide {
  readonly memory: MemoryReader;
  /** Where contents of strings and vectors are read: what is not in it may be other contents since. */
  readonly sure: MemoryReader;
}

export interface ChangeMemory {
  readonly old: ChangeSide;
  readonly now: ChangeSide;
  /** The new value is what is there at this moment: its contents are shown, too. */
  readonly isPresent: boolean;
}

export function formatChange(
  label: string,
  old: Value,
  now: Value,
  memory: ChangeMemory,
  options: FormatOptions = {},
): ChangeText {
  const change = new Change(memory, options);
  const found = change.differences({ old, now, steps: [] }, MOST_PARTS + 1);
  const [only] = found;
  if (found.length === 1) {
    const whole = only.steps.reduce(childExpression, label);
    return { label: whole, path: pathText(only.steps), old: only.old, new: only.new };
  }
  if (found.length === 0) return { label, path: '', ...change.textsOf({ old, now, steps: [] }) };
  const joined = (side: 'old' | 'new'): string => {
    const parts = found.slice(0, MOST_PARTS).map((each) => `${pathText(each.steps)} = ${each[side]}`);
    return `{${[...parts, ...(found.length > MOST_PARTS ? ['…'] : [])].join(', ')}}`;
  };
  return { label, path: '', old: joined('old'), new: joined('new') };
}

/** `items[3].price`. */
const pathText = (steps: readonly Step[]): string =>
  steps
    .reduce((text, step) => (text === '' && step.kind === 'member' ? step.name : childExpression(text, step)), '')
    .replace(/^\(\)/, '');

class Change {
  constructor(
    private readonly memory: ChangeMemory,
    private readonly options: FormatOptions,
  ) {}

  /** `isPresent`: with the new contents. */
  textsOf({ old, now }: Pair, isPresent = this.memory.isPresent): Texts {
    const { memory, options } = this;
    return {
      old: formatValue(old, memory.old.memory, { ...options, contents: memory.old.sure }),
      new: formatValue(now, memory.now.memory, isPresent ? options : { ...options, contents: memory.now.sure }),
    };
  }

  /** At most so many. */
  differences(pair: Pair, most: number, depth = 0): readonly Difference[] {
    const sure = this.textsOf(pair, false);
    const differs = sure.old !== sure.new;
    const { steps } = pair;
    if (differs && this.isReadAtAGlance(pair, sure, depth)) return [{ steps, ...this.textsOf(pair) }];
    const found: Difference[] = [];
    for (const part of depth < MAX_DEPTH ? this.parts(pair) : []) {
      if (found.length >= most) break;
      found.push(...this.differences(part, most - found.length, depth + 1));
    }
    // What derives from a class may keep its own members in the class's padding.
    const values = found.filter(({ isPadding }) => isPadding !== true);
    if (values.length > 0) return values;
    if (differs) return [{ steps, ...this.textsOf(pair) }];
    const bytes = { steps, ...withBytes(pair, sure) };
    return [isStruct(pair.old.type) ? { ...bytes, isPadding: true } : bytes];
  }

  private isReadAtAGlance({ old, now }: Pair, texts: Texts, depth: number): boolean {
    if (!isAggregate(old.type)) return true;
    const { memory } = this;
    // Of contents nothing is hidden but what is not known.
    const isContents = [contentsOf(old, memory.old.memory), contentsOf(now, memory.now.memory)].every(
      (contents) => contents !== undefined && contents.kind !== 'inner',
    );
    const isMeant = isContents || strip(old.type).variantPart !== undefined;
    // Of the parts of a whole each is named by itself.
    if (!isMeant && depth > 0) return false;
    const isCut = !isContents && (texts.old.includes('…') || texts.new.includes('…'));
    return !isCut && texts.old.length + texts.new.length <= GLANCE;
  }

  /** The parts whose bytes differ. */
  private parts(pair: Pair): readonly Pair[] {
    const type = strip(pair.old.type);
    if (type.kind === 'array') return this.elements(pair, type);
    if (!isStruct(type)) return [];
    if (type.variantPart !== undefined) return this.variant(pair);
    const members = (type.members ?? []).map((member) => this.member(pair, member, type)).filter(differ);
    // Which of its members a union is, nobody says.
    return type.kind === 'union' ? members.slice(0, 1) : members;
  }

  private variant(pair: Pair): readonly Pair[] {
    const before = activeVariant(pair.old);
    const after = activeVariant(pair.now);
    if (before === undefined || before !== after || holdsNothing(before.type)) return [];
    return [this.member(pair, before, strip(pair.old.type))].filter(differ);
  }

  private member({ old, now, steps }: Pair, member: MemberInfo, outer: TypeInfo): Pair {
    const { memory } = this;
    return {
      old: memberValue(old, member, memory.old),
      now: memberValue(now, member, memory.now),
      steps: [...steps, ...stepTo(member, outer)],
    };
  }

  private elements({ old, now, steps }: Pair, type: TypeInfo): readonly Pair[] {
    const count = type.dimensions?.[0] ?? 0;
    const size = count === 0 ? 0 : Math.floor(Math.min(old.bytes.length, now.bytes.length) / count);
    const pairs: Pair[] = [];
    for (let index = 0; index < count && size > 0 && pairs.length <= MOST_PARTS; index++) {
      const from = index * size;
      if (sameBytes(old.bytes.subarray(from, from + size), now.bytes.subarray(from, from + size))) continue;
      pairs.push({
        old: elementValue(old, index, this.memory.old),
        now: elementValue(now, index, this.memory.now),
        steps: [...steps, { kind: 'element', index }],
      });
    }
    return pairs;
  }
}

/** What has no name is not named: its members are reached as if they were the outer's own. */
function stepTo(member: MemberInfo, outer: TypeInfo): readonly Step[] {
  if (member.name !== '') return [{ kind: 'member', name: member.name, arrow: false }];
  const inner = strip(member.type);
  const isShadowed = (inner.members ?? []).some(({ name, offsetBytes }) => {
    return name !== '' && findMember(outer, name)?.offsetBytes !== member.offsetBytes + offsetBytes;
  });
  return isShadowed && inner.name !== '' ? [{ kind: 'member', name: inner.name, arrow: false }] : [];
}

const differ = ({ old, now }: Pair): boolean => !sameBytes(scalarBytes(old), scalarBytes(now));

/** The texts are the same: the first byte that is not. */
function withBytes({ old, now }: Pair, texts: Texts): Texts {
  const before = scalarBytes(old);
  const after = scalarBytes(now);
  const at = before.findIndex((byte, index) => byte !== after[index]);
  if (at < 0) return texts;
  const byte = (bytes: Uint8Array): string => `0x${(bytes[at] ?? 0).toString(16).padStart(2, '0')}`;
  return { old: `${texts.old} (byte ${at}: ${byte(before)})`, new: `${texts.new} (byte ${at}: ${byte(after)})` };
}

// fast-condition.ts: the condition of a watch, bound once, decided millions of times a second.
//
// Names are looked up once for each instruction that accesses: globals and statics become addresses, locals places from a
// register on, constants numbers, `$writer` and `$location` texts. What is left is a tree that the machine computes (judging/number-code.ts). What needs
// more than numbers is not bound: then every hit goes the slow way (watch-judge.ts), which gives the same answers.

import type { Frame, MemoryReader, ProgramSymbols, TypeInfo, Value } from '../symbols/program-symbols';
import type { NumberCode, NumberPlace } from '../judging/number-code';
import { numberTypeOf, truthTree } from '../symbols/expression/number-tree';
import type { NumberPart } from '../symbols/expression/number-tree';
import { parseExpression } from '../symbols/expression/parser';
import type { Expression } from '../symbols/expression/syntax-tree';
import { isSigned, strip } from '../symbols/types/strip';
import type { AccessPlace } from './access-place';
import { PlaceFinder } from './bound-place';
import type { Found } from './bound-place';
import { partsOf } from './wish-check';
import { FILTERED_MEMORY_END } from '../target/target';

export interface BindingContext {
  readonly symbols: ProgramSymbols;
  readonly memory: MemoryReader;
  /** Of the watched place, which is no bit-field. */
  readonly type: TypeInfo;
  /** Undefined where it is another in each thread. */
  readonly address: bigint | undefined;
  /** Its old bytes lie together. */
  readonly isOnePiece: boolean;
  /** The innermost frame at the access, and what it is called; only where `needsPlace`. */
  readonly at?: { readonly frame: Frame; readonly place: AccessPlace } | undefined;
}

export class FastCondition {
  private readonly tree: Expression | undefined;
  /** It means something else at another instruction: bind it for each. */
  readonly needsPlace: boolean;

  constructor(private readonly text: string) {
    const { tree, errors } = parseExpression(text);
    this.tree = errors.length === 0 ? tree : undefined;
    const names = new Set<string>();
    const dollars = new Set<string>();
    for (const part of this.tree === undefined ? [] : partsOf(this.tree)) {
      if (part.kind === 'name') names.add(part.name);
      if (part.kind === 'dollar') dollars.add(part.name);
    }
    this.needsPlace = names.size > 0 || dollars.has('writer') || dollars.has('location');
  }

  /** Undefined: this condition, here, needs the evaluator. */
  bind(context: BindingContext): NumberCode | undefined {
    const { tree } = this;
    if (tree === undefined) return undefined;
    if (this.needsPlace && context.at === undefined) return undefined;
    const finder = new PlaceFinder(context.symbols, context.memory, context.at?.frame);
    return truthTree(tree, (node) => this.leaf(node, context, finder));
  }

  private leaf(node: Expression, context: BindingContext, finder: PlaceFinder): NumberPart | undefined {
    switch (node.kind) {
      case 'dollar':
        return dollar(node.name, context);
      case 'binary':
        return comparedText(node, context.at?.place);
      case 'cast':
      case 'call':
      case 'assign':
      case 'step':
      case 'string':
      case 'slice':
      case 'missing':
        return undefined;
      default:
        return leafOf(finder.find(this.text.slice(node.start, node.end)));
    }
  }
}

function leafOf(found: Found | undefined): NumberPart | undefined {
  if (found === undefined) return undefined;
  return found.kind === 'constant' ? constantLeaf(found.value) : loaded(found.value.type, found.place);
}

function dollar(name: string, { type, address, isOnePiece }: BindingContext): NumberPart | undefined {
  switch (name) {
    case 'new':
      if (address === undefined || address + BigInt(strip(type).sizeBytes) > FILTERED_MEMORY_END) return undefined;
      return loaded(type, { kind: 'memory', address: Number(address) });
    case 'old':
      return isOnePiece ? loaded(type, { kind: 'before' }) : undefined;
    case 'thread':
    case 'hits':
      return { type: LONG, code: { kind: name } };
    default:
      return undefined;
  }
}

const LONG: TypeInfo = { kind: 'base', name: 'long', sizeBytes: 8, encoding: 'signed' };
const INT: TypeInfo = { kind: 'base', name: 'int', sizeBytes: 4, encoding: 'signed' };

/** `$writer == "main"`: known for the instruction. */
function comparedText(
  node: Extract<Expression, { kind: 'binary' }>,
  place: AccessPlace | undefined,
): NumberPart | undefined {
  if (place === undefined || (node.operator !== '==' && node.operator !== '!=')) return undefined;
  const [left, right] = [textOf(node.left, place), textOf(node.right, place)];
  if (left === undefined || right === undefined) return undefined;
  const value = (left === right) === (node.operator === '==') ? 1n : 0n;
  return { type: INT, code: { kind: 'constant', type: 'i32', value } };
}

function textOf(node: Expression, { writer, location }: AccessPlace): string | undefined {
  if (node.kind === 'string') return new TextDecoder().decode(Uint8Array.from(node.bytes));
  if (node.kind !== 'dollar') return undefined;
  return node.name === 'writer' ? writer : node.name === 'location' ? location : undefined;
}

function constantLeaf({ type, bytes }: Value): NumberPart | undefined {
  const inner = strip(type);
  const number = numberTypeOf(type);
  if (number === undefined || bytes.length !== inner.sizeBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (number === 'f64') return { type, code: { kind: 'constant', type: number, value: view.getFloat64(0, true) } };
  if (number === 'f32') return { type, code: { kind: 'constant', type: number, value: view.getFloat32(0, true) } };
  let value = 0n;
  for (const [index, byte] of bytes.entries()) value |= BigInt(byte) << BigInt(8 * index);
  if (isSigned(inner)) value = BigInt.asIntN(8 * bytes.length, value);
  // In C an enumerator is an int, whatever its enumeration's own type.
  const promotesToInt = inner.kind === 'enum' && BigInt.asIntN(32, value) === value;
  return { type, code: { kind: 'constant', type: number, value }, ...(promotesToInt ? { promotesToInt } : {}) };
}

/** A number that is read at each hit. */
function loaded(type: TypeInfo, from: NumberPlace): NumberPart | undefined {
  const inner = strip(type);
  const number = numberTypeOf(inner);
  const bytes = inner.sizeBytes;
  if (number === undefined || ![1, 2, 4, 8].includes(bytes)) return undefined;
  return { type, code: { kind: 'load', type: number, bytes, signed: isSigned(inner), from } };
}

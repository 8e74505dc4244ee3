// fast-condition.ts: the condition of a watch, bound once, decided millions of times a second.
//
// Names are looked up once for each instruction that accesses: globals and statics become addresses, locals places from a
// register on, constants numbers, `$writer` and `$location` texts. What is left is a tree that the machine computes (judging/number-code.ts). What needs
// more than numbers is not bound: then every hit goes the slow way (watch-judge.ts), which gives the same answers.

import type { Frame, MemoryReader, ProgramSymbols, TypeInfo, Value } from '../symbols/program-symbols';
import type { NumberCode } from '../judging/number-code';
import { constant, numberPart, numberTypeOf } from '../symbols/expression/number-part';
import type { Part } from '../symbols/expression/number-part';
import { truthTree } from '../symbols/expression/number-tree';
import { parseExpression } from '../symbols/expression/parser';
import type { Expression } from '../symbols/expression/syntax-tree';
import { baseTypeOfWords, INT, LONG } from '../symbols/types/base-types';
import { bytesToInteger } from '../symbols/types/integers';
import type { BitRange } from '../symbols/types/read-value';
import { isSigned, strip } from '../symbols/types/strip';
import type { AccessPlace } from './access-place';
import { PlaceFinder } from './bound-place';
import type { Found } from './bound-place';
import { partsOf } from './wish-check';

export interface BindingContext {
  readonly symbols: ProgramSymbols;
  readonly memory: MemoryReader;
  /** Of the watched place. */
  readonly watched: WatchedPart;
  /** The innermost frame at the access, and what it is called; only where `needsPlace`. */
  readonly at?: { readonly frame: Frame; readonly place: AccessPlace } | undefined;
}

/** What is watched, in so many parts of so many bytes. */
export interface WatchedPart extends BitRange {
  readonly type: TypeInfo;
  readonly parts: readonly number[];
}

export class FastCondition {
  /** It means something else at another instruction: bind it for each. */
  readonly needsPlace: boolean;

  constructor(private readonly text: string) {
    const asked: string[] = [];
    const { tree } = parseExpression(text, (name) => {
      asked.push(name);
      return false;
    });
    this.needsPlace = asked.length > 0 || partsOf(tree).some(isOfPlace);
  }

  /** Undefined: this condition, here, needs the evaluator. */
  bind(context: BindingContext): NumberCode | undefined {
    if (this.needsPlace && context.at === undefined) return undefined;
    const finder = new PlaceFinder(context.symbols, context.memory, context.at?.frame);
    const { tree, errors } = parseExpression(this.text, (name) => finder.isType(name));
    if (errors.length > 0) return undefined;
    return truthTree(tree, {
      part: (node) => this.part(node, context, finder),
      typeNamed: ({ start, end }) => finder.typeNamed(this.text.slice(start, end)),
    });
  }

  private part(node: Expression, context: BindingContext, finder: PlaceFinder): Part | undefined {
    switch (node.kind) {
      case 'dollar':
        return dollar(node.name, context.watched);
      case 'name':
        return partOf(finder.findName(this.text.slice(node.start, node.end)));
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
        return isOnePlace(node) ? partOf(finder.find(this.text.slice(node.start, node.end))) : undefined;
    }
  }
}

/** Names mean something in their function, and so do types that are not C's own. */
function isOfPlace(part: Expression): boolean {
  switch (part.kind) {
    case 'name':
      return true;
    case 'dollar':
      return part.name === 'writer' || part.name === 'location';
    case 'cast':
      return baseTypeOfWords(part.type.base.split(' ')) === undefined;
    default:
      return false;
  }
}

/** It leads from name to place, and decides nothing on the way: what a few samples of memory show of it is so. */
function isOnePlace(node: Expression): boolean {
  switch (node.kind) {
    case 'name':
    case 'integer':
    case 'float':
    case 'character':
    case 'sizeofType':
    case 'sizeofValue':
      return true;
    case 'member':
      return isOnePlace(node.object);
    case 'index':
      return isOnePlace(node.object) && isOnePlace(node.index);
    case 'unary':
      return (node.operator === '*' || node.operator === '&') && isOnePlace(node.operand);
    default:
      return false;
  }
}

function partOf(found: Found | undefined): Part | undefined {
  if (found === undefined) return undefined;
  const { value } = found;
  if (found.kind === 'constant') return constantPart(value);
  return { kind: 'place', type: value.type, at: found.place, ...bitsOf(value) };
}

const bitsOf = ({ bitOffset, bitSize }: BitRange): BitRange =>
  bitSize === undefined ? {} : { bitOffset: bitOffset ?? 0, bitSize };

function dollar(name: string, { type, parts, ...bits }: WatchedPart): Part | undefined {
  switch (name) {
    case 'new':
    case 'old':
      return {
        ...{ kind: 'place', type, ...bitsOf(bits) },
        at: { kind: 'watched', when: name === 'new' ? 'now' : 'before', parts, offset: 0 },
      };
    case 'thread':
    case 'hits':
      return numberPart(LONG, { kind: name });
    default:
      return undefined;
  }
}

/** `$writer == "main"`: known for the instruction. */
function comparedText(node: Extract<Expression, { kind: 'binary' }>, place: AccessPlace | undefined): Part | undefined {
  if (place === undefined || (node.operator !== '==' && node.operator !== '!=')) return undefined;
  const [left, right] = [textOf(node.left, place), textOf(node.right, place)];
  if (left === undefined || right === undefined) return undefined;
  return numberPart(INT, constant('i32', (left === right) === (node.operator === '==') ? 1n : 0n));
}

function textOf(node: Expression, { writer, location }: AccessPlace): string | undefined {
  if (node.kind === 'string') return new TextDecoder().decode(Uint8Array.from(node.bytes));
  if (node.kind !== 'dollar') return undefined;
  return node.name === 'writer' ? writer : node.name === 'location' ? location : undefined;
}

function constantPart({ type, bytes, bitSize }: Value): Part | undefined {
  const inner = strip(type);
  const number = numberTypeOf(type);
  if (number === undefined || bytes.length !== inner.sizeBytes || bitSize !== undefined) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (number === 'f64') return numberPart(type, constant(number, view.getFloat64(0, true)));
  if (number === 'f32') return numberPart(type, constant(number, view.getFloat32(0, true)));
  const value = bytesToInteger(bytes, isSigned(inner));
  // In C an enumerator is an int, whatever its enumeration's own type.
  const promotesToInt = inner.kind === 'enum' && BigInt.asIntN(32, value) === value;
  return { ...numberPart(type, constant(number, value)), ...(promotesToInt ? { promotesToInt } : {}) };
}

// fast-condition.ts: the condition of a watch, bound once, decided millions of times a second.
//
// Names are looked up once for each instruction that accesses: globals and statics become addresses, constants numbers,
// `$writer` and `$location` texts. What needs a frame (locals, registers) or more than numbers is not bound: then every
// hit goes the slow way (watch-judge.ts), which gives the same answers.

import type {
  EvaluationContext,
  Frame,
  MemoryReader,
  ProgramSymbols,
  TypeInfo,
  Value,
} from '../symbols/program-symbols';
import { compileTruth } from '../symbols/expression/number-closures';
import type { Leaf } from '../symbols/expression/number-closures';
import { parseExpression } from '../symbols/expression/parser';
import type { Expression } from '../symbols/expression/syntax-tree';
import { isFloat, isInteger, isPointer, isSigned, strip } from '../symbols/types/strip';
import type { AccessPlace } from './access-place';
import { partsOf } from './wish-check';
import { FILTERED_MEMORY_END } from '../target/target';
import type { FilteredHit } from '../target/target';
import { UserError } from '../util/user-error';

/** What a bound condition reads at a hit. One object, filled anew for each. */
export interface ConditionCell {
  hit: FilteredHit;
  thread: number;
  /** This one included. */
  hits: number;
  /** Where the watched bytes lie in `hit.memory`. */
  place: number;
}

export interface BindingContext {
  readonly symbols: ProgramSymbols;
  readonly memory: MemoryReader;
  /** Of the watched place, which is no bit-field. */
  readonly type: TypeInfo;
  readonly cell: ConditionCell;
  /** The innermost frame at the access, and what it is called; only where `needsPlace`. */
  readonly at?: { readonly frame: Frame; readonly place: AccessPlace } | undefined;
}

export class FastCondition {
  private readonly tree: Expression | undefined;
  private readonly names: ReadonlySet<string>;
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
    this.names = names;
    this.needsPlace = names.size > 0 || dollars.has('writer') || dollars.has('location');
  }

  /** Undefined: this condition, here, needs the evaluator. */
  bind(context: BindingContext): (() => boolean) | undefined {
    const { tree } = this;
    if (tree === undefined) return undefined;
    if (this.needsPlace && (context.at === undefined || this.needsFrame(context.symbols, context.at.frame))) {
      return undefined;
    }
    return compileTruth(tree, (node) => this.leaf(node, context));
  }

  /** A name that is a variable of the frame's own, or might be a member of its object. */
  private needsFrame(symbols: ProgramSymbols, frame: Frame): boolean {
    const locals = symbols.localsAt(frame).filter(({ kind }) => kind === 'local' || kind === 'parameter');
    return locals.some(({ name }) => name === 'this' || this.names.has(name));
  }

  private leaf(node: Expression, context: BindingContext): Leaf | undefined {
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
        return this.constantPlace(node, context);
    }
  }

  /** What lies at the same address whatever memory holds, or is the same value. */
  private constantPlace(node: Expression, context: BindingContext): Leaf | undefined {
    const [first, second] = [0, 1].map((filling) => this.evaluated(node, filling, context));
    if (first === undefined || second === undefined) return undefined;
    if (first.location.kind === 'value' && second.location.kind === 'value') {
      const isSame = first.bytes.every((byte, index) => byte === second.bytes[index]);
      return isSame ? constantLeaf(first) : undefined;
    }
    if (first.location.kind !== 'memory' || second.location.kind !== 'memory') return undefined;
    const { address } = first.location;
    const size = strip(first.type).sizeBytes;
    if (address !== second.location.address || address + BigInt(size) > FILTERED_MEMORY_END) return undefined;
    if (first.bitSize !== undefined || context.memory.read(address, size).length < size) return undefined;
    const at = Number(address);
    const { cell } = context;
    return loaded(
      first.type,
      () => cell.hit.memory,
      () => at,
    );
  }

  private evaluated(node: Expression, filling: number, context: BindingContext): Value | undefined {
    const blind: MemoryReader = { read: (_, lengthBytes) => new Uint8Array(lengthBytes).fill(filling) };
    const frame = context.at?.frame;
    const where: EvaluationContext = { memory: blind, ...(frame === undefined ? {} : { frame }) };
    try {
      return context.symbols.evaluate(this.text.slice(node.start, node.end), where);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return undefined;
    }
  }
}

function dollar(name: string, { cell, type }: BindingContext): Leaf | undefined {
  switch (name) {
    case 'new':
      return loaded(
        type,
        () => cell.hit.memory,
        () => cell.place,
      );
    case 'old':
      return loaded(
        type,
        () => cell.hit.before,
        () => 0,
      );
    case 'thread':
      return { kind: 'wide', type: LONG, get: () => BigInt(cell.thread), nearest: () => cell.thread };
    case 'hits':
      return { kind: 'wide', type: LONG, get: () => BigInt(cell.hits), nearest: () => cell.hits };
    default:
      return undefined;
  }
}

const LONG: TypeInfo = { kind: 'base', name: 'long', sizeBytes: 8, encoding: 'signed' };
const INT: TypeInfo = { kind: 'base', name: 'int', sizeBytes: 4, encoding: 'signed' };

/** `$writer == "main"`: known for the instruction. */
function comparedText(node: Extract<Expression, { kind: 'binary' }>, place: AccessPlace | undefined): Leaf | undefined {
  if (place === undefined || (node.operator !== '==' && node.operator !== '!=')) return undefined;
  const [left, right] = [textOf(node.left, place), textOf(node.right, place)];
  if (left === undefined || right === undefined) return undefined;
  return { kind: 'constant', type: INT, value: (left === right) === (node.operator === '==') ? 1n : 0n };
}

function textOf(node: Expression, { writer, location }: AccessPlace): string | undefined {
  if (node.kind === 'string') return new TextDecoder().decode(Uint8Array.from(node.bytes));
  if (node.kind !== 'dollar') return undefined;
  return node.name === 'writer' ? writer : node.name === 'location' ? location : undefined;
}

function constantLeaf({ type, bytes }: Value): Leaf | undefined {
  const inner = strip(type);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isFloat(inner)) {
    if (bytes.length === 8) return { kind: 'constant', type, value: view.getFloat64(0, true) };
    return bytes.length === 4 ? { kind: 'constant', type, value: view.getFloat32(0, true) } : undefined;
  }
  if ((!isInteger(inner) && !isPointer(inner)) || bytes.length > 8) return undefined;
  let value = 0n;
  for (const [index, byte] of bytes.entries()) value |= BigInt(byte) << BigInt(8 * index);
  if (isSigned(inner)) value = BigInt.asIntN(8 * bytes.length, value);
  // In C an enumerator is an int, whatever its enumeration's own type.
  const promotesToInt = inner.kind === 'enum' && BigInt.asIntN(32, value) === value;
  return { kind: 'constant', type, value, ...(promotesToInt ? { promotesToInt } : {}) };
}

/** A number that is read from memory at each hit. */
function loaded(type: TypeInfo, view: () => DataView, at: () => number): Leaf | undefined {
  const inner = strip(type);
  const { sizeBytes } = inner;
  if (isFloat(inner)) {
    if (sizeBytes === 4) return { kind: 'number', type, get: () => view().getFloat32(at(), true) };
    return sizeBytes === 8 ? { kind: 'number', type, get: () => view().getFloat64(at(), true) } : undefined;
  }
  if (!isInteger(inner) && !isPointer(inner)) return undefined;
  const signed = isSigned(inner);
  switch (sizeBytes) {
    case 1:
      return { kind: 'number', type, get: signed ? () => view().getInt8(at()) : () => view().getUint8(at()) };
    case 2:
      return {
        kind: 'number',
        type,
        get: signed ? () => view().getInt16(at(), true) : () => view().getUint16(at(), true),
      };
    case 4:
      return {
        kind: 'number',
        type,
        get: signed ? () => view().getInt32(at(), true) : () => view().getUint32(at(), true),
      };
    case 8:
      return loadedWide(type, signed, view, at);
    default:
      return undefined;
  }
}

const TWO_32 = 2 ** 32;

function loadedWide(type: TypeInfo, signed: boolean, view: () => DataView, at: () => number): Leaf {
  const low = (): number => view().getUint32(at(), true);
  const nearest = signed
    ? () => view().getInt32(at() + 4, true) * TWO_32 + low()
    : () => view().getUint32(at() + 4, true) * TWO_32 + low();
  const get = signed ? () => view().getBigInt64(at(), true) : () => view().getBigUint64(at(), true);
  return { kind: 'wide', type, get, nearest };
}

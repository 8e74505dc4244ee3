// names.ts: names and $names in an expression → what they stand for.

import type { TypeInfo } from '../program-symbols';
import { pointerTo, VOID } from '../types/base-types';
import { findMember } from '../types/find-member';
import { lastPart } from '../types/qualified-name';
import { strip } from '../types/strip';
import { wayToVirtual } from '../types/virtual-bases';
import { boolean } from './conversions';
import * as errors from './expression-errors';
import type { Evaluation, Operand, Place, Scalar } from './operand';
import { scalar } from './operand';
import { memberOf, memoryPlace, settle } from './places';
import { REGISTERS } from './registers.table';
import { typeOfBase } from './resolve-type';
import { nearestName } from './suggest';
import type { Expression } from './syntax-tree';

type Node<K extends Expression['kind']> = Extract<Expression, { kind: K }>;

/** A variable, enumerator, function or one of C's constants, in this order. */
export function evaluateName(evaluation: Evaluation, node: Node<'name'>): Operand {
  const { scope } = evaluation.context;
  const { name, file } = node;
  const variable = scope.variable(name, file);
  if (variable !== undefined) return settle(evaluation, { kind: 'place', ...variable }, node);
  if (file === undefined) {
    const enumerator = scope.enumerator(name);
    if (enumerator !== undefined) {
      return { ...scalar(enumerator.type, enumerator.value), promotesToInt: fitsInt(enumerator.value) };
    }
  }
  const code = scope.functionNamed(name, file);
  if (code !== undefined) return memoryPlace(code.type, code.address);
  const other = file === undefined ? (keyword(name) ?? memberOfThis(evaluation, node)) : undefined;
  if (other !== undefined) return other;
  throw unknown(evaluation, node);
}

/** In C an enumerator is an int, whatever its enumeration's own type. */
const fitsInt = (value: bigint): boolean => BigInt.asIntN(32, value) === value;

/** `true`, `NULL` and their kin, where the program names nothing so. */
function keyword(name: string): Scalar | undefined {
  if (name === 'true' || name === 'false') return boolean(name === 'true');
  return name === 'NULL' || name === 'nullptr' ? scalar(pointerTo(VOID), 0n) : undefined;
}

/** In a C++ method, members need no `this->`. */
function memberOfThis(evaluation: Evaluation, node: Node<'name'>): Operand | undefined {
  const self = evaluation.context.scope.variable('this');
  const target: TypeInfo | undefined = self === undefined ? undefined : strip(self.type).target;
  const name = lastPart(node.name);
  if (self === undefined || target === undefined) return undefined;
  if (findMember(target, name) === undefined && wayToVirtual(target, name) === undefined) return undefined;
  const { start, end } = node;
  const object: Expression = { kind: 'name', name: 'this', start, end };
  return memberOf(
    evaluation,
    { kind: 'place', ...self },
    { kind: 'member', object, arrow: true, name, nameSpan: node, start, end },
  );
}

function unknown(evaluation: Evaluation, node: Node<'name'>): Error {
  const { scope } = evaluation.context;
  if (node.file !== undefined) return errors.unknownInFile(node.name, node.file, node);
  if (typeOfBase(node.name, scope) !== undefined) return errors.typeNotValue(node.name, node);
  return errors.unknownName(node.name, nearestName(node.name, scope.names()), node);
}

/** The debugger's own values first, then registers. */
export function evaluateDollar(evaluation: Evaluation, node: Node<'dollar'>): Place {
  const { context } = evaluation;
  const known = context.convenience?.get(node.name);
  if (known !== undefined) {
    // Its bytes are what it was then; memory may have changed since.
    const { type, bytes, bitOffset, bitSize, error } = known;
    if (error !== undefined) throw errors.unavailable(`$${node.name}`, error, node);
    const bits = bitSize === undefined ? {} : { bitOffset: bitOffset ?? 0, bitSize };
    return { kind: 'place', type, location: { kind: 'value', bytes }, ...bits };
  }
  const register = REGISTERS.get(node.name);
  if (register === undefined) {
    throw errors.unknownDollar(
      node.name,
      [...(context.convenience?.keys() ?? []), 'rax', 'eax', 'al', 'rip', 'xmm0'],
      node,
    );
  }
  if (context.registers?.(register.dwarfNumber) === undefined) throw errors.registerUnknownHere(node.name, node);
  const { dwarfNumber, ...rest } = register;
  return { kind: 'place', location: { kind: 'register', dwarfNumber }, ...rest };
}

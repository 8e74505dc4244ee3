// variables.ts: scopes and what is in them, with the reference numbers the protocol knows them by.
//
// Lazy: a node is looked into when it is opened. References hold for one stop: `clear` at each resume.

import type { EvaluationContext, Value } from '../symbols/program-symbols';
import { writableName } from '../symbols/types/qualified-name';
import { pointeeValue } from '../symbols/types/read-value';
import { UserError } from '../util/user-error';
import { childExpression } from '../symbols/types/evaluate-name';
import { strip } from '../symbols/types/strip';
import type { Debuggee } from './debuggee';
import { dwarfNumberOf, generalRegisters, vectorRegisters } from './register-views';
import type { RegisterView } from './register-views';
import type { StackFrame } from './stack';
import { ValueViews } from './value-views';
import { storeValue } from './value-store';

export interface VariableView {
  readonly name: string;
  readonly value: string;
  readonly type?: string;
  /** 0: nothing below. */
  readonly reference: number;
  readonly named: number;
  readonly indexed: number;
  readonly evaluateName?: string;
  readonly memoryReference?: string;
  readonly readOnly: boolean;
}

export interface ScopeView {
  readonly name: string;
  readonly hint: 'arguments' | 'locals' | 'registers' | 'globals';
  readonly reference: number;
  readonly named: number;
  readonly expensive: boolean;
}

export interface Page {
  readonly start: number;
  readonly count: number;
  readonly kind?: 'named' | 'indexed';
}

/** A named value within a node, with the expression that reaches it. */
export interface NamedValue {
  readonly name: string;
  readonly value: Value;
  readonly expression: string;
}

type Node =
  | { readonly kind: 'variables'; readonly scope: 'arguments' | 'locals' | 'globals'; readonly frame: StackFrame }
  | { readonly kind: 'registers'; readonly vectors: boolean; readonly frame: StackFrame }
  | {
      readonly kind: 'value';
      readonly value: Value;
      readonly expression: string;
      readonly frame: StackFrame | undefined;
    };

export class Variables {
  private nextReference = 1;
  private readonly nodes = new Map<number, Node>();
  private readonly views: ValueViews;

  constructor(private readonly debuggee: Debuggee) {
    this.views = new ValueViews(debuggee.symbols, debuggee.memory);
  }

  clear(): void {
    this.nodes.clear();
  }

  scopes(frame: StackFrame): readonly ScopeView[] {
    const scope = (name: string, hint: ScopeView['hint'], node: Node, expensive = false): ScopeView => ({
      name,
      hint,
      reference: this.add(node),
      named: node.kind === 'variables' ? this.variablesIn(node).length : 0,
      expensive,
    });
    const has = (kind: 'arguments' | 'locals' | 'globals'): boolean =>
      this.variablesIn({ kind: 'variables', scope: kind, frame }).length > 0;
    return [
      ...(has('arguments') ? [scope('Arguments', 'arguments', { kind: 'variables', scope: 'arguments', frame })] : []),
      scope('Locals', 'locals', { kind: 'variables', scope: 'locals', frame }),
      ...(has('globals') ? [scope('Globals', 'globals', { kind: 'variables', scope: 'globals', frame })] : []),
      scope('Registers', 'registers', { kind: 'registers', vectors: false, frame }, true),
    ];
  }

  children(reference: number, page: Page | undefined, hexadecimal: boolean): readonly VariableView[] {
    const node = this.node(reference);
    if (node.kind === 'registers') return slice(this.registersIn(node), page);
    if (node.kind === 'variables' && page?.kind === 'indexed') return [];
    return this.valuesIn(node, page).map((child) => this.view(child, frameOf(node), hexadecimal));
  }

  /** The child with that name, for setVariable and dataBreakpointInfo: of a reference, what it refers to. */
  child(reference: number, name: string): NamedValue {
    const node = this.node(reference);
    const index = /^\[(\d+)\]$/.exec(name)?.[1];
    const page = index === undefined ? undefined : { start: Number(index), count: 1 };
    const within = (part: Page | undefined): NamedValue | undefined =>
      node.kind === 'registers' ? undefined : this.valuesIn(node, part).find((child) => child.name === name);
    // The entries of a map are named by their keys.
    const found = within(page) ?? (page === undefined ? undefined : within(undefined));
    if (found === undefined) throw noChild(name);
    return { ...found, value: this.settled(found.value) };
  }

  /** The frame a reference belongs to. */
  frameOf(reference: number): StackFrame | undefined {
    return frameOf(this.node(reference));
  }

  isRegister(reference: number): boolean {
    return this.node(reference).kind === 'registers';
  }

  /** A value's view, with a reference where it has children. */
  view(child: NamedValue, frame: StackFrame | undefined, hexadecimal: boolean): VariableView {
    const { value, expression } = child;
    const { named, indexed } = this.debuggee.symbols.childCount(value, this.debuggee.memory);
    const hasChildren = named + indexed > 0;
    return {
      name: child.name,
      ...this.views.text(value, hexadecimal),
      reference: hasChildren ? this.add({ kind: 'value', value, expression, frame }) : 0,
      named,
      indexed,
      evaluateName: expression,
      readOnly: value.location.kind !== 'memory' && value.location.kind !== 'register',
    };
  }

  /** Writes what the person typed; the view afterwards. */
  set(reference: number, name: string, text: string, hexadecimal: boolean): VariableView {
    const node = this.node(reference);
    if (node.kind === 'registers') return this.setRegister(node, name, text);
    const child = this.child(reference, name);
    const frame = frameOf(node);
    storeValue(child.value, text, child.expression, frame, this.debuggee);
    return this.view(this.child(reference, name), frame, hexadecimal);
  }

  contextOf(frame: StackFrame | undefined): EvaluationContext {
    return this.debuggee.context(frame?.thread, frame?.frame);
  }

  private setRegister(node: Node & { kind: 'registers' }, name: string, text: string): VariableView {
    const number = dwarfNumberOf(name);
    if (node.frame.index > 0 || number === undefined) throw registerReadOnly(name);
    const value = this.debuggee.symbols.evaluate(text, this.contextOf(node.frame));
    let bits = 0n;
    for (const [index, byte] of value.bytes.entries()) bits |= BigInt(byte) << BigInt(8 * index);
    this.debuggee.target.registers(node.frame.thread).write(number, BigInt.asUintN(64, bits));
    return {
      name,
      value: `0x${bits.toString(16).padStart(16, '0')}`,
      reference: 0,
      named: 0,
      indexed: 0,
      readOnly: false,
    };
  }

  private valuesIn(node: Exclude<Node, { kind: 'registers' }>, page: Page | undefined): readonly NamedValue[] {
    if (node.kind === 'variables') {
      const variables = this.variablesIn(node);
      const context = this.contextOf(node.frame);
      return slice(variables, page).map((variable) => ({
        name: variable.name,
        value: this.debuggee.symbols.valueOf(variable, context),
        expression: writableName(variable.name),
      }));
    }
    return this.debuggee.symbols.children(node.value, this.debuggee.memory, page).map(({ name, value, step }) => ({
      name,
      value,
      expression: childExpression(node.expression, step),
    }));
  }

  /** C++'s references cannot be seen or set themselves. */
  private settled(value: Value): Value {
    if (strip(value.type).kind !== 'reference') return value;
    return pointeeValue(value, { memory: this.debuggee.memory }) ?? value;
  }

  private variablesIn({ scope, frame }: Node & { kind: 'variables' }) {
    const { symbols } = this.debuggee;
    switch (scope) {
      case 'arguments':
        return symbols.localsAt(frame.frame).filter(({ kind }) => kind === 'parameter');
      case 'locals':
        return symbols.localsAt(frame.frame).filter(({ kind }) => kind !== 'parameter');
      case 'globals': {
        const path = frame.frame.location?.path;
        if (path === undefined) return [];
        return symbols.globals().filter(({ declaration }) => declaration?.path === path);
      }
    }
  }

  private registersIn(node: Node & { kind: 'registers' }): readonly VariableView[] {
    const registers = this.debuggee.target.registers(node.frame.thread);
    const plain = (view: RegisterView): VariableView => ({
      ...view,
      reference: 0,
      named: 0,
      indexed: 0,
      evaluateName: `$${view.name}`,
      readOnly: node.vectors || node.frame.index > 0,
    });
    if (node.vectors) return vectorRegisters(registers).map(plain);
    const general = generalRegisters(node.frame, registers).map(plain);
    if (node.frame.index > 0) return general;
    const reference = this.add({ kind: 'registers', vectors: true, frame: node.frame });
    return [...general, { name: 'SSE', value: '', reference, named: 16, indexed: 0, readOnly: true }];
  }

  private add(node: Node): number {
    const reference = this.nextReference++;
    this.nodes.set(reference, node);
    return reference;
  }

  private node(reference: number): Node {
    const node = this.nodes.get(reference);
    if (node === undefined) throw staleReference();
    return node;
  }
}

function frameOf(node: Node): StackFrame | undefined {
  return node.frame;
}

function slice<T>(all: readonly T[], page: Page | undefined): readonly T[] {
  return page === undefined ? all : all.slice(page.start, page.start + page.count);
}

function staleReference(): UserError {
  return new UserError('stale-reference', 'This variable belongs to an earlier stop. Ask for the scopes again.');
}

function noChild(name: string): UserError {
  return new UserError('no-such-variable', `There is no variable \`${name}\` here.`);
}

function registerReadOnly(name: string): UserError {
  return new UserError(
    'register-read-only',
    `\`${name}\` cannot be set here: only general registers of the innermost frame can.`,
  );
}

// name-at.ts: the names within a line's expressions, and the one under the cursor.
//
// A name's `expression` is what it means: of `queue.head->key` the name `head` is `queue.head`.

import type { Position } from 'vscode-languageserver';
import { parseExpression } from '../../symbols/expression/parser';
import type { Expression } from '../../symbols/expression/syntax-tree';
import type { FileSpan, Spelled, WatchLine } from '../../watch/watch-file/syntax';
import { clauseOf } from '../../watch/watch-file/syntax';
import { holds } from './ranges';

export interface NameUse {
  readonly kind: 'variable' | 'member' | 'dollar';
  /** Without file and `$`. */
  readonly name: string;
  /** From its beginning to the end of this name. */
  readonly expression: string;
  /** Of a member: what it is a member of. */
  readonly object?: string;
  /** Of the name alone. */
  readonly span: FileSpan;
}

/** Of the place and of the condition. */
export function namesOf(line: WatchLine): readonly NameUse[] {
  const condition = clauseOf(line, 'when')?.value;
  return [line.place, condition].flatMap((written) => (written === undefined ? [] : namesIn(written)));
}

export function nameAt(line: WatchLine, position: Position): NameUse | undefined {
  return namesOf(line).find(({ span }) => holds(span, position));
}

function namesIn(written: Spelled): readonly NameUse[] {
  const { text } = written;
  const uses: NameUse[] = [];
  const span = (start: number, end: number): FileSpan => ({
    line: written.span.line,
    start: written.span.start + start,
    end: written.span.start + end,
  });
  visit(parseExpression(text).tree, (node) => {
    if (node.kind === 'name') {
      const start = node.end - node.name.length;
      uses.push({
        kind: 'variable',
        name: node.name,
        expression: text.slice(node.start, node.end),
        span: span(start, node.end),
      });
    }
    if (node.kind === 'dollar') {
      uses.push({ kind: 'dollar', name: node.name, expression: `$${node.name}`, span: span(node.start, node.end) });
    }
    if (node.kind === 'member' && node.name !== '') {
      const object = text.slice(node.object.start, node.object.end);
      const { start, end } = node.nameSpan;
      uses.push({
        kind: 'member',
        name: node.name,
        expression: text.slice(node.start, end),
        object: node.arrow ? `*(${object})` : object,
        span: span(start, end),
      });
    }
  });
  return uses;
}

function visit(node: Expression, see: (node: Expression) => void): void {
  see(node);
  for (const child of childrenOf(node)) visit(child, see);
}

function childrenOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'member':
      return [node.object];
    case 'index':
      return [node.object, node.index];
    case 'slice':
      return [node.object, ...[node.from, node.to].flatMap((end) => end ?? [])];
    case 'call':
      return [node.callee, ...node.arguments];
    case 'unary':
    case 'step':
    case 'cast':
    case 'at':
    case 'sizeofValue':
      return [node.operand];
    case 'binary':
    case 'assign':
      return [node.left, node.right];
    case 'conditional':
      return [node.condition, node.whenTrue, node.whenFalse];
    default:
      return [];
  }
}

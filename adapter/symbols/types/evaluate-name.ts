// evaluate-name.ts: the expression that reaches a child of a value: `p->x`, `a[3]`, `(*p).y`, `*(int *)q`.
//
// The parent's expression is kept as the person wrote it and put in parentheses where precedence demands it.

/** One step down the tree. */
export type Step =
  | { readonly kind: 'member'; readonly name: string; readonly arrow: boolean }
  /** Members of an anonymous struct or union are reached as if they were the parent's. */
  | { readonly kind: 'anonymous'; readonly arrow: boolean }
  | { readonly kind: 'element'; readonly index: number }
  | { readonly kind: 'pointee' }
  /** Through a library's own layout: `*sp._M_ptr`. */
  | { readonly kind: 'path'; readonly before: string; readonly path: string }
  /** It has no expression of its own. */
  | { readonly kind: 'absolute'; readonly expression: string };

/** The child's expression. For an anonymous member of a pointer's struct: the struct itself, `(*p)`. */
export function childExpression(parent: string, step: Step): string {
  switch (step.kind) {
    case 'member':
      return memberExpression(parent, step.name, step.arrow);
    case 'anonymous':
      return step.arrow ? `*${asOperand(parent)}` : parent;
    case 'element':
      return `${asPostfix(parent)}[${step.index}]`;
    case 'pointee':
      return `*${asOperand(parent)}`;
    case 'path':
      return `${step.before}${asPostfix(parent)}${step.path}`;
    case 'absolute':
      return step.expression;
  }
}

function memberExpression(parent: string, name: string, arrow: boolean): string {
  if (arrow) return `${asPostfix(parent)}->${name}`;
  // (*p).y reads better as p->y.
  const pointee = /^\*(.*)$/s.exec(parent.trim())?.[1];
  if (pointee !== undefined && isPostfix(pointee)) return `${pointee}->${name}`;
  return `${asPostfix(parent)}.${name}`;
}

/** The child's name as the tree shows it: a pointee is named after its pointer. */
export const childLabel = (parentLabel: string, name: string): string => (name === '*' ? `*${parentLabel}` : name);

/** Fit to be followed by `.x`, `->x` or `[i]`. */
const asPostfix = (text: string): string => (isPostfix(text) ? text : `(${text})`);

/** Fit to be preceded by `*`: anything unary. */
const asOperand = (text: string): string => (isPostfix(text) || /^\*+[\w$]+$/.test(text) ? text : `(${text})`);

/** A name, register or parenthesised expression, followed by members, calls and indices only. */
function isPostfix(text: string): boolean {
  const head = /^(?:'[^']*'::)?(?:[\w$./+-]+\.[A-Za-z]+:)?(?:::)?[A-Za-z_$][\w$]*(?:::~?[A-Za-z_$][\w$]*)*/.exec(text);
  let at = head?.[0].length ?? 0;
  if (at === 0 && !text.startsWith('(')) return false;
  while (at < text.length) {
    const rest = text.slice(at);
    const member = /^(?:\.|->)[A-Za-z_$][\w$]*/.exec(rest);
    const length =
      member?.[0].length ?? (rest.startsWith('[') || (at === 0 && rest.startsWith('(')) ? balanced(rest) : 0);
    if (length === 0) return false;
    at += length;
  }
  return true;
}

/** The length of the bracketed text at the start; 0 where it does not end. */
function balanced(text: string): number {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '(' || char === '[') depth++;
    if (char === ')' || char === ']') depth--;
    if (depth === 0) return i + 1;
  }
  return 0;
}

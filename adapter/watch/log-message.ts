// log-message.ts: the template of a log point: text with expressions in braces.
//
// `{x + 1}` is evaluated; `\{` is a brace. Braces inside an expression must balance. Knows no program.
// Truth: DAP, SourceBreakpoint.logMessage.

export type LogPart =
  | { readonly kind: 'text'; readonly text: string }
  /** `start`: of the text in the template. */
  | { readonly kind: 'expression'; readonly text: string; readonly start: number };

export function parseLogMessage(template: string): readonly LogPart[] {
  const parts: LogPart[] = [];
  let text = '';
  for (let at = 0; at < template.length; at++) {
    const character = template.charAt(at);
    if (character === '\\' && /[{}\\]/.test(template.charAt(at + 1))) {
      text += template.charAt(++at);
      continue;
    }
    const end = character === '{' ? closingBrace(template, at) : undefined;
    if (end === undefined) {
      text += character;
      continue;
    }
    if (text !== '') parts.push({ kind: 'text', text });
    text = '';
    const inner = template.slice(at + 1, end);
    parts.push({ kind: 'expression', text: inner.trim(), start: at + 1 + inner.length - inner.trimStart().length });
    at = end;
  }
  if (text !== '') parts.push({ kind: 'text', text });
  return parts;
}

/** Of the brace that opens at `open`; undefined where none closes it. */
function closingBrace(template: string, open: number): number | undefined {
  let depth = 0;
  for (let at = open; at < template.length; at++) {
    const character = template.charAt(at);
    if (character === '{') depth++;
    if (character === '}' && --depth === 0) return at;
  }
  return undefined;
}

// braces.ts: the parts of a value on one line, as many as fit.

/** Joins parts between braces while they fit; `parts` are made only as far as needed. */
export function braces(parts: Iterable<(budget: number) => string>, budget: number, ends = '{}'): string {
  const texts: string[] = [];
  let length = 2;
  for (const part of parts) {
    if (texts.length > 0 && length >= budget - 1) {
      texts.push('…');
      break;
    }
    const text = part(Math.max(budget - length, 1));
    if (texts.length > 0 && length + text.length > budget) {
      texts.push('…');
      break;
    }
    texts.push(text);
    length += text.length + 2;
  }
  return `${ends.slice(0, 1)}${texts.join(', ')}${ends.slice(1)}`;
}

// watched-expression.ts: what a person means who points at a place in C, C++ or Rust, and the line that watches it.

/** The name under `column` (from 0) with what stands before it: `queue.head`, `cfg->flags`, `table[3].x`, `ns::name`. */
export function expressionAt(line: string, column: number): string | undefined {
  const name = [...line.matchAll(/[A-Za-z_]\w*/g)].find(
    ({ index, 0: text }) => index <= column && column <= index + text.length,
  );
  if (name === undefined) return undefined;
  const before = /(?:[A-Za-z_]\w*(?:\[\w+\])*\s*(?:\.|->|::)\s*)+$/.exec(line.slice(0, name.index))?.[0] ?? '';
  return `${before}${name[0]}`.replace(/\s+/g, '');
}

/** `watch write queue.head  # server.c:12`. */
export function watchFileLine(statement: string, expression: string, place: string): string {
  return `${statement} ${expression.replace(/\s+/g, ' ').trim()}  # ${place}`;
}

/** The text with the line added at its end. */
export function withLine(text: string, line: string): string {
  const separator = text === '' || text.endsWith('\n') ? '' : '\n';
  return `${text}${separator}${line}\n`;
}

/** What a new file begins with. */
export function newWatchFile(program: string | undefined): string {
  const first = program === undefined ? '# program  PATH\n' : `program  ${program}\n`;
  return `# What must not happen here, and what is worth a look. Check it: trapline check FILE.watch\n${first}\n`;
}

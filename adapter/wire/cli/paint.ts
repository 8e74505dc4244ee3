// paint.ts: colours where the terminal shows them, and columns that keep their width with and without.

export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly blue: (text: string) => string;
  readonly magenta: (text: string) => string;
  readonly cyan: (text: string) => string;
}

/** What decides: whether it is a terminal, and NO_COLOR (https://no-color.org), FORCE_COLOR and TERM. */
export function showsColours(isTerminal: boolean, environment: Readonly<Record<string, string | undefined>>): boolean {
  if ((environment.FORCE_COLOR ?? '') !== '') return true;
  return isTerminal && (environment.NO_COLOR ?? '') === '' && environment.TERM !== 'dumb';
}

export function createPaint(coloured: boolean): Paint {
  const paint =
    (open: string, close: string) =>
    (text: string): string =>
      coloured && text !== '' ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return {
    bold: paint('1', '22'),
    dim: paint('2', '22'),
    red: paint('31', '39'),
    green: paint('32', '39'),
    yellow: paint('33', '39'),
    blue: paint('34', '39'),
    magenta: paint('35', '39'),
    cyan: paint('36', '39'),
  };
}

// eslint-disable-next-line no-control-regex -- the escape character is what is looked for
const ESCAPES = /\u001b\[\d+m/g;

/** The width on the screen. */
const widthOf = (text: string): number => Array.from(text.replace(ESCAPES, '')).length;

export interface Cell {
  readonly text: string;
  readonly right?: boolean;
}

/** Rows as lines, each column as wide as its widest cell; nothing follows the last cell. */
export function columns(rows: readonly (readonly Cell[])[], gap = 2): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, { text }] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, widthOf(text));
  }
  return rows.map((row) =>
    row
      .map(({ text, right }, index) => {
        const fill = ' '.repeat(widths[index] - widthOf(text));
        return right === true ? fill + text : text + fill;
      })
      .join(' '.repeat(gap))
      .trimEnd(),
  );
}

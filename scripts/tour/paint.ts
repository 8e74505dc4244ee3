// paint.ts: colours, where the terminal shows them; columns that keep their width with and without.
//
// Honours NO_COLOR (https://no-color.org) and FORCE_COLOR; plain text where the output is no terminal.

const { env, stdout } = process;
const isColoured =
  (env.FORCE_COLOR ?? '') !== '' || ((env.NO_COLOR ?? '') === '' && stdout.isTTY && env.TERM !== 'dumb');

const paint =
  (open: string, close: string) =>
  (text: string): string =>
    isColoured ? `\u001b[${open}m${text}\u001b[${close}m` : text;

export const bold = paint('1', '22');
export const dim = paint('2', '22');
export const red = paint('31', '39');
export const green = paint('32', '39');
export const yellow = paint('33', '39');
export const blue = paint('34', '39');
export const magenta = paint('35', '39');
export const cyan = paint('36', '39');

// eslint-disable-next-line no-control-regex -- the escape character is what is looked for
const ESCAPES = /\u001b\[\d+m/g;

/** The width on the screen. */
export const widthOf = (text: string): number => Array.from(text.replace(ESCAPES, '')).length;

export const padEnd = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));

export const padStart = (text: string, width: number): string => ' '.repeat(Math.max(0, width - widthOf(text))) + text;

/** Rows as lines, each column as wide as its widest cell; the last one is not filled up. */
export function columns(rows: readonly (readonly string[])[], gap = 2): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, widthOf(cell));
  }
  return rows.map((row) =>
    row
      .map((cell, index) => (index === row.length - 1 ? cell : padEnd(cell, widths[index])))
      .join(' '.repeat(gap))
      .trimEnd(),
  );
}

// text-table.ts: rows of texts in columns, for a console with letters of one width.

/** Columns in which nothing stands are left out. `right`: columns whose texts end together. */
export function textTable(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  right: ReadonlySet<string> = new Set(),
): readonly string[] {
  const used = titles.map((_, at) => rows.some((row) => (row[at] ?? '') !== ''));
  const widths = titles.map((title, at) => Math.max(title.length, ...rows.map((row) => (row[at] ?? '').length)));
  return [titles, ...rows].map((row) =>
    titles
      .map((title, at) => {
        const text = row[at] ?? '';
        const width = widths[at] ?? 0;
        return right.has(title) ? text.padStart(width) : text.padEnd(width);
      })
      .filter((_, at) => used[at])
      .join('  ')
      .trimEnd(),
  );
}

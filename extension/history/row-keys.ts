// row-keys.ts: where a key leads among the rows of a table.
//
// Pure. Rows are counted from 0, top to bottom; at an end a key stays there.

const PAGE = 10;

/** The row to go to; undefined where the key is none of the table's. */
export function rowAfter(key: string, at: number, count: number): number | undefined {
  const to = target(key, at, count);
  return to === undefined || count === 0 ? undefined : Math.min(Math.max(to, 0), count - 1);
}

function target(key: string, at: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return at + 1;
    case 'ArrowUp':
      return at - 1;
    case 'PageDown':
      return at + PAGE;
    case 'PageUp':
      return at - PAGE;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

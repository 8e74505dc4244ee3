// which-watch.ts: which watch a command is about.
//
// Pure. VS Code hands a command of a row's menu its row, or `undefined` where rows came or went while the menu was open;
// a key and the palette hand nothing over.

import type { WatchView } from '../../adapter/protocol/watches';

/** What VS Code hands to a command: first the row that it was called on. */
export type CommandWords = readonly ({ readonly watchId?: number } | undefined)[];

/**
 * The row's, and no other where that is gone. Without a row the selected one, else the only one. `undefined`: ask. A
 * menu that lost its row was not of the selected one, as far as anybody knows.
 */
export function whichWatch(
  all: readonly WatchView[],
  words: CommandWords,
  selected: number | undefined,
): WatchView | undefined {
  const of = (id: number | undefined): WatchView | undefined => all.find((watch) => watch.id === id);
  const row = words.at(0);
  if (row?.watchId !== undefined) return of(row.watchId);
  const known = words.length > 0 ? undefined : of(selected);
  return known ?? (all.length === 1 ? all[0] : undefined);
}

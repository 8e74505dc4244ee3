// ranges.ts: places of a watch file as the protocol has them.

import type { Position, Range } from 'vscode-languageserver';
import type { FileSpan } from '../../watch/watch-file/syntax';

export const rangeOf = ({ line, start, end }: FileSpan): Range => ({
  start: { line, character: start },
  end: { line, character: end },
});

/** The end counts, too: a cursor behind a word is at the word. */
export const holds = ({ line, start, end }: FileSpan, position: Position): boolean =>
  position.line === line && position.character >= start && position.character <= end;

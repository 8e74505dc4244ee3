// history-command.ts: `history N`: the last accesses of a watch, and which lines made them all.

import type { WatchHistory } from '../../../protocol/watches';
import { always, textAnswer, usageError } from '../command';
import type { ConsoleCommand } from '../command';
import { textTable } from '../text-table';
import { writerText } from '../watch-rows';
import { watchAt } from './edit-commands';
import { baseName } from '../../../util/base-name';

const SHOWN = 20;
const SOURCES_SHOWN = 10;

export const history: ConsoleCommand = {
  name: 'history',
  aliases: ['hist'],
  usage: 'history N [COUNT]',
  summary: 'The last accesses of a watch: when, old → new, who; and the hits of each line and thread.',
  details: [`COUNT: so many of the last ones, ${SHOWN} where it is left out. At most 1,000 are kept.`],
  argument: 'number',
  need: always('nothing'),
  run({ rest }, context) {
    const [, number = '', last = ''] = /^(\d+)(?:\s+(\d{1,6}))?$/.exec(rest) ?? [];
    if (number === '') throw usageError(history, 'It needs the number of a watch.');
    const view = watchAt(Number(number), context);
    const count = last === '' ? SHOWN : Number(last);
    return textAnswer(historyText(view.id, context.desk.history(view.id, count)));
  },
};

function historyText(number: number, { label, entries, dropped, bySource }: WatchHistory): string {
  if (bySource.length === 0) return `${number}: ${label} has no hits yet.`;
  const rows = entries.map(({ sequence, timeNs, access, oldValue, newValue, writer }) => [
    String(sequence),
    (timeNs / 1e6).toFixed(3),
    access === 'read' ? `${newValue} (read)` : `${oldValue} → ${newValue}`,
    writerText(writer),
  ]);
  const sources = bySource
    .slice(0, SOURCES_SHOWN)
    .map(({ hits, function: name, path, line, threadId, threadName }) => [
      String(hits),
      path === undefined || line === undefined ? (name ?? 'elsewhere') : `${name ?? ''} at ${baseName(path)}:${line}`,
      `thread ${threadId}${threadName === '' ? '' : ` "${threadName}"`}`,
    ]);
  const more = bySource.length - sources.length;
  return [
    `${number}: ${label}`,
    ...(rows.length === 0 ? [] : textTable(['Hit', 'ms', 'Old → New', 'Writer'], rows, new Set(['Hit', 'ms']))),
    ...(dropped === 0 ? [] : [`${dropped} earlier ones were let go.`]),
    ...textTable(['Hits', 'Line', 'Thread'], sources, new Set(['Hits'])),
    ...(more > 0 ? [`… and ${more} lines more.`] : []),
  ].join('\n');
}

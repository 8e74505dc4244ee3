// watch-spec.ts: a bound line of a `.watch` file as the session's request for one watch.

import type { WatchModeName, WatchSpec, WatchThreadsName } from '../../protocol/watches';
import type { BoundLine } from './bind-watch-file';
import { pointeeOf } from './bind-watch-file';
import type { VerbWord, WatchLine } from './syntax';
import { clauseOf } from './syntax';

const MODES: Readonly<Record<VerbWord, WatchModeName>> = { watch: 'stop', never: 'stop', log: 'log', count: 'count' };

/** Undefined where the line is wrong. `extend`: more slots than x86 has, where the session can. */
export function specOf({ line, place, mayCome }: BoundLine, extend: boolean): WatchSpec | undefined {
  if (line.access === undefined || line.place === undefined) return undefined;
  const condition = clauseOf(line, 'when')?.value?.text;
  const hitCondition = hitConditionOf(line);
  const message = clauseOf(line, 'message')?.value?.text;
  const bytes = clauseOf(line, 'bytes')?.value?.text;
  const through = clauseOf(line, 'through') !== undefined;
  const isFixed = place?.address !== undefined || place?.functionName !== undefined || place?.isThreadLocal === true;
  const hangsOnPointer = place !== undefined && !isFixed;
  return {
    expression: through ? pointeeOf(line.place.text) : line.place.text,
    access: line.access,
    mode: MODES[line.verb],
    threads: threadsOf(line),
    origin: 'file',
    ...(condition === undefined ? {} : { condition }),
    ...(hitCondition === undefined ? {} : { hitCondition }),
    ...(line.verb === 'log' && message !== undefined ? { logMessage: message } : {}),
    ...(bytes === undefined ? {} : { lengthBytes: Number(bytes) }),
    ...(hangsOnPointer || through ? { through: true } : {}),
    ...(mayCome === true || place?.functionName !== undefined ? { mayCome: true } : {}),
    ...(extend ? { extend } : {}),
  };
}

function threadsOf(line: WatchLine): WatchThreadsName {
  const thread = clauseOf(line, 'in')?.value?.text;
  if (thread === undefined) return 'all';
  return /^\d+$/.test(thread) ? { id: Number(thread) } : { name: thread };
}

function hitConditionOf(line: WatchLine): string | undefined {
  const every = clauseOf(line, 'every')?.value?.text;
  return every === undefined ? clauseOf(line, 'hit')?.value?.text : `% ${every}`;
}

/** `never write config_table`: the line without its clauses' values spread over columns. */
export function titleOf(line: WatchLine): string {
  return [line.verb, line.access ?? '', line.place?.text ?? '', ...line.clauses.map(clauseTitle)]
    .filter((word) => word !== '')
    .join(' ');
}

function clauseTitle({ kind, value }: WatchLine['clauses'][number]): string {
  if (kind === 'message') return '';
  if (kind === 'through') return kind;
  return `${kind === 'in' ? 'in thread' : kind} ${value?.text ?? ''}`;
}

// line-hits.ts: which source lines accessed watched data, and how often: what the code lenses say.
//
// Pure: histograms in, lines out.

import type { WatchHistory } from '../../adapter/protocol/watches';
import { counted, type Translate } from '../view/translate';

export interface Histogram {
  readonly watchId: number;
  readonly label: string;
  readonly bySource: WatchHistory['bySource'];
}

export interface LineHits {
  /** From 1. */
  readonly line: number;
  readonly watchId: number;
  readonly label: string;
  readonly hits: number;
  readonly threads: number;
}

/** By line; on a line, most hits first. All threads of a line are one. */
export function lineHits(histograms: readonly Histogram[], isFile: (path: string) => boolean): readonly LineHits[] {
  const found = histograms.flatMap(({ watchId, label, bySource }) => {
    const lines = new Map<number, { readonly hits: number; readonly threads: ReadonlySet<number> }>();
    for (const { path, line, hits, threadId } of bySource) {
      if (path === undefined || line === undefined || line < 1 || !isFile(path)) continue;
      const known = lines.get(line);
      // A thread comes once for each function that the line is in: templates, inlined ones.
      const threads = new Set([...(known?.threads ?? []), threadId]);
      lines.set(line, { hits: (known?.hits ?? 0) + hits, threads });
    }
    return [...lines].map(([line, { hits, threads }]) => ({ line, watchId, label, hits, threads: threads.size }));
  });
  return found.sort((a, b) => a.line - b.line || b.hits - a.hits);
}

/** "counter: 12 hits", "counter: 12 hits by 3 threads". */
export function lineHitsText({ label, hits, threads }: LineHits, t: Translate): string {
  const count = counted(t, hits, '1 hit', '{0} hits');
  return threads === 1 ? `${label}: ${count}` : t('{0}: {1} by {2} threads', label, count, threads);
}

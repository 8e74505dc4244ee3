// messages.ts: what the history panel and the page in it say to each other.
//
// The page has no network, no files and no texts of its own: it is told everything.

import type { WatchHistory } from '../../adapter/protocol/watches';

/** All that the page writes; {0}, {1} are filled there. */
export interface HistoryTexts {
  readonly chart: string;
  readonly drawing: string;
  readonly zoomIn: string;
  readonly zoomOut: string;
  readonly fit: string;
  readonly byTime: string;
  readonly byHits: string;
  readonly keys: string;
  readonly accesses: string;
  readonly number: string;
  readonly time: string;
  readonly thread: string;
  readonly place: string;
  readonly change: string;
  readonly sources: string;
  readonly hits: string;
  readonly empty: string;
  readonly noNumbers: string;
  readonly read: string;
  readonly calledBy: string;
  readonly unknownPlace: string;
  readonly goBack: string;
  readonly goBackTo: string;
}

export interface PageState {
  /** Another one where the accesses are of another run of the program. */
  readonly run: string;
  readonly history: WatchHistory;
  /** "stops on change · 12 hits · 41 → 42". */
  readonly summary: string;
  /** What a person should know: still running, ended, entries let go. */
  readonly notes: readonly string[];
  /** The program stands, so that it can be taken back to an access. */
  readonly canGoBack: boolean;
}

export type ToPage =
  { readonly kind: 'texts'; readonly texts: HistoryTexts } | { readonly kind: 'state'; readonly state: PageState };

export type FromPage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'open'; readonly path: string; readonly line: number }
  /** Back in time, to the access with this number. */
  | { readonly kind: 'goBack'; readonly sequence: number };

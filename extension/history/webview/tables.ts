// tables.ts: the accesses and the source lines on the page, as tables that a screen reader can walk.
//
// Rows that are there already stay the same elements, so that the focus and the scroll position are not lost while the
// program runs.

import type { WatchHistory, WatchHistoryEntry, WatchWriter } from '../../../adapter/protocol/watches';
import { timeText } from '../chart-model';
import type { HistoryTexts } from '../messages';
import { fill, html } from './elements';

type OpenSource = (path: string, line: number) => void;

export class AccessTable {
  readonly element: HTMLTableElement;
  private readonly body = html('tbody');
  private readonly rows = new Map<number, HTMLTableRowElement>();
  private selected: HTMLTableRowElement | undefined;
  private run = '';

  constructor(
    private readonly texts: HistoryTexts,
    private readonly open: OpenSource,
    private readonly onSelect: (sequence: number) => void,
    private readonly goBack: (sequence: number) => void,
  ) {
    const { accesses, number, time, thread, place, change, goBack: back } = texts;
    this.element = table(accesses, [number, time, thread, place, change, back], this.body);
  }

  /** Only a program that stands can be taken back. */
  allowGoingBack(isAllowed: boolean): void {
    this.element.classList.toggle('standing', isAllowed);
  }

  /** Newest first. Accesses of another `run` count from 1 again. */
  set(run: string, entries: readonly WatchHistoryEntry[]): void {
    const oldest = entries.at(0)?.sequence ?? 0;
    const isSame = run === this.run;
    this.run = run;
    for (const [sequence, row] of this.rows) {
      if (isSame && sequence >= oldest) continue;
      row.remove();
      this.rows.delete(sequence);
    }
    const fresh = entries.filter(({ sequence }) => !this.rows.has(sequence));
    for (const entry of fresh) {
      const row = this.row(entry);
      this.rows.set(entry.sequence, row);
      this.body.prepend(row);
    }
  }

  select(sequence: number): void {
    this.selected?.removeAttribute('aria-selected');
    this.selected = this.rows.get(sequence);
    this.selected?.setAttribute('aria-selected', 'true');
    this.selected?.scrollIntoView({ block: 'nearest' });
  }

  private row(entry: WatchHistoryEntry): HTMLTableRowElement {
    const { sequence, timeNs, writer, oldValue, newValue, access } = entry;
    const values = access === 'read' ? fill(this.texts.read, newValue) : `${oldValue} → ${newValue}`;
    const row = html(
      'tr',
      { 'data-sequence': sequence },
      html('td', { class: 'number' }, sequence.toLocaleString('en-US')),
      html('td', { class: 'number' }, timeText(timeNs, 1)),
      html('td', {}, threadText(writer)),
      html('td', {}, placeElement(writer, this.texts, this.open)),
      html('td', { class: 'values' }, values),
      html('td', { class: 'back' }, this.backButton(sequence)),
    );
    if (entry.backtrace !== undefined) row.title = entry.backtrace.join('\n');
    row.addEventListener('click', () => {
      this.onSelect(sequence);
    });
    return row;
  }

  private backButton(sequence: number): HTMLButtonElement {
    const text = fill(this.texts.goBackTo, sequence);
    const button = html('button', { class: 'link', type: 'button', title: text, 'aria-label': text }, '↶');
    button.addEventListener('click', () => {
      this.goBack(sequence);
    });
    return button;
  }
}

/** Most hits first, each with a bar. */
export class SourceTable {
  readonly element: HTMLTableElement;
  private readonly body = html('tbody');

  constructor(
    private readonly texts: HistoryTexts,
    private readonly open: OpenSource,
  ) {
    this.element = table(texts.sources, [texts.place, texts.thread, texts.hits], this.body);
  }

  set(sources: WatchHistory['bySource']): void {
    const most = sources.reduce((max, { hits }) => Math.max(max, hits), 1);
    this.body.replaceChildren(
      ...sources.map((source) => {
        const bar = html('div', { class: 'bar' });
        bar.style.width = `${Math.max(1, (100 * source.hits) / most)}%`;
        return html(
          'tr',
          {},
          html('td', {}, placeElement(source, this.texts, this.open)),
          html('td', {}, threadText(source)),
          html('td', { class: 'hits' }, html('span', {}, source.hits.toLocaleString('en-US')), bar),
        );
      }),
    );
  }
}

function table(caption: string, heads: readonly string[], body: HTMLTableSectionElement): HTMLTableElement {
  const head = html('thead', {}, html('tr', {}, ...heads.map((text) => html('th', { scope: 'col' }, text))));
  return html('table', {}, html('caption', {}, caption), head, body);
}

const threadText = ({ threadId, threadName }: Pick<WatchWriter, 'threadId' | 'threadName'>): string =>
  threadName === '' ? String(threadId) : `${threadId} ${threadName}`;

type Place = Partial<Pick<WatchWriter, 'path' | 'line' | 'function' | 'systemCall' | 'instruction'>>;

/** A button where there is a source to go to. */
function placeElement(place: Place, texts: HistoryTexts, open: OpenSource): HTMLElement {
  const { path, line = 1, systemCall, instruction = texts.unknownPlace } = place;
  const name = place.function ?? '';
  const at = path === undefined ? instruction : `${path.slice(path.lastIndexOf('/') + 1)}:${line}`;
  const plain = name === '' ? at : path === undefined && place.instruction === undefined ? name : `${name} ${at}`;
  const text = systemCall === undefined ? plain : fill(texts.calledBy, systemCall, plain);
  if (path === undefined) return html('span', {}, text);
  const button = html('button', { class: 'link', title: `${path}:${line}` }, text);
  button.addEventListener('click', () => {
    open(path, line);
  });
  return button;
}

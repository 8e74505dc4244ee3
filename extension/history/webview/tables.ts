// tables.ts: the accesses and the source lines on the page, as tables that a screen reader can walk.
//
// Rows that are there already stay the same elements, so that the focus and the scroll position are not lost while the
// program runs. The accesses are one stop of the Tab key, however many they are: the arrows go from row to row, Enter to
// the source, and Tab from the row to its buttons.

import type { WatchHistory, WatchHistoryEntry, WatchWriter } from '../../../adapter/protocol/watches';
import { timeText } from '../chart-model';
import type { HistoryTexts } from '../messages';
import { rowAfter } from '../row-keys';
import { fill, html } from './elements';

type OpenSource = (path: string, line: number) => void;

export class AccessTable {
  readonly element: HTMLTableElement;
  private readonly body = html('tbody');
  private readonly rows = new Map<number, HTMLTableRowElement>();
  private selected: HTMLTableRowElement | undefined;
  /** The row that Tab comes to. */
  private stop: HTMLTableRowElement | undefined;
  private run = '';

  constructor(
    private readonly texts: HistoryTexts,
    private readonly open: OpenSource,
    private readonly onSelect: (sequence: number | undefined) => void,
    private readonly goBack: (sequence: number) => void,
  ) {
    const { accesses, number, time, thread, place, change, goBack: back } = texts;
    this.element = table(accesses, [number, time, thread, place, change, back], this.body);
    // Its rows can be chosen, which those of a mere table cannot.
    this.element.setAttribute('role', 'grid');
    this.body.addEventListener('keydown', (event) => {
      this.key(event);
    });
    this.body.addEventListener('focusin', ({ target }) => {
      this.stopAt(rowOf(target));
    });
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
    // Nobody is in it yet, or the row has gone: Tab comes to the newest.
    const isIn = this.stop?.isConnected === true && (this.selected !== undefined || this.stop.matches(':focus-within'));
    if (!isIn) this.stopAt(this.body.rows.item(0) ?? undefined);
  }

  select(sequence: number | undefined): void {
    this.selected?.removeAttribute('aria-selected');
    this.selected = sequence === undefined ? undefined : this.rows.get(sequence);
    this.selected?.setAttribute('aria-selected', 'true');
    this.selected?.scrollIntoView({ block: 'nearest' });
    this.stopAt(this.selected);
  }

  private stopAt(row: HTMLTableRowElement | undefined): void {
    if (row === undefined || row === this.stop) return;
    if (this.stop !== undefined) setTabIndex(this.stop, -1);
    setTabIndex(row, 0);
    this.stop = row;
  }

  private key(event: KeyboardEvent): void {
    const row = rowOf(event.target);
    if (row === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = this.body.rows.item(rowAfter(event.key, row.sectionRowIndex, this.body.rows.length) ?? -1);
    if (to !== null) {
      this.onSelect(Number(to.dataset.sequence));
      to.focus();
    } else if (event.key === 'Enter' && event.target === row) row.querySelector('button')?.click();
    else if (event.key === 'Escape') this.onSelect(undefined);
    else return;
    event.preventDefault();
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
    setTabIndex(row, -1);
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

function rowOf(target: EventTarget | null): HTMLTableRowElement | undefined {
  return target instanceof Element ? (target.closest('tr') ?? undefined) : undefined;
}

/** Of a row and of the buttons in it. */
function setTabIndex(row: HTMLTableRowElement, tabIndex: number): void {
  row.tabIndex = tabIndex;
  for (const button of row.querySelectorAll('button')) button.tabIndex = tabIndex;
}

type Source = WatchHistory['bySource'][number];

interface SourceRow {
  readonly row: HTMLTableRowElement;
  readonly hits: HTMLElement;
  readonly bar: HTMLElement;
}

/** Most hits first, each with a bar. */
export class SourceTable {
  readonly element: HTMLTableElement;
  private readonly body = html('tbody');
  private rows = new Map<string, SourceRow>();

  constructor(
    private readonly texts: HistoryTexts,
    private readonly open: OpenSource,
  ) {
    this.element = table(texts.sources, [texts.place, texts.thread, texts.hits], this.body);
  }

  set(sources: readonly Source[]): void {
    const most = sources.reduce((max, { hits }) => Math.max(max, hits), 1);
    const before = this.rows;
    this.rows = new Map(sources.map((source) => [keyOf(source), before.get(keyOf(source)) ?? this.row(source)]));
    for (const [key, { row }] of before) if (!this.rows.has(key)) row.remove();
    for (const [index, source] of sources.entries()) {
      const shown = this.rows.get(keyOf(source));
      if (shown === undefined) continue;
      shown.hits.textContent = source.hits.toLocaleString('en-US');
      shown.bar.style.width = `${Math.max(1, (100 * source.hits) / most)}%`;
      const there = this.body.rows.item(index);
      if (there !== shown.row) this.body.insertBefore(shown.row, there);
    }
  }

  private row(source: Source): SourceRow {
    const hits = html('span');
    const bar = html('div', { class: 'bar' });
    const row = html(
      'tr',
      {},
      html('td', {}, placeElement(source, this.texts, this.open)),
      html('td', {}, threadText(source)),
      html('td', { class: 'hits' }, hits, bar),
    );
    return { row, hits, bar };
  }
}

const keyOf = ({ hits: _, ...place }: Source): string => JSON.stringify(place);

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

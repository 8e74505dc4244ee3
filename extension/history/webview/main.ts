// main.ts: the page in the history panel: head, drawing, two tables. Bundled into dist/history.js.

import type { FromPage, HistoryTexts, PageState, ToPage } from '../messages';
import { Chart } from './chart';
import { html } from './elements';
import { AccessTable, SourceTable } from './tables';

declare function acquireVsCodeApi(): { postMessage(message: FromPage): void };

const host = acquireVsCodeApi();

class Page {
  private readonly title = html('h1');
  private readonly summary = html('p', { class: 'summary' });
  private readonly notes = html('div', { class: 'notes', role: 'status' });
  private readonly empty: HTMLElement;
  private readonly noNumbers: HTMLElement;
  private readonly content: HTMLElement;
  private readonly chart: Chart;
  private readonly accesses: AccessTable;
  private readonly sources: SourceTable;

  constructor(private readonly texts: HistoryTexts) {
    const open = (path: string, line: number): void => {
      host.postMessage({ kind: 'open', path, line });
    };
    const select = (sequence: number | undefined): void => {
      this.chart.select(sequence);
      this.accesses.select(sequence);
    };
    this.chart = new Chart(texts, select);
    this.accesses = new AccessTable(texts, open, select, (sequence) => {
      host.postMessage({ kind: 'goBack', sequence });
    });
    this.sources = new SourceTable(texts, open);
    this.empty = html('p', { class: 'empty' }, texts.empty);
    this.noNumbers = html('p', { class: 'hint' }, texts.noNumbers);
    this.content = html(
      'main',
      {},
      this.toolbar(),
      this.noNumbers,
      html('div', { class: 'frame' }, this.chart.element),
      html('section', { class: 'sources' }, this.sources.element),
      html('section', { class: 'accesses' }, this.accesses.element),
    );
    document.body.replaceChildren(html('header', {}, this.title, this.summary, this.notes), this.empty, this.content);
    new ResizeObserver(() => {
      this.chart.redraw();
    }).observe(document.body);
  }

  show({ run, history, summary, notes, canGoBack }: PageState): void {
    const { entries, bySource, label } = history;
    this.title.textContent = label;
    this.summary.textContent = summary;
    const lines = notes.map((note) => html('p', {}, note));
    if (notes.join('\n') !== this.notes.innerText) this.notes.replaceChildren(...lines);
    const isEmpty = entries.length === 0 && bySource.length === 0;
    this.empty.hidden = !isEmpty;
    this.content.hidden = isEmpty;
    this.noNumbers.hidden = entries.some(({ number }) => number !== undefined);
    this.accesses.set(run, entries);
    this.accesses.allowGoingBack(canGoBack);
    this.sources.set(bySource);
    this.chart.set(label, entries);
  }

  private toolbar(): HTMLElement {
    const { drawing, zoomIn, zoomOut, fit, byTime, byHits, keys } = this.texts;
    const button = (text: string, act: () => void): HTMLButtonElement => {
      const element = html('button', { type: 'button' }, text);
      element.addEventListener('click', act);
      return element;
    };
    const time = button(byTime, () => {
      this.pressed(time, hits);
      this.chart.setAxis('time');
    });
    const hits = button(byHits, () => {
      this.pressed(hits, time);
      this.chart.setAxis('hits');
    });
    this.pressed(time, hits);
    return html(
      'div',
      { class: 'toolbar', role: 'group', 'aria-label': drawing },
      button(zoomIn, () => {
        this.chart.zoomIn();
      }),
      button(zoomOut, () => {
        this.chart.zoomOut();
      }),
      button(fit, () => {
        this.chart.fit();
      }),
      html('span', { class: 'space' }),
      time,
      hits,
      html('span', { class: 'hint' }, keys),
    );
  }

  private pressed(on: HTMLElement, off: HTMLElement): void {
    on.setAttribute('aria-pressed', 'true');
    off.setAttribute('aria-pressed', 'false');
  }
}

let page: Page | undefined;

window.addEventListener('message', ({ data }: MessageEvent<ToPage>) => {
  if (data.kind === 'texts') page = new Page(data.texts);
  else page?.show(data.state);
});
host.postMessage({ kind: 'ready' });

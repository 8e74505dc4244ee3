// chart.ts: the drawing on the page: SVG, zoomed and moved by wheel, drag and keys.
//
// What is drawn where is chart-model.ts's; this turns it into elements and the person's hands into views.

import type { WatchHistoryEntry } from '../../../adapter/protocol/watches';
import {
  axisValue,
  draw,
  entriesIn,
  fromX,
  isWhole,
  panned,
  wholeRange,
  zoomed,
  type AxisName,
  type ChartSize,
  type Drawing,
  type ViewRange,
} from '../chart-model';
import type { HistoryTexts } from '../messages';
import { fill, svg } from './elements';

const STEP = 0.7;
/** Of the picture, in pixels: the names of lanes are cut shorter, so that the lanes are not. */
const NARROW = 400;

export class Chart {
  readonly element = svg('svg', { role: 'img', tabindex: 0, class: 'chart' });
  private entries: readonly WatchHistoryEntry[] = [];
  private label = '';
  private axis: AxisName = 'time';
  /** Undefined: all, also of what comes. */
  private view: ViewRange | undefined;
  private selected: number | undefined;
  private drag: { readonly x: number; readonly view: ViewRange } | undefined;

  constructor(
    private readonly texts: HistoryTexts,
    private readonly onSelect: (sequence: number) => void,
  ) {
    const { element } = this;
    element.setAttribute('aria-keyshortcuts', '+ - 0 ArrowLeft ArrowRight PageUp PageDown');
    element.addEventListener('wheel', (event) => {
      event.preventDefault();
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) this.pan(event.deltaX / 600);
      else this.zoom(event.deltaY > 0 ? 1 / STEP : STEP, event.offsetX);
    });
    element.addEventListener('keydown', (event) => {
      this.key(event);
    });
    element.addEventListener('pointerdown', (event) => {
      this.drag = { x: event.clientX, view: this.shown() };
      const target = event.target instanceof Element ? event.target.getAttribute('data-sequence') : null;
      if (target !== null) this.onSelect(Number(target));
      else element.setPointerCapture(event.pointerId);
    });
    element.addEventListener('pointermove', (event) => {
      if (this.drag === undefined || event.buttons === 0) return;
      const { left, right, width } = this.size();
      const share = (this.drag.x - event.clientX) / Math.max(1, width - left - right);
      this.show(panned(this.drag.view, share, this.whole()));
    });
    element.addEventListener('pointerup', () => {
      this.drag = undefined;
    });
  }

  set(label: string, entries: readonly WatchHistoryEntry[]): void {
    this.label = label;
    this.entries = entries;
    this.redraw();
  }

  setAxis(axis: AxisName): void {
    this.axis = axis;
    this.view = undefined;
    this.redraw();
  }

  select(sequence: number | undefined): void {
    this.selected = sequence;
    const entry = this.entries.find((each) => each.sequence === sequence);
    const view = this.shown();
    const at = entry === undefined ? view.from : axisValue(entry, this.axis);
    if (at < view.from || at > view.to) {
      this.view = panned(view, (at - (view.from + view.to) / 2) / (view.to - view.from), this.whole());
    }
    this.redraw();
  }

  zoomIn(): void {
    this.zoom(STEP);
  }

  zoomOut(): void {
    this.zoom(1 / STEP);
  }

  fit(): void {
    this.view = undefined;
    this.redraw();
  }

  redraw(): void {
    const size = this.size();
    const drawing = draw(this.entries, this.shown(), size, this.axis);
    const height = drawing.height + 24;
    this.element.setAttribute('viewBox', `0 0 ${size.width} ${height}`);
    this.element.setAttribute('width', String(size.width));
    this.element.setAttribute('height', String(height));
    const inside = entriesIn(this.entries, this.shown(), this.axis).length;
    this.element.setAttribute('aria-label', fill(this.texts.chart, this.label, inside, this.entries.length));
    this.element.replaceChildren(...this.grid(drawing, size), ...this.marks(drawing));
  }

  private grid(drawing: Drawing, size: ChartSize): readonly SVGElement[] {
    const right = size.width - size.right;
    return [
      ...drawing.xTicks.flatMap(({ at, text }) => [
        svg('line', { class: 'grid', x1: at, x2: at, y1: size.top, y2: drawing.height }),
        svg('text', { class: 'tick', x: at, y: drawing.height + 16, 'text-anchor': 'middle' }, text),
      ]),
      ...drawing.yTicks.flatMap(({ at, text }) => [
        svg('line', { class: 'grid', x1: size.left, x2: right, y1: at, y2: at }),
        svg('text', { class: 'tick', x: size.left - 8, y: at + 4, 'text-anchor': 'end' }, text),
      ]),
      ...drawing.lanes.flatMap(({ label, y }) => [
        svg('line', { class: 'lane', x1: size.left, x2: right, y1: y, y2: y }),
        svg(
          'text',
          { class: 'lane-label', x: size.left - 8, y: y + 4, 'text-anchor': 'end' },
          shortened(label, size.width < NARROW ? 12 : 17),
        ),
      ]),
      ...drawing.gaps.map((x) => svg('line', { class: 'gap', x1: x, x2: x, y1: size.top, y2: drawing.height })),
    ];
  }

  private marks(drawing: Drawing): readonly SVGElement[] {
    const dot = (kind: string, { sequence, x, y }: Drawing['points'][number], r: number): SVGElement =>
      svg('circle', {
        class: sequence === this.selected ? `${kind} selected` : kind,
        'data-sequence': sequence,
        cx: x,
        cy: y,
        r: sequence === this.selected ? r + 2 : r,
      });
    return [
      svg('path', { class: 'steps', d: drawing.steps }),
      ...drawing.points.map((point) => dot('point', point, 3)),
      ...drawing.lanes.flatMap((lane, index) => lane.marks.map((mark) => dot(`mark colour${index % 6}`, mark, 4))),
    ];
  }

  private size(): ChartSize {
    const width = Math.max(220, this.element.parentElement?.clientWidth ?? 640);
    return { width, valueHeight: 180, laneHeight: 24, left: width < NARROW ? 86 : 124, right: 28, top: 8 };
  }

  private whole(): ViewRange {
    return wholeRange(this.entries, this.axis);
  }

  private shown(): ViewRange {
    return this.view ?? this.whole();
  }

  private zoom(factor: number, x?: number): void {
    const view = this.shown();
    const at = x === undefined ? (view.from + view.to) / 2 : fromX(x, view, this.size());
    this.show(zoomed(view, factor, at, this.whole(), this.axis));
  }

  private pan(share: number): void {
    this.show(panned(this.shown(), share, this.whole()));
  }

  private show(view: ViewRange): void {
    this.view = isWhole(view, this.whole()) ? undefined : view;
    this.redraw();
  }

  private key(event: KeyboardEvent): void {
    const actions: Readonly<Record<string, () => void>> = {
      '+': () => {
        this.zoom(STEP);
      },
      '=': () => {
        this.zoom(STEP);
      },
      '-': () => {
        this.zoom(1 / STEP);
      },
      ArrowLeft: () => {
        this.pan(-0.2);
      },
      ArrowRight: () => {
        this.pan(0.2);
      },
      PageUp: () => {
        this.pan(-1);
      },
      PageDown: () => {
        this.pan(1);
      },
      '0': () => {
        this.fit();
      },
      Escape: () => {
        this.fit();
      },
    };
    const action = actions[event.key] as (() => void) | undefined;
    if (action === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  }
}

/** In the middle, where it has more letters. */
function shortened(text: string, letters: number): string {
  const half = Math.floor((letters - 1) / 2);
  return text.length <= letters ? text : `${text.slice(0, half)}…${text.slice(-half)}`;
}

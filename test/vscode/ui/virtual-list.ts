// virtual-list.ts: lists of the workbench, of which only the rows in sight are drawn.
//
// How many are in sight depends on the window, on the other sections of the side bar and on what was done there before:
// nothing may be counted, looked for or clicked in such a list but through here. Scrolls by the list's own wheel events,
// so that the mouse stays where it is, and neither the focus nor the selection moves.

import { expect, type Locator, type Page } from '@playwright/test';

/** What is tried again: how long one try may take on a machine that is busy, and all of them. */
export const STEP_MS = 5_000;
export const RETRY_MS = 90_000;

/** How long a hover may take to close. */
const HOVER_MS = 1_500;
/** In the title bar, above all that says something about itself. */
export const NOWHERE = { x: 700, y: 5 };
/** More than any list is high. */
const ALL_PX = 1_000_000;

/** All rows, drawn or not, as `label | description` where they have these, else as their text. */
export async function allRows(list: Locator): Promise<readonly string[]> {
  // None while its section is folded, or holds a text of welcome instead.
  if ((await list.count()) === 0) return [];
  const seen = await list.first().evaluate(drawnRows, undefined, { timeout: STEP_MS });
  const rows = seen.isWhole ? seen.rows : await rowsByScrolling(list.first(), seen.scrolledPx);
  return rows.map((row) => row.replaceAll('\u00a0', ' '));
}

/** The list is scrolled back to where it was. */
async function rowsByScrolling(list: Locator, scrolledPx: number): Promise<readonly string[]> {
  const rows: string[] = [];
  await scroll(list, -ALL_PX);
  do {
    const seen = await list.evaluate(drawnRows, undefined, { timeout: STEP_MS });
    seen.rows.forEach((row, at) => (rows[seen.first + at] = row));
  } while (await scroll(list, 'on'));
  await scroll(list, -ALL_PX);
  await scroll(list, scrolledPx);
  return rows;
}

/** Scrolls until the whole of `row` is in sight, and nothing that hovers covers it; answers it. */
export async function reveal(list: Locator, row: Locator): Promise<Locator> {
  await expect(async () => {
    await leaveHovers(row.page());
    await scrollTo(list, row);
    await scroll(list, await row.evaluate(beyondEdge, undefined, { timeout: STEP_MS }));
    expect(await row.evaluate(beyondEdge, undefined, { timeout: STEP_MS })).toBe(0);
  }).toPass({ timeout: RETRY_MS });
  return row;
}

/** Scrolls until `part` of an editor is drawn, and to its middle: the first lines may be covered by what they belong to. */
export async function revealInEditor(editor: Locator, part: Locator): Promise<void> {
  await expect(async () => {
    await scrollTo(editor, part);
    await scroll(editor, await part.evaluate(belowMiddle, undefined, { timeout: STEP_MS }));
    await expect(part).toBeVisible({ timeout: STEP_MS });
  }).toPass({ timeout: RETRY_MS });
}

/** The text that explains one row lies over the next. One that stays is of what has the focus, and lies elsewhere. */
async function leaveHovers(page: Page): Promise<void> {
  const hover = page.locator('.workbench-hover:visible').first();
  if (!(await hover.isVisible())) return;
  await page.mouse.move(NOWHERE.x, NOWHERE.y);
  await hover.waitFor({ state: 'hidden', timeout: HOVER_MS }).catch(() => undefined);
}

/** From the top down, until the part is drawn. */
async function scrollTo(list: Locator, part: Locator): Promise<void> {
  if (await part.isVisible()) return;
  await scroll(list, -ALL_PX);
  while (!(await part.isVisible()) && (await scroll(list, 'on')));
}

/** Down by so many pixels, or by what is in sight. Did anything move? */
async function scroll(list: Locator, down: number | 'on'): Promise<boolean> {
  return down !== 0 && list.first().evaluate(turnWheel, down, { timeout: STEP_MS });
}

/** Runs in the page. */
async function turnWheel(list: Element, down: number | 'on'): Promise<boolean> {
  const [overlapPx, notch, pixelsOfNotch] = [30, 120, 50];
  const top = (): string => {
    const row = list.querySelector('.monaco-list-row, .view-line');
    return `${row?.getAttribute('data-index') ?? ''} ${row?.getBoundingClientRect().top ?? 0}`;
  };
  const before = top();
  const pixels = down === 'on' ? Math.max(list.clientHeight - overlapPx, overlapPx) : down;
  const deltaY = (pixels * notch) / pixelsOfNotch;
  // The editor reads the older attribute, which has the other sign, and which Chromium does not set by itself.
  const wheel = { deltaY, wheelDeltaY: -deltaY, bubbles: true, cancelable: true };
  list.querySelector('.monaco-scrollable-element')?.dispatchEvent(new WheelEvent('wheel', wheel));
  await new Promise(requestAnimationFrame);
  return top() !== before;
}

interface DrawnRows {
  readonly rows: readonly string[];
  /** The number of the first. */
  readonly first: number;
  readonly isWhole: boolean;
  /** How far the list is scrolled down. */
  readonly scrolledPx: number;
}

/** Runs in the page, in one go: rows come and go while they are read. */
function drawnRows(list: Element): DrawnRows {
  const number = (row: Element): number => Number(row.getAttribute('data-index'));
  const text = (row: Element): string => {
    const parts = ['.label-name', '.label-description'].flatMap((part) => [...row.querySelectorAll(part)]);
    return parts.length === 0 ? row.textContent : parts.map((part) => part.textContent).join(' | ');
  };
  const rows = [...list.querySelectorAll('.monaco-list-row:not(.monaco-tree-sticky-row)')].sort(
    (a, b) => number(a) - number(b),
  );
  if (rows.length === 0) return { rows: [], first: 0, isWhole: true, scrolledPx: 0 };
  const { top, height } = rows[0].getBoundingClientRect();
  const first = number(rows[0]);
  return {
    rows: rows.map(text),
    first,
    isWhole: first === 0 && rows[rows.length - 1].getAttribute('data-last-element') === 'true',
    scrolledPx: first * height + list.getBoundingClientRect().top - top,
  };
}

/** Runs in the page: by how many pixels the row is above (less than 0) or below what is in sight. */
function beyondEdge(row: Element): number {
  const list = row.closest('.monaco-list');
  if (list === null) return 0;
  const [inner, outer] = [row.getBoundingClientRect(), list.getBoundingClientRect()];
  // The branches of what comes first stay above it, and cover rows.
  const covered = list.querySelector('.monaco-tree-sticky-container')?.getBoundingClientRect().bottom ?? 0;
  const above = inner.top - Math.max(outer.top, covered);
  return Math.round(above < 0 ? above : Math.max(inner.bottom - outer.bottom, 0));
}

/** Runs in the page: where the part is more than a third of the editor's height from its middle, how far below. */
function belowMiddle(part: Element): number {
  const editor = part.closest('.monaco-editor');
  if (editor === null) return 0;
  const { top, height } = editor.getBoundingClientRect();
  const below = part.getBoundingClientRect().top - (top + height / 2);
  return Math.abs(below) > height / 3 ? Math.round(below) : 0;
}

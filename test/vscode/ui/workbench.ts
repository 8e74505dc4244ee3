// workbench.ts: what a person does and sees in the workbench, by the names that a screen reader hears.

import { expect, type FrameLocator, type Locator, type Page } from '@playwright/test';
import * as fs from 'node:fs';
import * as path from 'node:path';

/** What is tried again: how long one try may take on a machine that is busy, and all of them. */
export const STEP_MS = 5_000;
export const RETRY_MS = 90_000;
/** Of the side bar, before anybody has drawn at its edge. */
const SIDE_BAR_WIDTH = 300;
/** Of a list: a row, more than all rows, and how long it takes to draw those scrolled to. */
const LINE_PX = 22;
const LONG_LIST_PX = 2_000;
const DRAW_MS = 150;

export class Workbench {
  constructor(
    readonly page: Page,
    readonly folder: string,
  ) {}

  /** Runs a command by its exact title ("Category: Title"). */
  async run(command: string): Promise<void> {
    const title = new RegExp(`^${escaped(command)}(,|$)`);
    // The list does not refresh when a command becomes available later: ask again until it is there.
    await expect(async () => {
      await this.page.keyboard.press('Escape');
      await this.page.keyboard.press('F1');
      await this.page.locator('.quick-input-widget input[type="text"]').fill(`>${command}`, { timeout: STEP_MS });
      await this.page.getByRole('option', { name: title }).first().click({ timeout: STEP_MS });
    }).toPass({ timeout: RETRY_MS });
  }

  async openDebugView(): Promise<void> {
    // A click on the tab of what is open closes it.
    if (!(await this.registers().isVisible())) await this.page.getByRole('tab', { name: /^Run and Debug/ }).click();
    await expect(this.registers()).toBeVisible();
  }

  /** F5 does nothing until the debuggers are known: the side bar shows the configuration then. */
  async startDebugging(configuration: string): Promise<void> {
    await expect(this.page.locator('.start-debug-action-item')).toContainText(configuration);
    await this.page.keyboard.press('F5');
  }

  /** F5 at a stop. The editor loses the key until it has heard of the stop: its bar offers to continue then. */
  async continue(): Promise<void> {
    await expect(this.page.getByRole('button', { name: /^Continue \(F5/ }).first()).toBeEnabled();
    await this.page.keyboard.press('F5');
  }

  async openFile(name: string): Promise<void> {
    const option = this.page.getByRole('option', { name: new RegExp(`^${escaped(name)}`) }).first();
    // The list may be of before the folder was read, or close when the window is still coming up: ask again.
    await expect(async () => {
      await this.page.keyboard.press('Escape');
      await this.page.keyboard.press('Control+p');
      await this.page.locator('.quick-input-widget input[type="text"]').fill(name, { timeout: STEP_MS });
      await option.click({ timeout: STEP_MS });
    }).toPass({ timeout: RETRY_MS });
    await expect(this.page.getByRole('tab', { name: new RegExp(escaped(name)) })).toBeVisible();
  }

  /** A breakpoint on the line that holds `text`, set by a click beside its number in the editor in front. */
  async breakAt(file: string, text: string): Promise<void> {
    const line = lineOf(path.join(this.folder, file), text);
    const number = this.page
      .locator('.margin-view-overlays .line-numbers')
      .filter({ hasText: new RegExp(`^${line}$`) })
      .first();
    const set = this.breakpoints().getByRole('checkbox', { name: new RegExp(escaped(file)) });
    const before = await set.count();
    // The first click may come before the editor knows that its language has breakpoints.
    await expect(async () => {
      if ((await set.count()) === before)
        await number.click({ position: { x: -12, y: 8 }, force: true, timeout: STEP_MS });
      await expect(set).toHaveCount(before + 1, { timeout: STEP_MS });
    }).toPass({ timeout: RETRY_MS });
  }

  variables(): Locator {
    return this.page.getByRole('tree', { name: 'Debug Variables' });
  }

  /** A row of Variables by its name, whatever its value. */
  variable(name: string): Locator {
    return this.variables().getByRole('treeitem', { name: new RegExp(`^${escaped(name)}, value `) });
  }

  async revealVariable(name: string): Promise<Locator> {
    const row = this.variable(name).first();
    await this.reveal(row);
    return row;
  }

  /** Scrolls to a row of Variables: only those in sight are drawn, and how many are depends on the other sections. */
  private async reveal(row: Locator): Promise<void> {
    await expect(async () => {
      if (!(await row.isVisible())) await this.scrollVariables(row);
      await expect(row).toBeVisible({ timeout: STEP_MS });
    }).toPass({ timeout: RETRY_MS });
  }

  /** From the top down by half of what is in sight, until `row` is drawn. */
  private async scrollVariables(row: Locator): Promise<void> {
    await this.variables().hover({ timeout: STEP_MS });
    const { height } = (await this.variables().boundingBox()) ?? { height: 0 };
    await this.page.mouse.wheel(0, -LONG_LIST_PX);
    for (let y = 0; y < LONG_LIST_PX && !(await row.isVisible()); y += Math.max(height / 2, LINE_PX)) {
      await this.page.mouse.wheel(0, Math.max(height / 2, LINE_PX));
      await this.page.waitForTimeout(DRAW_MS);
    }
  }

  async expand(name: string): Promise<void> {
    const row = this.variables().getByRole('treeitem', { name: new RegExp(`^(Scope )?${escaped(name)}(,|$)`) });
    await this.reveal(row);
    if ((await row.getAttribute('aria-expanded')) === 'true') return;
    await row.locator('.monaco-tl-twistie').click();
    await expect(row).toHaveAttribute('aria-expanded', 'true');
  }

  /** Right-click in Variables. */
  async breakOn(variable: string, choice: 'Value Change' | 'Value Read' | 'Value Access'): Promise<void> {
    await (await this.revealVariable(variable)).click({ button: 'right' });
    await this.chooseBreakOn(choice);
  }

  /** In the open menu; done when the breakpoint is listed. */
  async chooseBreakOn(choice: 'Value Change' | 'Value Read' | 'Value Access'): Promise<void> {
    const before = await this.dataBreakpoints().count();
    await this.choose(`Break on ${choice}`);
    await expect(this.dataBreakpoints()).toHaveCount(before + 1);
  }

  dataBreakpoints(): Locator {
    return this.breakpoints()
      .locator('.monaco-list-row')
      .filter({ hasText: /(Write|Read|Access)$/ });
  }

  /** An item of the open context menu, which takes no click yet when it has just opened. */
  async choose(name: string): Promise<void> {
    const item = this.page.getByRole('menuitem', { name, exact: true });
    await item.waitFor();
    await expect(async () => {
      // By keyboard: a click that comes as the menu closes would hit what lies beneath.
      if ((await item.count()) > 0) {
        await item.hover({ timeout: STEP_MS });
        await this.page.keyboard.press('Enter');
      }
      await expect(item).toHaveCount(0, { timeout: STEP_MS });
    }).toPass({ timeout: RETRY_MS });
  }

  async removeBreakpoint(name: string): Promise<void> {
    const before = await this.dataBreakpoints().count();
    await this.dataBreakpoints().filter({ hasText: name }).click({ button: 'right' });
    await this.choose('Remove Breakpoint');
    await expect(this.dataBreakpoints()).toHaveCount(before - 1);
  }

  /** Folds or unfolds a section of the side bar. */
  async toggleSection(name: string, isOpen: boolean): Promise<void> {
    const header = this.page.getByRole('button', { name: new RegExp(`^${name}.*Section`) });
    if ((await header.getAttribute('aria-expanded')) !== String(isOpen)) await header.click();
    await expect(header).toHaveAttribute('aria-expanded', String(isOpen));
  }

  /** Drags the side bar's edge to so much more than it has at first, so that the rows can be read in pictures. */
  async widenSideBar(byPixels: number): Promise<void> {
    const box = await this.page.locator('.part.sidebar').boundingBox();
    if (box === null) throw new Error('the side bar is not shown');
    const edge = { x: box.x + box.width, y: box.y + box.height / 2 };
    const to = box.x + SIDE_BAR_WIDTH + byPixels;
    if (Math.abs(to - edge.x) < 8) return;
    await this.page.mouse.move(edge.x, edge.y);
    await this.page.mouse.down();
    await this.page.mouse.move(to, edge.y, { steps: 3 });
    await this.page.mouse.up();
  }

  breakpoints(): Locator {
    return this.page.getByRole('tree', { name: 'Breakpoints' });
  }

  /** With its header, which says why the program stopped where it has one thread. */
  callStack(): Locator {
    return this.page.locator('.pane', { has: this.page.getByRole('button', { name: /^Call Stack.*Section/ }) });
  }

  /** The call stack has a frame at that line of the file. */
  frameAt(file: string, line: number): Locator {
    const place = new RegExp(`${escaped(file)}\\s*${line}(:|$)`);
    return this.callStack().getByRole('row').filter({ hasText: place }).first();
  }

  /** The view "Debug Registers": the pane, with its rows and its welcome text. */
  registers(): Locator {
    return this.page.locator('.pane', { has: this.page.getByRole('button', { name: /^Debug Registers.*Section/ }) });
  }

  /** Folds what is above, so that all rows of the view are drawn. */
  async makeRoomForRegisters(): Promise<void> {
    for (const section of ['Variables', 'Breakpoints']) await this.toggleSection(section, false);
  }

  /** The button on the row whose name, as a screen reader hears it, matches. */
  async goToDeclaration(row: RegExp): Promise<void> {
    const item = this.registers().getByRole('treeitem', { name: row }).first();
    await item.hover();
    await item.getByRole('button', { name: 'Go to Declaration' }).click();
  }

  /** Its rows as lines "label | description", as far as they are drawn. */
  async registerRows(): Promise<string[]> {
    // In one go: rows come and go while they are read.
    const rows = await this.registers()
      .getByRole('treeitem')
      .evaluateAll((items) =>
        items.map((item) =>
          ['.label-name', '.label-description']
            .flatMap((part) => [...item.querySelectorAll(part)].map(({ textContent }) => textContent))
            .join(' | '),
        ),
      );
    return rows.map((row) => row.replaceAll('\u00a0', ' '));
  }

  /** Of those rows the budget, then the threads' and the CPUs'. */
  async registerMap(): Promise<string[]> {
    const rows = await this.registerRows();
    return [...rows.slice(0, 1), ...rows.slice(rows.findIndex((row) => /\| \d+ · \d+ of /.test(row)))];
  }

  /** Of those rows the watches. */
  async watchRows(): Promise<string[]> {
    const rows = await this.registerRows();
    const from = rows.findIndex((row) => row.startsWith('Watches | '));
    const to = rows.findIndex((row) => /\| \d+ · \d+ of /.test(row));
    return from < 0 ? [] : rows.slice(from + 1, to < 0 ? undefined : to);
  }

  /** A row of the view by the name that a screen reader hears. */
  watch(label: string): Locator {
    return this.registers().getByRole('treeitem', { name: new RegExp(`^Watch ${escaped(label)}, `) });
  }

  /** The view's +: expression, access, mode. */
  async addWatch(expression: string, access: string, mode: string): Promise<void> {
    await this.registers().hover();
    await this.registers()
      .getByRole('button', { name: /^Watch a Variable/ })
      .click();
    await this.answer(expression);
    await this.pick(access);
    await this.pick(mode);
    await expect(this.watch(expression)).toBeVisible();
  }

  /** The only launch configuration from now on. */
  launchAlways(name: string, program: string): void {
    const launch = { type: 'trapline', request: 'launch', name, program: `\${workspaceFolder}/${program}` };
    const file = path.join(this.folder, '.vscode/launch.json');
    fs.writeFileSync(file, JSON.stringify({ version: '0.2.0', configurations: [launch] }));
  }

  /** Debug console, terminal and their like. */
  async hidePanel(): Promise<void> {
    const panel = this.page.locator('.part.panel');
    if (await panel.isVisible()) await this.run('View: Hide Panel');
    await expect(panel).toBeHidden();
  }

  /** Of this folder, from now on. */
  useTheme(name: string): void {
    const file = path.join(this.folder, '.vscode/settings.json');
    fs.writeFileSync(file, JSON.stringify({ 'workbench.colorTheme': name }));
  }

  /** The page in the only panel. */
  panel(): FrameLocator {
    return this.page.locator('iframe.webview').contentFrame().locator('iframe').contentFrame();
  }

  /** An item of a watch's context menu. */
  async chooseForWatch(label: string, item: string): Promise<void> {
    await this.rowsAtRest();
    await this.watch(label).click({ button: 'right' });
    await this.choose(item);
  }

  /** No rows come or go any more: a menu that is open meanwhile is nobody's, and then asks which watch is meant. */
  private async rowsAtRest(): Promise<void> {
    let before = -1;
    const isSame = async (): Promise<boolean> => {
      const now = (await this.registerRows()).length;
      const same = now === before;
      before = now;
      return same;
    };
    await expect.poll(isSame, { intervals: [300] }).toBe(true);
  }

  /** The text of an open input box, Enter included. */
  async answer(text: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget input[type="text"]');
    await input.fill(text);
    await input.press('Enter');
  }

  async pick(label: string): Promise<void> {
    await this.page
      .locator('.quick-input-widget')
      .getByRole('option', { name: new RegExp(`^${escaped(label)}`) })
      .first()
      .click();
  }

  /** The texts of all notifications, through the notification center. */
  async notifications(): Promise<string[]> {
    await this.run('Notifications: Show Notifications');
    const items = this.page.locator('.notifications-center .notification-list-item-message');
    await items.first().waitFor();
    return items.allTextContents();
  }
}

export const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The number, from 1, of the line that holds `text`. */
export function lineOf(file: string, text: string): number {
  const index = fs
    .readFileSync(file, 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(text));
  expect(index, `${file} holds "${text}"`).toBeGreaterThanOrEqual(0);
  return index + 1;
}

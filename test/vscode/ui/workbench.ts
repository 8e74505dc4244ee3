// workbench.ts: what a person does and sees in the workbench, by the names that a screen reader hears.

import { expect, type FrameLocator, type Locator, type Page } from '@playwright/test';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { allRows, RETRY_MS, reveal, revealInEditor, STEP_MS } from './virtual-list';

/** Of the side bar, before anybody has drawn at its edge. */
const SIDE_BAR_WIDTH = 300;
/** In Breakpoints: the end of the row of a data breakpoint. */
const DATA_BREAKPOINT = /(Write|Read|Access)$/;

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
    await expect(async () => {
      // A click on the tab of what is open closes it.
      if (!(await this.registers().isVisible()))
        await this.page.getByRole('tab', { name: /^Run and Debug/ }).click({ timeout: STEP_MS });
      await expect(this.registers()).toBeVisible({ timeout: STEP_MS });
    }).toPass({ timeout: RETRY_MS });
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
    const number = this.editor()
      .locator('.margin-view-overlays .line-numbers')
      .filter({ hasText: new RegExp(`^${line}$`) })
      .first();
    const set = async (): Promise<number> => (await this.breakpointRows()).filter((row) => row.startsWith(file)).length;
    const before = await set();
    await revealInEditor(this.editor(), number);
    // The first click may come before the editor knows that its language has breakpoints.
    await expect(async () => {
      if ((await set()) === before) await number.click({ position: { x: -12, y: 8 }, force: true, timeout: STEP_MS });
      await expect.poll(set, { timeout: STEP_MS }).toBe(before + 1);
    }).toPass({ timeout: RETRY_MS });
  }

  /** The one in front. */
  editor(): Locator {
    return this.page.locator('.editor-group-container.active .monaco-editor').first();
  }

  /** A word of the editor in front, in the line that holds `text`, brought into sight. */
  async revealWord(word: string, text: string): Promise<Locator> {
    const line = this.editor().locator('.view-line').filter({ hasText: text }).first();
    await revealInEditor(this.editor(), line);
    return line.getByText(word).first();
  }

  variables(): Locator {
    return this.page.getByRole('tree', { name: 'Debug Variables' });
  }

  /** A row of Variables by its name, whatever its value, brought into sight. */
  revealVariable(name: string): Promise<Locator> {
    const row = this.variables().getByRole('treeitem', { name: new RegExp(`^${escaped(name)}, value `) });
    return reveal(this.variables(), row.first());
  }

  async expand(name: string): Promise<void> {
    const label = new RegExp(`^(Scope )?${escaped(name)}(,|$)`);
    const row = await reveal(this.variables(), this.variables().getByRole('treeitem', { name: label }).first());
    await expect(async () => {
      if ((await row.getAttribute('aria-expanded')) !== 'true')
        await row.locator('.monaco-tl-twistie').click({ timeout: STEP_MS });
      await expect(row).toHaveAttribute('aria-expanded', 'true', { timeout: STEP_MS });
    }).toPass({ timeout: RETRY_MS });
  }

  /** Right-click in Variables. */
  async breakOn(variable: string, choice: 'Value Change' | 'Value Read' | 'Value Access'): Promise<void> {
    await this.openMenu(await this.revealVariable(variable));
    await this.chooseBreakOn(choice);
  }

  /** Of a row in sight. */
  async openMenu(row: Locator): Promise<void> {
    const menu = this.page.getByRole('menu').getByRole('menuitem').first();
    await expect(async () => {
      if (!(await menu.isVisible())) await row.click({ button: 'right', timeout: STEP_MS });
      await expect(menu).toBeVisible({ timeout: STEP_MS });
    }).toPass({ timeout: RETRY_MS });
  }

  /** In the open menu; done when the breakpoint is listed. */
  async chooseBreakOn(choice: 'Value Change' | 'Value Read' | 'Value Access'): Promise<void> {
    const before = (await this.dataBreakpoints()).length;
    await this.choose(`Break on ${choice}`);
    await expect.poll(async () => (await this.dataBreakpoints()).length).toBe(before + 1);
  }

  /** The view Breakpoints, row by row. */
  breakpointRows(): Promise<readonly string[]> {
    return allRows(this.breakpoints());
  }

  async dataBreakpoints(): Promise<readonly string[]> {
    return (await this.breakpointRows()).filter((row) => DATA_BREAKPOINT.test(row));
  }

  /** Such a row, brought into sight. */
  revealDataBreakpoint(name: string): Promise<Locator> {
    const rows = this.breakpoints().locator('.monaco-list-row').filter({ hasText: DATA_BREAKPOINT });
    return reveal(this.breakpoints(), rows.filter({ hasText: name }).first());
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
    const before = (await this.dataBreakpoints()).length;
    await this.openMenu(await this.revealDataBreakpoint(name));
    await this.choose('Remove Breakpoint');
    await expect.poll(async () => (await this.dataBreakpoints()).length).toBe(before - 1);
  }

  /** Folds or unfolds a section of the side bar. */
  async toggleSection(name: string, isOpen: boolean): Promise<void> {
    const header = this.page.getByRole('button', { name: new RegExp(`^${name}.*Section`) });
    const wanted = String(isOpen);
    // The sections move when one opens or closes: a click may come to nothing.
    await expect(async () => {
      if ((await header.getAttribute('aria-expanded', { timeout: STEP_MS })) !== wanted)
        await header.locator('.title').first().click({ timeout: STEP_MS });
      await expect(header).toHaveAttribute('aria-expanded', wanted, { timeout: STEP_MS });
    }).toPass({ timeout: RETRY_MS });
  }

  /** Drags the side bar's edge to so much more than it has at first, so that the rows can be read in pictures. */
  async widenSideBar(byPixels: number): Promise<void> {
    const sideBar = this.page.locator('.part.sidebar');
    await expect(async () => {
      const box = await sideBar.boundingBox();
      if (box === null) throw new Error('the side bar is not shown');
      const edge = { x: box.x + box.width, y: box.y + box.height / 2 };
      const to = box.x + SIDE_BAR_WIDTH + byPixels;
      if (Math.abs(to - edge.x) < 8) return;
      await this.page.mouse.move(edge.x, edge.y);
      await this.page.mouse.down();
      await this.page.mouse.move(to, edge.y, { steps: 3 });
      await this.page.mouse.up();
      const width = async (): Promise<number> => (await sideBar.boundingBox())?.width ?? 0;
      await expect.poll(width, { timeout: STEP_MS }).toBeGreaterThan(SIDE_BAR_WIDTH + byPixels - 8);
    }).toPass({ timeout: RETRY_MS });
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

  /** The tree within. */
  registerTree(): Locator {
    return this.registers().getByRole('tree');
  }

  /** The button on the row whose name, as a screen reader hears it, matches. */
  async goToDeclaration(name: RegExp): Promise<void> {
    const row = this.registerTree().getByRole('treeitem', { name }).first();
    await reveal(this.registerTree(), row);
    await row.hover();
    await row.getByRole('button', { name: 'Go to Declaration' }).click();
  }

  /** Its rows as lines "label | description". */
  registerRows(): Promise<readonly string[]> {
    return allRows(this.registerTree());
  }

  /** Of those rows the budget, then the threads'. */
  async registerMap(): Promise<readonly string[]> {
    const rows = await this.registerRows();
    return [...rows.slice(0, 1), ...rows.slice(rows.findIndex((row) => /\| \d+ · \d+ of /.test(row)))];
  }

  /** Of those rows the watches. */
  async watchRows(): Promise<readonly string[]> {
    const rows = await this.registerRows();
    const from = rows.findIndex((row) => row.startsWith('Watches | '));
    const to = rows.findIndex((row) => /^CPUs \| |\| \d+ · \d+ of /.test(row));
    return from < 0 ? [] : rows.slice(from + 1, to < 0 ? undefined : to);
  }

  /** A watch's row by the name that a screen reader hears, brought into sight. */
  revealWatch(label: string): Promise<Locator> {
    const name = new RegExp(`^Watch ${escaped(label)}, `);
    return reveal(this.registerTree(), this.registerTree().getByRole('treeitem', { name }).first());
  }

  /** Puts the focus on it. */
  async selectWatch(label: string): Promise<void> {
    await (await this.revealWatch(label)).locator('.label-name').click();
  }

  /** The view's +: the box that asks for an expression. */
  async askForWatch(): Promise<void> {
    const button = this.registers().getByRole('button', { name: /^Watch a Variable/ });
    const box = this.page.locator('.quick-input-widget input[type="text"]');
    await expect(box, 'what was asked before is answered').toBeHidden();
    await expect(async () => {
      if (!(await box.isVisible())) {
        await this.registers().locator('.pane-header').hover({ timeout: STEP_MS });
        await button.click({ timeout: STEP_MS });
      }
      await expect(box).toBeVisible({ timeout: STEP_MS });
    }).toPass({ timeout: RETRY_MS });
  }

  /** Expression, access, mode. */
  async addWatch(expression: string, access: string, mode: string): Promise<void> {
    await this.askForWatch();
    await this.answer(expression);
    await this.pick(access);
    await this.pick(mode);
    await this.revealWatch(expression);
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

  /** What the debug console says, line by line. */
  console(): Promise<readonly string[]> {
    return allRows(this.page.locator('.repl .monaco-list'));
  }

  /** A line into the debug console. */
  async type(text: string): Promise<void> {
    const input = this.page.locator('.repl-input-wrapper');
    await expect(async () => {
      if (!(await input.isVisible())) await this.page.keyboard.press('Control+Shift+y');
      await input.click({ timeout: STEP_MS });
      await this.page.keyboard.press('Control+a');
      await this.page.keyboard.type(text);
      await expect(input).toContainText(text.replaceAll(' ', '\u00a0'), { timeout: STEP_MS });
    }).toPass({ timeout: RETRY_MS });
    await this.page.keyboard.press('Enter');
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
    await expect(this.page.locator('.quick-input-widget')).toBeHidden();
    await this.rowsAtRest();
    await this.openMenu(await this.revealWatch(label));
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

  /** The text of an open input box, Enter included. A list that was picked from, and is closing, has a box, too. */
  async answer(text: string): Promise<void> {
    const box = this.page.locator('.quick-input-widget:not(:has(.quick-input-list:visible))');
    const input = box.locator('input[type="text"]');
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

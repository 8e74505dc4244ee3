// pictures.spec.ts: the pictures of the README, taken where a person would take them.
//
// Not part of the walk: `TRAPLINE_PICTURES=1`, which scripts/pictures.mjs sets, writes them into media/.

import type { Page } from '@playwright/test';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { reveal } from './virtual-list';
import { expect, freshTest as test } from './workbench-test';

const media = path.resolve(__dirname, '../../../media');
const frames = path.resolve(__dirname, '../../../test-results/frames');

/** Pictures with a line of text beneath: NN-MILLISECONDS.png, for scripts/lib/animation.mjs. */
class Film {
  private count = 0;

  constructor(private readonly page: Page) {
    fs.rmSync(frames, { recursive: true, force: true });
    fs.mkdirSync(frames, { recursive: true });
  }

  async frame(text: string, delayMs: number): Promise<void> {
    await this.page.waitForTimeout(400); // an animation of the editor's may be under way
    await this.page.evaluate(caption, text);
    const name = `${String(this.count++).padStart(2, '0')}-${delayMs}.png`;
    await this.page.screenshot({ path: path.join(frames, name) });
    await this.page.evaluate(caption, '');
  }
}

/** Runs in the page: a line at its bottom, none for no text. */
function caption(text: string): void {
  document.querySelector('#film-caption')?.remove();
  if (text === '') return;
  const line = document.createElement('div');
  line.id = 'film-caption';
  line.textContent = text;
  const style = 'position:fixed;bottom:0;left:0;right:0;padding:7px 16px;z-index:99999;font:600 15px sans-serif;';
  line.style.cssText = `${style}background:#1f2430;color:#fff`;
  document.body.append(line);
}

if (process.env.TRAPLINE_PICTURES !== undefined) {
  test.use({ viewport: { width: 1360, height: 900 } });

  test('pictures for the README', async ({ workbench, page }) => {
    await workbench.openDebugView();
    await workbench.widenSideBar(270);
    await workbench.openFile('watched.c');
    await workbench.breakAt('watched.c', 'stop here');
    await workbench.startDebugging('Watched');
    await workbench.revealVariable('total');
    await page.getByRole('tab', { name: 'Debug Console' }).click();
    for (const section of ['Watch', 'Call Stack', 'Loaded Scripts']) await workbench.toggleSection(section, false);
    await workbench.expand('Globals');
    await workbench.expand('savings');
    await workbench.openMenu(await workbench.revealVariable('counter'));
    await expect(page.getByRole('menuitem', { name: 'Break on Value Change' })).toBeVisible();
    await page.getByRole('menuitem', { name: 'Break on Value Change' }).hover();
    await page.screenshot({ path: path.join(media, 'menu.png'), clip: { x: 0, y: 30, width: 760, height: 456 } });
    await workbench.chooseBreakOn('Value Change');
    await workbench.breakOn('balance', 'Value Change');
    await workbench.breakOn('total', 'Value Change');
    for (const section of ['Breakpoints', 'Variables']) await workbench.toggleSection(section, false);
    await workbench.toggleSection('Call Stack', true);
    await page.keyboard.press('F5');
    await expect(workbench.callStack()).toContainText('counter: 41 → 42');
    await expect.poll(async () => (await workbench.registerRows()).join('\n')).toContain('41 → 42');
    await expect(workbench.callStack().getByRole('row', { selected: true })).toContainText('count');
    await page.mouse.move(900, 560);
    await page.screenshot({ path: path.join(media, 'stopped.png') });
  });

  for (const [name, theme] of [
    ['light', 'Default Light Modern'],
    ['dark', 'Default Dark Modern'],
  ]) {
    test(`pictures of the walkthrough, ${name}`, async ({ workbench, page }) => {
      await page.setViewportSize({ width: 1000, height: 700 });
      workbench.useTheme(theme);
      const picture = async (step: string): Promise<void> => {
        await page.mouse.move(640, 660);
        await page.waitForTimeout(500); // an animation of the editor's may be under way
        await page.screenshot({ path: path.join(media, 'walkthrough', `${step}-${name}.png`) });
      };
      await workbench.run('Trapline: Walkthrough: Open the Sample');
      await expect(page.getByRole('tab', { name: /race\.c/ })).toBeVisible();
      await workbench.run('View: Toggle Primary Side Bar Visibility');
      await picture('open');
      await workbench.run('Trapline: Walkthrough: Start the Sample');
      await expect(workbench.callStack()).toContainText('main');
      await workbench.hidePanel();
      for (const section of ['Watch', 'Call Stack', 'Breakpoints']) await workbench.toggleSection(section, false);
      await workbench.expand('Globals');
      await workbench.expand('account');
      await picture('start');
      await workbench.run('Trapline: Walkthrough: Watch the Balance');
      await expect.poll(async () => (await workbench.registerRows()).join('\n')).toContain('100 → 140');
      for (const section of ['Variables', 'Watch', 'Breakpoints']) await workbench.toggleSection(section, false);
      await workbench.toggleSection('Call Stack', true);
      await reveal(
        workbench.registerTree(),
        workbench.registerTree().getByRole('treeitem', { name: /^Debug register slots/ }),
      );
      await picture('watch');
      await workbench.run('Trapline: Walkthrough: Show Who Wrote');
      await expect(workbench.panel().locator('svg .point')).toHaveCount(6);
      await workbench.run('View: Toggle Primary Side Bar Visibility');
      await workbench.hidePanel();
      await picture('history');
    });
  }

  test('the animation for the README, frame by frame', async ({ workbench, page }) => {
    await page.setViewportSize({ width: 1060, height: 660 });
    const film = new Film(page);
    await workbench.openDebugView();
    await workbench.widenSideBar(140);
    await workbench.openFile('watched.c');
    await workbench.breakAt('watched.c', 'stop here');
    await workbench.startDebugging('Watched');
    await workbench.revealVariable('total');
    await workbench.hidePanel();
    for (const section of ['Watch', 'Call Stack', 'Breakpoints']) await workbench.toggleSection(section, false);
    await workbench.expand('Globals');
    await workbench.expand('savings');
    await film.frame('Stopped in main.', 1600);
    for (const variable of ['counter', 'balance']) {
      await workbench.openMenu(await workbench.revealVariable(variable));
      await page.getByRole('menuitem', { name: 'Break on Value Change' }).hover();
      await film.frame(`Right-click ${variable}: Break on Value Change.`, 1600);
      await page.getByRole('menuitem', { name: 'Break on Value Change' }).click();
      await expect.poll(async () => (await workbench.watchRows()).join('\n')).toContain(variable);
      await film.frame('It has a debug register, on each thread.', 1400);
    }
    await workbench.toggleSection('Variables', false);
    await workbench.toggleSection('Call Stack', true);
    for (const [change, text] of [
      ['counter: 41 → 42', 'Continue: who wrote counter? count, at line 15.'],
      ['savings.balance: 100 → 150', 'Continue: who wrote savings.balance? deposit, at line 19.'],
    ]) {
      await page.keyboard.press('F5');
      await expect(workbench.callStack()).toContainText(change);
      await expect.poll(async () => (await workbench.watchRows()).join('\n')).toContain(change.split(': ')[1]);
      await film.frame(text, 2600);
    }
    await workbench.chooseForWatch('counter', 'Show History');
    await expect(workbench.panel().locator('svg .point')).toHaveCount(1);
    await film.frame('Its history.', 2600);
  });

  test('picture of a history', async ({ workbench, page }) => {
    workbench.launchAlways('Waves', 'waves');
    await workbench.openDebugView();
    await workbench.openFile('waves.c');
    await workbench.breakAt('waves.c', 'stop here');
    await workbench.breakAt('waves.c', 'and here');
    await workbench.startDebugging('Waves');
    await expect(workbench.callStack()).toContainText('main');
    for (const section of ['Variables', 'Watch', 'Breakpoints', 'Call Stack']) {
      await workbench.toggleSection(section, false);
    }
    await workbench.toggleSection('Debug Registers', true);
    await workbench.addWatch('level', 'Value change', 'Count');
    await workbench.chooseForWatch('level', 'Show History');
    await expect(workbench.panel().getByText('No access yet.')).toBeVisible();
    await workbench.hidePanel();
    await page.keyboard.press('F5');
    await expect(workbench.panel().locator('svg .point')).toHaveCount(81);
    await page.mouse.move(700, 800);
    await page.screenshot({ path: path.join(media, 'history.png') });
  });
}

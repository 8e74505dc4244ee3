// pictures.spec.ts: the pictures of the README, taken where a person would take them.
//
// Not part of the walk: `TRAPLINE_PICTURES=1`, which scripts/pictures.mjs sets, writes them into media/.

import * as path from 'node:path';
import { expect, test } from './workbench-test';

const media = path.resolve(__dirname, '../../../media');

if (process.env.TRAPLINE_PICTURES !== undefined) {
  test.use({ viewport: { width: 1360, height: 900 } });

  test('pictures for the README', async ({ workbench, page }) => {
    await workbench.openDebugView();
    await workbench.widenSideBar(270);
    await workbench.openFile('watched.c');
    await workbench.breakAt('watched.c', 'stop here');
    await workbench.startDebugging('Watched');
    await expect(workbench.variable('total')).toBeVisible();
    await page.getByRole('tab', { name: 'Debug Console' }).click();
    for (const section of ['Watch', 'Call Stack', 'Loaded Scripts']) await workbench.toggleSection(section, false);
    await workbench.expand('Globals');
    await workbench.expand('savings');
    await workbench.variable('counter').click({ button: 'right' });
    await expect(page.getByRole('menuitem', { name: 'Break on Value Change' })).toBeVisible();
    await page.getByRole('menuitem', { name: 'Break on Value Change' }).hover();
    await page.screenshot({ path: path.join(media, 'menu.png'), clip: { x: 0, y: 30, width: 760, height: 420 } });
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
    await page
      .getByRole('button', { name: /^Toggle Panel|^Hide Panel/ })
      .first()
      .click();
    await page.keyboard.press('F5');
    await expect(workbench.panel().locator('svg .point')).toHaveCount(81);
    await page.mouse.move(700, 800);
    await page.screenshot({ path: path.join(media, 'history.png') });
  });
}

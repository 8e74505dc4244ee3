// watches.spec.ts: the walk of a person through the watches: set by +, changed, counted, looked back at, and there again.

import type { Page, TestInfo } from '@playwright/test';
import * as path from 'node:path';
import { expect, lineOf, test, type Workbench } from './workbench-test';

async function stopInMain(workbench: Workbench, name = 'watched'): Promise<void> {
  await workbench.openDebugView();
  await workbench.widenSideBar(260);
  await workbench.openFile(`${name}.c`);
  await workbench.breakAt(`${name}.c`, 'stop here');
  if (name === 'waves') await workbench.breakAt('waves.c', 'and here');
  await workbench.startDebugging(name === 'watched' ? 'Watched' : 'Waves');
  await expect(workbench.callStack()).toContainText('main');
  for (const section of ['Variables', 'Watch', 'Breakpoints']) await workbench.toggleSection(section, false);
  await workbench.toggleSection('Debug Registers', true);
}

const picture = (page: Page, info: TestInfo, name: string): Promise<Buffer> =>
  page.screenshot({ path: info.outputPath(`${name}.png`) });

test('demands 8 and 15: a watch by +, its cost while typing, and another mode', async ({ workbench, page }, info) => {
  await stopInMain(workbench);
  await workbench.askForWatch();
  const box = page.locator('.quick-input-widget');
  await box.locator('input[type="text"]').fill('nothing_such');
  await expect(box.locator('.quick-input-message')).toContainText(/nothing_such/);
  await box.locator('input[type="text"]').fill('savings');
  await expect(box.locator('.quick-input-message')).toContainText(/16 bytes: 2 slots \(4 free\)/);
  await picture(page, info, 'plan');
  await page.keyboard.press('Escape');

  await workbench.addWatch('counter', 'Value change', 'Stop');
  await expect.poll(() => workbench.watchRows()).toEqual(['counter | 0 hits · 41 · stops on change']);
  await picture(page, info, 'added');
  await workbench.continue();
  await expect(workbench.callStack()).toContainText('counter: 41 → 42');
  await expect.poll(() => workbench.watchRows()).toEqual(['counter | 1 hit · 41 → 42 · stops on change']);

  await workbench.chooseForWatch('counter', 'Count Without Stopping');
  await expect.poll(() => workbench.watchRows()).toEqual(['counter | 1 hit · 41 → 42 · counts on change']);
  await workbench.chooseForWatch('counter', 'Edit Condition…');
  await workbench.answer('$new > 3');
  await expect.poll(() => workbench.watchRows()).toEqual(['counter | 1 hit · 41 → 42 · counts on change if $new > 3']);
  await workbench.selectWatch('counter');
  await page.keyboard.press('ArrowRight');
  await expect
    .poll(async () => (await workbench.registerRows()).join('\n'))
    .toMatch(/^Last writer \| count at watched\.c:/m);
  await picture(page, info, 'opened');
  await workbench.openMenu(await workbench.revealWatch('counter'));
  await picture(page, info, 'menu');
  await page.keyboard.press('Escape');
  await workbench.chooseForWatch('counter', 'Show in Memory View');
  await expect(page.getByRole('tab', { name: /Memory of counter/ })).toBeVisible();
  await expect(page.locator('.view-lines').filter({ hasText: '2a 00 00 00' })).toBeVisible();
  await picture(page, info, 'memory');
  await workbench.selectWatch('counter');
  await page.keyboard.press('Delete');
  await expect.poll(() => workbench.watchRows()).toEqual([]);
});

test('demand 15: from the source and from Variables; a fifth is refused with what can be done', async ({
  workbench,
  page,
}, info) => {
  await stopInMain(workbench);
  const inSource = await workbench.revealWord('counter', 'counter = counter + 1');
  const hover = page.locator('.debug-hover-widget');
  await expect(async () => {
    await page.mouse.move(700, 10);
    await inSource.hover();
    await expect(hover).toContainText('41', { timeout: 3000 });
  }).toPass();
  await picture(page, info, 'hover');
  await inSource.click({ button: 'right' });
  await workbench.choose('Watch This Variable');
  await expect.poll(() => workbench.watchRows()).toEqual(['counter | 0 hits · 41 · stops on change']);
  await workbench.toggleSection('Variables', true);
  await workbench.openMenu(await workbench.revealVariable('total'));
  await picture(page, info, 'variables-menu');
  await workbench.choose('Count Changes');
  await workbench.toggleSection('Variables', false);
  await expect
    .poll(async () => (await workbench.watchRows()).join('\n'))
    .toContain('total | 0 hits · 5 · counts on change');
  await workbench.addWatch('savings', 'Every write', 'Stop');
  await workbench.addWatch('table[1]', 'Read or write', 'Stop');
  await expect.poll(async () => (await workbench.watchRows()).at(-1)).toMatch(/^table\[1\] \| refused: /);
  await picture(page, info, 'refused');

  // What is wider than four registers can be extended, from where it is named.
  await workbench.askForWatch();
  await workbench.answer('*(char (*)[40])table');
  await workbench.pick('Value change');
  await workbench.pick('Stop');
  const item = page.locator('.notifications-center .notification-list-item', {
    hasText: 'four slots watch at most 32',
  });
  await expect.poll(async () => (await workbench.notifications()).join('\n')).toContain('four slots watch at most 32');
  await item.hover();
  await picture(page, info, 'too-wide');
  await item.getByRole('button', { name: 'Extend Beyond Four' }).click();
  await expect
    .poll(async () => (await workbench.watchRows()).join('\n'))
    .toMatch(/^\*\(char \(…40\]\)table \| 0 hits/m);
  await picture(page, info, 'extended');
});

test('each action of a row, by its context menu', async ({ workbench, page }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await stopInMain(workbench);
  await workbench.addWatch('counter', 'Value change', 'Stop');
  await workbench.continue();
  await expect(workbench.callStack()).toContainText('counter: 41 → 42');
  const source = path.join(workbench.folder, 'watched.c');
  for (const [item, line] of [
    ['Go to Declaration', lineOf(source, 'int counter = 41')],
    ['Go to Last Writer', lineOf(source, 'writes counter')],
  ] as const) {
    await workbench.chooseForWatch('counter', item);
    await expect(page.getByRole('button', { name: new RegExp(`^Ln ${line},`) })).toBeVisible();
  }
  await workbench.chooseForWatch('counter', 'Change Access…');
  await workbench.pick('Every write');
  await workbench.chooseForWatch('counter', 'Edit Hit Count…');
  await workbench.answer('>= 2');
  const row = 'counter | 1 hit · 41 → 42 · stops at writes · hit count >= 2';
  await expect.poll(() => workbench.watchRows()).toEqual([row]);
  for (const [item, text] of [
    ['Copy as perf Command', /^(setarch -R )?perf record -g -e mem:0x[0-9a-f]+\/4:w -- \/.*\/watched$/],
    ['Copy as gdb Command', /^watch -l counter$/],
    ['Copy Value', /^41 → 42$/],
    ['Copy Address', /^0x[0-9a-f]+$/],
    ['Copy Row', /^counter {2}1 hit · 41 → 42/],
  ] as const) {
    await workbench.chooseForWatch('counter', item);
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(text);
  }
  await workbench.chooseForWatch('counter', 'Disable Watch');
  await expect.poll(() => workbench.watchRows()).toEqual([expect.stringMatching(/^counter \| disabled · 1 hit/)]);
  await (await workbench.revealWatch('counter')).getByRole('checkbox').click();
  await expect.poll(() => workbench.watchRows()).toEqual([row]);
  await workbench.chooseForWatch('counter', 'Remove Watch');
  await expect.poll(() => workbench.watchRows()).toEqual([]);
  for (const name of ['counter', 'savings.number']) await workbench.addWatch(name, 'Value change', 'Count');
  await workbench.chooseForWatch('counter', 'Remove All Watches');
  await page.getByRole('button', { name: 'Remove All', exact: true }).click();
  await expect.poll(() => workbench.watchRows()).toEqual([]);
});

test('two programs at once: the view is of the one in front, and of the other when that has ended', async ({
  workbench,
}) => {
  await stopInMain(workbench);
  await workbench.addWatch('counter', 'Value change', 'Stop');
  workbench.launchAlways('Waves', 'waves');
  await workbench.openFile('waves.c');
  await workbench.toggleSection('Breakpoints', true);
  await workbench.breakAt('waves.c', 'stop here');
  await workbench.run('Debug: Start Debugging');
  await expect(workbench.registers()).toContainText('Watched · 1 of 4 used');
  await workbench.run('Debug: Stop');
  await expect.poll(() => workbench.registerMap()).toContainEqual(expect.stringMatching(/^waves \| \d+ · 0 of 4 used/));
  await expect(workbench.registers()).not.toContainText('has ended');
});

test('by keyboard: F2, Space and Delete act on the row that has the focus', async ({ workbench, page }) => {
  await stopInMain(workbench);
  for (const name of ['counter', 'savings.number']) await workbench.addWatch(name, 'Value change', 'Stop');
  const [first, second] = ['counter | 0 hits · 41 · stops on change', 'savings.number | 0 hits · 7 · stops on change'];
  await workbench.selectWatch('counter');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await expect
    .poll(() => workbench.watchRows())
    .toEqual([first, expect.stringMatching(/^savings\.number \| disabled/)]);
  await page.keyboard.press('Space');
  await expect.poll(() => workbench.watchRows()).toEqual([first, second]);
  await page.keyboard.press('F2');
  await page.getByRole('option', { name: /Hit count/ }).click();
  await workbench.answer('% 3');
  await expect.poll(async () => (await workbench.watchRows())[1]).toContain('hit count % 3');
  await workbench.selectWatch('savings.number');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Delete');
  await expect.poll(() => workbench.watchRows()).toEqual([expect.stringMatching(/^savings\.number \| .* stops/)]);
});

test('demand 15: kept watches are there in the next session, and before it', async ({ workbench, page }, info) => {
  await stopInMain(workbench);
  await workbench.addWatch('counter', 'Value change', 'Count');
  await page.keyboard.press('Shift+F5');
  await expect(workbench.registers()).toContainText('has ended');
  await expect.poll(() => workbench.watchRows()).toEqual([expect.stringMatching(/^counter \| pending: /)]);
  await page.reload();
  await expect(workbench.registers()).toBeVisible({ timeout: 60_000 });
  await workbench.toggleSection('Debug Registers', true);
  await expect
    .poll(() => workbench.watchRows(), { timeout: 60_000 })
    .toEqual([expect.stringMatching(/^counter \| pending: /)]);
  await picture(page, info, 'kept');
  await workbench.chooseForWatch('counter', 'Stop at Hits');
  await expect.poll(() => workbench.watchRows()).toEqual([expect.stringMatching(/stops on change/)]);
  await workbench.startDebugging('Watched');
  await expect(workbench.callStack()).toContainText('main');
  await workbench.continue();
  await expect(workbench.callStack()).toContainText('counter: 41 → 42');
  await expect.poll(() => workbench.watchRows()).toEqual(['counter | 1 hit · 41 → 42 · stops on change']);
  await picture(page, info, 'again');
});

test('demands 11 and 12: the history draws who wrote what and when, and the source tells how often', async ({
  workbench,
  page,
}, info) => {
  workbench.launchAlways('Waves', 'waves');
  await stopInMain(workbench, 'waves');
  await workbench.addWatch('level', 'Value change', 'Count');
  await workbench.chooseForWatch('level', 'Show History');
  const panel = workbench.panel();
  await expect(panel.getByRole('heading', { name: 'level' })).toBeVisible();
  await expect(panel.getByText('No access yet.')).toBeVisible();

  await workbench.continue();
  await expect.poll(async () => (await workbench.watchRows())[0]).toMatch(/^level \| 81 hits · .* · counts on change/);
  const rows = panel.getByRole('grid', { name: 'Accesses, newest first' }).getByRole('row');
  await expect(rows).toHaveCount(82);
  await expect(panel.getByRole('img', { name: /^Value of level over time/ })).toBeVisible();
  await expect(panel.locator('svg .point')).toHaveCount(81);
  await expect(panel.locator('svg .lane-label')).toHaveCount(2);
  await expect(panel.getByRole('table', { name: 'Hits by source line' })).toContainText('add waves.c:10');
  await picture(page, info, 'history');

  await panel.getByRole('button', { name: 'Zoom in' }).click();
  await expect.poll(() => panel.locator('svg .point').count()).toBeLessThan(81);
  await panel.getByRole('img', { name: /^Value of level/ }).press('0');
  await expect(panel.locator('svg .point')).toHaveCount(81);
  await expect(page.locator('.codelens-decoration').first()).toContainText('level: 80 hits by 2 threads');
  await panel.getByRole('button', { name: 'drain waves.c:23' }).first().focus();
  await page.keyboard.press('Tab'); // to the newest access
  for (const key of ['End', 'ArrowUp', 'Home']) await page.keyboard.press(key);
  await expect(panel.locator('tr[aria-selected="true"]')).toContainText('10 → 0');
  await page.keyboard.press('ArrowDown');
  await expect(panel.locator('tr[aria-selected="true"]:focus')).toContainText('12 → 10');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: /^Ln 23,/ })).toBeVisible();
  await picture(page, info, 'lenses');

  await workbench.continue();
  await expect(panel.getByText('The program has ended; this is its whole history.')).toBeVisible();
  await expect(rows).toHaveCount(82);
  await expect(page.locator('.codelens-decoration').first()).toContainText('level: 80 hits by 2 threads');
  await picture(page, info, 'ended');
});

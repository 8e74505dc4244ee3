// demands.spec.ts: what a debugger that puts data breakpoints first must do, as far as the other walks do not show it. The
// numbers are those of the fifteen demands in docs/manual.md, "Fifteen promises".

import type { Page, TestInfo } from '@playwright/test';
import * as path from 'node:path';
import { expect, lineOf, test, type Workbench } from './workbench-test';

type Program = 'Watched' | 'Waves' | 'Crowd';

async function stopAt(workbench: Workbench, name: Program, ...texts: string[]): Promise<void> {
  const file = `${name.toLowerCase()}.c`;
  if (name !== 'Watched') workbench.launchAlways(name, name.toLowerCase());
  await workbench.openDebugView();
  if (name !== 'Crowd') await workbench.widenSideBar(260);
  await workbench.openFile(file);
  for (const text of texts) await workbench.breakAt(file, text);
  await workbench.startDebugging(name);
  await expect(workbench.callStack().getByRole('row').first()).toBeVisible();
  for (const section of ['Variables', 'Watch', 'Breakpoints', 'Call Stack']) {
    if (section !== 'Call Stack' || name === 'Crowd') await workbench.toggleSection(section, false);
  }
  await workbench.toggleSection('Debug Registers', true);
}

const picture = (page: Page, info: TestInfo, name: string): Promise<Buffer> =>
  page.screenshot({ path: info.outputPath(`${name}.png`) });

test('demands 5, 10 and 11: one thread only, a condition, a line in the console', async ({ workbench, page }, info) => {
  await stopAt(workbench, 'Waves', 'stop here', 'and here');
  await workbench.addWatch('level', 'Value change', 'Count');
  await workbench.chooseForWatch('level', 'Edit Condition…');
  await workbench.answer('$new > 60');
  await workbench.chooseForWatch('level', 'Stop, Count or Log…');
  await workbench.pick('Log');
  await workbench.answer('{$old} to {$new} by {$writer}');
  await workbench.addWatch('lock.__data.__lock', 'Every write', 'Count');
  await workbench.chooseForWatch('lock.__data.__lock', 'Choose Threads…');
  await workbench.pick('Thread 1000');
  await expect
    .poll(() => workbench.watchRows())
    .toEqual([
      'level | 0 hits · 50 · logs on change if $new > 60',
      'lock.__data.__lock | 0 hits · 0 · counts at writes · only thread 1000',
    ]);

  await workbench.continue();
  await expect(workbench.frameAt('waves.c', lineOf(path.join(workbench.folder, 'waves.c'), 'and here'))).toBeVisible();
  await expect
    .poll(() => workbench.watchRows())
    .toEqual([
      expect.stringMatching(/^level \| \d+ of 81 hits · .* · logs on change if \$new > 60$/),
      // The other threads lock it, main never does.
      expect.stringMatching(/0 hits · .* · only thread 1000$/),
    ]);
  await expect.poll(async () => (await workbench.console()).join('\n')).toMatch(/\d+ to 6[1-9] by add/);
  await picture(page, info, 'logged');
});

test('demands 6, 8, 13 and 14: a local that ends, two slots, proof, and beyond four', async ({
  workbench,
  page,
}, info) => {
  await stopAt(workbench, 'Watched', 'account->balance +=', 'total += counter');
  await workbench.addWatch('amount', 'Value change', 'Stop');
  await workbench.addWatch('savings', 'Value change', 'Stop');
  const hover = page.locator('.workbench-hover').filter({ hasText: 'struct account' });
  await expect(async () => {
    await page.mouse.move(1200, 10);
    await (await workbench.revealWatch('savings')).hover({ timeout: 3000 });
    await expect(hover).toContainText(/Armed, 0 hits\. DR1, DR2 on every thread: 16 bytes/, { timeout: 3000 });
  }).toPass();
  await picture(page, info, 'armed');
  await page.mouse.move(1200, 900);
  await workbench.continue();
  const said = 'savings.balance (byte 8) written by thread 1000';
  await expect.poll(async () => (await workbench.console()).join('\n')).toContain(said);
  await expect(workbench.callStack()).toContainText(/savings.* → /);
  // The editor loses an F5 while it still shows the stop; once it is heard, the row says so at once.
  await expect(async () => {
    await workbench.continue();
    await expect
      .poll(async () => (await workbench.watchRows())[0], { timeout: 6000 })
      .toBe('amount | ended: this call of deposit has returned · stops on change');
  }).toPass();

  await workbench.addWatch('table[1]', 'Read or write', 'Stop');
  await workbench.addWatch('table[2]', 'Read', 'Count');
  await workbench.addWatch('table[3]', 'Value change', 'Stop');
  await expect
    .poll(async () => (await workbench.watchRows()).at(-1))
    .toMatch(/^table\[3\] \| refused: table\[3\] needs/);
  expect((await workbench.notifications()).join('\n')).toMatch(/^table\[3\] needs 1 of 4 .* Held by DR0 table\[1\]/);
  await picture(page, info, 'refused');
  await page.getByRole('button', { name: 'Extend Beyond Four' }).click();
  await expect
    .poll(async () => (await workbench.watchRows()).at(-1))
    .toBe('table[3] | 0 hits · 40 · stops on change · beyond x86’s four');
  expect((await workbench.registerMap()).join('\n')).toMatch(/\nEDR4 {2}table\[3\] \| 0 hits · ptrace/);
  await picture(page, info, 'extended');
});

test('demand 2: forty threads that hit millions of times, in a narrow side bar', async ({ workbench, page }, info) => {
  workbench.useTheme('Default High Contrast');
  await stopAt(workbench, 'Crowd', 'stop here', 'and here');
  await workbench.addWatch('hits_in_millions', 'Value change', 'Count');
  await workbench.continue();
  await expect
    .poll(async () => (await workbench.watchRows())[0], { timeout: 90_000 })
    .toMatch(/^hits_in_millions \| 2,400,000 hits · .* · counts on change/);
  // Folded but for the first thread, so that the CPUs are in sight.
  const rows = await workbench.registerRows();
  expect(rows.filter((row) => /\| \d+ · 1 of 4 used$/.test(row)).length).toBeGreaterThanOrEqual(30);
  expect(rows.filter((row) => row.startsWith('DR0'))).toHaveLength(1);
  await expect(page.locator('.codelens-decoration').first()).toContainText('2,400,000 hits by 40 threads');
  await picture(page, info, 'crowd');
});

test('demand 12: back in time to the last write, by the row, by the history and by the Reverse button', async ({
  workbench,
  page,
}, info) => {
  const lineOfWaves = (text: string): number => lineOf(path.join(workbench.folder, 'waves.c'), text);
  await stopAt(workbench, 'Waves', 'stop here', 'and here');
  await workbench.addWatch('level', 'Value change', 'Count');
  await workbench.continue();
  await expect(workbench.frameAt('waves.c', lineOfWaves('and here'))).toBeVisible();

  await workbench.chooseForWatch('level', 'Go Back to the Last Write');
  await expect(workbench.frameAt('waves.c', lineOfWaves('empties it'))).toBeVisible();
  await picture(page, info, 'last-write');

  await workbench.chooseForWatch('level', 'Show History');
  const panel = workbench.panel();
  const row = panel.getByRole('grid', { name: 'Accesses, newest first' }).getByRole('row').nth(3);
  await row.getByRole('button', { name: /^Go back in time to access 79/ }).click();
  await expect(workbench.frameAt('waves.c', lineOfWaves('writes level'))).toBeVisible();
  await expect.poll(async () => (await workbench.watchRows())[0]).toMatch(/^level \| 81 hits/);
  await picture(page, info, 'access');

  // What stops is what the editor's own button goes back to.
  await workbench.chooseForWatch('level', 'Stop at Hits');
  await page
    .getByRole('button', { name: /^Reverse/ })
    .first()
    .click();
  await expect(workbench.callStack()).toContainText(/level: 16 → 14/i);
  await expect(workbench.frameAt('waves.c', lineOfWaves('writes level'))).toBeVisible();
  // And forward again.
  await workbench.continue();
  await expect(workbench.callStack()).toContainText(/level: 14 → 12/i);
  await picture(page, info, 'forward');
});

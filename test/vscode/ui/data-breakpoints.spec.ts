// data-breakpoints.spec.ts: the walk of a person through the editor, from F5 to who wrote.

import type { Page, TestInfo } from '@playwright/test';
import * as path from 'node:path';
import { expect, lineOf, test, type Workbench } from './workbench-test';

/** F5, and a stop at the line that says so. */
async function stopInMain(workbench: Workbench): Promise<void> {
  await workbench.openDebugView();
  await workbench.widenSideBar(220);
  await workbench.openFile('watched.c');
  await workbench.breakAt('watched.c', 'stop here');
  await workbench.startDebugging('Watched');
  await expect(workbench.callStack()).toContainText('main');
  await workbench.toggleSection('Watch', false);
  await workbench.revealVariable('total');
}

/** Pictures for people: test-results/ui/…/NAME.png. */
const picture = (page: Page, info: TestInfo, name: string): Promise<Buffer> =>
  page.screenshot({ path: info.outputPath(`${name}.png`) });

/** Continue, and the stop on the line that holds `text`, with `change` told. */
async function continueTo(workbench: Workbench, text: string, change: string): Promise<void> {
  const line = lineOf(path.join(workbench.folder, 'watched.c'), text);
  await workbench.continue();
  await expect(workbench.callStack()).toContainText(change);
  await expect(workbench.frameAt('watched.c', line)).toBeVisible();
}

const row = (pattern: RegExp): unknown => expect.stringMatching(pattern);

test('demands 2, 4 and 7: global, member, element and local: watched, shown, and who wrote', async ({
  workbench,
  page,
}, info) => {
  await stopInMain(workbench);
  await workbench.toggleSection('Call Stack', false);
  await workbench.expand('Globals');
  await workbench.expand('savings');
  await workbench.expand('table');

  await workbench.openMenu(await workbench.revealVariable('counter'));
  await expect(page.getByRole('menuitem', { name: /^Break on Value/ })).toHaveCount(3);
  await picture(page, info, 'menu');
  await workbench.chooseBreakOn('Value Change');
  await workbench.breakOn('balance', 'Value Change');
  await workbench.breakOn('[2]', 'Value Change');
  await workbench.breakOn('total', 'Value Change');
  expect(await workbench.dataBreakpoints()).toHaveLength(4);

  await workbench.makeRoomForRegisters();
  const ours = [
    row(/^Slots \| 4 of 4 used$/),
    row(/^watched \| \d+ · 4 of 4 used$/),
    row(/^DR0 {2}counter \| 0 hits · ptrace · write · 4 bytes · 0x[0-9a-f]+$/),
    row(/^DR1 {2}savings\.balance \| 0 hits · ptrace · write · 8 bytes · 0x[0-9a-f]+$/),
    row(/^DR2 {2}table\[2\] \| 0 hits · ptrace · write · 4 bytes · 0x[0-9a-f]+$/),
    row(/^DR3 {2}total \| 0 hits · ptrace · write · 4 bytes · 0x[0-9a-f]+$/),
    row(/^DR6 \| 0x[0-9a-f]+: no hit$/),
    row(/^DR7 \| 0x[0-9a-f]+: DR0 write 4 bytes, DR1 write 8 bytes, DR2 write 4 bytes, DR3 write 4 bytes$/),
  ];
  await expect.poll(async () => (await workbench.registerMap()).slice(0, 8)).toEqual(ours);
  await picture(page, info, 'four-of-four');

  await workbench.toggleSection('Call Stack', true);
  await continueTo(workbench, 'writes counter', 'counter: 41 → 42');
  await expect.poll(async () => (await workbench.registerMap())[2]).toMatch(/ 1 hit · 41 → 42 · /);
  await expect.poll(async () => (await workbench.registerMap())[6]).toMatch(/: DR0 was hit$/);
  await picture(page, info, 'stopped-by-counter');
  await workbench.goToDeclaration(/^DR1, savings\.balance/);
  await expect(page.getByRole('button', { name: /^Ln 11,/ })).toBeVisible();
  await continueTo(workbench, 'writes savings.balance', 'savings.balance: 100 → 150');
  await continueTo(workbench, 'writes table[2]', 'table[2]: 30 → 31');
  await expect
    .poll(async () => (await workbench.registerMap()).filter((text) => /\| \d+ · \d+ of /.test(text)))
    .toHaveLength(2);
  await picture(page, info, 'written-by-another-thread');
  await continueTo(workbench, 'writes total', 'total: 5 → 47');
});

test('demands 1 and 3: a fifth is refused with who holds the four, and arms when one is removed', async ({
  workbench,
  page,
}, info) => {
  await stopInMain(workbench);
  await workbench.toggleSection('Call Stack', false);
  await workbench.expand('Globals');
  await workbench.expand('table');
  for (const name of ['counter', '[0]', '[1]', '[2]', '[3]']) await workbench.breakOn(name, 'Value Change');

  const hover = page.locator('.workbench-hover').filter({ hasText: 'DR0' });
  // The rows move while the sections find their heights: the mouse may be on another one by then.
  await expect(async () => {
    await page.mouse.move(700, 10);
    await (await workbench.revealDataBreakpoint('table[3]')).hover({ timeout: 3000 });
    await expect(hover).toContainText(/thread \d+/, { timeout: 3000 });
  }).toPass();
  for (const holder of ['counter', 'table[0]', 'table[1]', 'table[2]']) await expect(hover).toContainText(holder);
  await picture(page, info, 'refused');
  await workbench.toggleSection('Variables', false);
  await expect.poll(async () => (await workbench.registerMap())[0]).toBe('Slots | 4 of 4 used');
  expect((await workbench.registerMap()).join('\n')).not.toContain('table[3]');

  await workbench.removeBreakpoint('counter');
  await expect.poll(async () => (await workbench.registerMap()).join('\n')).toMatch(/DR\d {2}table\[3\] \| /);
  await expect.poll(async () => (await workbench.registerMap()).join('\n')).not.toContain('counter');
});

test('demand 9: accesses stop too, and a read is no write', async ({ workbench }) => {
  await stopInMain(workbench);
  await workbench.expand('Globals');
  await workbench.expand('savings');
  await workbench.breakOn('number', 'Value Read'); // never read, and the write of its neighbour is not its own
  await workbench.breakOn('counter', 'Value Access');
  await workbench.makeRoomForRegisters();
  await expect.poll(async () => (await workbench.registerMap())[3]).toMatch(/^DR1 {2}counter \| .*read or write/);
  await workbench.continue();
  const line = lineOf(path.join(workbench.folder, 'watched.c'), 'writes counter');
  await expect(workbench.frameAt('watched.c', line)).toBeVisible();
  await expect(workbench.callStack()).toContainText('counter');
});

test('a data breakpoint at an address', async ({ workbench, page }, info) => {
  await stopInMain(workbench);
  await workbench.expand('Globals');
  await workbench.breakOn('counter', 'Value Change');
  await expect.poll(async () => (await workbench.registerMap())[2]).toMatch(/0x[0-9a-f]+/);
  const address = /0x[0-9a-f]+/.exec((await workbench.registerMap())[2])?.[0] ?? '';
  await workbench.removeBreakpoint('counter');
  expect(await workbench.dataBreakpoints()).toEqual([]);

  await workbench.run('Trapline: Add Data Breakpoint at Address…');
  const input = page.locator('.quick-input-widget input[type="text"]');
  await input.fill(`${address} + 4`);
  await input.press('Enter');
  await page.getByRole('option', { name: /^write$/i }).click();
  await expect.poll(async () => (await workbench.registerMap())[2]).toContain(`write · 4 bytes · ${address}`);
  await picture(page, info, 'at-address');
  await workbench.continue();
  const line = lineOf(path.join(workbench.folder, 'watched.c'), 'writes counter');
  await expect(workbench.frameAt('watched.c', line)).toBeVisible();
});

test('typed in the console, or by the Breakpoints view’s own +: listed everywhere, and taken away again', async ({
  workbench,
  page,
}, info) => {
  await stopInMain(workbench);
  await workbench.type('watch counter');
  await expect.poll(() => workbench.watchRows()).toEqual(['counter | 0 hits · 41 · stops on change']);
  await workbench.type('break worker');
  const listed = async (): Promise<string> => (await workbench.breakpointRows()).join('\n');
  const line = lineOf(path.join(workbench.folder, 'watched.c'), 'writes table[2]');
  await expect.poll(listed).toMatch(new RegExp(`^watched\\.c\\D*${line}$`, 'm'));
  await workbench.type('print &savings.balance');
  const place = async (): Promise<string> =>
    /\(long \*\) (0x[0-9a-f]+)/.exec((await workbench.console()).join('\n'))?.[1] ?? '';
  await expect.poll(place).toMatch(/^0x/);

  await page.getByRole('button', { name: /^Breakpoints Section/ }).hover();
  await page.getByRole('button', { name: 'Add Data Breakpoint at Address' }).click();
  await workbench.answer(`${await place()} + 8`);
  await workbench.pick('write');
  await expect.poll(async () => (await workbench.dataBreakpoints()).length).toBe(1);
  await expect.poll(async () => (await workbench.watchRows()).length).toBe(2);
  await picture(page, info, 'typed');
  await continueTo(workbench, 'writes counter', 'counter: 41 → 42');
  await workbench.continue();
  const deposit = lineOf(path.join(workbench.folder, 'watched.c'), 'writes savings.balance');
  await expect(workbench.frameAt('watched.c', deposit)).toBeVisible();

  await workbench.type('delete');
  await expect.poll(() => workbench.watchRows()).toEqual([]);
  await expect.poll(() => workbench.dataBreakpoints()).toEqual([]);
  await expect.poll(listed).not.toMatch(new RegExp(`${line}$`, 'm'));
});

test('the program ends: output and exit code are told, the last registers stay', async ({ workbench, page }, info) => {
  await stopInMain(workbench);
  await workbench.expand('Globals');
  await workbench.breakOn('counter', 'Value Change');
  await continueTo(workbench, 'writes counter', 'counter: 41 → 42');
  await workbench.continue();
  await expect.poll(async () => (await workbench.console()).join('\n')).toMatch(/total 47[^]*(code 3|exit(ed)?.* 3)/);
  await expect(workbench.registers()).toContainText('has ended');
  await picture(page, info, 'ended');
  // What was watched is in the list still, until somebody takes it away.
  await workbench.toggleSection('Variables', false);
  await expect.poll(() => workbench.watchRows()).toEqual([expect.stringMatching(/^counter \| .*1 hit/)]);
  await workbench.selectWatch('counter');
  await page.keyboard.press('Delete');
  await expect.poll(() => workbench.watchRows()).toEqual([]);
});

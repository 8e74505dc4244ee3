// without-a-session.spec.ts: what the editor says before there is anything to debug.

import * as fs from 'node:fs';
import * as path from 'node:path';
import { expect, test } from './workbench-test';

// A view that was used once shows what the registers held last.
test.use({ windowName: 'empty' });

test('the empty view says what it is for, and how to begin', async ({ workbench, page }, info) => {
  await workbench.openDebugView();
  await workbench.toggleSection('Debug Registers', true);
  const view = workbench.registers();
  await expect(view).toContainText('which thread holds which debug register');
  await expect(view.getByRole('button', { name: 'Start Debugging' })).toBeVisible();
  await expect(view.getByRole('button', { name: 'Create Launch Configuration' })).toBeVisible();
  await page.screenshot({ path: info.outputPath('empty.png') });
});

test('a missing program is named, compiled at a click, and debugged', async ({ workbench, page }) => {
  fs.rmSync(path.join(workbench.folder, 'watched'));
  await workbench.openDebugView();
  await workbench.openFile('watched.c');
  await workbench.breakAt('watched.c', 'stop here');
  await workbench.startDebugging('Watched');
  const message = /There is no program ".*\/watched".*gcc -g .*-o watched watched\.c/;
  await expect(page.getByRole('alert').filter({ hasText: message })).toHaveCount(1);
  expect((await workbench.notifications()).join('\n')).toMatch(message);
  await page.getByRole('button', { name: 'Compile and Debug' }).click();
  await expect(workbench.callStack()).toContainText('main');
});

test('F5 on a C file without launch.json debugs the program beside it', async ({ workbench, page }) => {
  fs.rmSync(path.join(workbench.folder, '.vscode'), { recursive: true });
  await workbench.openDebugView();
  await workbench.openFile('watched.c');
  await workbench.breakAt('watched.c', 'stop here');
  await page.keyboard.press('F5');
  await expect(workbench.callStack()).toContainText('main');
});

test('Create Launch Configuration writes one and shows it', async ({ workbench, page }) => {
  fs.rmSync(path.join(workbench.folder, '.vscode'), { recursive: true });
  await workbench.run('Trapline: Create Launch Configuration');
  await expect(page.getByRole('tab', { name: /launch\.json/ })).toBeVisible();
  const file = path.join(workbench.folder, '.vscode/launch.json');
  const written: unknown = JSON.parse(fs.readFileSync(file, 'utf8'));
  expect(written).toMatchObject({
    configurations: [{ type: 'trapline', request: 'launch', program: '${workspaceFolder}/a.out' }],
  });
});

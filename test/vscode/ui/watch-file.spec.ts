// watch-file.spec.ts: a `.watch` file as a person sees it: colours, mistakes, hover, completion, code lenses, the check.

import * as fs from 'node:fs';
import * as path from 'node:path';
import { expect, lineOf, test } from './workbench-test';

test('a .watch file: mistakes, hover, completion, code lenses, and the check', async ({ workbench, page }, info) => {
  await workbench.openFile('accounts.watch');
  const editor = page.locator('.editor-instance .monaco-editor').first();
  await expect(editor.locator('.codelens-decoration', { hasText: 'Arm All' })).toBeVisible();
  await expect(editor.locator('.codelens-decoration', { hasText: '1 slot' })).toHaveCount(4);
  await page.screenshot({ path: info.outputPath('watch-file.png') });

  await editor.getByText('balance', { exact: true }).first().hover();
  const hover = page.locator('.monaco-hover').filter({ hasText: 'long savings.balance' });
  await expect(hover).toContainText('8 bytes: 1 slot');
  await page.screenshot({ path: info.outputPath('hover.png') });

  await page.keyboard.press('Control+End');
  await page.keyboard.type('never write savings.');
  const list = page.getByRole('listbox', { name: 'Suggest' });
  await expect(list.getByRole('option', { name: /^number/ })).toBeVisible();
  await expect(list.getByRole('option', { name: /^balance/ })).toBeVisible();
  await page.screenshot({ path: info.outputPath('completion.png') });
  await page.keyboard.press('Escape');
  await page.keyboard.type('balanse');
  await expect(editor.locator('.squiggly-error')).toBeVisible();
  await page.keyboard.press('Shift+Home');
  await page.keyboard.press('Delete');
  await expect(editor.locator('.squiggly-error')).toHaveCount(0);

  await workbench.run('Trapline: Check This Watch File');
  await expect(editor.locator('.codelens-decoration', { hasText: 'in the last check' }).first()).toBeVisible();
  await expect(editor.locator('.codelens-decoration', { hasText: 'never happened' })).toBeVisible();
  await page.screenshot({ path: info.outputPath('check.png') });
});

test('a variable in C becomes a line of the .watch file', async ({ workbench, page }, info) => {
  await workbench.openFile('watched.c');
  const line = lineOf(path.join(workbench.folder, 'watched.c'), 'account->balance +=');
  const box = page.locator('.quick-input-widget input[type="text"]');
  const place = page.getByRole('button', { name: new RegExp(`^Ln ${line}, Col 14`) });
  await expect(async () => {
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+g');
    await box.fill(`:${line}:14`, { timeout: 5000 });
    await page.keyboard.press('Enter');
    await expect(place).toBeVisible({ timeout: 5000 });
  }).toPass({ timeout: 90_000 });
  await workbench.run('Trapline: Add to .watch File…');
  await page.getByRole('option', { name: /^never write/ }).click();
  await expect(page.getByRole('tab', { name: /accounts\.watch/ })).toBeVisible();
  const file = path.join(workbench.folder, 'accounts.watch');
  const wanted = `never write deposit::account->balance  # watched.c:${line}\n`;
  await expect.poll(() => fs.readFileSync(file, 'utf8').endsWith(wanted)).toBe(true);
  await expect(page.locator('.squiggly-error')).toHaveCount(0);
  await page.screenshot({ path: info.outputPath('added.png') });
});

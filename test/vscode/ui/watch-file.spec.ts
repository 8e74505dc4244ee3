// watch-file.spec.ts: a `.watch` file as a person sees it: colours, mistakes, hover, completion, code lenses, the check.

import { expect, test } from './workbench-test';

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

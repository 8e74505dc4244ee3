// restricted.spec.ts: a folder that nobody trusts yet (workspace trust, "limited"): read and written, never run.

import { expect, test } from './workbench-test';

test.use({ windowName: 'restricted', isRestricted: true });

test('in Restricted Mode watch files have their help, and no program is started', async ({ workbench, page }, info) => {
  await workbench.openFile('accounts.watch');
  await expect(page.locator('.codelens-decoration', { hasText: '1 slot' })).toHaveCount(4);
  await workbench.openDebugView();
  await workbench.toggleSection('Debug Registers', true);
  await expect(workbench.registers()).toContainText('This folder is not trusted');
  await expect(workbench.registers().getByRole('button', { name: 'Manage Workspace Trust' })).toBeVisible();
  await page.screenshot({ path: info.outputPath('view.png') });
  await page.keyboard.press('F5');
  const question = page.getByRole('dialog').filter({ hasText: /trust/i });
  await expect(question).toBeVisible();
  await page.screenshot({ path: info.outputPath('question.png') });
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(question).toBeHidden();
  await expect(page.locator('.start-debug-action-item')).toBeVisible();
});

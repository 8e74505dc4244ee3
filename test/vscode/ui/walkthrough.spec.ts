// walkthrough.spec.ts: the four steps of the walkthrough, button by button, on the sample that comes along.

import { expect, test } from './workbench-test';

test('the walkthrough leads from a sample to who wrote, in four steps', async ({ workbench, page }, info) => {
  await workbench.run('Trapline: Open the Walkthrough');
  const walkthrough = page.locator('.gettingStartedContainer');
  await expect(walkthrough.getByRole('heading', { name: /^Who wrote that\?/, level: 2 })).toBeVisible();
  for (const [title, shows] of [
    ['Open a program that has a problem', /^race\.c in the editor/],
    ['Start it, and stop in main', /^Stopped in main/],
    ['Watch the balance', /^Stopped where the balance/],
    ['See everyone who wrote it', /^The history of the balance/],
  ] as const) {
    await walkthrough.getByRole('heading', { name: title, exact: true }).click();
    const picture = walkthrough.locator('.getting-started-media img');
    await expect(picture).toHaveAttribute('alt', shows);
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(300);
    await page.screenshot({ path: info.outputPath(`${title}.png`) });
  }

  const press = async (title: string, button: string): Promise<void> => {
    const open = walkthrough.getByRole('button', { name: button, exact: true });
    if (!(await open.isVisible())) await walkthrough.getByRole('heading', { name: title, exact: true }).click();
    await open.click();
  };
  await press('Open a program that has a problem', 'Open the Sample');
  await expect(page.getByRole('tab', { name: /race\.c/ })).toBeVisible();
  await press('Start it, and stop in main', 'Start the Sample');
  await expect(workbench.callStack()).toContainText('main');
  await press('Watch the balance', 'Watch the Balance');
  await expect(workbench.callStack()).toContainText('account.balance: 100 → 140');
  await press('See everyone who wrote it', 'Show Who Wrote');
  const panel = workbench.panel();
  await expect(panel.getByText('The program has ended; this is its whole history.')).toBeVisible();
  await expect(panel.getByRole('grid', { name: 'Accesses, newest first' }).getByRole('row')).toHaveCount(7);
  await expect(panel.locator('svg .lane-label')).toHaveCount(2);
  await expect(walkthrough.getByRole('checkbox', { name: /: Completed$/ })).toHaveCount(4);
  await page.screenshot({ path: info.outputPath('done.png') });
});

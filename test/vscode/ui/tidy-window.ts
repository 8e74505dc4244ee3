// tidy-window.ts: a window as it is at the beginning, for the next test.
//
// Nothing is debugged, nothing watched, no breakpoint set, no editor open, the console empty, the folder's files as they
// were. Does only what there is to do: in a new window next to nothing.

import { expect } from '@playwright/test';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { NOWHERE, RETRY_MS, STEP_MS } from './virtual-list';
import type { Workbench } from './workbench';

const TIDY_KEY = 'ctrl+alt+shift+f9';

/** For the user's keybindings.json of the tests: many commands of the editor's at once. */
export const KEYBINDINGS = [
  {
    key: TIDY_KEY,
    command: 'runCommands',
    args: {
      commands: [
        'workbench.action.files.saveAll',
        'workbench.action.closeAllEditors',
        'workbench.action.editorLayoutSingle',
        'workbench.debug.viewlet.action.removeAllBreakpoints',
        'workbench.debug.panel.action.clearReplAction',
        'notifications.clearAll',
      ],
    },
  },
];

export async function tidyWindow(workbench: Workbench, pristine: string): Promise<void> {
  const { page } = workbench;
  for (let i = 0; i < 2; i++) await page.keyboard.press('Escape');
  await page.mouse.move(NOWHERE.x, NOWHERE.y);
  // Without a launch.json the view looks otherwise.
  restore(workbench.folder, pristine);
  if (await isUsed(workbench)) {
    await workbench.openDebugView();
    await removeWatches(workbench);
    await stopDebugging(workbench);
    await expect(async () => {
      await page.keyboard.press('Control+Alt+Shift+F9');
      await expect(page.locator('.tabs-container .tab')).toHaveCount(0, { timeout: STEP_MS });
    }).toPass({ timeout: RETRY_MS });
    const ofFiles = async (): Promise<readonly string[]> =>
      (await workbench.breakpointRows()).filter((row) => /\.(c|watch)/.test(row));
    await expect.poll(ofFiles).toEqual([]);
    for (const section of ['Variables', 'Watch', 'Call Stack', 'Breakpoints'])
      await workbench.toggleSection(section, true);
    await workbench.widenSideBar(0);
  }
  restore(workbench.folder, pristine);
}

/** Somebody has opened the debug view, which nobody closes here, or a file. */
async function isUsed(workbench: Workbench): Promise<boolean> {
  if (await workbench.registers().isVisible()) return true;
  return (await workbench.page.locator('.tabs-container .tab').count()) > 0;
}

/** Kept ones too: they would be there in the next session. */
async function removeWatches(workbench: Workbench): Promise<void> {
  await workbench.toggleSection('Debug Registers', true);
  const isThere = async (): Promise<boolean> =>
    (await workbench.registerRows()).some((row) => row.startsWith('Watches | '));
  if (!(await isThere())) return;
  await workbench.run('Trapline: Remove All Watches');
  await workbench.page.getByRole('button', { name: 'Remove All', exact: true }).click();
  await expect.poll(isThere).toBe(false);
}

async function stopDebugging({ page }: Workbench): Promise<void> {
  const start = page.locator('.start-debug-action-item');
  await expect(async () => {
    if (!(await start.isVisible())) await page.keyboard.press('Shift+F5');
    await expect(start).toBeVisible({ timeout: STEP_MS });
  }).toPass({ timeout: RETRY_MS });
}

/** Files of the folder that the test has changed, added or removed. */
function restore(folder: string, pristine: string): void {
  const names = (directory: string): readonly string[] =>
    fs.readdirSync(directory, { recursive: true, encoding: 'utf8' });
  const wanted = new Set(names(pristine));
  for (const name of names(folder)) {
    if (!wanted.has(name)) fs.rmSync(path.join(folder, name), { recursive: true, force: true });
  }
  for (const name of wanted) {
    const [from, to] = [path.join(pristine, name), path.join(folder, name)];
    if (fs.statSync(from).isDirectory()) fs.mkdirSync(to, { recursive: true });
    else if (!fs.existsSync(to) || !fs.readFileSync(from).equals(fs.readFileSync(to))) fs.copyFileSync(from, to);
  }
}

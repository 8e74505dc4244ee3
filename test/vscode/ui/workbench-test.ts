// workbench-test.ts: a workbench for each UI test, on a folder with compiled programs.
//
// Starting VS Code takes longer than most tests: `test` gives one window to all tests of a worker, tidied up before each
// (tidy-window.ts). After a test that fails there is a new worker, and so a new window. `windowName` asks for a window
// of one's own, and `freshTest` for one in each test. With TRAPLINE_VSIX=path the packaged extension is installed and
// tested, otherwise the sources' build in dist/.

import { test as base, expect, type Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { runServerCli, startServer, type Server } from '../host/server';
import { workbenchReady, workbenchUrl } from '../host/workbench';
import { slowDown, VIEWPORT } from './conditions';
import { KEYBINDINGS, tidyWindow } from './tidy-window';
import { Workbench } from './workbench';

export { expect };
export { lineOf, type Workbench } from './workbench';

const root = path.resolve(__dirname, '../../..');
const workspace = path.join(root, 'test/vscode/workspace');
const vsix = process.env.TRAPLINE_VSIX;

/** A copy of the workspace, its programs compiled, and a copy of that to restore it from. */
interface Folder {
  readonly path: string;
  readonly pristine: string;
}

function compiledFolder(): Folder {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'trapline-ws-'));
  fs.cpSync(workspace, directory, { recursive: true });
  for (const name of ['watched', 'waves', 'crowd']) {
    execFileSync('gcc', ['-g', '-O0', '-pthread', '-o', name, `${name}.c`], { cwd: directory, stdio: 'inherit' });
  }
  const pristine = `${directory}-pristine`;
  fs.cpSync(directory, pristine, { recursive: true });
  return { path: directory, pristine };
}

function removeFolder(folder: Folder): void {
  for (const each of [folder.path, folder.pristine]) fs.rmSync(each, { recursive: true, force: true });
}

async function openFolder(page: Page, server: Server, folder: string): Promise<void> {
  await page.goto(workbenchUrl(server.port, { folder, development: vsix === undefined ? [root] : [] }));
  await workbenchReady(page);
  await slowDown(page);
}

const withServer = base.extend<object, { server: Server; isRestricted: boolean }>({
  isRestricted: [false, { option: true, scope: 'worker' }],
  server: [
    async ({ isRestricted }, use) => {
      const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'trapline-ui-'));
      if (vsix !== undefined) {
        const extensions = ['--extensions-dir', path.join(dataDir, 'extensions')];
        const data = ['--user-data-dir', dataDir, '--server-data-dir', path.join(dataDir, 'server')];
        const code = await runServerCli(['--install-extension', path.resolve(vsix), ...extensions, ...data], 'ignore');
        expect(code, 'the extension installs').toBe(0);
      }
      fs.mkdirSync(path.join(dataDir, 'User'), { recursive: true });
      fs.writeFileSync(path.join(dataDir, 'User/keybindings.json'), JSON.stringify(KEYBINDINGS));
      const server = await startServer({ dataDir, isDevelopment: vsix === undefined, isRestricted });
      await use(server);
      await server.stop();
      fs.rmSync(dataDir, { recursive: true, force: true, maxRetries: 3 });
    },
    { scope: 'worker', timeout: 90_000 },
  ],
});

/** A window that nobody has used. */
export const freshTest = withServer.extend<{ workbench: Workbench }>({
  workbench: async ({ page, server }, use) => {
    const folder = compiledFolder();
    await openFolder(page, server, folder.path);
    await use(new Workbench(page, folder.path));
    removeFolder(folder);
  },
});

interface Window {
  readonly page: Page;
  readonly folder: Folder;
}

export const test = withServer.extend<{ page: Page; workbench: Workbench }, { window: Window; windowName: string }>({
  windowName: ['main', { option: true, scope: 'worker' }],
  window: [
    // The name is not looked at: another one is another worker.
    async ({ browser, server, windowName: _ }, use) => {
      const folder = compiledFolder();
      const page = await browser.newPage({ viewport: VIEWPORT });
      page.setDefaultTimeout(30_000);
      await openFolder(page, server, folder.path);
      await use({ page, folder });
      await page.context().close();
      removeFolder(folder);
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  page: async ({ window }, use) => {
    await use(window.page);
  },
  workbench: async ({ window: { page, folder } }, use) => {
    const workbench = new Workbench(page, folder.path);
    await tidyWindow(workbench, folder.pristine);
    await use(workbench);
  },
});

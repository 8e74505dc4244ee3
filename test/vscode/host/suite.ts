// suite.ts: runs a compiled mocha suite in the extension host of the workbench.
//
// If the extension host dies, VS Code itself reports exit code 0: only a suite that says it ended well counts.

import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import { CHROMIUM, CHROMIUM_ARGS, workbenchUrl, type WorkbenchTarget } from './workbench';

/** What the workbench logs at every start here: connection chatter, natives that are not built, no gallery. */
const NOISE = new RegExp(
  [
    '^Resolv(ing|ed) connection token',
    '^Creating a socket',
    '^\\[reconnection-grace-time\\]',
    '^\\[AgentHost',
    '^\\[AccountPolicyGate\\]',
    '^\\[Service Worker\\]',
    '^(Updating|Ignoring fetching) additional builtin',
    '^Error: Could not locate the bindings file',
    "^Cannot find module './build/Release/watchdog'",
    'open-vsx\\.org',
    '^No extension gallery service configured',
    '^Timed out waiting for authentication provider',
    '^Creation of workbench contribution',
  ].join('|'),
);

/** Opens the workbench with the suite `target.tests`; resolves to the suite's exit code. */
export async function runSuite(
  port: number,
  target: WorkbenchTarget & { readonly tests: string },
  timeoutMs: number,
): Promise<number> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'vscode-suite-'));
  const done = path.join(directory, 'done');
  const wrapper = path.join(directory, 'index.cjs');
  fs.writeFileSync(wrapper, wrapperSource(target.tests, done));
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_ARGS });
  try {
    const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
    const code = await exitCode(browser, page, workbenchUrl(port, { ...target, tests: wrapper }), timeoutMs);
    const said = fs.existsSync(done) ? fs.readFileSync(done, 'utf8') : 'nothing';
    if (code === 0 && said !== 'ok') {
      throw new Error(`the extension host ended before the suite did (it said: ${said})`);
    }
    return code;
  } finally {
    await browser.close().catch(() => undefined);
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

/** A suite around the suite that writes down how it ended. */
function wrapperSource(tests: string, done: string): string {
  return `const fs = require('node:fs');
exports.run = async () => {
  try {
    await require(${JSON.stringify(tests)}).run();
    fs.writeFileSync(${JSON.stringify(done)}, 'ok');
  } catch (error) {
    fs.writeFileSync(${JSON.stringify(done)}, 'failed');
    throw error;
  }
};
`;
}

/** `codeAutomationLog` and `codeAutomationExit` are called by VS Code itself. */
async function exitCode(browser: Browser, page: Page, url: string, timeoutMs: number): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<number>((resolve, reject) => {
      const fail = (why: string) => (): void => {
        reject(new Error(why));
      };
      timer = setTimeout(fail(`no result within ${timeoutMs} ms`), timeoutMs);
      page.on('crash', fail('the page crashed'));
      browser.on('disconnected', fail('the browser went away'));
      page.on('pageerror', (error) => {
        console.error('[page]', error.message);
      });
      void Promise.all([
        page.exposeFunction('codeAutomationLog', log),
        page.exposeFunction('codeAutomationExit', resolve),
      ])
        .then(() => page.goto(url))
        .catch(reject);
    });
  } finally {
    clearTimeout(timer);
  }
}

function log(type: string, parts: readonly unknown[]): void {
  const isNoise = NOISE.test(String(parts[0])) && process.env.VSCODE_HOST_VERBOSE === undefined;
  if (isNoise) return;
  if (type === 'error') console.error(...parts);
  else console.log(...parts);
}

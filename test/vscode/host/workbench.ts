// workbench.ts: VS Code's workbench in Debian's Chromium.

import type { Page } from '@playwright/test';

export const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface WorkbenchTarget {
  readonly folder?: string;
  /** Extensions loaded from their sources; absolute paths. */
  readonly development: readonly string[];
  /** A compiled test suite, as @vscode/test-electron takes it. */
  readonly tests?: string;
  readonly disableExtensions?: boolean;
}

export function workbenchUrl(port: number, target: WorkbenchTarget): string {
  const remote = (file: string): string => `vscode-remote://127.0.0.1:${port}${encodeURI(file)}`;
  const url = new URL(`http://127.0.0.1:${port}/`);
  if (target.folder === undefined) url.searchParams.set('ew', 'true');
  else url.searchParams.set('folder', target.folder);
  const payload = [
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
    ...target.development.map((directory) => ['extensionDevelopmentPath', remote(directory)]),
    ...(target.tests === undefined ? [] : [['extensionTestsPath', remote(target.tests)]]),
    ...(target.disableExtensions === true ? [['disableExtensions', 'true']] : []),
  ];
  url.searchParams.set('payload', JSON.stringify(payload));
  return url.href;
}

/** Resolves when the workbench is restored and its extensions are known. */
export async function workbenchReady(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      ['code/LifecyclePhase/Restored', 'code/didLoadExtensions'].every(
        (mark) => performance.getEntriesByName(mark).length > 0,
      ),
    undefined,
    { timeout: 60_000 },
  );
}

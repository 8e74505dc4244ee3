// playwright.config.ts: the UI tests, one workbench at a time.

import { defineConfig } from '@playwright/test';
import { CHROMIUM, CHROMIUM_ARGS } from './host/workbench';
import { VIEWPORT } from './ui/conditions';

// Playwright reads the default export; nothing else may have one.
// eslint-disable-next-line no-restricted-syntax -- see above
export default defineConfig({
  testDir: 'ui',
  testMatch: '*.spec.ts',
  timeout: 240_000,
  workers: 1,
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: '../../test-results/ui.json' }]],
  outputDir: '../../test-results/ui',
  expect: { timeout: 30_000 },
  use: {
    viewport: VIEWPORT,
    screenshot: 'only-on-failure',
    // Recording costs a third of the time: only where somebody wants to look.
    trace: process.env.TRAPLINE_TRACE === undefined ? 'off' : 'retain-on-failure',
    actionTimeout: 30_000,
    launchOptions: { executablePath: CHROMIUM, args: CHROMIUM_ARGS },
  },
});

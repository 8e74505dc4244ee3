// pictures.mjs: `npm run pictures`: makes the README's pictures in media/, from what is really there.
//
// The editor's come from test/vscode/ui/pictures.spec.ts in the real VS Code, those of the animation and of the
// walkthrough too; the terminal's from `npm start`, its colours turned into a page that Chromium draws. Needs what the UI
// tests need. `npm run pictures -- WORDS` makes only those whose test's name has the words.

import { chromium } from '@playwright/test';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { writeAnimation } from './lib/animation.mjs';
import { root } from './lib/setup.mjs';

/** The colours of paint.ts, on a dark ground. */
const COLOURS = { 31: '#ff6b6b', 32: '#7bd88f', 33: '#fce566', 34: '#7aa2f7', 35: '#d38aea', 36: '#5ad4e6' };

/** Text with the escapes of paint.ts as HTML. */
function terminalHtml(text) {
  const body = text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    // eslint-disable-next-line no-control-regex -- the escapes are what is looked for
    .replace(/\u001b\[(\d+)m/g, (_escape, code) => {
      if (code in COLOURS) return `<span style="color:${COLOURS[code]}">`;
      if (code === '1') return '<span style="font-weight:bold">';
      return code === '2' ? '<span style="opacity:.55">' : '</span>';
    });
  const style = 'font:13px/1.45 DejaVu Sans Mono,monospace;padding:16px 20px;margin:0;display:inline-block';
  return `<body style="margin:0;background:#1b1f27;color:#d7dce2"><pre style="${style}">${body.trim()}</pre></body>`;
}

async function terminalPicture() {
  const env = { ...process.env, FORCE_COLOR: '1' };
  const { stdout } = spawnSync(process.execPath, ['scripts/start.mjs'], { cwd: root, env, encoding: 'utf8' });
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  await page.setContent(terminalHtml(stdout));
  await page.locator('pre').screenshot({ path: path.join(root, 'media/terminal.png') });
  await browser.close();
}

/** The frames are named NN-MILLISECONDS.png. */
function animation() {
  const folder = path.join(root, 'test-results/frames');
  if (!fs.existsSync(folder)) return;
  const frames = fs
    .readdirSync(folder)
    .sort()
    .map((name) => ({ file: path.join(folder, name), delayMs: Number(/-(\d+)\.png$/.exec(name)?.[1]) }));
  const output = path.join(root, 'media/trapline.gif');
  writeAnimation(frames, output);
  console.log(`media/trapline.gif: ${frames.length} frames, ${(fs.statSync(output).size / 1024).toFixed(0)} kB`);
}

const words = process.argv.slice(2).join(' ');
const chosen = words === '' ? [] : ['--grep', words];
const args = ['test', '-c', 'test/vscode/playwright.config.ts', 'pictures.spec', ...chosen];
const env = { ...process.env, TRAPLINE_PICTURES: '1' };
const { status } = spawnSync(path.join(root, 'node_modules/.bin/playwright'), args, {
  cwd: root,
  env,
  stdio: 'inherit',
});
if (words === '' || words.includes('animation')) animation();
if (words === '' || words.includes('terminal')) await terminalPicture();
process.exitCode = status ?? 1;

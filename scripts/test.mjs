// test.mjs: `npm test`: everything that is checked, from a fresh clone on: set-up, format, lint, types, unit tests,
// bundles, end-to-end tests, and the extension in the real VS Code. Ends with the line `N passed, N failed`.
//
// usage: npm test            all of it
//        npm test -- unit    only the stages whose name contains a word
//
// The VS Code part needs Linux on x86-64 (test/vscode/host/); the missing tools of a Debian are installed as root.

import path from 'node:path';
import { buildBundles, installPackages, installTools, requireNode, root, SetupError } from './lib/setup.mjs';
import { mochaCount, playwrightCount, Stages } from './lib/stages.mjs';

const TOOLS = {
  gcc: ['gcc', 'libc6-dev'],
  'g++': ['g++'],
  gdb: ['gdb'],
  objdump: ['binutils'],
  chromium: ['chromium'],
};
const bin = (name) => path.join(root, 'node_modules/.bin', name);
const node = process.execPath;
const say = (text) => console.log(`${text} …`);

/** name → how it is run; in order. */
function stagesOf(stages) {
  const npm = (script) => () => stages.run(script, 'npm', ['run', '--silent', script]);
  const playwright = (name, args, env) => () =>
    stages.run(name, bin('playwright'), ['test', '-c', 'test/vscode/playwright.config.ts', ...args], {
      count: playwrightCount('test-results/ui.json'),
      env,
      timeoutMs: 900_000,
    });
  return {
    format: npm('format:check'),
    lint: npm('lint'),
    types: npm('types'),
    quirks: () => stages.run('quirks', node, ['scripts/quirks.mjs', '--check']),
    unit: () => stages.run('unit', bin('mocha'), ['--reporter', 'dot', 'test/**/*.test.ts'], { count: mochaCount }),
    build: npm('build'),
    e2e: () => stages.run('e2e', 'npm', ['run', '--silent', 'test:e2e'], { count: mochaCount, timeoutMs: 900_000 }),
    tour: () => stages.run('tour', node, ['scripts/start.mjs']),
    package: npm('package'),
    'vscode suite': () => stages.run('vscode suite', node, ['test/vscode/run-suite.mjs'], { count: mochaCount }),
    'vscode walk': playwright('vscode walk', [], {}),
    'vscode walk, packaged': playwright('vscode walk, packaged', ['--grep', 'who wrote|is empty|empty view'], {
      TRAPLINE_VSIX: path.join(root, 'trapline.vsix'),
    }),
  };
}

async function main(words) {
  requireNode(20);
  installPackages(say);
  installTools(TOOLS, say);
  const stages = new Stages();
  const chosen = Object.entries(stagesOf(stages)).filter(
    ([name]) => words.length === 0 || words.some((word) => name.includes(word)),
  );
  if (chosen.some(([name]) => name.startsWith('vscode'))) {
    await stages.run('vscode host', path.join(root, 'test/vscode/host/install-host.sh'), ['.vscode-host']);
  }
  if (chosen.some(([name]) => ['unit', 'e2e', 'tour', 'vscode'].some((word) => name.includes(word)))) buildBundles(say);
  for (const [, run] of chosen) await run();
  stages.report();
  process.exitCode = stages.failed === 0 ? 0 : 1;
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`npm test: ${error.message}`);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
}

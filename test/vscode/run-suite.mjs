// run-suite.mjs: compiles test/vscode/suite/ and runs it in the extension host of a real VS Code.
//
// usage: node test/vscode/run-suite.mjs
// VSCODE_TEST_EXECUTABLE names another VS Code; `download` lets @vscode/test-electron fetch the desktop one.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';

const here = path.dirname(new URL(import.meta.url).pathname);
const root = path.resolve(here, '../..');
const chosen = process.env.VSCODE_TEST_EXECUTABLE ?? path.join(here, 'host/vscode-host.cjs');

execFileSync(process.execPath, [path.join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', 'false', '-p', here], {
  stdio: 'inherit',
});
const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'trapline-suite-'));
const folder = path.join(temporary, 'workspace');
fs.cpSync(path.join(here, 'workspace'), folder, { recursive: true });
execFileSync('gcc', ['-g', '-O0', '-pthread', '-o', 'watched', 'watched.c'], { cwd: folder, stdio: 'inherit' });

let code = 1;
try {
  code = await runTests({
    ...(chosen === 'download' ? {} : { vscodeExecutablePath: chosen }),
    extensionDevelopmentPath: root,
    extensionTestsPath: path.join(root, 'out/test/vscode/suite/run'),
    launchArgs: [
      folder,
      '--disable-extensions',
      '--disable-workspace-trust',
      `--user-data-dir=${path.join(temporary, 'data')}`,
      `--extensions-dir=${path.join(temporary, 'extensions')}`,
    ],
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
} finally {
  fs.rmSync(temporary, { recursive: true, force: true });
}
process.exit(code);

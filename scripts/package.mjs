// package.mjs: `npm run package`: makes trapline.vsix, the extension as it is installed.
//
// Both bundles hold all they need: no node_modules travel along (.vscodeignore says what does).

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { buildBundles, installPackages, requireNode, root, SetupError } from './lib/setup.mjs';

const say = (text) => console.log(`${text} …`);

try {
  requireNode(20);
  installPackages(say);
  buildBundles(say);
  const vsce = path.join(root, 'node_modules/@vscode/vsce/vsce');
  const args = [vsce, 'package', '--no-dependencies', '--no-rewrite-relative-links', '--out', 'trapline.vsix'];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new SetupError('vsce could not make the package.');
  console.log(`trapline.vsix: ${(fs.statSync(path.join(root, 'trapline.vsix')).size / 1024).toFixed(0)} kB`);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`npm run package: ${error.message}`);
  process.exitCode = 1;
}

// start.mjs: `npm start`: shows what Trapline does, on a real program, in a terminal.
//
// Does its own set-up on a fresh clone, compiles samples/race.c (or takes the prebuilt one of the same source where
// there is no compiler), and hands over to tour/main.ts, which speaks to the adapter as an editor would.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { buildBundles, findCommand, installPackages, requireNode, root, SetupError } from './lib/setup.mjs';

const source = path.join(root, 'samples/race.c');
const prebuilt = path.join(root, 'samples/prebuilt/race');
const say = (text) => process.stderr.write(`${text} …\n`);

/** The sample, and how it came about. */
function sampleProgram() {
  const compiler =
    process.platform === 'linux' && process.arch === 'x64' ? findCommand('gcc', 'cc', 'clang') : undefined;
  if (compiler !== undefined) {
    const program = path.join(root, 'build/samples/race');
    fs.mkdirSync(path.dirname(program), { recursive: true });
    const args = ['-g', '-O1', '-pthread', '-o', program, source];
    if (spawnSync(compiler, args, { stdio: 'ignore' }).status === 0) {
      return { program, origin: `compiled just now: ${path.basename(compiler)} -g -O1 -pthread` };
    }
  }
  return { program: prebuilt, origin: 'prebuilt, for there is no C compiler here' };
}

try {
  requireNode(20);
  installPackages(say);
  buildBundles(say);
  const { program, origin } = sampleProgram();
  const tour = path.join(root, 'scripts/tour/main.ts');
  const tsx = path.join(root, 'node_modules/tsx/dist/cli.mjs');
  const { status } = spawnSync(process.execPath, [tsx, tour, program, source, origin], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`npm start: ${error.message}`);
  process.exitCode = 1;
}

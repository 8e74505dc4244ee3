// setup.mjs: what a fresh clone needs before anything can run: packages, bundles, tools of the system.
//
// Each function does nothing where its work is done already. What cannot be done is said, with what to install.

import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../..');

/** A sentence for the person, without a stack trace. */
export class SetupError extends Error {}

export function requireNode(major) {
  const [found] = process.versions.node.split('.').map(Number);
  if (found < major) {
    throw new SetupError(
      `Node.js ${major} or later is needed, this is ${process.versions.node}. See https://nodejs.org`,
    );
  }
}

/** `npm ci`, where node_modules is missing or older than the lock file. */
export function installPackages(say) {
  const stamp = path.join(root, 'node_modules/.package-lock.json');
  const wanted = ['tsx', 'webpack', 'ts-loader', '@vscode/debugprotocol'];
  const isThere = fs.existsSync(stamp) && wanted.every((name) => fs.existsSync(path.join(root, 'node_modules', name)));
  if (isThere) return;
  say('installing packages (npm ci)');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], 'npm ci failed: is the npm registry reachable?');
}

/** The bundles of dist/, where they are missing or older than a source. */
export function buildBundles(say) {
  const bundles = ['dist/adapter.js', 'dist/extension.js', 'dist/history.js'].map((file) => path.join(root, file));
  const inputs = ['adapter', 'extension', 'webpack.config.mjs', 'package-lock.json', 'tsconfig.json'];
  const built = Math.min(...bundles.map(modifiedMs));
  if (built > Math.max(...inputs.map((input) => newestMs(path.join(root, input))))) return;
  say('building (webpack)');
  run(
    process.execPath,
    [path.join(root, 'node_modules/webpack/bin/webpack.js'), '--mode', 'production'],
    'the build failed',
  );
}

function modifiedMs(file) {
  return fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function newestMs(file) {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...fs.readdirSync(file).map((entry) => newestMs(path.join(file, entry))));
}

/** Quiet while it works; all of its words when it does not. */
function run(command, args, failure) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: root, encoding: 'utf8', shell: false });
  if (status !== 0) throw new SetupError(`${failure}\n${error?.message ?? ''}${stdout ?? ''}${stderr ?? ''}`.trim());
}

/** The first of the commands that the system has, by its full path. */
export function findCommand(...names) {
  const directories = (process.env.PATH ?? '').split(path.delimiter);
  for (const name of names) {
    const found = directories.map((directory) => path.join(directory, name)).find((file) => fs.existsSync(file));
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Installs Debian packages for the commands that are missing, as root on a Debian. Elsewhere says what to install.
 * `wanted`: command → Debian packages.
 */
export function installTools(wanted, say) {
  const missing = Object.entries(wanted).filter(([command]) => findCommand(command) === undefined);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.flatMap(([, names]) => names))];
  const names = missing.map(([command]) => command).join(', ');
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || findCommand('apt-get') === undefined) {
    throw new SetupError(
      `Missing: ${names}. Install them first; on Debian or Ubuntu: sudo apt-get install ${packages.join(' ')}`,
    );
  }
  say(`installing ${packages.join(', ')} (apt-get)`);
  const options = { stdio: 'pipe', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  try {
    execFileSync('apt-get', ['update', '-qq'], options);
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], options);
  } catch (error) {
    throw new SetupError(`Installing ${packages.join(', ')} failed:\n${error.stderr ?? error.message}`);
  }
}

// bench.mjs: `npm run bench [-- …]`: bundles the benchmarks as the adapter is bundled, and runs them.
//
// A loader that translates each file alone makes every constant of another file a call: what was measured so was up to
// twice as slow as what is shipped.

import { spawnSync } from 'node:child_process';
import path from 'node:path';
import webpack from 'webpack';
import configurations from '../webpack.config.mjs';
import { root } from './lib/setup.mjs';

const output = path.join(root, 'build/bench');
const adapter = configurations.find(({ name }) => name === 'adapter');
const bench = {
  ...adapter,
  name: 'bench',
  context: root,
  entry: { bench: './test/bench/main.ts' },
  output: { ...adapter.output, path: output },
  // Relative to the root, where it runs.
  node: { __dirname: true },
};

webpack(bench, (error, stats) => {
  if (error !== null || stats.hasErrors()) throw error ?? new Error(stats.toString('errors-only'));
  const args = [path.join(output, 'bench.js'), ...process.argv.slice(2)];
  process.exitCode = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
});

// run.ts: what VS Code calls in its extension host: runs every *.test.js beside it.

import * as fs from 'node:fs';
import * as path from 'node:path';
import Mocha from 'mocha';

export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', color: false, timeout: 60_000, forbidOnly: true, forbidPending: true });
  const tests = fs.readdirSync(__dirname).filter((file) => file.endsWith('.test.js'));
  for (const file of tests.sort()) mocha.addFile(path.join(__dirname, file));
  await new Promise<void>((resolve, reject) => {
    const runner = mocha.run((failures) => {
      if (failures > 0) reject(new Error(`${failures} failed`));
      else if ((runner.stats?.passes ?? 0) === 0) reject(new Error('no test ran'));
      else resolve();
    });
  });
}

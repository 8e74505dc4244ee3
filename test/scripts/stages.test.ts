// stages.test.ts: npm test loses no failure, whatever a stage prints.

import * as assert from 'node:assert';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';

interface Count {
  readonly passed: number;
  readonly failed: number;
}
interface StagesModule {
  readonly mochaCount: (output: string) => Count | undefined;
  Stages: new () => {
    passed: number;
    failed: number;
    run(name: string, command: string, args: readonly string[], options?: object): Promise<boolean>;
  };
}

const script: string = path.resolve(__dirname, '../../scripts/lib/stages.mjs');
const loaded = import(pathToFileURL(script).href) as Promise<StagesModule>;

/** Runs one stage, its words kept off the terminal. */
async function runStage(code: string, options?: object): Promise<Count> {
  const { Stages } = await loaded;
  const stages = new Stages();
  const { log, error } = console;
  const write = process.stdout.write.bind(process.stdout);
  console.log = console.error = () => undefined;
  process.stdout.write = () => true;
  try {
    await stages.run('a stage', process.execPath, ['-e', code], options);
  } finally {
    Object.assign(console, { log, error });
    process.stdout.write = write;
  }
  return { passed: stages.passed, failed: stages.failed };
}

describe('the sums of npm test', () => {
  it("are read from mocha's last lines", async () => {
    const { mochaCount } = await loaded;
    assert.deepStrictEqual(mochaCount('  12 passing (3s)\n  2 failing\n'), { passed: 12, failed: 2 });
    assert.deepStrictEqual(mochaCount('  7 passing (3s)\n'), { passed: 7, failed: 0 });
    assert.deepStrictEqual(mochaCount('  7 passing (3s)\n  1 pending\n'), { passed: 7, failed: 1 });
    assert.strictEqual(mochaCount('nothing of that kind'), undefined);
  });

  it('count a stage without numbers as one test', async () => {
    assert.deepStrictEqual(await runStage(''), { passed: 1, failed: 0 });
    assert.deepStrictEqual(await runStage('process.exit(3)'), { passed: 0, failed: 1 });
  });

  it('count a stage that ends badly as failed, even when its tests passed', async () => {
    const { mochaCount } = await loaded;
    const code = 'console.log("  5 passing"); process.exitCode = 1';
    assert.deepStrictEqual(await runStage(code, { count: mochaCount }), { passed: 5, failed: 1 });
  });

  it('count a stage as failed when its numbers cannot be read', async () => {
    const { mochaCount } = await loaded;
    assert.deepStrictEqual(await runStage('', { count: mochaCount }), { passed: 0, failed: 1 });
  });

  it('stop a stage that takes too long', async () => {
    const code = 'setInterval(() => undefined, 1000)';
    assert.deepStrictEqual(await runStage(code, { timeoutMs: 300 }), { passed: 0, failed: 1 });
  });
});

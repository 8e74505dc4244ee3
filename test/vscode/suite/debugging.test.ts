// debugging.test.ts: the extension in a real extension host, with the real adapter and a program compiled just before.

import * as assert from 'node:assert';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';

interface Row {
  readonly label: string;
  readonly description: string;
  readonly children: readonly Row[];
}
interface Api {
  readonly debugRegisters: { getChildren(row?: Row): Row[] };
}

const folder = (): vscode.WorkspaceFolder => {
  const first = vscode.workspace.workspaceFolders?.at(0);
  assert.ok(first, 'a folder is open');
  return first;
};

async function api(): Promise<Api> {
  const extension = vscode.extensions.getExtension<Api>('trapline.trapline');
  assert.ok(extension, 'the extension is known');
  return extension.activate();
}

async function until<T>(what: string, probe: () => T | undefined, timeoutMs = 20_000): Promise<T> {
  for (const end = Date.now() + timeoutMs; Date.now() < end;) {
    const value = probe();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`timed out: ${what}`);
}

interface StoppedBody {
  readonly reason: string;
  readonly description?: string;
  readonly threadId: number;
}

/** A session that runs from stop to stop. */
class Debugging {
  private readonly stops: StoppedBody[] = [];
  private readonly tracker: vscode.Disposable;
  hasEnded = false;

  constructor() {
    this.tracker = vscode.Disposable.from(
      vscode.debug.registerDebugAdapterTrackerFactory('trapline', {
        createDebugAdapterTracker: () => ({
          onDidSendMessage: (message: { type: string; event?: string; body?: unknown }) => {
            if (message.type === 'event' && message.event === 'stopped') this.stops.push(message.body as StoppedBody);
          },
        }),
      }),
      vscode.debug.onDidTerminateDebugSession(() => {
        this.hasEnded = true;
      }),
    );
  }

  async start(attributes: Record<string, unknown>): Promise<vscode.DebugSession> {
    const configuration = { type: 'trapline', request: 'launch', name: 'Suite', ...attributes };
    assert.ok(await vscode.debug.startDebugging(folder(), configuration), 'the session starts');
    return until('a session', () => vscode.debug.activeDebugSession);
  }

  nextStop(): Promise<StoppedBody> {
    return until('a stop', () => this.stops.shift());
  }

  async end(): Promise<void> {
    await vscode.debug.stopDebugging();
    await until('the end', () => (vscode.debug.activeDebugSession === undefined ? true : undefined));
    this.tracker.dispose();
  }
}

async function armed(
  session: vscode.DebugSession,
  names: readonly string[],
): Promise<{ verified: boolean; message?: string }[]> {
  const breakpoints = [];
  for (const name of names) {
    const info = (await session.customRequest('dataBreakpointInfo', { name })) as { dataId: string };
    breakpoints.push({ dataId: info.dataId, accessType: 'write' });
  }
  const answer = (await session.customRequest('setDataBreakpoints', { breakpoints })) as {
    breakpoints: { verified: boolean; message?: string }[];
  };
  return answer.breakpoints;
}

describe('a session in the real VS Code', () => {
  let debugging: Debugging;

  beforeEach(() => {
    debugging = new Debugging();
  });

  afterEach(async () => {
    await debugging.end();
  });

  it('stops where a watched global changes, and the view shows the register', async () => {
    const { debugRegisters } = await api();
    const session = await debugging.start({ program: 'watched', stopOnEntry: true });
    assert.strictEqual((await debugging.nextStop()).reason, 'entry');
    assert.deepStrictEqual(
      (await armed(session, ['counter'])).map(({ verified }) => verified),
      [true],
    );
    await session.customRequest('continue', { threadId: 1 });
    const stop = await debugging.nextStop();
    assert.strictEqual(stop.reason, 'data breakpoint');
    assert.match(stop.description ?? '', /counter: 41 → 42/);

    const row = await until('the row of the register', () => {
      const thread = debugRegisters.getChildren().find(({ label }) => label === 'watched');
      return thread?.children.find(({ description }) => description.includes('41 → 42'));
    });
    assert.match(row.label, /^DR0 {2}counter$/);
    assert.match(row.description, /^1 hit · 41 → 42 · ptrace · write · 4 bytes · 0x[0-9a-f]+$/);
    assert.strictEqual(debugRegisters.getChildren()[0].description, '1 of 4 used');
  });

  it('keeps the last state of the registers when the program has ended', async () => {
    const { debugRegisters } = await api();
    const session = await debugging.start({ program: 'watched', stopOnEntry: true });
    await debugging.nextStop();
    await armed(session, ['counter']);
    await session.customRequest('continue', { threadId: 1 });
    await debugging.nextStop();
    await until('the budget', () =>
      debugRegisters.getChildren()[0]?.description === '1 of 4 used' ? true : undefined,
    );
    await session.customRequest('continue', { threadId: 1 });
    await until('the end', () => (debugging.hasEnded ? true : undefined));
    assert.ok(debugRegisters.getChildren().length > 0, 'there are rows still');
  });

  it('refuses a fifth and says who holds the four', async () => {
    const session = await debugging.start({ program: 'watched', stopOnEntry: true });
    await debugging.nextStop();
    const names = ['counter', 'table[0]', 'table[1]', 'table[2]', 'table[3]'];
    const breakpoints = await armed(session, names);
    assert.deepStrictEqual(
      breakpoints.map(({ verified }) => verified),
      [true, true, true, true, false],
    );
    for (const holder of names.slice(0, 4)) assert.ok(breakpoints[4].message?.includes(holder), `it names ${holder}`);
  });
});

describe('a session that cannot start', () => {
  it('does not start without its program', async () => {
    await api();
    for (const program of ['no-such-program', 'watched.c', '.']) {
      const configuration = { type: 'trapline', request: 'launch', name: 'Missing', program };
      assert.strictEqual(await vscode.debug.startDebugging(folder(), configuration), false);
    }
  });
});

describe('the extension', () => {
  it('declares each command that it registers, and registers each that it declares', async () => {
    await api();
    const extension = vscode.extensions.getExtension('trapline.trapline');
    const manifest = extension?.packageJSON as { contributes: { commands: { command: string; title: string }[] } };
    const declared = manifest.contributes.commands.map(({ command }) => command).sort();
    const registered = (await vscode.commands.getCommands(true)).filter((command) => command.startsWith('trapline.'));
    // VS Code adds commands of its own for the view: focus, open, …
    const ours = registered.filter(
      (command) =>
        !/^trapline\.debugRegisters\.(focus|open|resetViewLocation|removeView|toggleVisibility)$/.test(command),
    );
    assert.deepStrictEqual(ours.sort(), declared);
  });

  it('has a text for each place holder of its manifest', () => {
    const extension = vscode.extensions.getExtension('trapline.trapline');
    assert.ok(extension);
    const manifest = fs.readFileSync(path.join(extension.extensionPath, 'package.json'), 'utf8');
    const texts = fs.readFileSync(path.join(extension.extensionPath, 'package.nls.json'), 'utf8');
    const known = Object.keys(JSON.parse(texts) as Record<string, string>).sort();
    const used = [...new Set([...manifest.matchAll(/"%([\w.]+)%"/g)].map(([, name]) => name))].sort();
    assert.deepStrictEqual(used, known);
  });
});

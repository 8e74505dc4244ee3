// watch-file.test.ts: `.watch` files in a real VS Code: the language server, arming, checking, adding.

import * as assert from 'node:assert';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';

const folder = (): string => {
  const first = vscode.workspace.workspaceFolders?.at(0);
  assert.ok(first, 'a folder is open');
  return first.uri.fsPath;
};

async function until<T>(what: string, probe: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + 30_000; Date.now() < end;) {
    const value = await probe();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`timed out: ${what}`);
}

/** Opens a watch file of this text (the name is its own); the server has read it when it has diagnostics. */
async function open(name: string, text: string): Promise<vscode.TextDocument> {
  const file = path.join(folder(), name);
  fs.writeFileSync(file, text);
  const document = await vscode.workspace.openTextDocument(file);
  await vscode.window.showTextDocument(document);
  return document;
}

const at = (document: vscode.TextDocument, text: string, offset = 0): vscode.Position =>
  document.positionAt(document.getText().indexOf(text) + offset);

async function ask<T>(command: string, ...words: unknown[]): Promise<T[]> {
  return (await vscode.commands.executeCommand<T[] | undefined>(command, ...words)) ?? [];
}

/** The code lenses' titles, once one of them matches. */
function lenses(document: vscode.TextDocument, wanted: RegExp): Promise<readonly string[]> {
  return until(`a code lens like ${String(wanted)}`, async () => {
    const found = await ask<vscode.CodeLens>('vscode.executeCodeLensProvider', document.uri);
    const titles = found.map(({ command }) => command?.title ?? '');
    return titles.some((title) => wanted.test(title)) ? titles : undefined;
  });
}

interface View {
  readonly label: string;
  readonly origin: string;
  readonly state: string;
  readonly mode: string;
}

describe('a .watch file in the real VS Code', () => {
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('is known as a language, with its program’s mistakes, hover, completion and definition', async () => {
    const document = await open('wrong.watch', 'program  watched\nwatch write savings.balanse\nnever write table[1]\n');
    assert.strictEqual(document.languageId, 'trapline-watch');
    const [mistake] = await until('diagnostics', () => {
      const found = vscode.languages.getDiagnostics(document.uri);
      return found.length > 0 ? found : undefined;
    });
    assert.match(mistake.message, /no member `balanse`.*`balance`/);
    assert.strictEqual(document.getText(mistake.range), 'balanse');
    const [hover] = await ask<vscode.Hover>('vscode.executeHoverProvider', document.uri, at(document, 'table', 2));
    assert.match(hover.contents.map((part) => (part as vscode.MarkdownString).value).join(), /int \[4\] table/);
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      at(document, 'savings.', 8),
    );
    assert.deepStrictEqual(
      list.items.slice(0, 2).map(({ label }) => label),
      ['number', 'balance'],
    );
    const [place] = await ask<vscode.Location>(
      'vscode.executeDefinitionProvider',
      document.uri,
      at(document, 'table', 2),
    );
    assert.strictEqual(path.basename(place.uri.fsPath), 'watched.c');
  });

  it('arms its lines in the running session, once each, and shows what they have seen', async () => {
    const document = await open('arm.watch', 'program watched\nwatch change counter\ncount write table[2]\n');
    const configuration = { type: 'trapline', request: 'launch', name: 'Arm', program: 'watched', stopOnEntry: true };
    const stops: string[] = [];
    const tracker = vscode.debug.registerDebugAdapterTrackerFactory('trapline', {
      createDebugAdapterTracker: () => ({
        onDidSendMessage: (message: { event?: string; body?: { reason: string; description?: string } }) => {
          if (message.event === 'stopped')
            stops.push(`${message.body?.reason ?? ''} ${message.body?.description ?? ''}`);
        },
      }),
    });
    assert.ok(await vscode.debug.startDebugging(vscode.workspace.workspaceFolders?.at(0), configuration));
    const session = await until('a session', () => vscode.debug.activeDebugSession);
    await until('the entry', () => stops.shift());
    for (let turn = 0; turn < 2; turn++) await vscode.commands.executeCommand('trapline.watchFile.arm', document.uri);
    const views = (await session.customRequest('trapline/watches')) as View[];
    assert.deepStrictEqual(
      views.map(({ label, origin, state, mode }) => [label, origin, state, mode]),
      [
        ['counter', 'file', 'armed', 'stop'],
        ['table[2]', 'file', 'armed', 'count'],
      ],
    );
    await lenses(document, /armed, 0 hits/);
    await session.customRequest('continue', { threadId: 1 });
    assert.match(await until('the stop', () => stops.shift()), /data breakpoint counter: 41 → 42/);
    assert.ok((await lenses(document, /1 hit: 41 → 42/)).includes('Arm'));
    await vscode.debug.stopDebugging(session);
    await until('the end', () => (vscode.debug.activeDebugSession === undefined ? true : undefined));
    tracker.dispose();
  });

  it('is checked as a task, with the result in its code lenses', async () => {
    const document = await open('check.watch', 'program watched\nnever write table[2]\ncount write counter\n');
    const code = await vscode.commands.executeCommand<number>('trapline.watchFile.check', document.uri);
    assert.strictEqual(code, 1);
    const titles = await lenses(document, /happened in the last check, 1×/);
    assert.ok(titles.some((title) => title.includes('1 hit in the last check')));
  });

  it('is formatted', async () => {
    const document = await open('format.watch', 'program watched\nnever   write counter\n');
    const change = new vscode.WorkspaceEdit();
    change.set(document.uri, await ask<vscode.TextEdit>('vscode.executeFormatDocumentProvider', document.uri, {}));
    assert.ok(await vscode.workspace.applyEdit(change));
    assert.strictEqual(document.getText(), 'program  watched\nnever write  counter\n');
    await document.save();
  });
});

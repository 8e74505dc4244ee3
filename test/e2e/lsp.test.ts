// `trapline lsp` from outside: the built language server over standard input and output.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type Hover,
  type InitializeResult,
  type PublishDiagnosticsParams,
} from 'vscode-languageserver/node';
import { compile } from './support/compiled';

const adapter = path.resolve('dist/adapter.js');

describe('trapline lsp', function () {
  this.timeout(60_000);

  it('serves an editor over stdio until it says goodbye', async () => {
    const { program } = compile('guarded');
    const server = spawn(process.execPath, [adapter, 'lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const ended = new Promise<number | null>((resolve) => server.on('exit', resolve));
    const editor = createProtocolConnection(
      new StreamMessageReader(server.stdout),
      new StreamMessageWriter(server.stdin),
    );
    const told = new Promise<PublishDiagnosticsParams>((resolve) => {
      editor.onNotification('textDocument/publishDiagnostics', resolve);
    });
    editor.listen();
    const { capabilities, serverInfo } = await editor.sendRequest<InitializeResult>('initialize', {
      processId: process.pid,
      capabilities: {},
      workspaceFolders: null,
    });
    assert.equal(serverInfo?.name, 'Trapline');
    for (const name of ['hoverProvider', 'renameProvider', 'codeLensProvider', 'documentFormattingProvider'] as const) {
      assert.ok(capabilities[name] !== undefined, name);
    }
    await editor.sendNotification('initialized', {});
    const uri = pathToFileURL(path.resolve('test/programs/none.watch')).toString();
    const text = `program ${program}\nnever write config_table[9\nwatch write queue.head\n`;
    await editor.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'trapline-watch', version: 1, text },
    });
    const { diagnostics } = await told;
    assert.deepEqual(
      diagnostics.map(({ code, range }) => [code, range.start.line]),
      [['expression.syntax', 1]],
    );
    const hover = await editor.sendRequest<Hover>('textDocument/hover', {
      textDocument: { uri },
      position: { line: 2, character: 20 },
    });
    assert.match(JSON.stringify(hover.contents), /struct node \* queue\.head/);
    await editor.sendRequest('shutdown');
    await editor.sendNotification('exit');
    assert.equal(await ended, 0);
    editor.dispose();
  });
});

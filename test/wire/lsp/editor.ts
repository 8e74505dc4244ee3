// editor.ts: an editor for the tests: a client of the language server, over streams in memory.

import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import type { Diagnostic, Position, ProtocolConnection } from 'vscode-languageserver/node';
import {
  createConnection,
  createProtocolConnection,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { nodeLspHost } from '../../../adapter/host/lsp-verb';
import { WatchFileServer } from '../../../adapter/wire/lsp/server';

const source = path.resolve(__dirname, '../../programs/guarded.c');

export class Editor {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trapline-lsp-'));
  readonly uri = pathToFileURL(path.join(this.folder, 'guard.watch')).toString();
  private readonly client: ProtocolConnection;
  private version = 0;
  private told: readonly Diagnostic[] | undefined;
  private onTold: () => void = () => undefined;
  /** Called by the test in place of a second that passes. */
  private looks: (() => void)[] = [];

  constructor() {
    const [toServer, toClient] = [new PassThrough(), new PassThrough()];
    const server = createConnection(ProposedFeatures.all, toServer, toClient);
    const host = {
      ...nodeLspHost,
      every: (_: number, call: () => void) => {
        this.looks.push(call);
        return () => undefined;
      },
    };
    new WatchFileServer(server, host, 'test').listen();
    this.client = createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
    this.client.onNotification('textDocument/publishDiagnostics', ({ uri, diagnostics }: Published) => {
      if (uri !== this.uri) return;
      this.told = diagnostics;
      this.onTold();
    });
    this.client.onRequest('workspace/codeLens/refresh', () => null);
    this.client.onRequest('workspace/semanticTokens/refresh', () => null);
    this.client.listen();
  }

  async start(): Promise<unknown> {
    const workspaceFolders = [{ uri: pathToFileURL(this.folder).toString(), name: 'test' }];
    const answer: unknown = await this.client.sendRequest('initialize', {
      processId: null,
      capabilities: {},
      workspaceFolders,
    });
    await this.client.sendNotification('initialized', {});
    return answer;
  }

  /** Builds the program that the files name. */
  build(name = 'guarded', ...flags: readonly string[]): void {
    const more = flags.length === 0 ? ['-g', '-O0'] : flags;
    execFileSync('gcc', [...more, '-pthread', '-o', path.join(this.folder, name), source]);
  }

  /** Opens the file or changes all of it; the diagnostics that follow. */
  async write(text: string): Promise<readonly Diagnostic[]> {
    const told = this.nextDiagnostics();
    this.version++;
    if (this.version === 1) {
      const textDocument = { uri: this.uri, languageId: 'trapline-watch', version: 1, text };
      await this.client.sendNotification('textDocument/didOpen', { textDocument });
    } else {
      const textDocument = { uri: this.uri, version: this.version };
      await this.client.sendNotification('textDocument/didChange', { textDocument, contentChanges: [{ text }] });
    }
    return told;
  }

  /** A second passes for the server. */
  look(): Promise<readonly Diagnostic[]> {
    const told = this.nextDiagnostics();
    for (const look of this.looks) look();
    return told;
  }

  ask<T>(method: string, more: object = {}): Promise<T> {
    return this.client.sendRequest<T>(method, { textDocument: { uri: this.uri }, ...more });
  }

  /** Where `|` stands in the text; the file is written without it. */
  async at<T>(method: string, textWithCursor: string, more: object = {}): Promise<T> {
    const before = textWithCursor.slice(0, textWithCursor.indexOf('|')).split('\n');
    const position: Position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
    await this.write(textWithCursor.replace('|', ''));
    return this.ask<T>(method, { position, ...more });
  }

  notify(method: string, params: object): Promise<void> {
    return this.client.sendNotification(method, params);
  }

  request<T>(method: string, params: object): Promise<T> {
    return this.client.sendRequest<T>(method, params);
  }

  close(): void {
    this.client.dispose();
    fs.rmSync(this.folder, { recursive: true });
  }

  private nextDiagnostics(): Promise<readonly Diagnostic[]> {
    return new Promise((resolve) => {
      this.onTold = () => {
        resolve(this.told ?? []);
      };
    });
  }
}

interface Published {
  readonly uri: string;
  readonly diagnostics: readonly Diagnostic[];
}

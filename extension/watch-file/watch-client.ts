// watch-client.ts: the client of the language server of `.watch` files, started when the first of them is opened.

import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import {
  PROGRAM_NOTIFICATION,
  QUALIFY_REQUEST,
  SEEN_NOTIFICATION,
  SPECS_REQUEST,
} from '../../adapter/protocol/watch-files';
import type {
  QualifyAnswer,
  QualifyParams,
  SeenParams,
  SpecsAnswer,
  SpecsParams,
} from '../../adapter/protocol/watch-files';
import { nodeRuntime } from '../node-runtime';
import { DEBUG_TYPE } from '../debug/launch-configuration';

export const LANGUAGE = 'trapline-watch';

export class WatchClient implements vscode.Disposable {
  private starting: Promise<LanguageClient> | undefined;
  private readonly subscriptions: vscode.Disposable[];

  /** `adapter` is the bundle's path, dist/adapter.js. */
  constructor(private readonly adapter: string) {
    this.subscriptions = [
      vscode.workspace.onDidOpenTextDocument((document) => {
        this.startFor(document);
      }),
      vscode.debug.onDidChangeActiveDebugSession((session) => {
        this.tellProgram(session).catch(() => undefined);
      }),
    ];
    for (const document of vscode.workspace.textDocuments) this.startFor(document);
  }

  /** What a file, or one line of it, wants to have watched. */
  async specs(params: SpecsParams): Promise<SpecsAnswer | null> {
    const client = await this.start();
    return client.sendRequest<SpecsAnswer | null>(SPECS_REQUEST, params);
  }

  /** How the watch file names what the expression means in that line of source. */
  async qualified(params: QualifyParams): Promise<string> {
    const client = await this.start();
    return (await client.sendRequest<QualifyAnswer>(QUALIFY_REQUEST, params)).expression;
  }

  /** For the code lenses. */
  async seen(params: SeenParams): Promise<void> {
    const client = await this.start();
    await client.sendNotification(SEEN_NOTIFICATION, params);
  }

  dispose(): void {
    for (const each of this.subscriptions) each.dispose();
    void this.starting?.then((client) => client.dispose()).catch(() => undefined);
  }

  private startFor(document: vscode.TextDocument): void {
    if (document.languageId !== LANGUAGE || this.starting !== undefined) return;
    this.start().catch((error: unknown) => {
      this.starting = undefined;
      const why = error instanceof Error ? error.message : String(error);
      const text = vscode.l10n.t(
        'The language server of .watch files does not start: {0} Check the setting trapline.nodePath.',
        why,
      );
      void vscode.window.showErrorMessage(text);
    });
  }

  private start(): Promise<LanguageClient> {
    this.starting ??= this.create();
    return this.starting;
  }

  /** The library is large and loaded only now. */
  private async create(): Promise<LanguageClient> {
    const library = await import(/* webpackChunkName: "language-client" */ 'vscode-languageclient/node');
    const { command, env } = nodeRuntime();
    const client = new library.LanguageClient(
      'trapline-watch',
      vscode.l10n.t('Trapline Watch Files'),
      { command, args: [this.adapter, 'lsp'], options: { env: { ...process.env, ...env } } },
      { documentSelector: [{ language: LANGUAGE }] },
    );
    await client.start();
    await this.tellProgram(vscode.debug.activeDebugSession, client);
    return client;
  }

  /** A file that names no program is held against the session's. */
  private async tellProgram(session: vscode.DebugSession | undefined, started?: LanguageClient): Promise<void> {
    const client = started ?? (await this.starting);
    if (client === undefined) return;
    const program: unknown = session?.type === DEBUG_TYPE ? session.configuration.program : undefined;
    await client.sendNotification(PROGRAM_NOTIFICATION, typeof program === 'string' ? { program } : {});
  }
}

// server.ts: the language server of `.watch` files: the protocol's requests to the files beside this one.
//
// Speaks over the connection it is given and reads files through the host; runs nothing. Symbols are read again when a
// program has been built anew.

import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Connection, InitializeParams, InitializeResult, Position } from 'vscode-languageserver';
import { CodeActionKind, ResponseError, TextDocuments, TextDocumentSyncKind } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { PROGRAM_NOTIFICATION, QUALIFY_REQUEST, SEEN_NOTIFICATION, SPECS_REQUEST } from '../../protocol/watch-files';
import type {
  ProgramParams,
  QualifyAnswer,
  QualifyParams,
  SeenParams,
  SpecsAnswer,
  SpecsParams,
} from '../../protocol/watch-files';
import { UserError } from '../../util/user-error';
import { formatWatchFile } from '../../watch/watch-file/print-watch-file';
import { specOf, titleOf } from '../../watch/watch-file/watch-spec';
import { lensesOf, rewritesIn } from './actions';
import type { Analysis, LineHits } from './analysis';
import { analyse, watchLineAt } from './analysis';
import { completionsAt } from './completion';
import { diagnosticsOf, fixesIn } from './diagnostics';
import { declarationOf, qualified, rootOf } from './facts';
import { hoverAt } from './hover';
import type { LspHost } from './lsp-host';
import { nameAt } from './name-at';
import { foldsOf, symbolsOf, TOKENS_LEGEND, tokensOf } from './outline';
import { ProgramStore } from './program-store';
import { rangeOf } from './ranges';
import { referencesAt, renameAt } from './references';

/** How often the programs are looked at. */
const LOOK_MS = 1000;
const NO_HITS: LineHits = new Map();

export class WatchFileServer {
  private readonly documents = new TextDocuments(TextDocument);
  private readonly programs: ProgramStore;
  private readonly known = new Map<string, { readonly version: number; readonly analysis: Analysis }>();
  private readonly hits = new Map<string, LineHits>();
  private sessionProgram: string | undefined;
  private folders: readonly string[] = [];

  constructor(
    private readonly connection: Connection,
    private readonly host: LspHost,
    private readonly version: string,
  ) {
    this.programs = new ProgramStore(host);
  }

  /** Begins to answer. */
  listen(): void {
    const { connection, documents } = this;
    connection.onInitialize((params) => this.initialize(params));
    documents.onDidChangeContent(({ document }) => {
      this.tell(document);
    });
    documents.onDidClose(({ document }) => {
      this.known.delete(document.uri);
      void connection.sendDiagnostics({ uri: document.uri, diagnostics: [] });
    });
    this.answerQuestions();
    this.answerChanges();
    this.listenToSession();
    this.answerQualify();
    const stop = this.host.every(LOOK_MS, () => {
      if (this.programs.isStale) this.refresh();
    });
    connection.onShutdown(stop);
    documents.listen(connection);
    connection.listen();
  }

  private initialize({ workspaceFolders }: InitializeParams): InitializeResult {
    const uris = workspaceFolders?.map(({ uri }) => uri) ?? [];
    this.folders = uris.filter((uri) => uri.startsWith('file:')).map((uri) => fileURLToPath(uri));
    return {
      serverInfo: { name: 'Trapline', version: this.version },
      capabilities: {
        textDocumentSync: TextDocumentSyncKind.Incremental,
        completionProvider: { triggerCharacters: ['.', '>', ':', '$', ' ', '/'] },
        hoverProvider: true,
        definitionProvider: true,
        referencesProvider: true,
        renameProvider: { prepareProvider: true },
        documentSymbolProvider: true,
        documentFormattingProvider: true,
        foldingRangeProvider: true,
        codeLensProvider: {},
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite] },
        semanticTokensProvider: { legend: TOKENS_LEGEND, full: true },
      },
    };
  }

  private answerQuestions(): void {
    const { connection } = this;
    connection.onCompletion(({ textDocument, position }) =>
      this.asked(textDocument.uri, (analysis) => completionsAt(analysis, position, this.host)),
    );
    connection.onHover(({ textDocument, position }) =>
      this.asked(textDocument.uri, (analysis) => hoverAt(analysis, position, this.hitsOf(textDocument.uri))),
    );
    connection.onDefinition(({ textDocument, position }) =>
      this.asked(textDocument.uri, (analysis) => this.definition(analysis, position)),
    );
    connection.onReferences(({ textDocument, position }) =>
      this.asked(textDocument.uri, (analysis) => referencesAt(analysis, position, this.everything())),
    );
    connection.onDocumentSymbol(({ textDocument }) =>
      this.asked(textDocument.uri, ({ file, text }) => symbolsOf(file, text)),
    );
    connection.onFoldingRanges(({ textDocument }) => this.asked(textDocument.uri, ({ file }) => foldsOf(file)));
    connection.onCodeLens(({ textDocument }) =>
      this.asked(textDocument.uri, (analysis) => lensesOf(analysis, this.hitsOf(textDocument.uri))),
    );
    connection.languages.semanticTokens.on(
      ({ textDocument }) => this.asked(textDocument.uri, ({ file }) => tokensOf(file)) ?? { data: [] },
    );
  }

  private answerChanges(): void {
    const { connection } = this;
    connection.onPrepareRename(({ textDocument, position }) =>
      this.asked(textDocument.uri, (analysis) => {
        const line = watchLineAt(analysis, position.line);
        const name = line === undefined ? undefined : nameAt(line, position);
        return name === undefined || name.kind === 'dollar' ? undefined : rangeOf(name.span);
      }),
    );
    connection.onRenameRequest(({ textDocument, position, newName }) =>
      this.asked(textDocument.uri, (analysis) => ({
        changes: renameAt(analysis, position, newName, this.everything()),
      })),
    );
    connection.onDocumentFormatting(({ textDocument }) =>
      this.asked(textDocument.uri, ({ text, file }) => {
        const formatted = formatWatchFile(text);
        const range = { start: { line: 0, character: 0 }, end: { line: file.lines.length, character: 0 } };
        return formatted === text ? [] : [{ range, newText: formatted }];
      }),
    );
    connection.onCodeAction(({ textDocument, range }) =>
      this.asked(textDocument.uri, (analysis) => [...fixesIn(analysis, range), ...rewritesIn(analysis, range)]),
    );
  }

  /** What the extension tells of sessions and checks, and asks for arming. */
  private listenToSession(): void {
    this.connection.onNotification(PROGRAM_NOTIFICATION, ({ program }: ProgramParams) => {
      this.sessionProgram = program;
      this.refresh();
    });
    this.connection.onNotification(SEEN_NOTIFICATION, ({ uri, lines }: SeenParams) => {
      this.hits.set(uri, new Map(lines.map(({ line, text }) => [line, text])));
      void this.connection.languages.semanticTokens.refresh().catch(() => undefined);
      void this.connection.sendRequest('workspace/codeLens/refresh').catch(() => undefined);
    });
    this.connection.onRequest(
      SPECS_REQUEST,
      ({ uri, line }: SpecsParams): SpecsAnswer | null =>
        this.asked(uri, (analysis) => specsOf(analysis, line)) ?? null,
    );
  }

  private answerQualify(): void {
    this.connection.onRequest(QUALIFY_REQUEST, ({ uri, expression, path, line }: QualifyParams): QualifyAnswer => {
      const named = this.asked(uri, ({ program }) => program && qualified(expression, path, line, program));
      return { expression: named ?? expression };
    });
  }

  private definition({ program, file }: Analysis, position: Position) {
    const line = file.lines.at(position.line);
    const name = line?.kind === 'watch' ? nameAt(line, position) : undefined;
    if (program === undefined || name === undefined || name.kind === 'dollar') return undefined;
    // A member's place is not in the symbols' interface: its variable is next to it.
    const at = declarationOf(rootOf(name.expression) ?? name.name, program);
    if (at === undefined || this.host.stamp(at.path) === undefined) return undefined;
    const start = { line: at.line - 1, character: Math.max(0, at.column - 1) };
    return { uri: pathToFileURL(at.path).toString(), range: { start, end: start } };
  }

  /** Undefined (an empty answer) for a document that is not open. Mistakes come as the protocol's errors. */
  private asked<T>(uri: string, answer: (analysis: Analysis) => T): T | undefined {
    const document = this.documents.get(uri);
    if (document === undefined) return undefined;
    try {
      return answer(this.analysis(document));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new ResponseError(REQUEST_FAILED, error.message);
    }
  }

  private analysis(document: TextDocument): Analysis {
    const known = this.known.get(document.uri);
    if (known?.version === document.version && !this.programs.isStale) return known.analysis;
    const analysis = analyse(document, this.programs, this.host, this.sessionProgram);
    this.known.set(document.uri, { version: document.version, analysis });
    return analysis;
  }

  /** Those that are open, and those that lie in the workspace. */
  private everything(): readonly Analysis[] {
    const open = this.documents.all();
    const uris = new Set(open.map(({ uri }) => uri));
    const others = this.host
      .watchFiles(this.folders)
      .map((path) => ({ uri: pathToFileURL(path).toString(), bytes: this.host.read(path) }))
      .flatMap(({ uri, bytes }) => (bytes === undefined || uris.has(uri) ? [] : [{ uri, bytes }]))
      .map(({ uri, bytes }) => ({ uri, getText: () => new TextDecoder().decode(bytes) }));
    return [
      ...open.map((document) => this.analysis(document)),
      ...others.map((document) => analyse(document, this.programs, this.host, this.sessionProgram)),
    ];
  }

  private refresh(): void {
    this.known.clear();
    for (const document of this.documents.all()) this.tell(document);
    void this.connection.sendRequest('workspace/codeLens/refresh').catch(() => undefined);
  }

  private tell(document: TextDocument): void {
    const { uri, version } = document;
    void this.connection.sendDiagnostics({ uri, version, diagnostics: diagnosticsOf(this.analysis(document)) });
  }

  private hitsOf(uri: string): LineHits {
    return this.hits.get(uri) ?? NO_HITS;
  }
}

/** LSP 3.17: the request was understood and could not be done. */
const REQUEST_FAILED = -32803;

function specsOf({ bound, file, programPath, mistakes }: Analysis, only: number | undefined): SpecsAnswer {
  const bindings =
    bound?.lines ?? file.lines.flatMap((line) => (line.kind === 'watch' ? [{ line, place: undefined }] : []));
  const wrong = new Set(mistakes.filter(({ severity }) => severity === 'error').map(({ span }) => span.line));
  const wanted = bindings.filter(({ line }) => only === undefined || line.keyword.span.line === only);
  return {
    ...(programPath === undefined ? {} : { program: programPath }),
    lines: wanted.flatMap((each) => {
      const number = each.line.keyword.span.line;
      const spec = wrong.has(number) ? undefined : specOf(each, true);
      return spec === undefined ? [] : [{ line: number, title: titleOf(each.line), spec }];
    }),
    mistakes: mistakes
      .filter(({ severity, span }) => severity === 'error' && (only === undefined || span.line === only))
      .map(({ span, message }) => ({ line: span.line, message })),
  };
}

// memory-document.ts: the memory around a watch, as a read-only text beside the source.
//
// Where Microsoft's Hex Editor is installed VS Code's own memory view is opened instead. The text follows the program:
// it is read again at each stop. The watched bytes are marked; a selection of bytes can be watched from its menu.

import * as vscode from 'vscode';
import type { WatchSpec, WatchView } from '../../adapter/protocol/watches';
import { field, type RegisterFeed } from '../view/register-feed';
import { hexdump, selectedRange, spansOf, windowAround } from './hexdump';

const t = vscode.l10n.t;

export const MEMORY_SCHEME = 'trapline-memory';
const HEX_EDITOR = 'ms-vscode.hexeditor';

export class MemoryDocuments implements vscode.TextDocumentContentProvider {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly marks = vscode.window.createTextEditorDecorationType({
    backgroundColor: new vscode.ThemeColor('editor.findMatchHighlightBackground'),
    border: '1px solid',
    borderColor: new vscode.ThemeColor('contrastActiveBorder'),
  });
  private readonly subscriptions: { dispose(): unknown }[];

  readonly onDidChange = this.changed.event;

  constructor(private readonly feed: RegisterFeed) {
    this.subscriptions = [
      this.changed,
      this.marks,
      vscode.workspace.registerTextDocumentContentProvider(MEMORY_SCHEME, this),
      feed.onDidChange(() => {
        this.readAgain();
      }),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document.uri.scheme === MEMORY_SCHEME) this.markAll();
      }),
      vscode.window.onDidChangeVisibleTextEditors(() => {
        this.markAll();
      }),
    ];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  readonly show = async (watch: WatchView): Promise<void> => {
    const session = this.feed.current?.session;
    if (watch.address === undefined || session === undefined) {
      void vscode.window.showInformationMessage(t('{0} has no address yet.', watch.label));
      return;
    }
    if (vscode.extensions.getExtension(HEX_EDITOR) !== undefined) {
      const context = { sessionId: session.id, container: {}, variable: { memoryReference: watch.address } };
      await vscode.commands.executeCommand('workbench.debug.viewlet.action.viewMemory', context);
      return;
    }
    const uri = vscode.Uri.from({
      scheme: MEMORY_SCHEME,
      path: `/${t('Memory of {0}', watch.label.replaceAll('/', '∕'))}`,
      query: `${watch.address},${watch.lengthBytes ?? 1}`,
    });
    const { start, line } = placeOf(uri);
    const at = new vscode.Position(line, start);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), {
      viewColumn: vscode.ViewColumn.Beside,
      preserveFocus: true,
      selection: new vscode.Range(at, at),
    });
    this.markAll();
  };

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const state = this.feed.current;
    const range = rangeOf(uri);
    if (state === undefined || state.isEnded) return t('The program has ended: its memory is gone.');
    const window = windowAround(range.address, range.lengthBytes);
    try {
      const answer: unknown = await state.session.customRequest('readMemory', {
        memoryReference: `0x${window.address.toString(16)}`,
        count: window.lengthBytes,
      });
      const data = field(answer, 'data');
      return hexdump(window, typeof data === 'string' ? Buffer.from(data, 'base64') : new Uint8Array());
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  private readAgain(): void {
    if (this.feed.current?.isRunning === true) return;
    for (const { uri } of vscode.workspace.textDocuments) {
      if (uri.scheme === MEMORY_SCHEME) this.changed.fire(uri);
    }
  }

  private markAll(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document.uri.scheme !== MEMORY_SCHEME) continue;
      const { address, lengthBytes } = rangeOf(editor.document.uri);
      const spans = spansOf(windowAround(address, lengthBytes), address, lengthBytes);
      editor.setDecorations(
        this.marks,
        spans.map(({ line, start, end }) => new vscode.Range(line, start, line, end)),
      );
    }
  }
}

/** The bytes selected in a memory text that is in front, as a watch; undefined where there are none. */
export function selectedBytes(): WatchSpec | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.uri.scheme !== MEMORY_SCHEME) return undefined;
  const { start, end } = editor.selection;
  const range = selectedRange(
    editor.document.getText(),
    { line: start.line, column: start.character },
    { line: end.line, column: end.character },
  );
  return range === undefined
    ? undefined
    : { expression: `0x${range.address.toString(16)}`, lengthBytes: range.lengthBytes };
}

function rangeOf({ query }: vscode.Uri): { readonly address: bigint; readonly lengthBytes: number } {
  const [address = '0', length = '1'] = query.split(',');
  return { address: BigInt(address), lengthBytes: Number(length) };
}

function placeOf(uri: vscode.Uri): { readonly line: number; readonly start: number } {
  const { address, lengthBytes } = rangeOf(uri);
  return spansOf(windowAround(address, lengthBytes), address, lengthBytes)[0];
}

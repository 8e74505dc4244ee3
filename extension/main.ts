// main.ts: VS Code's side; wires the debugger and its view. Started by VS Code on activation.

import * as vscode from 'vscode';
import { AdapterFactory } from './debug/adapter-factory';
import { ConfigurationProvider } from './debug/configuration-provider';
import { DEBUG_TYPE } from './debug/launch-configuration';
import { createLaunchConfiguration } from './debug/launch-json';
import { registerWatchFiles } from './watch-file/register-watch-files';
import { HistoryPanels } from './history/history-panel';
import { MemoryDocuments } from './memory/memory-document';
import { SourceHints } from './source/source-hints';
import { registerCommands } from './view/commands';
import { DebugRegistersView } from './view/debug-registers-view';
import { RegisterFeed } from './view/register-feed';
import { registerWalkthrough } from './walkthrough/walkthrough';
import { registerWatchCommands } from './watch/watch-commands';
import { WatchShelf } from './watch/watch-shelf';
import { Watches } from './watch/watches';

/** What other extensions, and the tests, may use. */
export interface TraplineApi {
  readonly debugRegisters: DebugRegistersView;
  readonly watches: Watches;
}

export function activate(context: vscode.ExtensionContext): TraplineApi {
  const feed = new RegisterFeed();
  const watches = new Watches(feed, new WatchShelf(context.workspaceState));
  const debugRegisters = new DebugRegistersView(feed, watches, context.globalState);
  const memory = new MemoryDocuments(feed);
  const histories = new HistoryPanels(watches, context.extensionUri);
  const provider = new ConfigurationProvider();
  const adapter = context.asAbsolutePath('dist/adapter.js');
  context.subscriptions.push(
    feed,
    watches,
    debugRegisters,
    memory,
    histories,
    new SourceHints(watches),
    vscode.debug.registerDebugAdapterDescriptorFactory(DEBUG_TYPE, new AdapterFactory(adapter)),
    vscode.debug.registerDebugConfigurationProvider(DEBUG_TYPE, provider),
    vscode.commands.registerCommand('trapline.createLaunchConfiguration', createLaunchConfiguration),
    ...registerCommands(feed),
    ...registerWatchFiles(adapter),
    ...registerWatchCommands({ watches, view: debugRegisters, showHistory: histories.show, showMemory: memory.show }),
    ...registerWalkthrough({
      watches,
      revealWatch: debugRegisters.revealWatch,
      showHistory: histories.show,
      samples: context.asAbsolutePath('samples'),
      copies: vscode.Uri.joinPath(context.globalStorageUri, 'walkthrough').fsPath,
    }),
  );
  return { debugRegisters, watches };
}

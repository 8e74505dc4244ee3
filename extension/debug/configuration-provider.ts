// configuration-provider.ts: what happens between F5 and the adapter's start.
//
// Offers configurations, completes them, and refuses with a message and a next step; the rules are in
// launch-configuration.ts.

import * as fs from 'node:fs';
import * as vscode from 'vscode';
import {
  completeConfiguration,
  configurationForSource,
  initialConfiguration,
  type ActiveSource,
  type FileKind,
  type LaunchConfiguration,
  type Resolved,
} from './launch-configuration';

const t = vscode.l10n.t;

export class ConfigurationProvider implements vscode.DebugConfigurationProvider {
  provideDebugConfigurations(): vscode.DebugConfiguration[] {
    return [initialConfiguration(t, activeSource())];
  }

  /** Before variables are filled in. An empty configuration is F5 without a launch.json. */
  resolveDebugConfiguration(
    _folder: vscode.WorkspaceFolder | undefined,
    configuration: vscode.DebugConfiguration,
  ): Promise<LaunchConfiguration | undefined> {
    const isEmpty = !configuration.type && !configuration.request && !configuration.name;
    return outcome(isEmpty ? configurationForSource(activeSource(), t) : { kind: 'ready', configuration });
  }

  resolveDebugConfigurationWithSubstitutedVariables(
    folder: vscode.WorkspaceFolder | undefined,
    configuration: vscode.DebugConfiguration,
  ): Promise<LaunchConfiguration | undefined> {
    const context = {
      probe: probeFile,
      ...(folder === undefined ? {} : { folder: folder.uri.fsPath }),
      ...sourceProperty(),
    };
    return outcome(completeConfiguration(configuration, context, t));
  }
}

function activeSource(): ActiveSource | undefined {
  const document = vscode.window.activeTextEditor?.document;
  if (document?.uri.scheme !== 'file') return undefined;
  return { languageId: document.languageId, file: document.uri.fsPath };
}

function sourceProperty(): { readonly source?: ActiveSource } {
  const source = activeSource();
  return source === undefined ? {} : { source };
}

function probeFile(file: string): FileKind {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return 'missing';
  return stat.isDirectory() ? 'directory' : 'file';
}

/** `undefined` ends the start without further words from VS Code. */
async function outcome(resolved: Resolved): Promise<LaunchConfiguration | undefined> {
  if (resolved.kind === 'ready') return resolved.configuration;
  const open = t('Open launch.json');
  // Not awaited: the start is over, whether or not the person answers.
  void vscode.window.showErrorMessage(resolved.message, open).then(async (answer) => {
    if (answer === open) await vscode.commands.executeCommand('trapline.createLaunchConfiguration');
  });
  return Promise.resolve(undefined);
}

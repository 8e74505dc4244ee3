// configuration-provider.ts: what happens between F5 and the adapter's start.
//
// Offers configurations, completes them, and refuses with a message and a next step; the rules are in
// launch-configuration.ts.

import * as fs from 'node:fs';
import * as vscode from 'vscode';
import { runTask } from '../run-task';
import { cargoProgram } from './cargo-program';
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
  provideDebugConfigurations(folder: vscode.WorkspaceFolder | undefined): vscode.DebugConfiguration[] {
    return [initialConfiguration(t, activeSource(), folder?.uri.fsPath)];
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
    return outcome(completeConfiguration(configuration, context, t), { folder, configuration });
  }
}

function activeSource(): ActiveSource | undefined {
  const document = vscode.window.activeTextEditor?.document;
  if (document?.uri.scheme !== 'file') return undefined;
  const { languageId } = document;
  const file = document.uri.fsPath;
  const cargo = languageId === 'rust' ? cargoProgram(file, readFile) : undefined;
  return { languageId, file, ...(cargo === undefined ? {} : { cargo }) };
}

const readFile = (file: string): string | undefined =>
  probeFile(file) === 'file' ? fs.readFileSync(file, 'utf8') : undefined;

function sourceProperty(): { readonly source?: ActiveSource } {
  const source = activeSource();
  return source === undefined ? {} : { source };
}

function probeFile(file: string): FileKind {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return 'missing';
  return stat.isDirectory() ? 'directory' : 'file';
}

/** What was to be started. */
interface Start {
  readonly folder: vscode.WorkspaceFolder | undefined;
  readonly configuration: vscode.DebugConfiguration;
}

/** `undefined` ends the start without further words from VS Code. */
async function outcome(resolved: Resolved, start?: Start): Promise<LaunchConfiguration | undefined> {
  if (resolved.kind === 'ready') return resolved.configuration;
  // Not awaited: the start is over, whether or not the person answers.
  void offer(resolved, start).catch((error: unknown) => {
    void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
  });
  return Promise.resolve(undefined);
}

async function offer({ message, compile }: Resolved & { kind: 'refused' }, start: Start | undefined): Promise<void> {
  const open = t('Open launch.json');
  const compileAndStart = t('Compile and Debug');
  const choices = compile === undefined || start === undefined ? [open] : [compileAndStart, open];
  const answer = await vscode.window.showErrorMessage(message, ...choices);
  if (answer === open) await vscode.commands.executeCommand('trapline.createLaunchConfiguration');
  if (answer !== compileAndStart || compile === undefined || start === undefined) return;
  const shell = new vscode.ShellExecution(compile.command, { cwd: compile.cwd });
  const scope = start.folder ?? vscode.TaskScope.Workspace;
  const task = new vscode.Task({ type: 'trapline' }, scope, t('compile'), 'Trapline', shell, []);
  // A compiler that fails has said why, in the terminal.
  if ((await runTask(task)) === 0) await vscode.debug.startDebugging(start.folder, start.configuration);
}

// check-task.ts: "Check This Watch File": `trapline check` as a task, its report in the terminal and the code lenses.

import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { nodeRuntime } from '../node-runtime';
import { runTask } from '../run-task';
import { checkedText, readReport } from './seen-text';
import type { WatchClient } from './watch-client';

const t = vscode.l10n.t;

/** Runs the file's program with it; resolves with the exit code. */
export async function checkWatchFile(
  uri: vscode.Uri,
  adapter: string,
  client: WatchClient,
): Promise<number | undefined> {
  const document = await vscode.workspace.openTextDocument(uri);
  if (document.isDirty) await document.save();
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  const { command, env } = nodeRuntime(folder);
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'trapline-check-'));
  const report = path.join(directory, 'report.json');
  const cwd = folder?.uri.fsPath ?? path.dirname(uri.fsPath);
  const name = path.relative(cwd, uri.fsPath);
  const execution = new vscode.ProcessExecution(command, [adapter, 'check', name, `--report=${report}`], {
    cwd,
    env: { ...env, FORCE_COLOR: '1' },
  });
  const title = t('check {0}', path.basename(uri.fsPath));
  const task = new vscode.Task(
    { type: 'trapline' },
    folder ?? vscode.TaskScope.Workspace,
    title,
    'Trapline',
    execution,
    '$trapline-check',
  );
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, clear: true };
  const code = await runTask(task);
  const text = fs.existsSync(report) ? fs.readFileSync(report, 'utf8') : '';
  fs.rmSync(directory, { recursive: true, force: true });
  const lines = readReport(text).map((line) => ({ line: line.line - 1, text: checkedText(line, t) }));
  await client.seen({ uri: uri.toString(), lines });
  return code;
}

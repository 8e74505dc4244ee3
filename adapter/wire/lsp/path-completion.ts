// path-completion.ts: what may come next in the path of a `program`, `cwd` or `stdin` line.
//
// Paths count from the file. A folder goes on with what lies in it; a program is what may be run.

import type { CompletionItem, Position } from 'vscode-languageserver';
import { CompletionItemKind } from 'vscode-languageserver';
import type { FolderEntry, LspHost } from './lsp-host';

const MOST = 500;
const PATH_LINE = /^\s*(?<setting>program|cwd|stdin)\s+"?(?<typed>[^"#]*)$/;

/** Undefined where the line takes no path. `file`: the watch file's own path. */
export function pathsAt(
  prefix: string,
  file: string | undefined,
  position: Position,
  host: LspHost,
): CompletionItem[] | undefined {
  const line = PATH_LINE.exec(prefix)?.groups;
  if (line === undefined || file === undefined) return undefined;
  const { setting, typed } = line;
  const slash = typed.lastIndexOf('/') + 1;
  const begun = typed.slice(slash);
  const entries = host.entries(host.resolveBeside(file, slash === 0 ? '.' : typed.slice(0, slash)));
  const start = { line: position.line, character: position.character - begun.length };
  return entries
    .filter((entry) => isWanted(entry, setting, begun))
    .slice(0, MOST)
    .map((entry) => item(entry, { start, end: position }));
}

/** Hidden ones only where a dot is typed. */
function isWanted({ name, kind }: FolderEntry, setting: string, begun: string): boolean {
  if (name.startsWith('.') && !begun.startsWith('.')) return false;
  return kind === 'folder' || (setting === 'program' ? kind === 'program' : setting === 'stdin');
}

function item(
  { name, kind }: FolderEntry,
  range: { readonly start: Position; readonly end: Position },
): CompletionItem {
  const isFolder = kind === 'folder';
  const text = isFolder ? `${name}/` : name;
  return {
    label: text,
    kind: isFolder ? CompletionItemKind.Folder : CompletionItemKind.File,
    // What can be named comes before where it may lie.
    sortText: `${isFolder ? 1 : 0}${name}`,
    textEdit: { range, newText: text },
    ...(isFolder ? { command: { title: '', command: 'editor.action.triggerSuggest' } } : {}),
  };
}

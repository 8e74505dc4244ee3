// lsp-verb.ts: `trapline lsp`: the language server of `.watch` files, over standard input and output.

import * as fs from 'node:fs';
import * as path from 'node:path';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { UserError } from '../util/user-error';
import type { FolderEntry, LspHost } from '../wire/lsp/lsp-host';
import { WatchFileServer } from '../wire/lsp/server';
import packageFacts from '../../package.json';

const LSP_USAGE = `usage: trapline lsp [--stdio]

Speaks the Language Server Protocol over standard input and output: completion, hover, diagnostics, go to definition,
references, rename, formatting, code lenses and quick fixes for .watch files.
`;

/** Runs until the editor is gone: the connection ends the process, as the protocol wants it. */
export function lspVerb(argv: readonly string[]): Promise<number> {
  if (argv[0] === '--help' || argv[0] === '-h') {
    process.stdout.write(LSP_USAGE);
    return Promise.resolve(0);
  }
  // Clients add what they like to say about themselves.
  const unknown = argv.find((word) => word !== '--stdio' && !word.startsWith('--clientProcessId'));
  if (unknown !== undefined) {
    throw new UserError('lsp-option', `trapline lsp does not know ${unknown}. See trapline lsp --help.`);
  }
  const connection = createConnection(ProposedFeatures.all, process.stdin, process.stdout);
  new WatchFileServer(connection, nodeLspHost, packageFacts.version).listen();
  return new Promise(() => undefined);
}

const SKIPPED = new Set(['node_modules', '.git', 'dist', 'out', 'build']);
const MOST_DEPTH = 6;
const MOST_FILES = 200;

export const nodeLspHost: LspHost = {
  read: (name) => attempt(() => fs.readFileSync(name)),
  stamp: (name) =>
    attempt(() => {
      const { mtimeMs, size, ino } = fs.statSync(name);
      return `${mtimeMs} ${size} ${ino}`;
    }),
  resolveBeside: (file, name) => path.resolve(path.dirname(file), name),
  entries: (folder) => (attempt(() => fs.readdirSync(folder)) ?? []).sort().flatMap((name) => entryOf(folder, name)),
  watchFiles: (folders) => folders.flatMap((folder) => findFiles(folder, MOST_DEPTH)).slice(0, MOST_FILES),
  every: (delayMs, call) => {
    const timer = setInterval(call, delayMs);
    timer.unref();
    return () => {
      clearInterval(timer);
    };
  },
};

/** Links are what they lead to; what is neither a file nor a folder is left out. */
function entryOf(folder: string, name: string): readonly FolderEntry[] {
  const facts = attempt(() => fs.statSync(path.join(folder, name)));
  if (facts?.isDirectory() === true) return [{ name, kind: 'folder' }];
  if (facts?.isFile() !== true) return [];
  return [{ name, kind: (facts.mode & 0o111) === 0 ? 'file' : 'program' }];
}

function findFiles(folder: string, depth: number): readonly string[] {
  const entries = attempt(() => fs.readdirSync(folder, { withFileTypes: true })) ?? [];
  return entries.flatMap((entry) => {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) return depth > 0 && !SKIPPED.has(entry.name) ? findFiles(name, depth - 1) : [];
    return entry.isFile() && entry.name.endsWith('.watch') ? [name] : [];
  });
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

// lsp-host.ts: what the language server needs of the machine it runs on. Filled by adapter/host/lsp-verb.ts.

export interface LspHost {
  /** The whole file; undefined where it cannot be read. */
  read(path: string): Uint8Array | undefined;
  /** Another text whenever the file has changed; undefined where there is none. */
  stamp(path: string): string | undefined;
  /** `path` as seen from the folder of `file`; absolute. */
  resolveBeside(file: string, path: string): string;
  /** What lies in a folder, by name; nothing where it cannot be read. */
  entries(folder: string): readonly FolderEntry[];
  /** The `.watch` files below the folders, within reason. */
  watchFiles(folders: readonly string[]): readonly string[];
  /** Calls again and again until the result is called. */
  every(delayMs: number, call: () => void): () => void;
}

/** program: a file that may be run. */
export interface FolderEntry {
  readonly name: string;
  readonly kind: 'folder' | 'program' | 'file';
}

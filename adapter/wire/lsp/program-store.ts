// program-store.ts: the programs that watch files name, with their symbols, read again when they are built anew.

import { UserError } from '../../util/user-error';
import type { FileProgram } from '../../watch/watch-file/bind-place';
import { loadFileProgram } from '../../watch/watch-file/load-program';
import type { LspHost } from './lsp-host';

export type StoredProgram =
  | { readonly kind: 'ready'; readonly path: string; readonly program: FileProgram }
  /** Not there, or no program: the sentence says what to do. */
  | { readonly kind: 'unusable'; readonly path: string; readonly code: string; readonly why: string };

interface Entry {
  readonly stamp: string | undefined;
  readonly stored: StoredProgram;
}

export class ProgramStore {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly host: LspHost) {}

  get(path: string): StoredProgram {
    const stamp = this.host.stamp(path);
    const known = this.entries.get(path);
    if (known !== undefined && known.stamp === stamp) return known.stored;
    const stored = this.load(path, stamp);
    this.entries.set(path, { stamp, stored });
    return stored;
  }

  /** Has any of them changed since it was read? */
  get isStale(): boolean {
    return [...this.entries].some(([path, { stamp }]) => this.host.stamp(path) !== stamp);
  }

  /** Forgets those that no file names any more. */
  keep(paths: ReadonlySet<string>): void {
    for (const path of this.entries.keys()) if (!paths.has(path)) this.entries.delete(path);
  }

  private load(path: string, stamp: string | undefined): StoredProgram {
    const bytes = stamp === undefined ? undefined : this.host.read(path);
    if (bytes === undefined) {
      const why = `There is no program ${path}. Build it, or correct the path: names and sizes are checked when it is there.`;
      return { kind: 'unusable', path, code: 'watch-file.program-missing', why };
    }
    try {
      return { kind: 'ready', path, program: loadFileProgram(path, bytes, (name) => this.host.read(name)) };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { kind: 'unusable', path, code: error.code, why: error.message };
    }
  }
}

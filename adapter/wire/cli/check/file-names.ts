// file-names.ts: how a report names files: relative to a root, the repository's.

import { relativePath } from './check-result';

export class Files {
  /** `directory`: what relative paths count from. */
  constructor(
    private readonly directory: string,
    readonly root: string,
  ) {}

  /** Below the root relative to it, else absolute. */
  name(path: string): string {
    return relativePath(absolute(path, this.directory), this.root);
  }
}

/** Without `.` and `..`. */
function absolute(path: string, directory: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${directory}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

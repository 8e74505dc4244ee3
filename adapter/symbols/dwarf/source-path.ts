// source-path.ts: paths of sources as compilers write them, made absolute and compared.
//
// POSIX paths as text; touches no file system. Truth: DWARF 5 section 6.2.4 (which directory a name counts from).

import { baseName } from '../../util/base-name';

/** `name` under `folder` unless absolute; `.` and `..` folded away. */
export function joinPath(folder: string, name: string): string {
  const joined = name.startsWith('/') || folder === '' ? name : `${folder}/${name}`;
  return normalizePath(joined);
}

export function normalizePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '..' || !path.startsWith('/')) parts.push(part);
  }
  return (path.startsWith('/') ? '/' : '') + parts.join('/');
}

/** Of a file; empty where its path names none. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** How many trailing parts two paths share. */
function sharedTail(left: readonly string[], right: readonly string[]): number {
  let count = 0;
  while (count < left.length && count < right.length && left.at(-1 - count) === right.at(-1 - count)) count++;
  return count;
}

/**
 * The known paths that a wanted one means: itself; for a relative path those that end in it; for an absolute one that
 * is not known (sources that moved) those that share the longest tail, at least the file's name and its folder's: many
 * projects have a main.c.
 */
export function matchingPaths(wanted: string, known: Iterable<string>): string[] {
  const path = normalizePath(wanted);
  const all = [...known];
  if (all.includes(path)) return [path];
  const name = baseName(path);
  const candidates = all.filter((candidate) => baseName(candidate) === name);
  if (!path.startsWith('/')) return candidates.filter((candidate) => candidate.endsWith(`/${path}`));
  const parts = path.split('/');
  const tails = candidates.map((candidate) => sharedTail(parts, candidate.split('/')));
  const longest = Math.max(2, ...tails);
  return candidates.filter((_, index) => tails[index] === longest);
}

// base-name.ts: a file's name without its folder. POSIX paths as text; touches no file system.

export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

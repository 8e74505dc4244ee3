// places.ts: lines, columns and paths as this editor counts and writes them.

import type { Arguments } from './arguments';

export class Places {
  private lineBase = 1;
  private columnBase = 1;
  private asUri = false;

  greet(client: Arguments): void {
    this.lineBase = client.raw.linesStartAt1 === false ? 0 : 1;
    this.columnBase = client.raw.columnsStartAt1 === false ? 0 : 1;
    this.asUri = client.raw.pathFormat === 'uri';
  }

  /** The editor's line as we count, from 1. */
  lineIn(line: number): number {
    return line + 1 - this.lineBase;
  }

  lineOut(line: number): number {
    return line - 1 + this.lineBase;
  }

  columnIn(column: number): number {
    return column + 1 - this.columnBase;
  }

  /** 0 is: not known. */
  columnOut(column: number): number {
    return Math.max(column, 1) - 1 + this.columnBase;
  }

  pathIn(path: string): string {
    if (!path.startsWith('file://')) return path;
    try {
      return decodeURIComponent(new URL(path).pathname);
    } catch {
      return path;
    }
  }

  pathOut(path: string): string {
    return this.asUri ? new URL(`file://${encodeURI(path)}`).href : path;
  }
}

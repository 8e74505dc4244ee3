// source-lines.ts: the text of a source line.

import * as fs from 'node:fs';

export class SourceLines {
  private readonly files = new Map<string, readonly string[]>();

  /** Without indentation; empty where there is no such line. */
  text(file: string, line: number): string {
    return this.lines(file)[line - 1]?.trim() ?? '';
  }

  private lines(file: string): readonly string[] {
    const known = this.files.get(file);
    if (known !== undefined) return known;
    const lines = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n') : [];
    this.files.set(file, lines);
    return lines;
  }
}

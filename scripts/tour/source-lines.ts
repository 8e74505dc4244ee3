// source-lines.ts: the text of a source line, wherever the program was compiled.
//
// The prebuilt sample names a path of the machine that built it: a file of the sample's own name is the sample.

import * as fs from 'node:fs';
import * as path from 'node:path';

export class SourceLines {
  private readonly files = new Map<string, readonly string[]>();

  constructor(private readonly sample: string) {}

  /** Without indentation; empty where there is no such line. */
  text(file: string, line: number): string {
    return this.lines(file)[line - 1]?.trim() ?? '';
  }

  private lines(file: string): readonly string[] {
    const known = this.files.get(file);
    if (known !== undefined) return known;
    const place = path.basename(file) === path.basename(this.sample) ? this.sample : file;
    const lines = fs.existsSync(place) ? fs.readFileSync(place, 'utf8').split('\n') : [];
    this.files.set(file, lines);
    return lines;
  }
}

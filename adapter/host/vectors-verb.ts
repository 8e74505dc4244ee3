// vectors-verb.ts: `trapline vectors FILE`: hands files and terminal to the runner of recorded operations.

import * as fs from 'node:fs';
import { UserError } from '../util/user-error';
import { runVectorsVerb, VECTORS_USAGE } from '../wire/cli/vectors';

export function vectorsVerb(argv: readonly string[]): Promise<number> {
  if (argv.includes('--help')) {
    process.stdout.write(`usage: ${VECTORS_USAGE}\n`);
    return Promise.resolve(0);
  }
  const code = runVectorsVerb(argv, { readText, writeLine: (text) => process.stdout.write(`${text}\n`) });
  return Promise.resolve(code);
}

function readText(path: string): string {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError('vectors.unreadable', `cannot read ${path}: ${why}. Give the path of a .jsonl file.`);
  }
}

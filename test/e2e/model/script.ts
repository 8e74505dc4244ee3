// script.ts: what script.c is told to do, as data.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { scratch } from '../support/compiled';

/** One store or load of `size` bytes. */
export interface Touch {
  readonly kind: 'w' | 'r';
  readonly size: 1 | 2 | 4 | 8;
  readonly offset: number;
  readonly value: number;
}

/** A call of calls: `depth` deeper ones, in each of which a local is written `writes + 2` times. */
export interface Calls {
  readonly kind: 'c';
  readonly depth: number;
  readonly writes: number;
}

/** By so many threads at once, each so many times. */
export interface Together {
  readonly kind: 't';
  readonly threads: number;
  readonly times: number;
  readonly touches: readonly (Touch | Calls)[];
}

export type Act = Touch | Calls | Together;

/** A line of the program's input has always four words. */
function lineOf(act: Act): string {
  switch (act.kind) {
    case 'c':
      return `c ${act.depth} ${act.writes} 0\n`;
    case 't':
      return `t ${act.threads} ${act.times} 0\n${act.touches.map(lineOf).join('')}e 0 0 0\n`;
    default:
      return `${act.kind} ${act.size} ${act.offset} ${act.value}\n`;
  }
}

const TICK = 'k 0 0 0\n';

let files = 0;

/** A file for the program's standard input: a pause, and one after each round. */
export function inputOf(rounds: readonly (readonly Act[])[]): string {
  const file = path.join(scratch(), `script-${files++}`);
  writeFileSync(file, TICK + rounds.map((acts) => acts.map(lineOf).join('') + TICK).join(''));
  return file;
}

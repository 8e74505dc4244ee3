// vectors.ts: `trapline vectors FILE`: runs recorded operations on the breakpoint layer and compares every answer.
//
// FILE holds JSON lines {"id", "theme", "ops": [...], "out": [...]}. The first difference of each vector is shown;
// the last line is "N passed, N failed". Exit code 1 if any failed, 2 if the file cannot be used.

import { UserError } from '../../util/user-error';
import { runVector, type Difference, type Vector } from './vectors/vector-server';

export interface VectorsHost {
  readText(path: string): string;
  writeLine(text: string): void;
}

export const VECTORS_USAGE = 'trapline vectors FILE...';

export function runVectorsVerb(files: readonly string[], host: VectorsHost): number {
  if (files.length === 0) throw noFile();
  let passed = 0;
  let failed = 0;
  for (const file of files) {
    for (const vector of parseVectors(host.readText(file), file)) {
      const difference = runVector(vector);
      if (difference === undefined) passed += 1;
      else {
        failed += 1;
        host.writeLine(describe(difference));
      }
    }
  }
  host.writeLine(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

/** One vector a line; empty lines are allowed. */
export function parseVectors(text: string, file: string): readonly Vector[] {
  return text
    .split('\n')
    .map((line, index) => ({ line: line.trim(), number: index + 1 }))
    .filter(({ line }) => line !== '')
    .map(({ line, number }) => parseVector(line, `${file}:${number}`));
}

function parseVector(line: string, place: string): Vector {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw notAVector(place, 'it is not JSON');
  }
  if (typeof value !== 'object' || value === null) throw notAVector(place, 'it is not an object');
  const { id, theme = '', ops, out } = value as Partial<Record<'id' | 'theme' | 'ops' | 'out', unknown>>;
  if (!isStrings(ops) || !isStrings(out)) throw notAVector(place, '"ops" and "out" must be lists of strings');
  if (ops.length !== out.length) throw notAVector(place, `${ops.length} operations, but ${out.length} answers`);
  const name = typeof id === 'number' || typeof id === 'string' ? id : place;
  return { id: name, theme: typeof theme === 'string' ? theme : '', ops, out };
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function describe({ vector, position, got }: Difference): string {
  const name = vector.theme === '' ? String(vector.id) : `${String(vector.id)} (${vector.theme})`;
  return [
    `vector ${name}, operation ${position + 1}: ${vector.ops[position]}`,
    `  expected: ${vector.out[position]}`,
    `  got:      ${got}`,
  ].join('\n');
}

function noFile(): UserError {
  return new UserError('vectors.no-file', `vectors needs a file of recorded operations. Usage: ${VECTORS_USAGE}`);
}

function notAVector(place: string, why: string): UserError {
  const shape = '{"id": 1, "theme": "…", "ops": ["new"], "out": ["ok w=0"]}';
  return new UserError('vectors.malformed', `${place} is not a vector: ${why}. Each line looks like ${shape}.`);
}

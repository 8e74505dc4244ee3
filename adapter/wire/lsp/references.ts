// references.ts: where a symbol is used in watch files, and giving it another name there.
//
// Two names are the same symbol where they are written for the same variable, or for a member of the same struct.

import type { Location, Position, TextEdit } from 'vscode-languageserver';
import { strip } from '../../symbols/types/strip';
import { UserError } from '../../util/user-error';
import { watchLines } from '../../watch/watch-file/syntax';
import type { Analysis } from './analysis';
import { watchLineAt } from './analysis';
import { typeOf } from './facts';
import { nameAt, namesOf } from './name-at';
import type { NameUse } from './name-at';
import { rangeOf } from './ranges';

export function referencesAt(analysis: Analysis, position: Position, all: readonly Analysis[]): Location[] {
  const line = watchLineAt(analysis, position.line);
  const name = line === undefined ? undefined : nameAt(line, position);
  if (name === undefined) return [];
  const wanted = identityOf(name, analysis);
  return all.flatMap((each) =>
    watchLines(each.file)
      .flatMap(namesOf)
      .filter((use) => identityOf(use, each) === wanted)
      .map(({ span }) => ({ uri: each.uri, range: rangeOf(span) })),
  );
}

/** Throws UserError where that is no name. */
export function renameAt(
  analysis: Analysis,
  position: Position,
  newName: string,
  all: readonly Analysis[],
): Readonly<Record<string, TextEdit[]>> {
  if (!/^[A-Za-z_]\w*$/.test(newName)) {
    throw new UserError('watch-file.bad-name', `"${newName}" is no name: letters, digits and _, no digit first.`);
  }
  const changes: Record<string, TextEdit[]> = {};
  for (const { uri, range } of referencesAt(analysis, position, all)) {
    (changes[uri] ??= []).push({ range, newText: newName });
  }
  return changes;
}

/** Members belong to their struct where that is known, else to what they are written behind. */
function identityOf(use: NameUse, { program, programPath }: Analysis): string {
  if (use.kind !== 'member' || use.object === undefined) return `${use.kind} ${use.name}`;
  const type = program === undefined ? undefined : typeOf(use.object, program);
  const owner = type === undefined ? use.object : `${programPath ?? ''} ${strip(type).name}`;
  return `member ${owner} ${use.name}`;
}

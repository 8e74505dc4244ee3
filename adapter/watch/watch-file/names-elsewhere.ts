// names-elsewhere.ts: a name that says where to look, and is not there: `other.c:name`, `function::name`.

import { nearestNames } from '../../symbols/expression/suggest';
import type { ProgramSymbols } from '../../symbols/program-symbols';
import { matchGroups } from '../../util/match-groups';
import { localsOf, readLocalChoice } from '../inner-block';

export interface NamesElsewhere {
  readonly message: string;
  /** What may have been meant, whole. */
  readonly names: readonly string[];
}

const MOST = 3;

/** Undefined where the name says no place that the program knows. */
export function namesElsewhere(name: string, symbols: ProgramSymbols): NamesElsewhere | undefined {
  return inFile(name, symbols) ?? inFunction(name, symbols);
}

function inFile(name: string, symbols: ProgramSymbols): NamesElsewhere | undefined {
  const [, file, variable] = matchGroups(/^([^:]*\.[^:]+):(\w+)$/.exec(name));
  if (file === undefined || variable === undefined) return undefined;
  const files = new Set(
    symbols.globalsNamed(variable).map(({ declaration }) => declaration?.path.replace(/^.*\//, '') ?? ''),
  );
  const names = [...files].filter((each) => each !== '').map((each) => `${each}:${variable}`);
  if (names.length === 0) return undefined;
  return { message: `${file} has no variable \`${variable}\`; ${[...files].join(', ')} has one.`, names };
}

function inFunction(name: string, symbols: ProgramSymbols): NamesElsewhere | undefined {
  const [, path, variable = ''] = matchGroups(/^(.+)::(\w+)$/.exec(name));
  const { functionName } = readLocalChoice(path ?? '');
  const code = symbols.functionsNamed(functionName).find(({ hasDebugInfo }) => hasDebugInfo);
  if (path === undefined || code === undefined) return undefined;
  const labels = localsOf(code, symbols).map(({ label }) => label);
  const has =
    labels.length === 0
      ? 'It has none.'
      : `It has ${labels
          .slice(0, 12)
          .map((each) => `\`${each}\``)
          .join(', ')}.`;
  const names = nearestNames(variable, new Set(labels), MOST).map((label) => `${functionName}::${label}`);
  return { message: `${functionName} has no variable \`${variable}\`. ${has}`, names };
}

// symbol-completion.ts: the program's variables as completions: all of them, or those of a namespace, class or module.
//
// Compilers' own names (tables of virtual functions, of closures) are none that a person writes.

import type { CompletionItem } from 'vscode-languageserver';
import { CompletionItemKind } from 'vscode-languageserver';
import type { VariableInfo } from '../../symbols/program-symbols';
import type { FileProgram } from '../../watch/watch-file/bind-place';
import { bindPlace } from '../../watch/watch-file/bind-place';
import { costText } from './facts';

/** More are told as incomplete: typing on finds the rest. */
const MOST = 500;

/** Globals; of statics that share their name those after the first by their file. */
export function symbolsNamed(typed: string, program: FileProgram): { items: CompletionItem[]; isIncomplete: boolean } {
  const lower = typed.toLowerCase();
  const found = new Map<string, CompletionItem>();
  const seen = new Set<string>();
  let isIncomplete = false;
  for (const variable of program.symbols.globals()) {
    const name = writtenName(variable, program);
    if (name?.toLowerCase().includes(lower) !== true) continue;
    const file = fileOf(variable);
    const isShared = seen.has(name);
    seen.add(name);
    const label = isShared && variable.kind === 'static' && file !== undefined ? `${file}:${name}` : name;
    if (found.size >= MOST) isIncomplete = true;
    else if (!found.has(label)) found.set(label, variableItem(label, label, variable, program));
  }
  return { items: [...found.values()], isIncomplete };
}

/** What `scope::` may be followed by; `scope` may be the end of a longer path, as Rust's modules are written. */
export function symbolsWithin(scope: string, program: FileProgram): CompletionItem[] {
  const found = new Map<string, CompletionItem>();
  for (const variable of program.symbols.globals()) {
    const name = writtenName(variable, program);
    const at = name === undefined ? -1 : `::${name}`.indexOf(`::${scope}::`);
    if (name === undefined || at < 0 || found.size >= MOST) continue;
    const label = name.slice(at + scope.length + 2);
    if (!found.has(label)) found.set(label, variableItem(label, `${scope}::${label}`, variable, program));
  }
  return [...found.values()];
}

/** Without the parts that nobody writes; undefined: it has none that finds it. */
function writtenName({ name }: VariableInfo, { symbols }: FileProgram): string | undefined {
  const written = name.replaceAll(/(?:\(anonymous namespace\)|\{anonymous\})::/g, '');
  if (!/^[\p{L}_$][\p{L}\p{N}_$]*(?:::[\p{L}_$][\p{L}\p{N}_$]*)*$/u.test(written)) return undefined;
  return written === name || symbols.globalsNamed(written).length > 0 ? written : name;
}

const fileOf = ({ declaration }: VariableInfo): string | undefined => declaration?.path.replace(/^.*\//, '');

function variableItem(label: string, whole: string, variable: VariableInfo, program: FileProgram): CompletionItem {
  const bound = bindPlace(whole, undefined, program);
  const cost = bound.kind === 'bound' ? costText(bound.place, program) : undefined;
  const file = fileOf(variable);
  return {
    label,
    kind: CompletionItemKind.Variable,
    detail: variable.type.name,
    documentation: [cost, file === undefined ? undefined : `declared in ${file}`].filter(Boolean).join('\n'),
    sortText: `${label.startsWith('_') ? 'z' : 'm'}${label}`,
  };
}

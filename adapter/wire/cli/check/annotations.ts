// annotations.ts: what a check has found as GitHub's workflow commands, which mark the lines of a change.
//
//     ::error file=src/server.c,line=88,col=3,title=never write config_table::config_table[2]: 3 → 7, written by …
//
// Truth: GitHub Docs, "Workflow commands for GitHub Actions", and actions/toolkit's command.ts for what is escaped.

import type { FileSpan } from '../../../watch/watch-file/syntax';
import type { CheckResult, LineResult } from './check-result';
import { changeText, happened, titleOfLine, unbound, unguarded, writerText } from './check-result';
import { Files } from './file-names';

interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly file: string;
  readonly line: number;
  readonly column?: number | undefined;
  readonly title: string;
  readonly message: string;
}

/** `root`: the repository's. */
export function annotations(result: CheckResult, root: string): string {
  const files = new Files(result.directory, root);
  const all = [
    ...happened(result).flatMap((line) => happenings(line, files)),
    ...unguarded(result).map((line) => unarmed(line, files, 'was not armed')),
    ...unbound(result).map((line) => unarmed(line, files, 'was never bound: misspelt?')),
    ...result.files.flatMap(({ path, mistakes }) =>
      mistakes.map(({ severity, span, code, message }): Annotation => {
        const level = severity === 'note' ? 'notice' : severity;
        return { level, ...placeOf(files.name(path), span), title: code, message };
      }),
    ),
  ];
  return all.map(command).join('');
}

function happenings(line: LineResult, files: Files): readonly Annotation[] {
  return line.happenings.map((happening) => {
    const at = happening.stack.find(({ path }) => path !== undefined);
    const place =
      at?.path === undefined || at.line === undefined
        ? watchPlace(line, files)
        : { file: files.name(at.path), line: at.line, column: at.column };
    const message = `${changeText(happening)}, ${writerText(happening, files.root)}`;
    return { level: 'error', ...place, title: titleOfLine(line), message };
  });
}

function unarmed(line: LineResult, files: Files, what: string): Annotation {
  const title = `${titleOfLine(line)} ${what}`;
  return { level: 'error', ...watchPlace(line, files), title, message: line.message };
}

const watchPlace = ({ line }: LineResult, files: Files) => placeOf(files.name(line.file), line.bound.line.keyword.span);

const placeOf = (file: string, { line, start }: FileSpan) => ({ file, line: line + 1, column: start + 1 });

function command({ level, file, line, column, title, message }: Annotation): string {
  const where = `file=${property(file)},line=${line}${column === undefined ? '' : `,col=${column}`}`;
  return `::${level} ${where},title=${property(title)}::${data(message)}\n`;
}

const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

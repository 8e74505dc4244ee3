// check-json.ts: what a check has found, for programs. Lines and columns count from 1.

import type { CheckResult, LineResult } from './check-result';
import { exitCodeOf, lineNumberOf, titleOfLine } from './check-result';

/** Grows; a field that is there keeps its meaning as long as this number stays. */
const VERSION = 1;

export function checkJson(result: CheckResult, ignoreExitCode: boolean): string {
  const { program, args, end, elapsedSeconds, notes, files } = result;
  const shown = {
    version: VERSION,
    program,
    args,
    exitCode: exitCodeOf(result, ignoreExitCode),
    end,
    elapsedSeconds,
    notes,
    mistakes: files.flatMap(({ path, mistakes }) =>
      mistakes.map(({ code, severity, span, message }) => ({
        file: path,
        line: span.line + 1,
        column: span.start + 1,
        endColumn: span.end + 1,
        severity,
        code,
        message,
      })),
    ),
    lines: result.lines.map(lineJson),
  };
  return `${JSON.stringify(shown, undefined, 2)}\n`;
}

function lineJson(line: LineResult) {
  const { verb, access, place } = line.line.bound.line;
  return {
    file: line.line.file,
    line: lineNumberOf(line),
    text: titleOfLine(line),
    verb,
    access,
    place: place?.text,
    state: line.state,
    message: line.message,
    hits: line.hits,
    matches: line.matches,
    emulatedSlot: line.isExtended,
    happenings: line.happenings,
  };
}

// report-verb.ts: `trapline report`: shows what `trapline record` has recorded.

import * as fs from 'node:fs';
import { UserError } from '../util/user-error';
import { createPaint, showsColours } from '../wire/cli/paint';
import { parseReportArguments, REPORT_USAGE } from '../wire/cli/perf/record-options';
import { readRecording } from '../wire/cli/perf/recording';
import { reportJson, reportText } from '../wire/cli/perf/report-text';

export function reportVerb(argv: readonly string[]): Promise<number> {
  if (argv[0] === '--help' || argv[0] === '-h') {
    process.stdout.write(REPORT_USAGE);
    return Promise.resolve(0);
  }
  const command = parseReportArguments(argv);
  const recording = readRecording(command.input, readText(command.input));
  const paint = createPaint(showsColours(process.stdout.isTTY, process.env));
  const text = command.json ? reportJson(recording, command) : reportText(recording, command, sourceReader(), paint);
  fs.writeSync(1, text);
  return Promise.resolve(0);
}

function readText(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const why = missing ? 'there is no such file' : error instanceof Error ? error.message : String(error);
    throw new UserError(
      'report-unreadable',
      `${file} cannot be read: ${why}. Make a recording first: trapline record -e mem:SYMBOL:w -- PROGRAM`,
    );
  }
}

/** Files as they are now; each is read once. */
function sourceReader(): (path: string) => readonly string[] | undefined {
  const known = new Map<string, readonly string[] | undefined>();
  return (path) => {
    if (!known.has(path)) known.set(path, fs.existsSync(path) ? fs.readFileSync(path, 'utf8').split('\n') : undefined);
    return known.get(path);
  };
}

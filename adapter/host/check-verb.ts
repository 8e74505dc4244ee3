// check-verb.ts: `trapline check`: watch files as a test of a program.

import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { performance } from 'node:perf_hooks';
import { UserError } from '../util/user-error';
import { annotations } from '../wire/cli/check/annotations';
import type { CheckResult } from '../wire/cli/check/check-result';
import { exitCodeOf } from '../wire/cli/check/check-result';
import { checkJson } from '../wire/cli/check/check-json';
import { CHECK_USAGE, parseCheckArguments } from '../wire/cli/check/check-options';
import type { CheckCommand } from '../wire/cli/check/check-options';
import { CheckRun } from '../wire/cli/check/check-run';
import { checkText, mistakeText } from '../wire/cli/check/check-text';
import { junitXml } from '../wire/cli/check/junit';
import { sarifJson } from '../wire/cli/check/sarif';
import { createPaint, showsColours } from '../wire/cli/paint';
import packageFacts from '../../package.json';
import { checkPlan } from './check-plan';
import type { CheckPlan } from './check-plan';
import { DescriptorOutput, processInput } from './node-terminal';
import { sessionEngine } from './session-engine';

/** Answers the exit code: docs/manual.md, "trapline check". */
export async function checkVerb(argv: readonly string[]): Promise<number> {
  if (argv[0] === '--help' || argv[0] === '-h') {
    process.stdout.write(CHECK_USAGE);
    return 0;
  }
  const command = parseCheckArguments(argv);
  const startedAt = new Date();
  const plan = checkPlan(command);
  const paint = createPaint(showsColours(process.stderr.isTTY && command.output === undefined, process.env));
  for (const file of plan.files) {
    for (const mistake of file.mistakes) {
      if (mistake.severity === 'error' || (mistake.severity === 'warning' && !command.quiet)) {
        process.stderr.write(mistakeText(file.path, mistake, paint));
      }
    }
  }
  const isBroken = plan.files.some(({ mistakes }) => mistakes.some(({ severity }) => severity === 'error'));
  const result = isBroken ? notRun(plan, command) : await runPlan(plan, command);
  const text = command.json
    ? checkJson(result, command.ignoreExitCode)
    : isBroken
      ? 'check failed: mend the files first; the program was not run.\n'
      : checkText(result, { paint, quiet: command.quiet, ignoreExitCode: command.ignoreExitCode });
  if (command.output === undefined) process.stderr.write(text);
  else writeFile(command.output, text);
  if (process.env.GITHUB_ACTIONS === 'true') process.stderr.write(annotations(result, repositoryOf(process.cwd())));
  if (command.sarif !== undefined) {
    const commandLine = ['trapline', 'check', ...argv].map(quoted).join(' ');
    const tool = { version: packageFacts.version, commandLine, startedAt, root: repositoryOf(process.cwd()), hash };
    writeFile(command.sarif, sarifJson(result, tool, command.ignoreExitCode));
  }
  if (command.report !== undefined) writeFile(command.report, checkJson(result, command.ignoreExitCode));
  if (command.junit !== undefined) writeFile(command.junit, junitXml(result, startedAt));
  return exitCodeOf(result, command.ignoreExitCode);
}

async function runPlan(plan: CheckPlan, command: CheckCommand): Promise<CheckResult> {
  const notes = [...plan.notes];
  const outputs = { stdout: new DescriptorOutput(1), stderr: new DescriptorOutput(2) };
  const run = new CheckRun(plan.lines, {
    output: (stream, bytes) => {
      outputs[stream].write(bytes);
    },
    log: (line) => process.stderr.write(`${line}\n`),
    note: (text) => notes.push(text),
  });
  const engine = sessionEngine((error) => {
    run.bug(error);
  }, processInput);
  const started = performance.now();
  const outcome = await run.run(plan.config, engine, command.timeoutSeconds);
  return { ...resultHead(plan, command), ...outcome, notes, elapsedSeconds: (performance.now() - started) / 1000 };
}

const notRun = (plan: CheckPlan, command: CheckCommand): CheckResult => ({
  ...resultHead(plan, command),
  lines: [],
  end: { kind: 'notRun' },
  notes: [],
  elapsedSeconds: 0,
});

function resultHead({ config, name, files }: CheckPlan, { allowUnbound }: CheckCommand) {
  return { program: name, args: config.args, directory: process.cwd(), files, allowsUnbound: allowUnbound };
}

/** As a shell reads it. */
const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** The folder of the repository that the directory lies in; without one the directory. */
function repositoryOf(directory: string): string {
  for (let at = directory; ; at = path.dirname(at)) {
    if (fs.existsSync(path.join(at, '.git'))) return at;
    if (at === path.dirname(at)) return directory;
  }
}

function writeFile(name: string, text: string): void {
  try {
    fs.mkdirSync(path.dirname(path.resolve(name)), { recursive: true });
    fs.writeFileSync(name, text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError('check-output', `The report cannot be written: ${why}. Give another file.`);
  }
}

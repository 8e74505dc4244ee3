// ksym-verb.ts: `trapline ksym`: the emulated kernel's symbol tracer, driven as a person would by its files.

import * as fs from 'node:fs';
import { traceSystemOf, type TraceSystem } from '../kernel/process/trace-files';
import { nearestNames } from '../symbols/expression/suggest';
import { UserError } from '../util/user-error';
import { filterRefused, KSYM_USAGE, type KsymCommand, parseKsymArguments } from '../wire/cli/ksym-options';
import { startProgram } from './verb-program';

const SUGGESTIONS = 3;

/** Answers the program's exit code. */
export async function ksymVerb(argv: readonly string[]): Promise<number> {
  if (argv[0] === '--help' || argv[0] === '-h') {
    process.stdout.write(KSYM_USAGE);
    return 0;
  }
  const command = parseKsymArguments(argv);
  const program = startProgram(command);
  const system = traceSystemOf(program.kernel.context, command.lines);
  if (command.selfTestOnly) return tellSelfTest(system);
  system.tracer.setCurrent(true);
  for (const filter of command.filters) setFilter(system, filter);
  const exitCode = await program.run();
  const text = resultText(system, command);
  if (command.output === undefined) process.stderr.write(text);
  else writeOutput(command.output, text);
  return exitCode;
}

function tellSelfTest(system: TraceSystem): number {
  const outcome = system.selfTest ?? 'FAILED';
  process.stdout.write(`Testing tracer ksym_tracer: ${outcome}\n`);
  return outcome === 'PASSED' ? 0 : 1;
}

function setFilter(system: TraceSystem, filter: string): void {
  const written = system.tracer.writeFilter(filter);
  if (written.ok) return;
  const name = filter.slice(0, filter.indexOf(':'));
  const known = system.symbols.addressOf(name) !== undefined;
  const near = known ? undefined : nearestNames(name, new Set(system.symbols.names()), SUGGESTIONS);
  throw filterRefused(filter, written.errno, near);
}

function resultText(system: TraceSystem, command: KsymCommand): string {
  const { tracer } = system;
  const lost =
    tracer.dropped === 0 ? '' : `# ${tracer.dropped} earlier lines were dropped (--lines=${command.lines})\n`;
  const trace = command.profileOnly ? '' : `${lost}${tracer.readTrace()}\n`;
  return `\n${trace}${tracer.readProfile()}\n`;
}

function writeOutput(file: string, text: string): void {
  try {
    fs.writeFileSync(file, text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError('ksym-output', `The trace cannot be written: ${why}. Give another file with -o.`);
  }
}

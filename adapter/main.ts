#!/usr/bin/env node
// main.ts: picks the verb, hands the host in. Verbs live in host/ and wire/.

import { preferHotPaths } from './host/engine-flags';
import { runVerb } from './host/run-verb';
import { UserError } from './util/user-error';
import packageFacts from '../package.json';

interface Verb {
  readonly summary: string;
  /** Answers the exit code. */
  readonly run: (argv: readonly string[]) => Promise<number>;
}

// Loaded when asked for, so that `run` starts soon: the debugger and the counting verbs are one file.
const statVerb: Verb['run'] = async (argv) =>
  (await import(/* webpackChunkName: "debugger" */ './host/stat-verb')).statVerb(argv);

const recordVerb: Verb['run'] = async (argv) =>
  (await import(/* webpackChunkName: "debugger" */ './host/record-verb')).recordVerb(argv);

const reportVerb: Verb['run'] = async (argv) =>
  (await import(/* webpackChunkName: "debugger" */ './host/report-verb')).reportVerb(argv);

const ksymVerb: Verb['run'] = async (argv) =>
  (await import(/* webpackChunkName: "debugger" */ './host/ksym-verb')).ksymVerb(argv);

const checkVerb: Verb['run'] = async (argv) =>
  (await import(/* webpackChunkName: "debugger" */ './host/check-verb')).checkVerb(argv);

const dapVerb: Verb['run'] = async (argv) =>
  (await import(/* webpackChunkName: "debugger" */ './host/dap-verb')).dapVerb(argv);

const gdbserverVerb: Verb['run'] = async (argv) =>
  (await import(/* webpackChunkName: "debugger" */ './host/gdbserver-verb')).gdbserverVerb(argv);

const vectorsVerb: Verb['run'] = async (argv) =>
  (await import(/* webpackChunkName: "debugger" */ './host/vectors-verb')).vectorsVerb(argv);

const lspVerb: Verb['run'] = async (argv) =>
  (await import(/* webpackChunkName: "lsp" */ './host/lsp-verb')).lspVerb(argv);

/** name → verb, in the order of the help. */
const VERBS: ReadonlyMap<string, Verb> = new Map<string, Verb>([
  ['run', { summary: 'run a program on the emulated machine', run: runVerb }],
  ['stat', { summary: 'count accesses to a variable while a program runs', run: statVerb }],
  ['record', { summary: 'record who accesses it, access by access', run: recordVerb }],
  ['report', { summary: 'show what was recorded, by line and thread', run: reportVerb }],
  ['ksym', { summary: 'trace accesses by symbol, as ksym_trace_filter does', run: ksymVerb }],
  ['check', { summary: 'run a program with a .watch file as a test', run: checkVerb }],
  ['dap', { summary: 'speak the Debug Adapter Protocol, for editors', run: dapVerb }],
  ['lsp', { summary: 'speak the Language Server Protocol, for .watch files', run: lspVerb }],
  ['gdbserver', { summary: 'let a real gdb connect: target remote :PORT', run: gdbserverVerb }],
  ['vectors', { summary: "replay a real kernel's answers on the breakpoint layer", run: vectorsVerb }],
]);

function usage(): string {
  const width = Math.max(...[...VERBS.keys()].map((name) => name.length));
  const verbs = [...VERBS].map(([name, verb]) => `  ${name.padEnd(width)}  ${verb.summary}\n`);
  return `usage: trapline VERB [options]\n\n${verbs.join('')}\ntrapline VERB --help tells more; trapline --version the version.\n`;
}

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  preferHotPaths();
  if (argv.length === 0 || name === '--help' || name === '-h') {
    process.stdout.write(usage());
    return argv.length === 0 ? 2 : 0;
  }
  if (name === '--version') {
    process.stdout.write(`${packageFacts.version}\n`);
    return 0;
  }
  const verb = VERBS.get(name);
  if (verb === undefined) {
    throw new UserError('unknown-verb', `trapline does not know "${name}". It knows: ${[...VERBS.keys()].join(', ')}.`);
  }
  return verb.run(rest);
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    const bug = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`trapline: ${error instanceof UserError ? error.message : bug}\n`);
    process.exit(error instanceof UserError ? 2 : 70);
  },
);

// gdbserver-verb.ts: `trapline gdbserver`: a real gdb connects with `target remote`.
//
// Takes gdbserver's own command line and says what gdbserver says. The protocol is wire/gdb-remote's, the sockets are
// gdb-server's; here are the program and its files.

import * as fs from 'node:fs';
import type { Engine } from '../session/engine';
import type { Target } from '../target/target';
import { OWN_SURROUNDINGS } from '../wire/gdb-remote/stub-state';
import type { StubHost, Surroundings } from '../wire/gdb-remote/stub-state';
import { GdbServer } from './gdb-server';
import { GDBSERVER_USAGE, parseServerOptions } from './gdbserver-options';
import type { ServerOptions } from './gdbserver-options';
import { sessionEngine } from './session-engine';
import packageFacts from '../../package.json';

/** Answers the exit code; runs until the program or the last connection ends. */
export async function gdbserverVerb(argv: readonly string[]): Promise<number> {
  if (argv[0] === '--help') {
    process.stdout.write(GDBSERVER_USAGE);
    return 0;
  }
  if (argv[0] === '--version') {
    process.stdout.write(`GNU gdbserver's protocol and options, by Trapline ${packageFacts.version}\n`);
    return 0;
  }
  const options = parseServerOptions(argv);
  const host = new ServerHost(options, sessionEngine());
  const stdio = options.listen === 'stdio';
  const server = new GdbServer({
    host,
    once: options.once,
    multi: options.multi,
    say: (line) => process.stderr.write(`${line}\n`),
    output: (stream, bytes) => (stream === 'stdout' && !stdio ? process.stdout : process.stderr).write(bytes),
  });
  if (options.program !== undefined) server.adopt(host.launch(options.program, options.args, OWN_SURROUNDINGS));
  await (options.listen === 'stdio' ? server.serveStdio() : server.serveTcp(options.listen));
  return 0;
}

class ServerHost implements StubHost {
  program = '';
  args: readonly string[] = [];

  constructor(
    private readonly options: ServerOptions,
    private readonly engine: Engine,
  ) {}

  get disabledPackets(): ServerOptions['disabledPackets'] {
    return this.options.disabledPackets;
  }

  readFile(path: string): Uint8Array | undefined {
    try {
      return fs.readFileSync(path);
    } catch {
      return undefined;
    }
  }

  launch(program: string, args: readonly string[], { environment, directory }: Surroundings): Target {
    const { cpus, debugRegisters } = this.options;
    const target = this.engine.createTarget({
      program,
      args,
      cwd: directory ?? process.cwd(),
      env: Object.fromEntries(environment),
      stdin: undefined,
      cpus,
      debugRegisters,
      hostTime: true,
      debuggerShown: true,
    });
    this.program = target.following?.processes().at(0)?.executable ?? program;
    this.args = args;
    process.stderr.write(`Process ${program} created; pid = ${target.processId}\n`);
    return target;
  }
}

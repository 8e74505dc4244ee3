// dap-verb.ts: `trapline dap`: the debug adapter, for editors.

import { UserError } from '../util/user-error';
import { serveStreams, serveTcp } from '../wire/dap/serve';
import { sessionEngine } from './session-engine';

const DAP_USAGE = `usage: trapline dap [--server=PORT]

Speaks the Debug Adapter Protocol over standard input and output, as editors expect it.

  --server=PORT   listens on 127.0.0.1:PORT instead, one debug session per connection (0: any free port; it is told
                  on standard output)
`;

/** Answers the exit code, when the editor is gone. */
export async function dapVerb(argv: readonly string[]): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(DAP_USAGE);
    return 0;
  }
  const port = portOf(argv);
  const log = (text: string): void => {
    process.stderr.write(`${text}\n`);
  };
  if (port === undefined) {
    await serveStreams(process.stdin, process.stdout, sessionEngine, log);
    return 0;
  }
  const listening = await serveTcp(port, sessionEngine, log).catch((error: unknown) => {
    throw cannotListen(port, error);
  });
  process.stdout.write(`trapline: debug adapter listening on 127.0.0.1:${listening.port}\n`);
  await new Promise((resolve) => listening.server.on('close', resolve));
  return 0;
}

function portOf(argv: readonly string[]): number | undefined {
  if (argv.length === 0) return undefined;
  const text = argv.join('=').replace(/^--server=+/, '');
  if (!argv[0].startsWith('--server')) {
    throw new UserError('dap-option', `trapline dap does not know ${argv[0]}. See trapline dap --help.`);
  }
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65535)) throw new UserError('dap-port', `--server=${text}: give a port from 0 to 65535.`);
  return port;
}

function cannotListen(port: number, error: unknown): UserError {
  const why = error instanceof Error ? error.message : String(error);
  return new UserError('dap-listen', `Cannot listen on 127.0.0.1:${port}: ${why}. Try --server=0 for any free port.`);
}

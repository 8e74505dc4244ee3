// main.ts: the tour of `npm start`: a program of several threads under four data breakpoints, seen in a terminal.
//
// usage: main.ts PROGRAM SOURCE ORIGIN    The adapter is dist/adapter.js, spoken to as an editor would.

import type { DebugProtocol } from '@vscode/debugprotocol';
import * as path from 'node:path';
import { DEBUG_REGISTERS_REQUEST, type DebugRegisterMap } from '../../adapter/protocol/debug-register-map';
import { DapClient } from './dap-client';
import { red } from './paint';
import { SourceLines } from './source-lines';
import { readStop, type Watched } from './stops';
import * as show from './show';

/** What is watched: four of the sample's variables, as many as x86 has registers; and one more, to be refused. */
const WATCHES = ['account.balance', 'served[1]', 'tellers_at_work', 'mood'];
const ONE_TOO_MANY = 'served[0]';
const CPUS = 2;
const DEBUG_REGISTERS = 4;

async function main(program: string, source: string, origin: string): Promise<number> {
  const adapter = path.resolve(__dirname, '../../dist/adapter.js');
  const client = new DapClient(adapter);
  try {
    show.title(path.basename(source), origin, CPUS, DEBUG_REGISTERS);
    return await follow(client, await start(client, program), new SourceLines());
  } finally {
    client.close();
  }
}

/** Launches, stops at the entry, and arms; what is armed, in the order of its slots. */
async function start(client: DapClient, program: string): Promise<readonly Watched[]> {
  await client.request('initialize', { adapterID: 'trapline', clientID: 'npm start', linesStartAt1: true });
  const launched = client.request('launch', {
    program,
    stopOnEntry: true,
    cpus: CPUS,
    debugRegisters: DEBUG_REGISTERS,
  });
  // A refused launch is told by its response, and by no event.
  await Promise.all([launched, Promise.race([eventNamed(client, 'initialized'), failureOf(launched)])]);
  await client.request('configurationDone');
  await eventNamed(client, 'stopped');
  const infos = await Promise.all([...WATCHES, ONE_TOO_MANY].map((name) => dataId(client, name)));
  const arm = async (count: number): Promise<readonly DebugProtocol.Breakpoint[]> => {
    const breakpoints = infos.slice(0, count).map((id) => ({ dataId: id, accessType: 'write' }));
    const body = (await client.request('setDataBreakpoints', { breakpoints })) as {
      breakpoints: DebugProtocol.Breakpoint[];
    };
    return body.breakpoints;
  };
  const refusal = (await arm(WATCHES.length + 1)).at(-1);
  const armed = await arm(WATCHES.length);
  const map = await registers(client);
  const watched = WATCHES.map((name, index) => ({ name, id: armed[index].id ?? -1 }));
  show.watches(WATCHES, map);
  if (refusal?.verified === false) show.refused(ONE_TOO_MANY, refusal.message ?? '');
  return watched;
}

/** Never resolves: only rejects, as `request` does. */
const failureOf = (request: Promise<unknown>): Promise<never> =>
  new Promise((_resolve, reject) => {
    request.catch(reject);
  });

async function dataId(client: DapClient, name: string): Promise<string> {
  const body = (await client.request('dataBreakpointInfo', { name })) as { dataId: string | null; description: string };
  if (body.dataId === null) throw new Error(`${name} cannot be watched: ${body.description}`);
  return body.dataId;
}

async function registers(client: DapClient): Promise<DebugRegisterMap> {
  return (await client.request(DEBUG_REGISTERS_REQUEST)) as DebugRegisterMap;
}

async function eventNamed(client: DapClient, name: string): Promise<void> {
  for (;;) {
    const event = await client.nextEvent();
    if (event === undefined) throw new Error(`the adapter ended before "${name}"`);
    if (event.event === name) return;
  }
}

/** Shows hit after hit until the program ends; its exit code. */
async function follow(client: DapClient, watched: readonly Watched[], source: SourceLines): Promise<number> {
  let count = 0;
  let last: DebugRegisterMap | undefined;
  let output = '';
  let words = '';
  await client.request('continue', { threadId: 0 });
  show.hitsTitle();
  for (;;) {
    const event = await client.nextEvent();
    if (event === undefined) throw new Error('the adapter ended before the program did');
    if (isOutput(event)) {
      if (event.body.category === 'stdout') output += event.body.output;
      else if (event.body.category === 'console') words += event.body.output;
      else show.notice(event.body.output);
    } else if (isStopped(event)) {
      last = await registers(client);
      const hits = await readStop(client, event.body, watched, last, source);
      for (const hit of hits) show.hit(++count, hit);
      if (hits.length === 0) show.notice(`stopped: ${event.body.description ?? event.body.reason}`);
      await client.request('continue', { threadId: event.body.threadId ?? 0 });
    } else if (isExited(event)) {
      show.output(output);
      // What the console says is shown here in our own way, unless something went wrong.
      if (event.body.exitCode !== 0) show.notice(words);
      if (last !== undefined) show.registerTable(last);
      show.end(count, event.body.exitCode);
      return event.body.exitCode;
    }
  }
}

const isOutput = (event: DebugProtocol.Event): event is DebugProtocol.OutputEvent => event.event === 'output';
const isStopped = (event: DebugProtocol.Event): event is DebugProtocol.StoppedEvent => event.event === 'stopped';
const isExited = (event: DebugProtocol.Event): event is DebugProtocol.ExitedEvent => event.event === 'exited';

const [program, source, origin] = process.argv.slice(2);
main(program, source, origin).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(red(error instanceof Error ? error.message : String(error)));
    process.exitCode = 1;
  },
);

// dap-client.ts: an editor as a test needs it: starts the built adapter, speaks the DAP to it over stdio.
//
// Every message is kept. Waiting for an event finds those that have already come, each once.

import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';

export const ADAPTER = path.resolve('dist/adapter.js');
const PATIENCE_MS = 20_000;

/** A request that was answered with an error. */
export class RequestError extends Error {
  constructor(readonly response: DebugProtocol.Response) {
    super(response.message ?? '');
  }
}

type Bodies = Readonly<Record<string, unknown>>;

export interface Stopped {
  readonly reason: string;
  readonly threadId: number;
  readonly description?: string;
  readonly text?: string;
  readonly hitBreakpointIds?: number[];
}

export class DapClient {
  readonly messages: DebugProtocol.ProtocolMessage[] = [];
  readonly stderr: string[] = [];
  private readonly adapter: ChildProcessWithoutNullStreams;
  private readonly unread: DebugProtocol.Event[] = [];
  private readonly answers = new Map<number, (response: DebugProtocol.Response) => void>();
  private watchers: (() => void)[] = [];
  private buffer = Buffer.alloc(0);
  private nextSeq = 1;
  readonly exit: Promise<number | null>;

  constructor(args: readonly string[] = ['dap']) {
    if (!existsSync(ADAPTER)) throw new Error(`${ADAPTER} is missing: npm run build`);
    this.adapter = spawn(process.execPath, [ADAPTER, ...args], { stdio: 'pipe' });
    this.adapter.stdout.on('data', (bytes: Buffer) => {
      this.receive(bytes);
    });
    this.adapter.stderr.on('data', (bytes: Buffer) => {
      this.stderr.push(bytes.toString());
    });
    this.exit = new Promise((resolve) => {
      this.adapter.on('exit', (code) => {
        resolve(code);
        this.wake();
      });
    });
  }

  /** The number of the request that was sent last. */
  get lastSeq(): number {
    return this.nextSeq - 1;
  }

  /** Bytes as they are, for damaged messages. */
  sendRaw(bytes: string | Uint8Array): void {
    this.adapter.stdin.write(bytes);
  }

  endInput(): void {
    this.adapter.stdin.end();
  }

  async request(command: string, args?: object): Promise<Bodies> {
    const seq = this.nextSeq++;
    const text = JSON.stringify({ seq, type: 'request', command, ...(args === undefined ? {} : { arguments: args }) });
    const answered = new Promise<DebugProtocol.Response>((resolve) => this.answers.set(seq, resolve));
    this.sendRaw(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    const response = await this.within(answered, `the answer to ${command}`);
    if (!response.success) throw new RequestError(response);
    return (response.body ?? {}) as Bodies;
  }

  /** The error message of a request that must fail. */
  async refused(command: string, args?: object): Promise<string> {
    try {
      await this.request(command, args);
    } catch (error) {
      if (error instanceof RequestError) return error.message;
      throw error;
    }
    throw new Error(`${command} succeeded and should not have`);
  }

  /** The next event of that name (and shape) that no one has waited for yet. */
  async event(name: string, fits: (body: Bodies) => boolean = () => true): Promise<Bodies> {
    const find = (): Bodies | undefined => {
      const at = this.unread.findIndex((event) => event.event === name && fits((event.body ?? {}) as Bodies));
      return at < 0 ? undefined : ((this.unread.splice(at, 1)[0]?.body ?? {}) as Bodies);
    };
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      const ended = this.unread.find((event) => event.event === 'terminated');
      if (ended !== undefined && name === 'stopped')
        throw new Error(`the program ended before a stop\n${this.story()}`);
      if (Date.now() > deadline || this.adapter.exitCode !== null) throw new Error(`no event ${name}\n${this.story()}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 200);
        this.watchers.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  async stopped(): Promise<Stopped> {
    return (await this.event('stopped')) as unknown as Stopped;
  }

  /** Everything the program or the debugger has said so far in this category. */
  output(category: string): string {
    return this.messages
      .filter((message): message is DebugProtocol.OutputEvent => isEvent(message, 'output'))
      .filter(({ body }) => body.category === category)
      .map(({ body }) => body.output)
      .join('');
  }

  events(name: string): DebugProtocol.Event[] {
    return this.messages.filter((message): message is DebugProtocol.Event => isEvent(message, name));
  }

  async close(): Promise<void> {
    if (this.adapter.exitCode === null) {
      this.adapter.stdin.end();
      const timer = setTimeout(() => this.adapter.kill('SIGKILL'), 3000);
      await this.exit;
      clearTimeout(timer);
    }
  }

  /** The last messages, for the text of a failure. */
  story(): string {
    return [...this.messages.slice(-8).map((message) => JSON.stringify(message)), ...this.stderr].join('\n');
  }

  private receive(bytes: Buffer): void {
    this.buffer = Buffer.concat([this.buffer, bytes]);
    for (;;) {
      const end = this.buffer.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/Content-Length: (\d+)/.exec(this.buffer.subarray(0, end).toString())?.[1]);
      if (this.buffer.length < end + 4 + length) return;
      const text = this.buffer.subarray(end + 4, end + 4 + length).toString();
      this.buffer = this.buffer.subarray(end + 4 + length);
      this.take(JSON.parse(text) as DebugProtocol.ProtocolMessage);
    }
  }

  private take(message: DebugProtocol.ProtocolMessage): void {
    this.messages.push(message);
    if (message.type === 'response') {
      const response = message as DebugProtocol.Response;
      this.answers.get(response.request_seq)?.(response);
    } else {
      this.unread.push(message as DebugProtocol.Event);
    }
    this.wake();
  }

  private wake(): void {
    for (const watcher of this.watchers.splice(0)) watcher();
  }

  private async within<T>(promise: Promise<T>, what: string): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`${what} did not come\n${this.story()}`));
      }, PATIENCE_MS);
    });
    try {
      return await Promise.race([promise, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function isEvent(message: DebugProtocol.ProtocolMessage, name: string): boolean {
  return message.type === 'event' && (message as DebugProtocol.Event).event === name;
}

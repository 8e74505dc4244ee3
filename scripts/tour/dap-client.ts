// dap-client.ts: the Debug Adapter Protocol over the pipes of an adapter's process, as an editor speaks it.
//
// Requests are promises; a refused one rejects with the adapter's message. Events are handed out in order.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';

const HEADER_END = '\r\n\r\n';

export class DapClient {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly pending = new Map<number, (response: DebugProtocol.Response) => void>();
  private readonly events: DebugProtocol.Event[] = [];
  private wakeReader: (() => void) | undefined;
  private buffer = Buffer.alloc(0);
  private seq = 0;
  private isOver = false;

  /** Starts `node adapter dap`. */
  constructor(adapter: string) {
    this.child = spawn(process.execPath, [adapter, 'dap'], { stdio: 'pipe' });
    this.child.stdout.on('data', (chunk: Buffer) => {
      this.read(chunk);
    });
    this.child.stderr.pipe(process.stderr);
    this.child.on('exit', () => {
      this.isOver = true;
      this.wakeReader?.();
    });
  }

  /** The response's body. */
  request(command: string, args: object = {}): Promise<unknown> {
    const seq = ++this.seq;
    const body = JSON.stringify({ seq, type: 'request', command, arguments: args });
    this.child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}${HEADER_END}${body}`);
    return new Promise((resolve, reject) => {
      this.pending.set(seq, (response) => {
        if (response.success) resolve(response.body);
        else reject(new Error(refusalText(response)));
      });
    });
  }

  /** The next event; undefined when the adapter has ended. */
  async nextEvent(): Promise<DebugProtocol.Event | undefined> {
    while (this.events.length === 0 && !this.isOver) {
      await new Promise<void>((resolve) => {
        this.wakeReader = resolve;
      });
    }
    return this.events.shift();
  }

  close(): void {
    this.child.stdin.end();
    this.child.kill();
  }

  private read(chunk: Buffer): void {
    this.buffer = Buffer.concat([this.buffer, chunk]);
    for (;;) {
      const headerEnd = this.buffer.indexOf(HEADER_END);
      if (headerEnd < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(this.buffer.toString('latin1', 0, headerEnd))?.[1]);
      const start = headerEnd + HEADER_END.length;
      if (this.buffer.length < start + length) return;
      const text = this.buffer.toString('utf8', start, start + length);
      this.buffer = this.buffer.subarray(start + length);
      this.take(JSON.parse(text) as DebugProtocol.ProtocolMessage);
    }
  }

  private take(message: DebugProtocol.ProtocolMessage): void {
    if (isResponse(message)) {
      this.pending.get(message.request_seq)?.(message);
      this.pending.delete(message.request_seq);
    } else if (isEvent(message)) {
      this.events.push(message);
      this.wakeReader?.();
    }
  }
}

const isResponse = (message: DebugProtocol.ProtocolMessage): message is DebugProtocol.Response =>
  message.type === 'response';
const isEvent = (message: DebugProtocol.ProtocolMessage): message is DebugProtocol.Event => message.type === 'event';

function refusalText(response: DebugProtocol.Response): string {
  const body = response.body as { error?: DebugProtocol.Message } | undefined;
  const { format, variables } = body?.error ?? {};
  return (
    format?.replace(/\{(\w+)\}/g, (whole, name: string) => variables?.[name] ?? whole) ?? response.message ?? 'refused'
  );
}

// serve.ts: the DAP over stdio, and over TCP with one session per connection.
//
// On stdio the protocol owns standard output: nothing else may write there. The process lives as long as its editor.

import { createServer } from 'node:net';
import type { Server } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import type { Engine } from '../../session/engine';
import { Connection } from './connection';
import { frame, FrameReader } from './framing';

/** An engine per session; it tells of bugs that happen while the program runs. */
export type EngineMaker = (onBug: (error: unknown) => void) => Engine;

/** Serves one editor; resolves when it is gone or has said goodbye, and everything is written. */
export function serveStreams(
  input: Readable,
  output: Writable,
  makeEngine: EngineMaker,
  log: (text: string) => void,
): Promise<void> {
  return new Promise((resolve) => {
    const engine = makeEngine((error) => {
      connection.bug(error);
    });
    const connection: Connection = new Connection(engine, {
      send: (message) => {
        output.write(frame(message));
      },
      log,
      closed: () => {
        output.write('', () => {
          resolve();
        });
      },
    });
    const reader = new FrameReader({
      onMessage: (message) => {
        connection.receive(message);
      },
      onDamage: (what) => {
        connection.damaged(what);
      },
    });
    input.on('data', (bytes: Buffer) => {
      reader.push(bytes);
    });
    input.on('error', () => {
      connection.close();
    });
    // A closed pipe: the editor is gone.
    output.on('error', () => {
      connection.close();
      resolve();
    });
    input.on('end', () => {
      reader.end();
      connection.close();
    });
  });
}

/** Listens on 127.0.0.1; resolves with the server and its port (asked for: 0 means any). */
export function serveTcp(
  port: number,
  makeEngine: EngineMaker,
  log: (text: string) => void,
): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    void serveStreams(socket, socket, makeEngine, log).then(() => {
      socket.end();
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve({ server, port: typeof address === 'object' && address !== null ? address.port : port });
    });
  });
}

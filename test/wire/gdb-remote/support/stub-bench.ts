// stub-bench.ts: a stub over a real program on the emulated machine, and a client that sends it packets by hand.

import assert from 'node:assert/strict';
import { sessionEngine } from '../../../../adapter/host/session-engine';
import type { ProgramEnd, Target } from '../../../../adapter/target/target';
import { framePacket, fromLatin1, PacketReader } from '../../../../adapter/wire/gdb-remote/packet';
import { OWN_SURROUNDINGS } from '../../../../adapter/wire/gdb-remote/stub-state';
import type { Surroundings } from '../../../../adapter/wire/gdb-remote/stub-state';
import { GdbStub } from '../../../../adapter/wire/gdb-remote/stub';

export class StubBench {
  readonly notices: string[] = [];
  readonly ends: ProgramEnd[] = [];
  /** What programs were started in, oldest first. */
  readonly started: Surroundings[] = [];
  readonly stub: GdbStub;
  closed: 'no' | 'connection' | 'server' = 'no';
  private readonly engine = sessionEngine();
  private reader = new PacketReader();
  private replies: string[] = [];
  private waiting: ((reply: string) => void) | undefined;

  constructor(readonly program: string) {
    this.stub = new GdbStub(
      {
        readFile: () => undefined,
        launch: (path, args, surroundings) => this.launch(path, args, surroundings),
        program,
        args: [],
        disabledPackets: new Set(),
      },
      {
        output: () => undefined,
        notice: (text) => this.notices.push(text),
        ended: (end) => this.ends.push(end),
        detached: () => undefined,
      },
    );
    this.stub.adopt(this.launch(program, [], OWN_SURROUNDINGS));
    this.connect();
    assert.equal(this.replies.shift(), 'OK');
  }

  /** A gdb connects that wants no acknowledgements: the first reply is `OK`, where the program runs after its stop. */
  connect(): void {
    this.closed = 'no';
    this.reader = new PacketReader();
    this.replies = [];
    this.waiting = undefined;
    this.stub.connected({
      send: (bytes) => {
        this.arrived(bytes);
      },
      close: (what) => {
        this.closed = what;
        this.stub.disconnected();
      },
    });
    this.raw(framePacket('QStartNoAckMode'));
  }

  raw(bytes: Uint8Array): void {
    this.stub.receive(bytes);
  }

  /** Sends; the answer, where there is one at once. */
  ask(packet: string): string | undefined {
    this.raw(framePacket(packet));
    return this.replies.shift();
  }

  /** The next reply, now or when the program stops. */
  next(): Promise<string> {
    const reply = this.replies.shift();
    return reply === undefined ? new Promise((resolve) => (this.waiting = resolve)) : Promise.resolve(reply);
  }

  /** What was sent and not yet taken. */
  drain(): string[] {
    return this.replies.splice(0);
  }

  private arrived(bytes: Uint8Array): void {
    for (const item of this.reader.feed(bytes)) {
      if (item.kind !== 'packet') continue;
      const text = fromLatin1(item.data);
      const { waiting } = this;
      this.waiting = undefined;
      if (waiting === undefined) this.replies.push(text);
      else waiting(text);
    }
  }

  private launch(program: string, args: readonly string[], surroundings: Surroundings): Target {
    this.started.push(surroundings);
    return this.engine.createTarget({
      program,
      args,
      cwd: '/',
      env: {},
      stdin: undefined,
      cpus: 2,
      debugRegisters: 4,
      hostTime: true,
      debuggerShown: true,
    });
  }
}

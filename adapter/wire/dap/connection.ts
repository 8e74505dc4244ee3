// connection.ts: one editor, one debug session: requests in, responses and events out.
//
// Answers every request, whatever happens: a mistake of the person's with its sentence, a bug of ours with its name.
// What a request causes is told after its response. Knows messages, not bytes.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { DebugSession } from '../../session/debug-session';
import type { Engine } from '../../session/engine';
import { readLaunchConfig } from '../../session/launch-config';
import { UserError } from '../../util/user-error';
import { Arguments, isRecord } from './arguments';
import { EventWriter } from './event-writer';
import { LocationReferences } from './location-references';
import { Places } from './places';
import type { RequestContext, RequestHandler } from './request';
import { CAPABILITIES, REQUESTS } from './requests';
import { Sources } from './sources';

export interface ConnectionHost {
  send(message: DebugProtocol.ProtocolMessage): void;
  /** For the log of whoever started us: never the protocol's stream. */
  log(text: string): void;
  /** All has been said. */
  closed(): void;
}

/** Errors of the person's are shown as they are; the protocol wants a number. */
const USER_ERROR_ID = 1;
const BUG_ID = 2;

/** Puts a breakpoint that it is told of into its own list, and says that list when it changes next. */
const TAKER = 'vscode';

export class Connection implements RequestContext {
  readonly places = new Places();
  readonly sources = new Sources(this.places);
  readonly locationReferences = new LocationReferences();
  readonly capabilities = CAPABILITIES;
  private readonly events = new EventWriter(this, this.places, this.sources);
  private launched: DebugSession | undefined;
  private nextSeq = 1;
  private isClosed = false;
  /** Requests whose answers come later. */
  private readonly waiting = new Map<number, RequestHandler>();
  /** Events of the request that is being served: they follow its response. */
  private held: DebugProtocol.Event[] | undefined;

  constructor(
    readonly engine: Engine,
    private readonly host: ConnectionHost,
  ) {}

  get session(): DebugSession {
    if (this.launched === undefined) throw notLaunched();
    return this.launched;
  }

  greet(client: Arguments): void {
    this.places.greet(client);
    this.events.showsProgress = client.boolean('supportsProgressReporting');
    this.events.takesBreakpoints = client.optionalString('clientID') === TAKER;
  }

  launch(configuration: Readonly<Record<string, unknown>>): void {
    if (this.launched !== undefined) throw new UserError('launched', 'This session has launched its program already.');
    const config = readLaunchConfig(configuration, this.engine.files);
    this.launched = DebugSession.launch(config, this.engine, this.events);
    this.events.processStarted(config.program, this.launched.processId);
  }

  cancelRequest(seq: number): void {
    this.waiting.get(seq)?.cancel?.(this);
  }

  sendEvent(event: string, body?: unknown): void {
    const message: DebugProtocol.Event = { seq: 0, type: 'event', event, ...(body === undefined ? {} : { body }) };
    if (this.held !== undefined) this.held.push(message);
    else this.send(message);
  }

  /** A message as it came, of whatever shape. */
  receive(message: unknown): void {
    if (this.isClosed) return;
    if (!isRecord(message) || message.type !== 'request') {
      if (!isRecord(message) || message.type !== 'response') this.damaged('a message that is no request');
      return;
    }
    const seq = typeof message.seq === 'number' ? message.seq : 0;
    const command = typeof message.command === 'string' ? message.command : '';
    this.serve(seq, command, message.arguments);
  }

  /** The stream said something that is not the protocol. */
  damaged(what: string): void {
    this.host.log(`Trapline: ${what}`);
    this.sendEvent('output', { category: 'console', output: `The editor sent ${what}; it was passed over.\n` });
  }

  /** Thrown where no request waits for it: the program cannot go on, the editor is told. */
  bug(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    this.host.log(error instanceof Error ? (error.stack ?? text) : text);
    this.sendEvent('output', { category: 'important', output: `Trapline has a bug, and the session ends: ${text}\n` });
    this.sendEvent('terminated');
  }

  /** After `disconnect`, or when the editor is gone. */
  close(): void {
    if (this.isClosed) return;
    this.launched?.execution.end();
    this.closeAfterResponse = true;
    if (this.held === undefined) this.finish();
  }

  private closeAfterResponse = false;

  private finish(): void {
    this.isClosed = true;
    this.host.closed();
  }

  private serve(seq: number, command: string, args: unknown): void {
    const handler = REQUESTS.get(command);
    this.held = [];
    let answer: unknown;
    try {
      if (handler === undefined) throw unknownRequest(command);
      answer = handler.run(Arguments.of(command, args), this);
    } catch (error) {
      this.fail(seq, command, error);
      this.release();
      return;
    }
    if (answer instanceof Promise) {
      this.waiting.set(seq, handler);
      this.release();
      this.answerLater(seq, command, answer);
      return;
    }
    this.succeed(seq, command, answer);
    this.release();
  }

  private answerLater(seq: number, command: string, answer: Promise<unknown>): void {
    answer.then(
      (body: unknown) => {
        this.waiting.delete(seq);
        this.succeed(seq, command, body);
      },
      (error: unknown) => {
        this.waiting.delete(seq);
        this.fail(seq, command, error);
      },
    );
  }

  /** The held events go out; what was asked to end ends. */
  private release(): void {
    const held = this.held ?? [];
    this.held = undefined;
    for (const event of held) this.send(event);
    if (this.closeAfterResponse) this.finish();
  }

  private succeed(seq: number, command: string, body: unknown): void {
    this.respond(seq, command, { success: true, ...(body === undefined ? {} : { body }) });
  }

  private fail(seq: number, command: string, error: unknown): void {
    if (error instanceof UserError) {
      const shown: DebugProtocol.Message = {
        id: USER_ERROR_ID,
        format: escapeFormat(error.message),
        showUser: command === 'launch',
      };
      this.respond(seq, command, { success: false, message: error.message, body: { error: shown, code: error.code } });
      return;
    }
    const text = error instanceof Error ? error.message : String(error);
    this.host.log(error instanceof Error ? (error.stack ?? text) : text);
    const format = `Trapline has a bug in \`${command}\`: ${text}`;
    const shown: DebugProtocol.Message = { id: BUG_ID, format: escapeFormat(format), showUser: true };
    this.respond(seq, command, { success: false, message: format, body: { error: shown } });
  }

  private respond(seq: number, command: string, rest: { success: boolean; message?: string; body?: unknown }): void {
    const response: DebugProtocol.Response = { seq: 0, type: 'response', request_seq: seq, command, ...rest };
    this.send(response);
  }

  private send(message: DebugProtocol.ProtocolMessage): void {
    if (this.isClosed) return;
    this.host.send({ ...message, seq: this.nextSeq++ });
  }
}

/** Braces stand for variables in the protocol's error texts. */
function escapeFormat(text: string): string {
  return text.replace(/[{}]/g, (brace) => (brace === '{' ? '(' : ')'));
}

function notLaunched(): UserError {
  return new UserError('not-launched', 'No program has been launched in this session.');
}

function unknownRequest(command: string): UserError {
  if (command === '') return new UserError('no-command', 'The request has no `command`.');
  return new UserError('unknown-request', `Trapline does not know the request \`${command}\`.`);
}

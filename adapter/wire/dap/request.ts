// request.ts: what every DAP request's file looks like, and what it may use.
//
// One file per request under requests/, with the capability it stands for beside it. A handler answers its
// response's body, throws UserError for the person's mistakes, and may answer later with a promise.

import type { DebugProtocol } from '@vscode/debugprotocol';
import type { DebugSession } from '../../session/debug-session';
import type { Engine } from '../../session/engine';
import type { Arguments } from './arguments';
import type { LocationReferences } from './location-references';
import type { Places } from './places';
import type { Sources } from './sources';

export interface RequestContext {
  readonly engine: Engine;
  /** Throws UserError where nothing has been launched. */
  readonly session: DebugSession;
  readonly places: Places;
  readonly sources: Sources;
  readonly locationReferences: LocationReferences;
  readonly capabilities: DebugProtocol.Capabilities;
  /** From `initialize`. */
  greet(client: Arguments): void;
  launch(configuration: Readonly<Record<string, unknown>>): void;
  /** The request with that number is not wanted any more, if it still waits for its answer. */
  cancelRequest(seq: number): void;
  sendEvent(event: string, body?: unknown): void;
  /** The editor goes: nothing more is sent after the response. */
  close(): void;
}

export interface RequestHandler {
  readonly command: string;
  readonly capabilities?: DebugProtocol.Capabilities;
  run(args: Arguments, context: RequestContext): unknown;
  /** Of one that answers later: its answer, which comes all the same, need not be what was asked for. */
  cancel?(context: RequestContext): void;
}

/** `format: { hex: true }` of several requests. */
export function wantsHex(args: Arguments): boolean {
  return args.object('format').boolean('hex');
}

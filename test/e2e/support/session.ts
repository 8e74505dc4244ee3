// session.ts: what a person does in an editor, as a test says it.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { DapClient } from './dap-client';
import type { Stopped } from './dap-client';
import type { Compiled } from './compiled';

export interface WatchAnswer {
  readonly id?: number;
  readonly verified: boolean;
  readonly message?: string;
  readonly reason?: string;
}

export interface WatchWish {
  readonly dataId: string;
  readonly accessType?: 'read' | 'write' | 'readWrite';
  readonly condition?: string;
  readonly hitCondition?: string;
}

/** A client with the usual steps. Close it in `afterEach`. */
export class Person {
  readonly client: DapClient;
  thread = 0;

  constructor(args?: readonly string[]) {
    this.client = new DapClient(args);
  }

  async launch(program: string, more: object = {}): Promise<void> {
    await this.client.request('initialize', { adapterID: 'trapline', supportsVariablePaging: true });
    await this.client.request('launch', { program, ...more });
    await this.client.event('initialized');
  }

  /** Launches with breakpoints on marked lines and runs to the first stop. */
  async runTo(compiled: Compiled, markers: readonly string[], more: object = {}): Promise<Stopped> {
    await this.launch(compiled.program, more);
    await this.breakAt(compiled, markers);
    return this.begin();
  }

  async breakAt(compiled: Compiled, markers: readonly string[]): Promise<DebugProtocol.Breakpoint[]> {
    const breakpoints = markers.map((marker) => ({ line: compiled.line(marker) }));
    const body = await this.client.request('setBreakpoints', { source: { path: compiled.source }, breakpoints });
    return body.breakpoints as DebugProtocol.Breakpoint[];
  }

  async begin(): Promise<Stopped> {
    await this.client.request('configurationDone');
    return this.stop();
  }

  async stop(): Promise<Stopped> {
    const stopped = await this.client.stopped();
    this.thread = stopped.threadId;
    return stopped;
  }

  async continue(): Promise<Stopped> {
    await this.client.request('continue', { threadId: this.thread });
    return this.stop();
  }

  async step(command: 'next' | 'stepIn' | 'stepOut', granularity?: string): Promise<Stopped> {
    await this.client.request(command, {
      threadId: this.thread,
      ...(granularity === undefined ? {} : { granularity }),
    });
    return this.stop();
  }

  /** Continues until the program ends; its exit code. */
  async toTheEnd(): Promise<number> {
    await this.client.request('continue', { threadId: this.thread });
    return this.end();
  }

  async end(): Promise<number> {
    const { exitCode } = await this.client.event('exited');
    await this.client.event('terminated');
    return Number(exitCode);
  }

  async frames(): Promise<DebugProtocol.StackFrame[]> {
    const body = await this.client.request('stackTrace', { threadId: this.thread, startFrame: 0, levels: 20 });
    return body.stackFrames as DebugProtocol.StackFrame[];
  }

  async top(): Promise<DebugProtocol.StackFrame> {
    const frame = (await this.frames()).at(0);
    if (frame === undefined) throw new Error('no frame');
    return frame;
  }

  async scope(name: string, frameId?: number): Promise<number> {
    const body = await this.client.request('scopes', { frameId: frameId ?? (await this.top()).id });
    const scope = (body.scopes as DebugProtocol.Scope[]).find((each) => each.name === name);
    if (scope === undefined) throw new Error(`no scope ${name}`);
    return scope.variablesReference;
  }

  async children(variablesReference: number, more: object = {}): Promise<DebugProtocol.Variable[]> {
    const body = await this.client.request('variables', { variablesReference, ...more });
    return body.variables as DebugProtocol.Variable[];
  }

  async child(variablesReference: number, name: string): Promise<DebugProtocol.Variable> {
    const all = await this.children(variablesReference);
    const found = all.find((variable) => variable.name === name);
    if (found === undefined) throw new Error(`no ${name} among ${all.map((each) => each.name).join(' ')}`);
    return found;
  }

  async evaluate(expression: string, context = 'watch'): Promise<string> {
    const body = await this.client.request('evaluate', { expression, context, frameId: (await this.top()).id });
    return String(body.result);
  }

  /** Right click in Variables. */
  async infoOfChild(
    variablesReference: number,
    name: string,
  ): Promise<DebugProtocol.DataBreakpointInfoResponse['body']> {
    return (await this.client.request('dataBreakpointInfo', {
      variablesReference,
      name,
    })) as unknown as DebugProtocol.DataBreakpointInfoResponse['body'];
  }

  /** From the Watch view; without a frame only globals. */
  async info(name: string, more: object = {}): Promise<DebugProtocol.DataBreakpointInfoResponse['body']> {
    const body = await this.client.request('dataBreakpointInfo', { name, ...more });
    return body as unknown as DebugProtocol.DataBreakpointInfoResponse['body'];
  }

  async idOf(name: string, more: object = {}): Promise<string> {
    const { dataId, description } = await this.info(name, more);
    if (dataId === null) throw new Error(`${name} cannot be watched: ${description}`);
    return dataId;
  }

  async idInFrame(name: string): Promise<string> {
    return this.idOf(name, { frameId: (await this.top()).id });
  }

  async watch(...wishes: WatchWish[]): Promise<WatchAnswer[]> {
    const body = await this.client.request('setDataBreakpoints', { breakpoints: wishes });
    return body.breakpoints as WatchAnswer[];
  }

  async close(): Promise<void> {
    await this.client.close();
  }
}

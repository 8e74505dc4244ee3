// demand.ts: a session on demands.c, and what the demands ask of it in few words.

import assert from 'node:assert/strict';
import type { DebugRegisterMap } from '../../../adapter/protocol/debug-register-map';
import type { WatchChange, WatchHistory, WatchPlan, WatchSpec, WatchView } from '../../../adapter/protocol/watches';
import { compile } from '../support/compiled';
import type { Compiled } from '../support/compiled';
import { Person } from '../support/session';
import type { WatchAnswer } from '../support/session';

let compiled: Compiled | undefined;

/** demands.c, compiled once. */
export function demands(): Compiled {
  compiled ??= compile('demands');
  return compiled;
}

/** A person who debugs it. Close it in `afterEach`. */
export class Demander extends Person {
  private readonly source = demands();
  readonly program = this.source.program;

  async start(marker = 'start', more: object = {}): Promise<void> {
    await this.runTo(this.source, [marker], more);
    await this.breakAt(this.source, []);
  }

  async slots(): Promise<DebugRegisterMap['slots']> {
    return (await this.map()).slots;
  }

  async map(): Promise<DebugRegisterMap> {
    return (await this.client.request('trapline/debugRegisters')) as unknown as DebugRegisterMap;
  }

  async add(spec: WatchSpec): Promise<WatchView> {
    return (await this.client.request('trapline/addWatch', spec)) as unknown as WatchView;
  }

  async change(change: WatchChange): Promise<WatchView> {
    return (await this.client.request('trapline/changeWatch', change)) as unknown as WatchView;
  }

  async plan(spec: WatchSpec): Promise<WatchPlan> {
    return (await this.client.request('trapline/planWatch', spec)) as unknown as WatchPlan;
  }

  async views(): Promise<WatchView[]> {
    return (await this.client.request('trapline/watches')) as unknown as WatchView[];
  }

  async history(id: number): Promise<WatchHistory> {
    return (await this.client.request('trapline/watchHistory', { id })) as unknown as WatchHistory;
  }

  /** Data breakpoints of these globals, for changes. */
  async watchAll(...names: string[]): Promise<WatchAnswer[]> {
    const ids = await Promise.all(names.map((name) => this.idOf(name)));
    return this.watch(...ids.map((dataId) => ({ dataId, accessType: 'write' as const })));
  }

  /** Goes on to the next stop, which must be that one. */
  async stopsAt(marker: string, description: string): Promise<string> {
    const stop = await this.continue();
    assert.equal(stop.description, description);
    assert.equal((await this.top()).line, this.source.line(marker));
    return stop.text ?? '';
  }

  async runsTo(marker: string): Promise<void> {
    await this.breakAt(this.source, [marker]);
    assert.equal((await this.continue()).reason, 'breakpoint');
    await this.breakAt(this.source, []);
  }

  /** What the editor was told of breakpoints that changed by themselves. */
  told(): { id: number; verified: boolean; message: string }[] {
    return this.client
      .events('breakpoint')
      .map(({ body }) => (body as { breakpoint: { id: number; verified: boolean; message: string } }).breakpoint);
  }
}

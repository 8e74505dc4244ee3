// The main conversations of an editor with the adapter, word by word.

import { compile } from '../support/compiled';
import type { Compiled } from '../support/compiled';
import { Transcript } from './transcript';

describe('transcripts', () => {
  let talk: Transcript;

  beforeEach(() => {
    talk = new Transcript();
  });
  afterEach(async () => {
    await talk.client.close();
  });

  const breakAt = async ({ source, line }: Compiled, ...markers: string[]): Promise<void> => {
    const breakpoints = markers.map((marker) => ({ line: line(marker) }));
    await talk.request('setBreakpoints', { source: { path: source }, breakpoints });
  };
  /** Launches, and goes on to the first breakpoint; the thread that stands there. */
  const runTo = async (compiled: Compiled, ...markers: string[]): Promise<number> => {
    await talk.launch(compiled.program);
    await breakAt(compiled, ...markers);
    await talk.request('configurationDone');
    return Number((await talk.until('stopped')).threadId);
  };
  const goOn = async (threadId: number, event = 'stopped'): Promise<void> => {
    await talk.request('continue', { threadId });
    await talk.until(event);
  };
  const idOf = async (name: string, more: object = {}): Promise<unknown> =>
    (await talk.request('dataBreakpointInfo', { name, ...more }))?.dataId;
  const topFrame = async (threadId: number): Promise<number> => {
    const body = await talk.request('stackTrace', { threadId, startFrame: 0, levels: 1 });
    return (body?.stackFrames as { id: number }[])[0].id;
  };

  it('launch, breakpoint, data breakpoint, stop, end', async () => {
    const thread = await runTo(compile('counter'), 'start');
    const dataId = await idOf('counter');
    await talk.request('setDataBreakpoints', { breakpoints: [{ dataId, accessType: 'write', hitCondition: '3' }] });
    await goOn(thread);
    await topFrame(thread);
    await talk.request('evaluate', { expression: 'counter', context: 'watch' });
    await goOn(thread, 'terminated');
    await talk.request('disconnect');
    await talk.expect('stop-at-change');
  });

  it('the fifth data breakpoint is refused', async () => {
    await runTo(compile('demands'), 'start');
    const breakpoints = [];
    for (const name of ['one', 'two', 'three', 'four', 'five']) breakpoints.push({ dataId: await idOf(name) });
    await talk.request('setDataBreakpoints', { breakpoints });
    await talk.request('setDataBreakpoints', { breakpoints: breakpoints.slice(1) });
    await talk.request('disconnect', { terminateDebuggee: true });
    await talk.expect('fifth-refused');
  });

  it('a local’s data breakpoint ends with its call', async () => {
    const demands = compile('demands');
    const thread = await runTo(demands, 'part');
    const dataId = await idOf('part', { frameId: await topFrame(thread) });
    await talk.request('setDataBreakpoints', { breakpoints: [{ dataId, condition: '$new == 3' }] });
    await breakAt(demands, 'reuse');
    await goOn(thread);
    await goOn(thread);
    await talk.request('disconnect', { terminateDebuggee: true });
    await talk.expect('local-ends');
  });

  it('count and log do not stop', async () => {
    const thread = await runTo(compile('counter'), 'start');
    await talk.request('trapline/addWatch', { expression: 'counter', mode: 'count' });
    await talk.until('breakpoint');
    const logMessage = '{$old} → {$new} at {$location}, hit {$hits}';
    await talk.request('trapline/addWatch', { expression: 'counter', mode: 'log', logMessage });
    await talk.until('breakpoint');
    await goOn(thread, 'terminated');
    await talk.request('trapline/watches');
    await talk.request('disconnect');
    await talk.expect('count-and-log');
  });

  it('pause and terminate', async () => {
    await talk.launch(compile('spin').program);
    await talk.request('configurationDone');
    await talk.request('pause', { threadId: 1000 });
    await talk.until('stopped');
    await talk.request('threads');
    await talk.request('terminate');
    await talk.until('terminated');
    await talk.expect('pause-and-terminate');
  });

  it('a launch that cannot be', async () => {
    await talk.request('initialize', { adapterID: 'trapline' });
    await talk.request('launch', {});
    await talk.request('launch', { program: '/nowhere/server' });
    await talk.request('launch', { program: compile('counter').source });
    await talk.request('continue', { threadId: 1 });
    await talk.request('setDataBreakpoints', { breakpoints: [] });
    await talk.request('disconnect');
    await talk.expect('bad-launch');
  });
});

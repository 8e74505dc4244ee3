// setBreakpoints: all breakpoints of one source, with conditions, hit conditions and log messages.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { breakpointOut, conditionsIn } from '../breakpoints';
import type { RequestHandler } from '../request';

export const setBreakpoints: RequestHandler = {
  command: 'setBreakpoints',
  capabilities: {
    supportsConditionalBreakpoints: true,
    supportsHitConditionalBreakpoints: true,
    supportsLogPoints: true,
  },
  async run(args, { session, places, sources }): Promise<DebugProtocol.SetBreakpointsResponse['body']> {
    const source = args.object('source');
    const reference = source.optionalNumber('sourceReference') ?? 0;
    const path = sources.pathOf(reference) ?? places.pathIn(source.string('path'));
    const wishes = args.list('breakpoints').map((entry) => ({
      line: places.lineIn(entry.number('line')),
      ...conditionsIn(entry),
    }));
    const views = await session.setLineBreakpoints(path, wishes);
    return { breakpoints: views.map((view) => breakpointOut(view, places, sources)) };
  },
};

// setFunctionBreakpoints: all breakpoints on functions, by name.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { breakpointOut, conditionsIn } from '../breakpoints';
import type { RequestHandler } from '../request';

export const setFunctionBreakpoints: RequestHandler = {
  command: 'setFunctionBreakpoints',
  capabilities: { supportsFunctionBreakpoints: true },
  async run(args, { session, places, sources }): Promise<DebugProtocol.SetFunctionBreakpointsResponse['body']> {
    const wishes = args
      .list('breakpoints')
      .map((entry) => ({ name: entry.string('name').trim(), ...conditionsIn(entry) }));
    const views = await session.setFunctionBreakpoints(wishes);
    return { breakpoints: views.map((view) => breakpointOut(view, places, sources)) };
  },
};

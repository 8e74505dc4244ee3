// setInstructionBreakpoints: all breakpoints by address, from the disassembly view.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { parseAddress } from '../addresses';
import { breakpointOut, conditionsIn } from '../breakpoints';
import type { RequestHandler } from '../request';

export const setInstructionBreakpoints: RequestHandler = {
  command: 'setInstructionBreakpoints',
  capabilities: { supportsInstructionBreakpoints: true },
  async run(args, { session, places, sources }): Promise<DebugProtocol.SetInstructionBreakpointsResponse['body']> {
    const wishes = args.list('breakpoints').map((entry) => ({
      address:
        parseAddress(entry.string('instructionReference')) + BigInt(Math.trunc(entry.optionalNumber('offset') ?? 0)),
      ...conditionsIn(entry),
    }));
    const views = await session.setInstructionBreakpoints(wishes);
    return { breakpoints: views.map((view) => breakpointOut(view, places, sources)) };
  },
};

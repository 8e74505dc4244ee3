// dataBreakpointInfo: can this be watched, and by which id?
//
// Three ways to ask: a child of a variables reference; an expression, with or without a frame; an address with a
// number of bytes. The mode (stop, count, log) goes into the id. An editor never shows why an address is refused, so that is an error; for a variable it hides the
// menu, and the reason is the description.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { UserError } from '../../../util/user-error';
import type { WatchOffer } from '../../../watch/watch-offer';
import { parseAddress } from '../addresses';
import type { Arguments } from '../arguments';
import type { RequestContext, RequestHandler } from '../request';
import { optionalMode } from '../watch-arguments';

const BREAKPOINT_MODES: DebugProtocol.BreakpointMode[] = [
  { mode: 'stop', label: 'Stop', description: 'The program stops.', appliesTo: ['data'] },
  { mode: 'count', label: 'Count', description: 'The program goes on; hits are counted.', appliesTo: ['data'] },
  { mode: 'log', label: 'Log', description: 'The program goes on; a line is written per hit.', appliesTo: ['data'] },
];

export const dataBreakpointInfo: RequestHandler = {
  command: 'dataBreakpointInfo',
  capabilities: { supportsDataBreakpoints: true, supportsDataBreakpointBytes: true, breakpointModes: BREAKPOINT_MODES },
  async run(args, context): Promise<DebugProtocol.DataBreakpointInfoResponse['body']> {
    const mode = optionalMode(args, 'mode');
    const offer = await offerFor(args, context);
    if (offer.kind === 'none') return { dataId: null, description: offer.why };
    return {
      // The protocol's breakpoint has no mode of its own: the id carries it.
      dataId: context.session.watchIds.print(offer.target, { mode }),
      description: offer.description,
      accessTypes: ['read', 'write', 'readWrite'],
      canPersist: offer.canPersist,
    };
  },
};

async function offerFor(args: Arguments, { session }: RequestContext): Promise<WatchOffer> {
  const name = args.string('name');
  const bytes = args.optionalNumber('bytes');
  if (args.boolean('asAddress')) return session.offerForAddress(parseAddress(name), bytes ?? 1);
  const reference = args.optionalNumber('variablesReference') ?? 0;
  try {
    if (reference > 0) return await session.offerForChild(reference, name);
    return await session.offerForExpression(name, args.optionalNumber('frameId'), bytes);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { kind: 'none', why: error.message };
  }
}

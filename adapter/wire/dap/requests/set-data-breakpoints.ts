// setDataBreakpoints: the whole list of watches; each answer stands where its wish stood.

import type { DebugProtocol } from '@vscode/debugprotocol';
import type { EditorWish } from '../../../session/watch-desk';
import { UserError } from '../../../util/user-error';
import type { WatchAccessWish } from '../../../watch/watch';
import type { Arguments } from '../arguments';
import { breakpointOut, conditionsIn } from '../breakpoints';
import type { RequestContext, RequestHandler } from '../request';

export const setDataBreakpoints: RequestHandler = {
  command: 'setDataBreakpoints',
  async run(args, context): Promise<DebugProtocol.SetDataBreakpointsResponse['body']> {
    const wishes = args.list('breakpoints').map((entry) => wishOf(entry, context));
    const views = await context.session.setWatches(wishes);
    return { breakpoints: views.map((view) => breakpointOut(view, context.places, context.sources)) };
  },
};

function wishOf(entry: Arguments, { session }: RequestContext): EditorWish {
  const key = entry.string('dataId');
  try {
    const { target, threads, access, mode } = session.watchIds.parse(key);
    const { condition, hitCondition, logMessage } = conditionsIn(entry);
    const shown = mode ?? (logMessage === undefined ? undefined : 'log');
    return {
      key,
      target,
      threads,
      access: accessOf(entry.optionalString('accessType'), access),
      ...(condition === undefined ? {} : { condition }),
      ...(hitCondition === undefined ? {} : { hitCondition }),
      ...(logMessage === undefined ? {} : { logMessage }),
      ...(shown === undefined ? {} : { mode: shown }),
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { key, trouble: error.message };
  }
}

function unknownAccess(type: string): UserError {
  return new UserError(
    'watch.unknownAccess',
    `"${type}" is no access type of data breakpoints: they are read, write and readWrite.`,
  );
}

/** The label of the protocol's `write` is "Break on Value Change"; an id may ask for every write. */
function accessOf(type: string | undefined, own: WatchAccessWish | undefined): WatchAccessWish {
  if (type === 'read') return 'read';
  if (type === 'readWrite') return 'access';
  if (type !== undefined && type !== 'write') throw unknownAccess(type);
  return type === undefined ? (own ?? 'change') : own === 'write' ? 'write' : 'change';
}

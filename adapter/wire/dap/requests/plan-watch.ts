// trapline/planWatch: what a watch would cost; arms nothing. Our own request.

import { PLAN_WATCH_REQUEST } from '../../../protocol/watches';
import type { RequestHandler } from '../request';
import { readWatchSpec } from '../watch-arguments';

export const planWatch: RequestHandler = {
  command: PLAN_WATCH_REQUEST,
  run(args, { session }) {
    return session.planWatch(readWatchSpec(args));
  },
};

// trapline/watchHistory: the last accesses of a watch, and where all came from. Our own request; also while the program
// runs.

import { WATCH_HISTORY_REQUEST } from '../../../protocol/watches';
import type { RequestHandler } from '../request';

export const watchHistory: RequestHandler = {
  command: WATCH_HISTORY_REQUEST,
  run(args, { session }) {
    return session.watchHistory(args.number('id'), args.optionalNumber('last'));
  },
};

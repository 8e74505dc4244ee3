// trapline/addWatch: one watch more, beside the editor's list. Our own request.

import { ADD_WATCH_REQUEST } from '../../../protocol/watches';
import type { RequestHandler } from '../request';
import { readWatchSpec } from '../watch-arguments';

export const addWatch: RequestHandler = {
  command: ADD_WATCH_REQUEST,
  run(args, { session }) {
    return session.addWatch(readWatchSpec(args));
  },
};

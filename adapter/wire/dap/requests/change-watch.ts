// trapline/changeWatch: another access, mode, condition, … for one watch, whoever set it. Our own request.

import { CHANGE_WATCH_REQUEST } from '../../../protocol/watches';
import type { RequestHandler } from '../request';
import { readWatchChange } from '../watch-arguments';

export const changeWatch: RequestHandler = {
  command: CHANGE_WATCH_REQUEST,
  run(args, { session }) {
    return session.changeWatch(readWatchChange(args));
  },
};

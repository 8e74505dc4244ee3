// trapline/removeWatch: takes one watch away, whoever set it. Our own request.

import { REMOVE_WATCH_REQUEST } from '../../../protocol/watches';
import type { RequestHandler } from '../request';

export const removeWatch: RequestHandler = {
  command: REMOVE_WATCH_REQUEST,
  run(args, { session }) {
    return session.removeWatch(args.number('id'));
  },
};

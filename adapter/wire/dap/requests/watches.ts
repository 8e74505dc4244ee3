// trapline/watches: all watches, the editor's and our own. Our own request; also while the program runs.

import { WATCHES_REQUEST } from '../../../protocol/watches';
import type { RequestHandler } from '../request';

export const watches: RequestHandler = {
  command: WATCHES_REQUEST,
  run(_args, { session }) {
    // The answer is the list itself.
    return session.watches();
  },
};

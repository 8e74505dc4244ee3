// pause: all threads stop; `stopped` follows.

import type { RequestHandler } from '../request';

export const pause: RequestHandler = {
  command: 'pause',
  run(_args, { session }) {
    session.execution.pause();
    return undefined;
  },
};

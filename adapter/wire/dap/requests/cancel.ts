// cancel: what takes long, and is shown as such, is called off. Requests are answered at once and cannot be.

import type { RequestHandler } from '../request';

export const cancel: RequestHandler = {
  command: 'cancel',
  capabilities: { supportsCancelRequest: true },
  run(args, { session }) {
    if (args.optionalString('progressId') !== undefined) session.execution.cancelTravel();
    return undefined;
  },
};

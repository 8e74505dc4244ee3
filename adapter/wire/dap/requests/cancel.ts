// cancel: what takes long is called off, by the number of its request or by the progress that shows it.
//
// Requests that are answered at once cannot be: then nothing is done.

import { progressNumber } from '../event-writer';
import type { RequestHandler } from '../request';

export const cancel: RequestHandler = {
  command: 'cancel',
  capabilities: { supportsCancelRequest: true },
  run(args, context) {
    const progressId = args.optionalString('progressId');
    if (progressId !== undefined) context.session.execution.cancelTravel(progressNumber(progressId));
    const requestId = args.optionalNumber('requestId');
    if (requestId !== undefined) context.cancelRequest(requestId);
    return undefined;
  },
};

// trapline/goBack: back in time to an access of a watch. Our own request; answers when the program stands there.

import { GO_BACK_REQUEST } from '../../../protocol/watches';
import type { RequestHandler } from '../request';

export const goBack: RequestHandler = {
  command: GO_BACK_REQUEST,
  run(args, { session }) {
    return session.execution.goBack(args.number('id'), args.optionalNumber('sequence'));
  },
  cancel({ session }) {
    session.execution.cancelTravel();
  },
};

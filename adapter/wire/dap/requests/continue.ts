// continue: all threads go on.

import type { DebugProtocol } from '@vscode/debugprotocol';
import type { RequestHandler } from '../request';

export const continueRequest: RequestHandler = {
  command: 'continue',
  run(_args, { session }): DebugProtocol.ContinueResponse['body'] {
    session.execution.continue();
    return { allThreadsContinued: true };
  },
};

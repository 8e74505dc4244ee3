// endings: terminate ends the program; disconnect ends the session, and the program with it.

import type { RequestHandler } from '../request';

export const terminate: RequestHandler = {
  command: 'terminate',
  capabilities: { supportsTerminateRequest: true },
  run(_args, { session }) {
    session.execution.end();
    return undefined;
  },
};

export const disconnect: RequestHandler = {
  command: 'disconnect',
  run(_args, context) {
    context.close();
    return undefined;
  },
};

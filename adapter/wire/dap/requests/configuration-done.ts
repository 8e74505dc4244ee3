// configurationDone: the breakpoints are set: the program runs.

import type { RequestHandler } from '../request';

export const configurationDone: RequestHandler = {
  command: 'configurationDone',
  capabilities: { supportsConfigurationDoneRequest: true },
  run(_args, context) {
    context.session.execution.begin();
    return undefined;
  },
};

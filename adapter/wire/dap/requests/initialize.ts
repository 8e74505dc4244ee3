// initialize: the editor introduces itself; we answer what we can.

import type { RequestHandler } from '../request';

export const initialize: RequestHandler = {
  command: 'initialize',
  capabilities: {
    supportsValueFormattingOptions: true,
    supportsInvalidatedEvent: true,
    supportsMemoryEvent: true,
  } as object,
  run(args, context) {
    context.greet(args);
    return context.capabilities;
  },
};

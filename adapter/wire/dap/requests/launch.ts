// launch: loads the program and its symbols; it runs after configurationDone. Event `initialized` follows.

import type { RequestHandler } from '../request';

export const launch: RequestHandler = {
  command: 'launch',
  run(args, context) {
    context.launch(args.raw);
    context.sendEvent('initialized');
    return undefined;
  },
};

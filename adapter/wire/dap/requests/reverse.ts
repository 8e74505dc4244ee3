// reverseContinue, stepBack: back in time, as the editor's own buttons ask for it.
//
// The editor takes the program for running from the answer on, so that a way back that leads nowhere ends in a stop that
// says so.

import type { RequestHandler } from '../request';

export const reverseContinue: RequestHandler = {
  command: 'reverseContinue',
  capabilities: { supportsStepBack: true },
  run(_args, { session }) {
    session.execution.reverse();
    return undefined;
  },
};

export const stepBack: RequestHandler = {
  command: 'stepBack',
  run(args, { session }) {
    session.execution.stepBack(args.number('threadId'), args.optionalString('granularity') === 'instruction');
    return undefined;
  },
};

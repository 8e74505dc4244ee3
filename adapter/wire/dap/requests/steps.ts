// steps: next, stepIn, stepOut: by lines, or by instructions where the editor asks so.

import type { StepKind } from '../../../session/stepper';
import type { RequestHandler } from '../request';

function step(command: string, kind: StepKind): RequestHandler {
  return {
    command,
    run(args, { session }) {
      session.execution.step(args.number('threadId'), kind, args.optionalString('granularity') === 'instruction');
      return undefined;
    },
  };
}

export const next: RequestHandler = { ...step('next', 'over'), capabilities: { supportsSteppingGranularity: true } };
export const stepIn: RequestHandler = step('stepIn', 'into');
export const stepOut: RequestHandler = step('stepOut', 'out');

// exceptionInfo: the signal at which the program stands.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { UserError } from '../../../util/user-error';
import type { RequestHandler } from '../request';

export const exceptionInfo: RequestHandler = {
  command: 'exceptionInfo',
  capabilities: { supportsExceptionInfoRequest: true },
  run(_args, { session }): DebugProtocol.ExceptionInfoResponse['body'] {
    const signal = session.exceptionInfo();
    if (signal === undefined) throw new UserError('no-signal', 'The program does not stand at a signal.');
    return { exceptionId: signal.name, description: signal.text, breakMode: 'always' };
  },
};

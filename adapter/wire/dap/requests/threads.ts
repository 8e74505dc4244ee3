// threads: answered while the program runs, too.

import type { DebugProtocol } from '@vscode/debugprotocol';
import type { RequestHandler } from '../request';

export const threads: RequestHandler = {
  command: 'threads',
  run(_args, { session }): DebugProtocol.ThreadsResponse['body'] {
    return { threads: session.threads().map(({ id, name }) => ({ id, name: name === '' ? `thread ${id}` : name })) };
  },
};

// scopes: what can be looked at in a frame.

import type { DebugProtocol } from '@vscode/debugprotocol';
import type { RequestHandler } from '../request';

export const scopes: RequestHandler = {
  command: 'scopes',
  run(args, { session }): DebugProtocol.ScopesResponse['body'] {
    return {
      scopes: session.scopes(args.number('frameId')).map(({ name, hint, reference, named, expensive }) => ({
        name,
        ...(hint === 'globals' ? {} : { presentationHint: hint }),
        variablesReference: reference,
        ...(named > 0 ? { namedVariables: named } : {}),
        expensive,
      })),
    };
  },
};

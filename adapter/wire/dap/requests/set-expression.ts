// setExpression: writes what an expression names, from the Watch view.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { wantsHex } from '../request';
import type { RequestHandler } from '../request';
import { evaluatedOut } from '../values';

export const setExpression: RequestHandler = {
  command: 'setExpression',
  capabilities: { supportsSetExpression: true },
  async run(args, context): Promise<DebugProtocol.SetExpressionResponse['body']> {
    const view = await context.session.setExpression(
      args.string('expression'),
      args.string('value'),
      args.optionalNumber('frameId'),
      wantsHex(args),
    );
    context.sendEvent('invalidated', { areas: ['variables'] });
    return { value: view.value, ...evaluatedOut(view) };
  },
};

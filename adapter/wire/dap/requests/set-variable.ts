// setVariable: writes a child of a scope or a value.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { wantsHex } from '../request';
import type { RequestHandler } from '../request';
import { evaluatedOut } from '../values';

export const setVariable: RequestHandler = {
  command: 'setVariable',
  capabilities: { supportsSetVariable: true },
  run(args, context): DebugProtocol.SetVariableResponse['body'] {
    const reference = args.number('variablesReference');
    const view = context.session.setVariable(reference, args.string('name'), args.string('value'), wantsHex(args));
    context.sendEvent('invalidated', { areas: ['variables'] });
    return { value: view.value, ...evaluatedOut(view) };
  },
};

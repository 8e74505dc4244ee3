// evaluate: expressions of the Watch view, hovers, the debug console and the clipboard.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { wantsHex } from '../request';
import type { RequestHandler } from '../request';
import { evaluatedOut } from '../values';

export const evaluate: RequestHandler = {
  command: 'evaluate',
  capabilities: { supportsEvaluateForHovers: true, supportsClipboardContext: true },
  async run(args, context): Promise<DebugProtocol.EvaluateResponse['body']> {
    const expression = args.string('expression');
    const view = await context.session.evaluate(expression, args.optionalNumber('frameId'), wantsHex(args));
    const mayHaveWritten = args.optionalString('context') === 'repl' && expression.includes('=');
    if (mayHaveWritten) context.sendEvent('invalidated', { areas: ['variables'] });
    return { result: view.value, ...evaluatedOut(view) };
  },
};

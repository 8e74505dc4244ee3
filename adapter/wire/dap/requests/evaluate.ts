// evaluate: expressions of the Watch view, hovers, the debug console and the clipboard.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { wantsHex } from '../request';
import type { RequestHandler } from '../request';
import { evaluatedOut } from '../values';

/** A variable may say where it is declared; we say so of expressions, too. */
type EvaluateBody = DebugProtocol.EvaluateResponse['body'] &
  Pick<DebugProtocol.Variable, 'declarationLocationReference'>;

export const evaluate: RequestHandler = {
  command: 'evaluate',
  capabilities: { supportsEvaluateForHovers: true, supportsClipboardContext: true },
  async run(args, context): Promise<EvaluateBody> {
    const expression = args.string('expression');
    const frameId = args.optionalNumber('frameId');
    const { session } = context;
    // Only what the person types is a command: a hover or a watch expression never is.
    const isTyped = args.optionalString('context') === 'repl';
    const view = await (isTyped
      ? session.enter(expression, frameId, wantsHex(args))
      : session.evaluate(expression, frameId, wantsHex(args)));
    const declaration = session.declarationOf(expression, frameId);
    const mayHaveWritten = isTyped && expression.includes('=');
    if (mayHaveWritten) context.sendEvent('invalidated', { areas: ['variables'] });
    return {
      result: view.value,
      ...evaluatedOut(view),
      ...(declaration === undefined
        ? {}
        : { declarationLocationReference: context.locationReferences.referenceOf(declaration) }),
    };
  },
};

// variables: the children of a scope or a value, paged.

import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Page, VariableView } from '../../../session/variables';
import type { Arguments } from '../arguments';
import { wantsHex } from '../request';
import type { RequestHandler } from '../request';

/** What an editor gets that does not page. */
const MOST = 10_000;

export const variables: RequestHandler = {
  command: 'variables',
  capabilities: { supportsVariableType: true, supportsVariablePaging: true } as object,
  run(args, { session }): DebugProtocol.VariablesResponse['body'] {
    const views = session.variables(args.number('variablesReference'), pageOf(args), wantsHex(args));
    return { variables: views.map(variableOut) };
  },
};

function pageOf(args: Arguments): Page {
  const start = Math.max(args.optionalNumber('start') ?? 0, 0);
  const count = args.optionalNumber('count') ?? 0;
  const filter = args.optionalString('filter');
  const page = { start, count: count > 0 ? count : MOST };
  return filter === 'indexed' || filter === 'named' ? { ...page, kind: filter } : page;
}

function variableOut(view: VariableView): DebugProtocol.Variable {
  const { name, value, type, reference, named, indexed, evaluateName, memoryReference, readOnly } = view;
  return {
    name,
    value,
    ...(type === undefined ? {} : { type }),
    variablesReference: reference,
    ...(named > 0 ? { namedVariables: named } : {}),
    ...(indexed > 0 ? { indexedVariables: indexed } : {}),
    ...(evaluateName === undefined ? {} : { evaluateName }),
    ...(memoryReference === undefined ? {} : { memoryReference }),
    ...(readOnly ? { presentationHint: { attributes: ['readOnly'] } } : {}),
  };
}

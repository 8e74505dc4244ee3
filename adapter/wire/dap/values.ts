// values.ts: a value as the answers to evaluate, setVariable and setExpression share it.

import type { VariableView } from '../../session/variables';

export function evaluatedOut(view: VariableView) {
  return {
    ...(view.type === undefined ? {} : { type: view.type }),
    variablesReference: view.reference,
    ...(view.named > 0 ? { namedVariables: view.named } : {}),
    ...(view.indexed > 0 ? { indexedVariables: view.indexed } : {}),
    ...(view.memoryReference === undefined ? {} : { memoryReference: view.memoryReference }),
  };
}

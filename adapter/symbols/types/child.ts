// child.ts: a part of a value as a tree shows it.

import type { Value } from '../program-symbols';
import type { Step } from './evaluate-name';

export interface Child {
  /** As the tree shows it: `x`, `[3]`, `*p`. */
  readonly name: string;
  readonly value: Value;
  /** How an expression gets here from the parent (see evaluate-name.ts). */
  readonly step: Step;
}

// watch-names.ts: what a watch is for, where another program has taken the place of its own.

import { assertNever } from '../util/assert';
import type { WatchTarget } from './watch-target';

/** It is found by names alone: another program may have them, too. Else it is memory of the one that it was set in. */
export function isOfAnyProgram(target: WatchTarget): boolean {
  switch (target.kind) {
    case 'global':
    case 'awaited':
    case 'eachCall':
      return true;
    case 'local':
      return false;
    case 'threadLocal':
      return target.thread === undefined;
    case 'through':
      return target.call === undefined;
    case 'address':
      return target.anchor !== undefined;
    default:
      return assertNever(target);
  }
}

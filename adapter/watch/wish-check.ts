// wish-check.ts: what is wrong with a wish before anything is armed: texts that could never be understood.

import { UserError } from '../util/user-error';
import { parseHitCondition } from './hit-condition';
import type { WatchWish } from './watch';

/** The sentence, or undefined where nothing is wrong. */
export function wishTrouble(wish: WatchWish): string | undefined {
  if (wish.hitCondition === undefined) return undefined;
  try {
    parseHitCondition(wish.hitCondition);
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.message;
  }
}

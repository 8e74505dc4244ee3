// change-text.ts: what a watched place was and became, so that the two never read the same where they differ.

import type { ChangeText } from '../symbols/program-symbols';
import type { Watch } from '../watch/watch';
import { valueOf } from '../watch/watch-judge';
import type { Debuggee } from './debuggee';

/** All bytes of the watch's place, before and after. */
export interface ChangedBytes {
  readonly old: Uint8Array;
  readonly new: Uint8Array;
  /** At the stop itself: what the value leads to is as it was then. */
  readonly isPresent?: boolean;
}

/** The part that changed, with its name: `cfg.items[3].price`, `4`, `5`. */
export function changeText(watch: Watch, bytes: ChangedBytes, { symbols, memory }: Debuggee): ChangeText {
  const old = valueOf(watch, bytes.old, symbols);
  const now = valueOf(watch, bytes.new, symbols);
  const { place, label } = watch;
  const change = { old, now, isPresent: bytes.isPresent === true };
  return symbols.formatChange(label, place === undefined ? change : { ...change, address: place.address }, memory);
}

/** The same where the watch's own name stands elsewhere: `items[3].price = 4`. */
export function changeValues(
  watch: Watch,
  bytes: ChangedBytes,
  debuggee: Debuggee,
): { readonly oldValue: string; readonly newValue: string } {
  const { path, old, new: now } = changeText(watch, bytes, debuggee);
  const named = (text: string): string => (path === '' ? text : `${path} = ${text}`);
  return { oldValue: named(old), newValue: named(now) };
}

// stop-text.ts: how a stop is told in words: `counter: 41 → 42`, and who wrote where.

import type { SourceLocation } from '../symbols/program-symbols';
import type { SignalInfo, ThreadId } from '../target/target';
import { changeText } from './change-text';
import { conditionTroubleText } from './code-breakpoints';
import type { Debuggee } from './debuggee';
import { SIGNAL_MEANINGS } from './signals.table';
import { unwindAfterAccess } from './stack';
import { partText } from '../watch/hit-part';
import { valueOf } from '../watch/watch-judge';
import type { WatchStop } from '../watch/watch-judge';
import { baseName } from '../util/base-name';

/** Frames of a library that a writer may be under. */
const CALLERS_SEEN = 32;

/** The label: variable, old and new value, or what happened to it. */
export function watchDescription(stop: WatchStop, debuggee: Debuggee): string {
  if (stop.changed) {
    const change = changeText(stop.watch, { old: stop.old, new: stop.new, isPresent: true }, debuggee);
    return `${change.label}: ${change.old} → ${change.new}`;
  }
  const { symbols, memory } = debuggee;
  const now = symbols.format(valueOf(stop.watch, stop.new, symbols), memory);
  return `${stop.watch.label}: ${now} (${stop.access === 'read' ? 'read' : 'written, unchanged'})`;
}

/** The detail: the access, the thread, the function, file and line of the instruction that did it. */
export function watchDetail(stop: WatchStop, debuggee: Debuggee): string {
  const what = stop.access === 'read' ? 'read by' : 'written by';
  const call = stop.systemCall === undefined ? '' : `${stop.systemCall}, `;
  const part = stop.watch.place === undefined ? undefined : partText(stop.watch.place, stop.touched);
  const who = `${part === undefined ? '' : `${part} `}${what} ${call}${threadText(stop.thread, debuggee)} ${whereText(stop.instruction, debuggee)}`;
  const caller = debuggee.symbols.locationOf(stop.instruction) === undefined ? callerText(stop, debuggee) : '';
  return `${who}${caller}`;
}

/** Within a library: the innermost frame that the person has lines of. */
function callerText(stop: WatchStop, debuggee: Debuggee): string {
  const frames = unwindAfterAccess(debuggee, stop.thread, stop.instruction, CALLERS_SEEN);
  const own = frames.find(({ location }) => location !== undefined);
  if (own?.location === undefined) return '';
  return `, called from ${own.function?.name ?? debuggee.codeName(own.lookupPc)} at ${placeText(own.location)}`;
}

export function watchTrouble(stop: WatchStop): string | undefined {
  if (stop.trouble === undefined) return undefined;
  return conditionTroubleText(stop.watch.wish.condition ?? '', stop.trouble);
}

export function threadText(thread: ThreadId, debuggee: Debuggee): string {
  const name = debuggee.threadName(thread);
  return name === '' ? `thread ${thread}` : `thread ${thread} "${name}"`;
}

/** `in bump at race.c:12`, as far as it is known. */
export function whereText(pc: bigint, debuggee: Debuggee): string {
  const name = debuggee.codeName(pc);
  const at = debuggee.symbols.locationOf(pc);
  return at === undefined ? `in ${name}` : `in ${name} at ${placeText(at)}`;
}

export function placeText(at: SourceLocation): string {
  return `${baseName(at.path)}:${at.line}`;
}

export function signalDescription(signal: SignalInfo): string {
  const meaning = SIGNAL_MEANINGS[signal.name];
  return meaning === undefined ? signal.name : `${signal.name}: ${meaning}`;
}

/** A whole sentence. */
export function signalText(signal: SignalInfo): string {
  const what = signalDescription(signal);
  return signal.detail === '' ? what : `${what}; ${signal.detail}`;
}

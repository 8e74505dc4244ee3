// watch-log-text.ts: the line of a watch that logs: its template, with the values of that access.
//
// Names that belong to the access ($old, $new, $location, $writer, $thread, $hits) need no lookup in the program;
// other expressions are evaluated in the frame that accessed. What cannot be evaluated is told in its place.

import { UserError } from '../util/user-error';
import { accessContext } from '../watch/watch-judge';
import type { WatchStop } from '../watch/watch-judge';
import { changeValues } from './change-text';
import type { Debuggee } from './debuggee';
import { parseLogMessage } from '../watch/log-message';
import { unwindAfterAccess } from './stack';
import { placeText, threadText } from './stop-text';

const STANDARD = '{$old} → {$new} at {$location}';

/** One line, without its end. */
export function watchLogText(stop: WatchStop, debuggee: Debuggee): string {
  const { watch } = stop;
  const { logMessage } = watch.wish;
  const parts = parseLogMessage(logMessage ?? STANDARD);
  const text = parts.map((part) => (part.kind === 'text' ? part.text : textOf(part.text, stop, debuggee))).join('');
  return logMessage === undefined ? `${watch.label}: ${text}` : text;
}

function textOf(expression: string, stop: WatchStop, debuggee: Debuggee): string {
  switch (expression) {
    case '$old':
      return shown(stop, debuggee).oldValue;
    case '$new':
      return shown(stop, debuggee).newValue;
    case '$location':
      return locationText(stop.instruction, debuggee);
    case '$writer':
      return stop.systemCall ?? debuggee.codeName(stop.instruction);
    case '$thread':
      return threadText(stop.thread, debuggee);
    case '$hits':
      return String(stop.watch.hits);
    default:
      return evaluated(expression, stop, debuggee);
  }
}

function shown({ watch, old, new: now }: WatchStop, debuggee: Debuggee) {
  return changeValues(watch, { old, new: now, isPresent: true }, debuggee);
}

/** `race.c:12`, or the function where no line is known. */
export function locationText(pc: bigint, debuggee: Debuggee): string {
  const at = debuggee.symbols.locationOf(pc);
  return at === undefined ? debuggee.codeName(pc) : placeText(at);
}

function evaluated(expression: string, stop: WatchStop, debuggee: Debuggee): string {
  try {
    const frame = unwindAfterAccess(debuggee, stop.thread, stop.instruction, 1).at(0);
    const world = { target: debuggee.target, symbols: debuggee.symbols, memory: debuggee.memory };
    const value = debuggee.symbols.evaluate(expression, accessContext(stop, world, frame));
    return value.error === undefined ? debuggee.symbols.format(value, debuggee.memory) : `<${value.error}>`;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return `<${error.message}>`;
  }
}

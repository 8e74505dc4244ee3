// breakpoints.ts: breakpoints as the protocol writes them, and what a request says about them.

import type { DebugProtocol } from '@vscode/debugprotocol';
import type { BreakpointView } from '../../session/session-events';
import type { Arguments } from './arguments';
import type { Places } from './places';
import type { Sources } from './sources';

export function breakpointOut(view: BreakpointView, places: Places, sources: Sources): DebugProtocol.Breakpoint {
  const { id, verified, message, reason, path, line, instruction } = view;
  return {
    ...(id === 0 ? {} : { id }),
    verified,
    ...(message === undefined ? {} : { message }),
    ...(reason === undefined ? {} : { reason }),
    ...(path === undefined ? {} : { source: sources.source(path, true) }),
    ...(line === undefined ? {} : { line: places.lineOut(line) }),
    ...(instruction === undefined ? {} : { instructionReference: instruction }),
  };
}

/** Blank texts count as missing, as editors send them. */
export function conditionsIn(args: Arguments) {
  const [condition, hitCondition, logMessage] = ['condition', 'hitCondition', 'logMessage'].map((name) => {
    const text = args.optionalString(name);
    return text === undefined || text.trim() === '' ? undefined : text;
  });
  return {
    ...(condition === undefined ? {} : { condition }),
    ...(hitCondition === undefined ? {} : { hitCondition }),
    ...(logMessage === undefined ? {} : { logMessage }),
  };
}

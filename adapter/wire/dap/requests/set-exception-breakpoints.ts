// setExceptionBreakpoints: at which signals to stop.

import type { DebugProtocol } from '@vscode/debugprotocol';
import type { RequestHandler } from '../request';

const SERIOUS: DebugProtocol.ExceptionBreakpointsFilter = {
  filter: 'signals',
  label: 'Signals',
  description: 'Stops before a signal like SIGSEGV, SIGABRT or SIGINT is delivered.',
  default: true,
};

const ALL: DebugProtocol.ExceptionBreakpointsFilter = {
  filter: 'allSignals',
  label: 'Ordinary Signals Too',
  description: 'Also stops at SIGALRM, SIGCHLD, SIGWINCH and others that programs use in ordinary work.',
  default: false,
};

export const setExceptionBreakpoints: RequestHandler = {
  command: 'setExceptionBreakpoints',
  capabilities: { exceptionBreakpointFilters: [SERIOUS, ALL] },
  run(args, { session }) {
    const filters = [
      ...args.strings('filters'),
      ...args.list('filterOptions').map((option) => option.string('filterId')),
    ];
    session.setSignalFilter(
      filters.includes(ALL.filter) ? 'all' : filters.includes(SERIOUS.filter) ? 'serious' : 'none',
    );
    return undefined;
  },
};

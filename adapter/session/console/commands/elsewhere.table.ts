// elsewhere.table.ts: gdb's commands that an editor has its own keys for: each says where.

import { UserError } from '../../../util/user-error';
import type { ConsoleCommand } from '../command';
import { always } from '../command';

const ELSEWHERE: readonly (readonly [name: string, aliases: readonly string[], advice: string])[] = [
  ['until', ['advance'], 'Use the editor’s Run to Cursor.'],
  ['run', ['r', 'start'], 'Use the editor’s Restart (Ctrl+Shift+F5).'],
  [
    'break',
    ['b', 'br', 'tbreak', 'hbreak'],
    'Set it in the editor: F9 on the line, or + under Breakpoints for a function.',
  ],
  ['list', ['l'], 'The editor shows the source.'],
  ['display', ['undisplay'], 'Add the expression to the editor’s Watch view.'],
  ['quit', ['q', 'kill'], 'Use the editor’s Stop (Shift+F5).'],
];

/** Known, so that they are told apart from mistypings; none of them does anything. */
export const elsewhere: readonly ConsoleCommand[] = ELSEWHERE.map(([name, aliases, advice]) => ({
  name,
  aliases,
  usage: name,
  summary: advice,
  argument: 'none',
  need: always('nothing'),
  run: () => {
    const words = [name, ...aliases].map((word) => `\`${word}\``).join(', ');
    throw new UserError('console-elsewhere', `Not done in this console: ${words}. ${advice}`);
  },
}));

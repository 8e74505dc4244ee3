// elsewhere.table.ts: gdb's commands that an editor has its own keys for: each says where.

import { UserError } from '../../../util/user-error';
import type { ConsoleCommand } from '../command';
import { always } from '../command';

const ELSEWHERE: readonly (readonly [name: string, aliases: readonly string[], advice: string])[] = [
  ['run', ['r', 'start'], 'Use the editor’s Restart (Ctrl+Shift+F5).'],
  ['attach', ['detach', 'target'], 'A program is launched on the emulated machine; it cannot be attached to.'],
  ['call', [], 'Functions of the program are not called from here; `print` evaluates without.'],
  ['return', ['jump', 'j'], 'Where the program goes on is not changed here; `finish` runs to the end of the function.'],
  [
    'catch',
    ['tcatch', 'handle'],
    'Signals: the Breakpoints view has *Signals*. System calls that write a watched byte are told.',
  ],
  ['rbreak', [], 'Set them one by one: `info functions PART` lists the names.'],
  [
    'twatch',
    ['tawatch', 'trwatch', 'thwatch'],
    'A watch that ends after its first hit does not exist; `watch`, and then `delete`.',
  ],
  [
    'commands',
    ['define', 'document', 'python', 'source', 'shell', 'record'],
    'There are no scripts; a log message can be given to a breakpoint in the editor, to a watch with `log`.',
  ],
  [
    'file',
    ['symbol-file', 'exec-file', 'directory', 'cd', 'pwd', 'make'],
    'The program, its sources and its directory stand in the launch configuration.',
  ],
  [
    'checkpoint',
    ['restart', 'save', 'tui', 'layout', 'focus'],
    'Back in time: `reverse-continue`, and the editor’s Reverse.',
  ],
  ['quit', ['q', 'kill', 'exit'], 'Use the editor’s Stop (Shift+F5).'],
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

// help-command.ts: `help` and `help COMMAND`.

import { UserError } from '../../../util/user-error';
import { nearestName } from '../../../symbols/expression/suggest';
import { always, textAnswer } from '../command';
import type { ConsoleCommand } from '../command';
import { textTable } from '../text-table';

/** Help about these, and itself. */
export function helpAbout(commands: readonly ConsoleCommand[]): ConsoleCommand {
  const help: ConsoleCommand = {
    name: 'help',
    aliases: ['h'],
    usage: 'help [COMMAND]',
    summary: 'Tells what can be typed here.',
    argument: 'command',
    need: always('nothing'),
    run({ rest }) {
      const all = [...commands, help];
      if (rest === '') return textAnswer(overview(all));
      const word = rest.split(/\s+/)[0]?.toLowerCase() ?? '';
      const found = all.find(({ name, aliases }) => name === word || aliases?.includes(word) === true);
      if (found === undefined) throw noSuchCommand(word, all);
      return textAnswer(about(found));
    },
  };
  return help;
}

function overview(commands: readonly ConsoleCommand[]): string {
  const rows = commands.map(({ usage, summary }) => [usage.replace(/ \[if .*/, ' …'), summary]);
  return [
    ...textTable(['Command', ''], rows),
    '',
    'Everything else is an expression of the program. Where a variable is called like a command, the name alone is the',
    'variable; `-exec` before a line makes it a command, and brackets an expression: `(count)`.',
  ].join('\n');
}

function about({ usage, summary, details = [], aliases = [] }: ConsoleCommand): string {
  const short = aliases.length === 0 ? [] : [`Short: ${aliases.join(', ')}.`];
  return [usage, summary, ...details.map((line) => `  ${line}`), ...short].join('\n');
}

function noSuchCommand(word: string, commands: readonly ConsoleCommand[]): UserError {
  const nearest = nearestName(
    word,
    commands.map(({ name }) => name),
  );
  const advice = nearest === undefined ? '`help` lists all.' : `Did you mean \`help ${nearest}\`?`;
  return new UserError('console-help', `There is no command \`${word}\`. ${advice}`);
}

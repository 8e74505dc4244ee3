// threads-by-name.ts: a thread as a person writes it: its number, its place in `info threads`, or its name.

import type { ThreadInfo } from '../../target/target';
import { UserError } from '../../util/user-error';
import type { ConsoleContext } from './command';

/** Throws UserError where there is none. */
export function threadNamed(text: string, { core }: Pick<ConsoleContext, 'core'>): ThreadInfo {
  const threads = core.debuggee.target.threads();
  const name = /^"(?<name>.*)"$/s.exec(text)?.groups?.name;
  const number = name === undefined && /^\d+$/.test(text) ? Number(text) : undefined;
  const found =
    number === undefined
      ? threads.find((thread) => thread.name === (name ?? text))
      : (threads.find(({ id }) => id === number) ?? threads.find((_, at) => at + 1 === number));
  if (found !== undefined) return found;
  const known = threads.map((each) => (each.name === '' ? String(each.id) : `${each.id} "${each.name}"`)).join(', ');
  throw new UserError('console-thread', `There is no thread ${text} now. There are: ${known}.`);
}

// thread-command.ts: `thread N`: another thread is looked at; `thread apply`: a command for several.

import type { ThreadInfo } from '../../../target/target';
import { UserError } from '../../../util/user-error';
import { always, textAnswer, usageError } from '../command';
import type { ConsoleCommand, ConsoleContext } from '../command';
import { threadNamed } from '../threads-by-name';
import { noFrame } from './info-command';
import { frameLine } from './stack-commands';

export const threadCommand: ConsoleCommand = {
  name: 'thread',
  aliases: ['t'],
  usage: 'thread [N] | thread apply all|N… COMMAND',
  summary: 'Looks at another thread; `thread apply all bt` runs a command in each.',
  details: [
    'N: its number, its place in `info threads`, or its name.',
    'What is typed here then looks at it, until a frame is chosen in the Call Stack or the program goes on.',
  ],
  argument: 'none',
  need: always('stop'),
  run({ rest }, context) {
    const apply = /^apply\s+(?<rest>.+)$/s.exec(rest)?.groups?.rest;
    if (apply !== undefined) return textAnswer(applyTo(apply, context));
    const { core, thread } = context;
    if (/^(?:name|find)(?:\s|$)/.test(rest)) throw usageError(threadCommand, 'Threads are named by the program.');
    if (rest === '') {
      const own = core.debuggee.target.threads().find(({ id }) => id === thread);
      if (own === undefined) throw noFrame();
      return textAnswer(`[Current thread is ${nameOf(own)}]`);
    }
    const wanted = threadNamed(rest, context);
    const found = core.stack.innermost(wanted.id);
    const base =
      context.frame ?? (core.stoppedThread === undefined ? undefined : core.stack.innermost(core.stoppedThread));
    if (found === undefined || base === undefined) throw noFrame();
    context.chosen.choose(base, found);
    const line = frameLine(found, { ...context, frame: found, thread: wanted.id });
    return textAnswer(`[Switching to ${nameOf(wanted)}]\n${line}`);
  },
};

const nameOf = ({ id, name }: ThreadInfo): string => `thread ${id}${name === '' ? '' : ` "${name}"`}`;

/** `all bt 3`, `1 2 p x`, `1-3 -s bt`. */
function applyTo(text: string, context: ConsoleContext): string {
  const found = /^(?<which>all(?:\s+-ascending)?|[\d\s,-]*\d)\s+(?:-[qcs]\s+)*(?<line>\D.*)$/s.exec(text)?.groups;
  if (found === undefined) throw usageError(threadCommand, 'Say which threads and what to do.');
  const all = context.core.debuggee.target.threads();
  // As gdb has it: the newest first.
  const wanted = found.which.startsWith('all')
    ? found.which === 'all'
      ? [...all].reverse()
      : all
    : threadsIn(found.which, context);
  return wanted
    .map((thread) => `\n${titleOf(thread, all)}\n${inThread(thread, found.line, context)}`)
    .join('\n')
    .trimStart();
}

function threadsIn(text: string, context: ConsoleContext): readonly ThreadInfo[] {
  return text.split(/[\s,]+/).flatMap((word) => {
    const [, first = word, last = first] = /^(\d+)(?:-(\d+))?$/.exec(word) ?? [];
    const count = Math.min(Math.max(Number(last) - Number(first) + 1, 1), 1000);
    return Array.from({ length: count }, (_, at) => threadNamed(String(Number(first) + at), context));
  });
}

const titleOf = (thread: ThreadInfo, all: readonly ThreadInfo[]): string =>
  `Thread ${all.findIndex(({ id }) => id === thread.id) + 1} (${nameOf(thread)}):`;

/** A mistake in one thread is told there. */
function inThread(thread: ThreadInfo, line: string, context: ConsoleContext): string {
  try {
    return context.enter(line, context.core.stack.innermost(thread.id));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.message;
  }
}

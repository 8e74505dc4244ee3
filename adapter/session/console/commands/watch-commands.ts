// watch-commands.ts: `watch`, `rwatch`, `awatch`, and the modes that do not stop: `count`, `log`.

import type { WatchAccessName, WatchModeName, WatchSpec, WatchView } from '../../../protocol/watches';
import type { WatchThreadsName } from '../../../protocol/watches';
import { UserError } from '../../../util/user-error';
import { parseClauses } from '../clauses';
import type { WatchClauses } from '../clauses';
import { always, textAnswer, usageError } from '../command';
import type { CommandCall, ConsoleAnswer, ConsoleCommand, ConsoleContext } from '../command';
import { threadNamed } from '../threads-by-name';
import { kindText } from '../watch-rows';

const CLAUSES = [
  'Pointers in EXPRESSION are followed: `p->x` is watched where `p` points, each takes a debug register of its own.',
  'function::local: of the call that is under way, until it ends; where none is, of each call that comes.',
  '-l, -location: the place that EXPRESSION has now, for ever; a local is watched beyond the end of its call.',
  'if CONDITION: stops only where it is true; `$old`, `$new`, `$thread`, `$hits` and `$writer` are known in it.',
  'thread THREAD: only that one, by its number or its name; `info threads` lists them.',
  'mask: not possible; debug registers have no masks.',
];

export const watch: ConsoleCommand = {
  name: 'watch',
  aliases: ['wa'],
  usage: 'watch [-l] EXPRESSION [if CONDITION] [thread THREAD]',
  summary: 'Stops when the value changes.',
  details: CLAUSES,
  argument: 'watch',
  need: always('standing'),
  run: (call, context) => add(watch, { access: 'change' }, call, context),
};

export const rwatch: ConsoleCommand = {
  name: 'rwatch',
  aliases: ['rw'],
  usage: 'rwatch [-l] EXPRESSION [if CONDITION] [thread THREAD]',
  summary: 'Stops when it is read.',
  details: ['x86 sees reads and writes together; writes are passed over, so only reads stop.', ...CLAUSES],
  argument: 'watch',
  need: always('standing'),
  run: (call, context) => add(rwatch, { access: 'read' }, call, context),
};

export const awatch: ConsoleCommand = {
  name: 'awatch',
  aliases: ['aw'],
  usage: 'awatch [-l] EXPRESSION [if CONDITION] [thread THREAD]',
  summary: 'Stops when it is read or written.',
  details: CLAUSES,
  argument: 'watch',
  need: always('standing'),
  run: (call, context) => add(awatch, { access: 'access' }, call, context),
};

export const count: ConsoleCommand = {
  name: 'count',
  usage: 'count [-l] EXPRESSION [if CONDITION] [thread THREAD]',
  summary: 'Counts writes without stopping; `info watchpoints` and `history N` show them.',
  details: CLAUSES.slice(0, 5),
  argument: 'watch',
  need: always('standing'),
  run: (call, context) => add(count, { access: 'write', mode: 'count' }, call, context),
};

export const log: ConsoleCommand = {
  name: 'log',
  usage: 'log [-l] EXPRESSION [if CONDITION] [thread THREAD] [every N] ["TEMPLATE"]',
  summary: 'Writes a line at each write, without stopping.',
  details: [
    'every N: a line at every Nth of those writes.',
    '"TEMPLATE": the line; expressions stand in braces: "{$old} → {$new} at {$location}, total {total}".',
    ...CLAUSES.slice(0, 5),
  ],
  argument: 'watch',
  need: always('standing'),
  run: (call, context) => add(log, { access: 'write', mode: 'log' }, call, context),
};

interface Manner {
  readonly access: WatchAccessName;
  readonly mode?: WatchModeName;
}

function add(command: ConsoleCommand, manner: Manner, { rest }: CommandCall, context: ConsoleContext): ConsoleAnswer {
  if (rest === '') throw usageError(command, 'It needs what to watch.');
  const clauses = parseClauses(rest);
  if (manner.mode !== 'log' && clauses.template !== undefined) {
    throw usageError(command, 'A text in quotes belongs to `log`.');
  }
  const spec: WatchSpec = {
    ...manner,
    ...targetOf(clauses, context),
    ...(clauses.condition === undefined ? {} : { condition: clauses.condition }),
    ...(clauses.thread === undefined ? {} : { threads: threadsOf(clauses.thread, context) }),
    ...(clauses.every === undefined ? {} : { hitCondition: `% ${clauses.every}` }),
    ...(clauses.template === undefined ? {} : { logMessage: clauses.template }),
    origin: 'console',
  };
  const view = context.desk.add(spec);
  const cost = view.calls === undefined ? '' : `Each call takes ${context.desk.plan(spec).text}.\n`;
  return textAnswer(addedText(view, cost));
}

/**
 * As gdb: what the expression means, so that `p->x` follows `p`; with `-l` the memory that it is now, of a local too,
 * whoever uses it later.
 */
function targetOf({ location, expression }: WatchClauses, { desk, frame }: ConsoleContext): WatchSpec {
  const spec = { expression, ...(frame === undefined ? {} : { frameId: frame.id }) };
  if (!location) return { ...spec, through: true };
  const offer = desk.offers.forText(expression, { frameId: frame?.id });
  if (offer.kind === 'offer' && offer.target.kind === 'eachCall')
    throw noPlaceNow(expression, offer.target.functionName);
  if (offer.kind === 'none' || offer.target.kind !== 'local') return spec;
  const { address, lengthBytes, typeName } = offer.target;
  if (address === undefined) return spec;
  return { dataId: desk.ids.print({ kind: 'address', address, lengthBytes, typeName, expression }) };
}

/** A number means that thread, a name all that have it. */
function threadsOf(text: string, context: ConsoleContext): WatchThreadsName {
  const { id, name } = threadNamed(text, context);
  return /^\d+$/.test(text) ? { id } : { name };
}

function noPlaceNow(expression: string, functionName: string): UserError {
  return new UserError(
    'watch.noPlaceNow',
    `No call of ${functionName} is under way, so \`${expression}\` has no place now. Without -l it is watched in each call ` +
      'that comes.',
  );
}

function addedText(view: WatchView, cost: string): string {
  const name = `${kindText(view)} ${view.id}: ${view.label}`;
  const how = view.mode === 'stop' ? '' : ` (${view.mode}, without a stop)`;
  if (view.calls !== undefined && view.state !== 'refused')
    return `${name}, in each call${how}\n${cost}${view.message}`;
  if (view.state === 'armed') return `${name}${how}\n${view.message}`;
  return `${name} is not armed yet (${view.state}). ${view.message}`;
}

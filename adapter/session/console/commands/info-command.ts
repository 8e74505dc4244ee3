// info-command.ts: `info watchpoints`, `info breakpoints`, `info dr`, and what gdb's fingers ask beside.

import { UserError } from '../../../util/user-error';
import { nearestName } from '../../../symbols/expression/suggest';
import { generalRegisters, vectorRegisters } from '../../register-views';
import { slotMap } from '../../slot-map';
import { placeText } from '../../stop-text';
import { textAnswer } from '../command';
import type { CommandNeed, ConsoleCommand, ConsoleContext } from '../command';
import { addressOf } from '../address-of';
import { debugRegistersText } from '../debug-registers-text';
import { parseNumbers } from '../number-list';
import {
  frameTopic,
  functionsTopic,
  libraryTopic,
  lineTopic,
  sourcesTopic,
  sourceTopic,
  variablesTopic,
} from './code-topics';
import { displayTable } from './display-commands';
import { signalsTopic } from './signals-topic';
import { textTable } from '../text-table';
import { breakpointTable, codeRow, watchRow } from '../watch-rows';
import { hex } from '../../../util/hex';

interface Topic {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** So much of it is enough. */
  readonly shortest: string;
  readonly need: CommandNeed;
  readonly summary: string;
  show(rest: string, context: ConsoleContext): string;
}

export const INFO_TOPICS: readonly Topic[] = [
  {
    name: 'watchpoints',
    shortest: 'w',
    need: 'nothing',
    summary: 'all watches, whoever set them: hits, last change, last writer',
    show: (rest, context) => watchpoints(rest, context),
  },
  {
    name: 'breakpoints',
    shortest: 'b',
    need: 'nothing',
    summary: 'watches and all other breakpoints',
    show: (rest, context) => breakpoints(rest, context),
  },
  {
    name: 'dr',
    shortest: 'dr',
    need: 'nothing',
    summary: 'the debug registers of every thread and CPU: who holds which slot',
    show: (_, context) => debugRegisters(context),
  },
  {
    name: 'registers',
    shortest: 'r',
    need: 'stop',
    summary: 'the registers of the frame; `info registers rip`; `info registers dr` as `info dr`',
    show: (rest, context) => registers(rest, context),
  },
  {
    name: 'threads',
    shortest: 'th',
    need: 'stop',
    summary: 'the threads, with where they stand',
    show: (_, context) => threads(context),
  },
  {
    name: 'locals',
    shortest: 'lo',
    need: 'stop',
    summary: 'the locals of the frame',
    show: (_, context) => variables(context, 'locals'),
  },
  {
    name: 'args',
    shortest: 'ar',
    need: 'stop',
    summary: 'the arguments of the frame',
    show: (_, context) => variables(context, 'arguments'),
  },
  {
    name: 'symbol',
    shortest: 'sy',
    need: 'standing',
    summary: 'what lies at an address: `info symbol 0x404028`',
    show: (rest, context) => symbol(rest, context),
  },
  topic('stack', 's', 'stop', 'the calls that led here, as `bt`', (rest, context) =>
    context.enter(`bt ${rest}`, context.frame),
  ),
  topic('line', 'li', 'standing', 'where the code of a line, a function or an address lies: `info line 17`', lineTopic),
  topic('frame', 'f', 'stop', 'the frame that is looked at: its base, its return address', (_, context) =>
    frameTopic(context),
  ),
  topic('address', 'ad', 'standing', 'where a variable lies: `info address counter`', (rest, context) =>
    addressTopic(rest, context),
  ),
  topic('display', 'di', 'nothing', 'what is shown at each stop', (_, context) => displayTable(context)),
  topic('functions', 'fu', 'standing', 'the program’s functions, by a part of the name', functionsTopic),
  topic('variables', 'va', 'standing', 'the program’s globals, by a part of the name', variablesTopic),
  topic('sharedlibrary', 'sh', 'standing', 'the libraries that are loaded', libraryTopic),
  topic('signals', 'si', 'nothing', 'at which signals the program stops', signalsTopic),
  topic('source', 'so', 'standing', 'the source that is looked at', (_, context) => sourceTopic(context)),
  topic('sources', 'sources', 'standing', 'the sources of the program', sourcesTopic),
];

function topic(
  name: string,
  shortest: string,
  need: CommandNeed,
  summary: string,
  show: (rest: string, context: ConsoleContext) => string,
): Topic {
  return { name, shortest, need, summary, show };
}

export const info: ConsoleCommand = {
  name: 'info',
  aliases: ['i'],
  usage: 'info TOPIC',
  summary: 'Tells what is there: `info watchpoints`, `info breakpoints`, `info dr`; `help info` has all.',
  details: INFO_TOPICS.map(({ name, summary }) => `${name}: ${summary}`),
  argument: 'info',
  need({ rest }) {
    const [word = '', next = ''] = rest.split(/\s+/);
    const need = topicNamed(word)?.need ?? 'nothing';
    return need === 'stop' && isDebugRegisters(next) ? 'nothing' : need;
  },
  run({ rest }, context) {
    const [word = ''] = rest.split(/\s+/);
    const topic = topicNamed(word);
    if (topic === undefined) throw noTopic(word);
    return textAnswer(topic.show(rest.slice(word.length).trim(), context));
  },
};

function topicNamed(word: string): Topic | undefined {
  const exact = INFO_TOPICS.find(({ name, aliases }) => name === word || aliases?.includes(word) === true);
  return exact ?? INFO_TOPICS.find(({ name, shortest }) => name.startsWith(word) && word.startsWith(shortest));
}

const isDebugRegisters = (word: string): boolean => /^\$?dr(?:\d|s)?$/.test(word);

function watchpoints(rest: string, { desk }: ConsoleContext): string {
  const wanted = parseNumbers(rest);
  const views = desk.list().filter(({ id }) => wanted.length === 0 || wanted.includes(id));
  if (views.length > 0) return breakpointTable(views.map(watchRow));
  return wanted.length > 0
    ? `There is no watch ${wanted.join(', ')}.`
    : 'There are no watches. `watch EXPRESSION` sets one.';
}

function breakpoints(rest: string, { core, desk }: ConsoleContext): string {
  const wanted = parseNumbers(rest);
  const rows = [...core.breakpoints.list().map(codeRow), ...desk.list().map(watchRow)];
  const shown = rows.filter(({ number }) => wanted.length === 0 || wanted.includes(number));
  if (shown.length > 0) return breakpointTable(shown);
  return wanted.length > 0
    ? `There is no breakpoint ${wanted.join(', ')}.`
    : 'There are no breakpoints and no watches.';
}

function debugRegisters({ core }: ConsoleContext): string {
  const { debuggee, watches, run } = core;
  if (run.state === 'ended') throw new UserError('ended', 'The program has ended, and its debug registers with it.');
  return debugRegistersText(slotMap(debuggee.target.debugRegisters(), watches, debuggee));
}

function registers(rest: string, context: ConsoleContext): string {
  const { core, frame } = context;
  const names = rest.split(/[\s,]+/).filter((name) => name !== '');
  if (names.some(isDebugRegisters)) return debugRegisters(context);
  if (frame === undefined) throw noFrame();
  const own = core.debuggee.target.registers(frame.thread);
  const all = [...generalRegisters(frame, own), ...(frame.index === 0 && names.length > 0 ? vectorRegisters(own) : [])];
  const wanted = names.map((name) =>
    name.replace(/^\$/, '').replace(/^pc$/, 'rip').replace(/^sp$/, 'rsp').replace('eflags', 'rflags'),
  );
  for (const name of wanted) {
    if (!all.some((register) => register.name === name))
      throw noRegister(
        name,
        all.map((register) => register.name),
      );
  }
  const shown = all.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  return textTable(
    ['', '', ''],
    shown.map(({ name, value }) => [name, value, decimalOf(name, value, context)]),
  )
    .slice(1)
    .join('\n');
}

function decimalOf(name: string, value: string, { core }: ConsoleContext): string {
  if (!/^0x[0-9a-f]{16}$/.test(value)) return '';
  const bits = BigInt(value);
  if (name === 'rip') return core.debuggee.codeName(bits);
  return BigInt.asIntN(64, bits).toString();
}

function threads({ core, thread }: ConsoleContext): string {
  const rows = core.debuggee.target.threads().map(({ id, name }, at) => {
    const frame = core.stack.innermost(id)?.frame;
    const where = frame === undefined ? '' : core.debuggee.codeName(frame.lookupPc);
    const place = frame?.location === undefined ? '' : ` at ${placeText(frame.location)}`;
    return [id === thread ? '*' : '', String(at + 1), String(id), name === '' ? '' : `"${name}"`, `${where}${place}`];
  });
  return textTable(['', 'Place', 'Thread', 'Name', 'Frame'], rows).join('\n');
}

function variables({ core, frame }: ConsoleContext, which: 'locals' | 'arguments'): string {
  if (frame === undefined) throw noFrame();
  const { symbols, memory } = core.debuggee;
  const context = core.variables.contextOf(frame);
  const wanted = symbols.localsAt(frame.frame).filter(({ kind }) => (kind === 'parameter') === (which === 'arguments'));
  if (wanted.length === 0) return which === 'locals' ? 'No locals.' : 'No arguments.';
  return wanted
    .map((variable) => {
      const value = symbols.valueOf(variable, context);
      return `${variable.name} = ${value.error === undefined ? symbols.format(value, memory) : `<${value.error}>`}`;
    })
    .join('\n');
}

function symbol(rest: string, { core, evaluate }: ConsoleContext): string {
  if (rest === '')
    throw new UserError('console-usage', 'It needs an address: `info symbol 0x404028`, `info symbol &x`.');
  const address = addressOf(rest, evaluate(rest));
  const at = hex(address);
  const name = core.debuggee.symbols.symbolize(address);
  return name === undefined ? `No symbol is near ${at}.` : `${name} is at ${at}.`;
}

function addressTopic(rest: string, { evaluate }: ConsoleContext): string {
  if (rest === '') throw new UserError('console-usage', 'It needs a variable: `info address counter`.');
  const { location, type } = evaluate(rest);
  switch (location.kind) {
    case 'memory':
      return `Symbol "${rest}" is at address ${hex(location.address)}, ${type.sizeBytes} bytes.`;
    case 'register':
      return `Symbol "${rest}" is in a register here, and has no address.`;
    case 'optimizedOut':
      return `Symbol "${rest}" is optimized out here: ${location.why}.`;
    case 'value':
    case 'pieces':
      return `Symbol "${rest}" is computed here, and has no address.`;
  }
}

function noTopic(word: string): UserError {
  const names = INFO_TOPICS.map(({ name }) => name);
  if (word === '') return new UserError('console-info', `Say about what: \`info ${names.join('`, `info ')}\`.`);
  const nearest = nearestName(word, names);
  const advice = nearest === undefined ? `It knows ${names.join(', ')}.` : `Did you mean \`info ${nearest}\`?`;
  return new UserError('console-info', `\`info ${word}\` is not known. ${advice}`);
}

export function noFrame(): UserError {
  return new UserError('console-frame', 'No frame is chosen: pause the program and choose one in the Call Stack.');
}

function noRegister(name: string, names: readonly string[]): UserError {
  const nearest = nearestName(name, names) ?? 'rip';
  return new UserError('console-register', `There is no register \`${name}\` here. Did you mean \`${nearest}\`?`);
}

// register-rows.ts: the rows of the view "Debug Registers", made from the adapter's map.
//
// Pure: knows neither VS Code nor the session, so that every text of the view is tested without an editor.
// The view (debug-registers-view.ts) turns rows into tree items one to one.

import { HARDWARE_REGISTERS, registerName } from '../../adapter/protocol/register-name';
import type { DebugRegister, DebugRegisterMap } from '../../adapter/protocol/debug-register-map';
import type { WatchModeName } from '../../adapter/protocol/watches';
import { explainDr6, explainDr7, summariseDr6, summariseDr7 } from './control-registers';
import { shortName } from './short-name';
import { counted, localised, type Translate } from './translate';

export type RowIcon =
  | 'slots'
  | 'thread'
  | 'cpus'
  | 'cpu'
  | 'free'
  | 'armed'
  | 'disabled'
  | `held.${Exclude<NonNullable<DebugRegister['owner']>, 'ptrace'>}`
  | 'status'
  | 'control'
  | 'watches'
  | `watch.${WatchIcon}`;
type WatchIcon =
  WatchModeName | 'disabled' | 'pending' | 'refused' | 'ended' | 'writer' | 'condition' | 'place' | 'state';

export interface Row {
  /** The same thing keeps its id from one map to the next, so that the tree keeps what is open and selected. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** Markdown. */
  readonly tooltip: string;
  /** What a screen reader says. */
  readonly accessibilityLabel: string;
  readonly icon: RowIcon;
  /** For `when` clauses of menus: `viewItem =~ …`. */
  readonly contextValue: string;
  /** Rows with children start open or closed. */
  readonly open: boolean;
  readonly children: readonly Row[];
  /** What "Copy Value" and "Copy Address" take. */
  readonly value: string;
  readonly address?: string;
  readonly symbol?: string;
  /** Of a watch, and of what is told beneath it. */
  readonly watchId?: number;
  /** A row with a box: is it ticked? */
  readonly isChecked?: boolean;
}

const ACCESS_TEXTS: Readonly<Record<NonNullable<DebugRegister['access']>, string>> = {
  execute: localised('execute'),
  write: localised('write'),
  readWrite: localised('read or write'),
};

type Holder = Pick<DebugRegisterMap['threads'][number], 'id' | 'registers' | 'dr6' | 'dr7'>;

/** More than these hold the same mostly: only the first starts open. */
const MANY_THREADS = 4;

/** The roots of the tree: the budget, the CPUs, the threads, of which there may be more than fit. */
export function registerRows(map: DebugRegisterMap, t: Translate): readonly Row[] {
  const opened = map.threads.length > MANY_THREADS ? map.threads.slice(0, 1) : map.threads;
  return [
    slotsRow(map, t),
    ...cpuRows(map, t),
    ...map.threads.map((thread) => threadRow(thread, opened.includes(thread), t)),
  ];
}

/** "3 of 4 used". */
export function budgetText(slots: DebugRegisterMap['slots'], t: Translate): string {
  return slots.total === 0 ? t('this machine has none') : t('{0} of {1} used', slots.used, slots.total);
}

function slotsRow(map: DebugRegisterMap, t: Translate): Row {
  const { total, free } = map.slots;
  const text = budgetText(map.slots, t);
  const left =
    free === 0
      ? t('No slot is free: another data breakpoint will be refused until one is removed.')
      : counted(
          t,
          free,
          'One more aligned piece of 1, 2, 4 or 8 bytes can be watched.',
          '{0} more aligned pieces of 1, 2, 4 or 8 bytes can be watched.',
        );
  const why = t('Counted for the thread that has least left; a data breakpoint takes a slot in every thread.');
  return {
    id: 'slots',
    label: t('Slots'),
    description: text,
    tooltip: total === 0 ? text : `**${text}**\n\n${left}\n\n${why}`,
    accessibilityLabel: t('Debug register slots: {0}', text),
    icon: 'slots',
    contextValue: 'slots',
    open: false,
    children: [],
    value: text,
  };
}

function threadRow(thread: DebugRegisterMap['threads'][number], open: boolean, t: Translate): Row {
  // Short, for names of fifteen letters in a side bar of the usual width.
  const description = `${thread.id} · ${usedText(thread.registers, t)}`;
  return {
    id: `thread/${thread.id}`,
    label: thread.name,
    description,
    tooltip: t('What thread {0} (`{1}`) sees as its debug registers, as ptrace shows them.', thread.id, thread.name),
    accessibilityLabel: t('Thread {0}, {1}, {2}', thread.id, thread.name, usedText(thread.registers, t)),
    icon: 'thread',
    contextValue: 'thread',
    open,
    children: holderRows(`thread/${thread.id}`, thread, t),
    value: String(thread.id),
  };
}

function cpuRows(map: DebugRegisterMap, t: Translate): readonly Row[] {
  if (map.cpus.length === 0) return [];
  const holding = map.cpus.filter((cpu) => cpu.registers.some((register) => register.state !== 'free')).length;
  const description =
    holding === 0
      ? t('none holds a breakpoint now')
      : holding === 1
        ? t('1 of {0} holds breakpoints now', map.cpus.length)
        : t('{0} of {1} hold breakpoints now', holding, map.cpus.length);
  return [
    {
      id: 'cpus',
      label: t('CPUs'),
      description,
      tooltip: t(
        'What the hardware holds at this moment: the registers of the thread that each CPU runs, and CPU-wide breakpoints.',
      ),
      accessibilityLabel: t('CPUs: {0}', description),
      icon: 'cpus',
      contextValue: 'cpus',
      open: false,
      children: map.cpus.map((cpu) => cpuRow(cpu, t)),
      value: description,
    },
  ];
}

function cpuRow(cpu: DebugRegisterMap['cpus'][number], t: Translate): Row {
  const description = usedText(cpu.registers, t);
  return {
    id: `cpu/${cpu.id}`,
    label: t('CPU {0}', cpu.id),
    description,
    tooltip: t('DR0–DR7 of CPU {0}.', cpu.id),
    accessibilityLabel: t('CPU {0}, {1}', cpu.id, description),
    icon: 'cpu',
    contextValue: 'cpu',
    open: false,
    children: holderRows(`cpu/${cpu.id}`, cpu, t),
    value: String(cpu.id),
  };
}

function usedText(registers: readonly DebugRegister[], t: Translate): string {
  const used = registers.filter((register) => register.state !== 'free').length;
  return t('{0} of {1} used', used, registers.length);
}

function holderRows(parent: string, holder: Holder, t: Translate): readonly Row[] {
  return [
    ...gathered(holder.registers).map((run) => registersRow(parent, run, t)),
    controlRow(parent, 'DR6', holder.dr6, t),
    controlRow(parent, 'DR7', holder.dr7, t, othersText(parent, holder, t)),
  ];
}

/** A thread's DR7 is ptrace's: it seems to contradict registers that others hold. */
function othersText(parent: string, { registers }: Holder, t: Translate): string | undefined {
  const others = registers.filter(({ state, owner = 'ptrace' }) => state !== 'free' && owner !== 'ptrace');
  if (!parent.startsWith('thread/') || others.length === 0) return undefined;
  const names = others.map(({ index }) => registerName(index)).join(', ');
  return t('As ptrace shows it to the thread. What others hold is not in it: {0}.', names);
}

/** What no processor has comes by the hundred: those that are free one after the other share a row. */
function gathered(registers: readonly DebugRegister[]): readonly (readonly DebugRegister[])[] {
  const runs: DebugRegister[][] = [];
  for (const register of registers) {
    const before = runs.at(-1);
    if (before !== undefined && isSpare(register) && isSpare(before[0])) before.push(register);
    else runs.push([register]);
  }
  return runs;
}

const isSpare = ({ index, state }: DebugRegister): boolean => index >= HARDWARE_REGISTERS && state === 'free';

function registersRow(parent: string, run: readonly DebugRegister[], t: Translate): Row {
  const [first, last] = [run[0], run[run.length - 1]];
  const row = registerRow(parent, first, t);
  if (run.length === 1) return row;
  const names = `${registerName(first.index)}–${registerName(last.index)}`;
  return {
    ...row,
    label: names,
    tooltip: t('{0} are free.', names),
    accessibilityLabel: t('{0} to {1}, free', registerName(first.index), registerName(last.index)),
  };
}

function registerRow(parent: string, register: DebugRegister, t: Translate): Row {
  const name = registerName(register.index);
  const base = { id: `${parent}/${name.toLowerCase()}`, open: false, children: [] };
  if (register.state === 'free') {
    const text = t('free');
    return {
      ...base,
      label: name,
      description: text,
      tooltip: t('{0} is free.', name),
      accessibilityLabel: `${name}, ${text}`,
      icon: 'free',
      contextValue: 'register.free',
      value: text,
    };
  }
  const facts = registerFacts(register, t);
  return {
    ...base,
    label: register.symbol === undefined ? name : `${name}  ${shortName(register.symbol)}`,
    description: facts.join(' · '),
    tooltip: registerTooltip(register, facts, t),
    accessibilityLabel: [name, register.symbol, ...facts.map(spoken(t))]
      .filter((part) => part !== undefined)
      .join(', '),
    icon: registerIcon(register),
    contextValue: `register.${register.state}`,
    value: register.newValue ?? facts.join(' · '),
    ...(register.address === undefined ? {} : { address: register.address }),
    ...(register.symbol === undefined ? {} : { symbol: register.symbol }),
  };
}

/** Whoever else holds it looks different: no watch of ours stops there. */
function registerIcon({ state, owner = 'ptrace' }: DebugRegister): RowIcon {
  return state === 'armed' && owner !== 'ptrace' ? `held.${owner}` : state;
}

/**
 * The parts of `12 hits · 41 → 42 · ptrace · write · 4 bytes · 0x404050`, as far as they are known: what moves and who
 * holds it first, for a narrow side bar. Where no symbol tells the place, the address does.
 */
function registerFacts(register: DebugRegister, t: Translate): readonly string[] {
  const { address, lengthBytes, access, owner, holder, hits } = register;
  const isNamed = register.symbol !== undefined;
  return [
    register.state === 'disabled' ? t('disabled') : undefined,
    isNamed ? undefined : address,
    hits === undefined ? undefined : counted(t, hits, '1 hit', '{0} hits'),
    valueText(register),
    holder ?? owner,
    access === undefined ? undefined : t(ACCESS_TEXTS[access]),
    lengthBytes === undefined || access === 'execute' ? undefined : counted(t, lengthBytes, '1 byte', '{0} bytes'),
    isNamed ? address : undefined,
  ].filter((fact) => fact !== undefined);
}

function valueText(register: DebugRegister): string | undefined {
  const { oldValue, newValue } = register;
  if (newValue === undefined) return oldValue;
  return oldValue === undefined || oldValue === newValue ? newValue : `${oldValue} → ${newValue}`;
}

/** An arrow is read aloud as nothing, or as "rightwards arrow". */
const spoken =
  (t: Translate) =>
  (fact: string): string =>
    fact.replace(' → ', ` ${t('to')} `);

function registerTooltip(register: DebugRegister, facts: readonly string[], t: Translate): string {
  const title =
    `**${registerName(register.index)}** ${register.symbol === undefined ? '' : `\`${register.symbol}\``}`.trimEnd();
  const hint =
    register.state === 'disabled'
      ? t('Disabled: it keeps its slot, and does not stop.')
      : register.hits === 0
        ? t('Armed, not hit yet.')
        : undefined;
  const wide =
    register.cpus === undefined
      ? undefined
      : t('Not this thread’s own: it takes a slot of every thread that runs on CPU {0}.', register.cpus.join(', '));
  return [title, facts.map((fact) => `\`${fact}\``).join(' · '), hint, wide]
    .filter((part) => part !== undefined)
    .join('\n\n');
}

function controlRow(parent: string, name: 'DR6' | 'DR7', text: string, t: Translate, note?: string): Row {
  const decoded = name === 'DR6' ? summariseDr6(text, t) : summariseDr7(text, t);
  const summary = note === undefined ? decoded : t('{0} by ptrace', decoded);
  const explained = name === 'DR6' ? explainDr6(text, t) : explainDr7(text, t);
  return {
    id: `${parent}/${name.toLowerCase()}`,
    label: name,
    description: `${text}: ${summary}`,
    tooltip: note === undefined ? explained : `${explained}\n\n${note}`,
    accessibilityLabel: `${name}, ${text}, ${summary}`,
    icon: name === 'DR6' ? 'status' : 'control',
    contextValue: 'control',
    open: false,
    children: [],
    value: text,
  };
}

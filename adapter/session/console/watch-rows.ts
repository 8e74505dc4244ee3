// watch-rows.ts: breakpoints and watches as rows of `info breakpoints` and `info watchpoints`.
//
// In gdb's columns and with its words, and with what it does not tell: the last change and who made it.

import type { WatchView, WatchWriter } from '../../protocol/watches';
import type { CodeBreakpoint } from '../code-breakpoint';
import { textTable } from './text-table';
import { hex } from '../../util/hex';
import { baseName } from '../../util/base-name';

export interface BreakpointRow {
  readonly number: number;
  readonly cells: readonly string[];
  /** Lines below it. */
  readonly notes: readonly string[];
}

const TITLES = ['Num', 'Type', 'Disp', 'Enb', 'Address', 'What', 'Hits', 'Old → New', 'Last writer'];

export function breakpointTable(rows: readonly BreakpointRow[]): string {
  const sorted = [...rows].sort((a, b) => a.number - b.number);
  const lines = textTable(
    TITLES,
    sorted.map(({ cells }) => cells),
    new Set(['Hits']),
  );
  const [title = '', ...others] = lines;
  return [
    title,
    ...others.flatMap((line, at) => [line, ...(sorted[at]?.notes ?? []).map((note) => `        ${note}`)]),
  ].join('\n');
}

/** As gdb announces one. */
export function kindText({ access }: Pick<WatchView, 'access'>): string {
  switch (access) {
    case 'change':
    case 'write':
      return 'Hardware watchpoint';
    case 'read':
      return 'Hardware read watchpoint';
    case 'access':
      return 'Hardware access (read/write) watchpoint';
  }
}

function typeText({ access }: WatchView): string {
  if (access === 'read') return 'read watchpoint';
  return access === 'access' ? 'acc watchpoint' : 'hw watchpoint';
}

export function watchRow(view: WatchView): BreakpointRow {
  const { oldValue, newValue, lastWriter, lengthBytes } = view;
  const change = oldValue === undefined || newValue === undefined ? '' : `${oldValue} → ${newValue}`;
  const size = lengthBytes === undefined ? '' : ` (${lengthBytes} ${lengthBytes === 1 ? 'byte' : 'bytes'})`;
  return {
    number: view.id,
    cells: [
      String(view.id),
      typeText(view),
      view.mode === 'stop' ? 'keep' : view.mode,
      view.state === 'disabled' ? 'n' : 'y',
      view.address ?? '',
      `${view.label}${size}`,
      String(view.matches),
      change,
      lastWriter === undefined ? '' : writerText(lastWriter),
    ],
    notes: watchNotes(view),
  };
}

function watchNotes(view: WatchView): readonly string[] {
  const { condition, hitCondition, logMessage, threads, state, message, hits, matches, dropped } = view;
  const verb = view.mode === 'stop' ? 'stop' : view.mode;
  return [
    ...(state === 'armed' || state === 'disabled' ? [] : [`not armed (${state}): ${message}`]),
    ...(condition === undefined ? [] : [`${verb} only if ${condition}`]),
    ...(hitCondition === undefined ? [] : [`${verb} only at hits ${hitCondition}`]),
    ...(threads === 'all' ? [] : [`${verb} only in thread ${'id' in threads ? threads.id : `"${threads.name}"`}`]),
    ...(logMessage === undefined ? [] : [`log "${logMessage}"`]),
    ...(matches === 0 ? [] : [`breakpoint already hit ${times(matches)}`]),
    ...(hits === matches
      ? []
      : [`${times(hits)} accessed in all; the others changed nothing or did not meet the condition`]),
    ...(dropped === 0 ? [] : [`${dropped} log lines or entries of its history let go`]),
    ...(view.isExtended ? ['takes debug registers that no processor has'] : []),
  ];
}

const times = (count: number): string => (count === 1 ? '1 time' : `${count} times`);

/** `bump at race.c:12, thread 1000 "server"`. */
export function writerText(writer: WatchWriter): string {
  const { function: name, path, line, threadId, threadName, systemCall, instruction } = writer;
  const place = path === undefined || line === undefined ? '' : ` at ${baseName(path)}:${line}`;
  const thread = `thread ${threadId}${threadName === '' ? '' : ` "${threadName}"`}`;
  return `${systemCall === undefined ? '' : `${systemCall} in `}${name ?? instruction}${place}, ${thread}`;
}

export function codeRow(breakpoint: CodeBreakpoint): BreakpointRow {
  const { id, addresses, path, line, target, wish, hits, message, typed, enabled, thread } = breakpoint;
  const place = path === undefined || line === undefined ? '' : `${baseName(path)}:${line}`;
  const name = target.kind === 'function' ? `${target.name}${place === '' ? '' : ` at ${place}`}` : place;
  const first = addresses.at(0);
  return {
    number: id,
    cells: [
      String(id),
      'breakpoint',
      typed === 'temporary' ? 'del' : wish.logMessage === undefined ? 'keep' : 'log',
      enabled ? 'y' : 'n',
      first === undefined ? '<PENDING>' : hex(first),
      name,
      String(hits),
      '',
      '',
    ],
    notes: [
      ...(wish.condition === undefined ? [] : [`stop only if ${wish.condition}`]),
      ...(wish.hitCondition === undefined ? [] : [`stop only at hits ${wish.hitCondition}`]),
      ...(wish.logMessage === undefined ? [] : [`log "${wish.logMessage}"`]),
      ...(thread === undefined ? [] : [`stop only in thread ${thread}`]),
      ...(hits === 0 ? [] : [`breakpoint already hit ${times(hits)}`]),
      ...(addresses.length > 1 ? [`and at ${addresses.slice(1).map(hex).join(', ')}`] : []),
      ...(message === undefined ? [] : [message]),
    ],
  };
}

// watch-words.ts: what a watch is called in the view, its menus and its quick picks.
//
// Pure: texts only, so that they are tested without an editor. The adapter's own words (`message`) are passed on whole.

import { registerName } from '../../adapter/protocol/register-name';
import type {
  WatchAccessName,
  WatchModeName,
  WatchStateName,
  WatchThreadsName,
  WatchView,
} from '../../adapter/protocol/watches';
import { counted, localised, type Translate } from '../view/translate';

/** As a choice in a quick pick. */
export interface Choice<T> {
  readonly value: T;
  readonly label: string;
  readonly detail: string;
}

export function accessChoices(t: Translate): readonly Choice<WatchAccessName>[] {
  return [
    {
      value: 'change',
      label: t('Value change'),
      detail: t('Writes that leave another value than before. Writes of the same value are counted only.'),
    },
    { value: 'write', label: t('Every write'), detail: t('Writes of the same value too.') },
    {
      value: 'read',
      label: t('Read'),
      detail: t('x86 has no read-only watch: the register sees reads and writes, and writes are passed over.'),
    },
    { value: 'access', label: t('Read or write'), detail: t('Every access, whether it changes the value or not.') },
  ];
}

export function modeChoices(t: Translate): readonly Choice<WatchModeName>[] {
  return [
    { value: 'stop', label: t('Stop'), detail: t('The program stops at each hit.') },
    { value: 'count', label: t('Count'), detail: t('The program goes on; hits are counted and kept in the history.') },
    { value: 'log', label: t('Log'), detail: t('The program goes on; a line is written to the debug console.') },
  ];
}

const ACCESS_PHRASES: Readonly<Record<WatchAccessName, string>> = {
  change: localised('on change'),
  write: localised('at writes'),
  read: localised('at reads'),
  access: localised('at reads and writes'),
};

/** "stops on change", "counts at reads". */
export function mannerText({ mode, access }: Pick<WatchView, 'mode' | 'access'>, t: Translate): string {
  const phrase = t(ACCESS_PHRASES[access]);
  switch (mode) {
    case 'stop':
      return t('stops {0}', phrase);
    case 'count':
      return t('counts {0}', phrase);
    case 'log':
      return t('logs {0}', phrase);
  }
}

export function stateText(state: WatchStateName, t: Translate): string {
  switch (state) {
    case 'armed':
      return t('armed');
    case 'disabled':
      return t('disabled');
    case 'pending':
      return t('pending');
    case 'refused':
      return t('refused');
    case 'ended':
      return t('ended');
  }
}

/** "all threads", "thread 1001", "threads named worker". */
export function threadsText(threads: WatchThreadsName, t: Translate): string {
  if (threads === 'all') return t('all threads');
  return 'id' in threads ? t('thread {0}', threads.id) : t('threads named {0}', threads.name);
}

/** "12 hits", "3 of 12 hits" where a condition passed over some. */
export function hitsText({ hits, matches, condition }: WatchView, t: Translate): string {
  if (condition === undefined || matches === hits) return counted(t, hits, '1 hit', '{0} hits');
  return t('{0} of {1} hits', matches.toLocaleString('en-US'), hits.toLocaleString('en-US'));
}

/** Those that hold registers, for whoever makes room: `DR0, DR1 · 12 hits`. */
export function holdersBeside(
  watches: readonly WatchView[],
  refused: WatchView,
  t: Translate,
): readonly { readonly id: number; readonly label: string; readonly description: string }[] {
  return watches
    .filter(({ slots, id }) => slots.length > 0 && id !== refused.id)
    .map((watch) => ({
      id: watch.id,
      label: watch.label,
      description: `${watch.slots.map(registerName).join(', ')} · ${hitsText(watch, t)}`,
    }));
}

/** "41 → 42", or the value where nothing was written yet. */
export function valuesText({ oldValue, newValue, value }: WatchView): string | undefined {
  if (newValue === undefined) return value;
  return oldValue === undefined || oldValue === newValue ? newValue : `${oldValue} → ${newValue}`;
}

/** Where the last access came from: "count at watched.c:16, thread 1001". */
export function writerText(watch: WatchView, t: Translate): string | undefined {
  const writer = watch.lastWriter;
  if (writer === undefined) return undefined;
  const place = writer.path === undefined ? writer.instruction : `${fileName(writer.path)}:${writer.line ?? 1}`;
  const at = writer.function === undefined ? place : t('{0} at {1}', writer.function, place);
  const by = writer.systemCall === undefined ? at : t('{0}, called by {1}', writer.systemCall, at);
  return t('{0}, thread {1}', by, threadName(writer.threadId, writer.threadName));
}

export const threadName = (id: number, name: string): string => (name === '' ? String(id) : `${id} ${name}`);

export const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** As many as a notification has room for. */
const MOST_TOLD = 3;

/** Of many troubles the first, and how many more there are. */
export function firstOf(texts: readonly string[], t: Translate): readonly string[] {
  const more = texts.length - MOST_TOLD;
  if (more <= 0) return texts;
  return [...texts.slice(0, MOST_TOLD), counted(t, more, 'And 1 more.', 'And {0} more.')];
}

/** Messages and rows show no Markdown. */
export const plainly = (text: string): string => text.replaceAll('`', '');

/** For a row that says already that it has ended: the reason's first sentence, as far as there is room. */
export function briefly(text: string, limit = 90): string {
  const sentence = /^.*?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text;
  const plain = plainly(sentence.replace(/\.$/, '').replace(/^The watch on `.*?` has ended: /, ''));
  return plain.length <= limit ? plain : `${plain.slice(0, limit - 1).trimEnd()}…`;
}

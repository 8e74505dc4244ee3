// watch-rows.ts: the branch "Watches" of the view "Debug Registers", made from the adapter's list.
//
// Pure: knows neither VS Code nor the session. A row says in one line what the watch is for, its state, its hits and its
// last values; beneath it, what there is more to say, each line of which leads somewhere.

import { registerName } from '../../adapter/protocol/register-name';
import type { WatchStateName, WatchView } from '../../adapter/protocol/watches';
import { briefly, hitsText, mannerText, stateText, threadsText, valuesText, writerText } from '../watch/watch-words';
import { shortName } from './short-name';
import type { Row, RowIcon } from './register-rows';
import { counted, type Translate } from './translate';

const STATE_ICONS: Readonly<Record<Exclude<WatchStateName, 'armed'>, RowIcon>> = {
  disabled: 'watch.disabled',
  pending: 'watch.pending',
  refused: 'watch.refused',
  ended: 'watch.ended',
};

/** No branch where there is none: the view's message says so then. */
export function watchRows(watches: readonly WatchView[], t: Translate): readonly Row[] {
  if (watches.length === 0) return [];
  const description = watchesText(watches, t);
  return [
    {
      id: 'watches',
      label: t('Watches'),
      description,
      tooltip: t('All data breakpoints: the editor’s own, and those set here, in the debug console or by a file.'),
      accessibilityLabel: t('Watches: {0}', description),
      icon: 'watches',
      contextValue: 'watches',
      open: true,
      children: watches.map((watch) => watchRow(watch, t)),
      value: watches.map(({ label }) => label).join(', '),
    },
  ];
}

/** "3 armed, 1 pending". */
function watchesText(watches: readonly WatchView[], t: Translate): string {
  const count = (state: WatchStateName): number => watches.filter((watch) => watch.state === state).length;
  const parts: readonly (readonly [number, string])[] = [
    [count('armed'), t('{0} armed', count('armed'))],
    [count('pending'), t('{0} pending', count('pending'))],
    [count('disabled'), t('{0} disabled', count('disabled'))],
    [count('refused'), t('{0} refused', count('refused'))],
    [count('ended'), t('{0} ended', count('ended'))],
  ];
  return parts
    .filter(([number]) => number > 0)
    .map(([, text]) => text)
    .join(', ');
}

function watchRow(watch: WatchView, t: Translate): Row {
  const facts = watchFacts(watch, t);
  const id = `watch/${watch.id}`;
  return {
    id,
    label: shortName(watch.label),
    description: facts.join(' · '),
    tooltip: watchTooltip(watch, t),
    accessibilityLabel: [
      t('Watch {0}', watch.label),
      ...(watch.state === 'armed' ? [stateText('armed', t)] : []),
      ...facts,
    ]
      .join(', ')
      .replaceAll(' → ', ` ${t('to')} `),
    icon: watch.state === 'armed' ? `watch.${watch.mode}` : STATE_ICONS[watch.state],
    contextValue: watchContext(watch),
    open: false,
    children: detailRows(id, watch, t),
    value: valuesText(watch) ?? watch.label,
    watchId: watch.id,
    isChecked: watch.state !== 'disabled',
    ...(watch.address === undefined ? {} : { address: watch.address }),
    symbol: watch.expression ?? watch.label,
  };
}

/** For menus: `watch.armed.stop`, then what can be done: `.written`, `.located`. Stored ones have no session. */
function watchContext(watch: WatchView): string {
  const abilities = [
    watch.lastWriter === undefined ? '' : '.written',
    watch.address === undefined ? '' : '.located',
    watch.id < 0 ? '.stored' : '.live',
  ];
  return `watch.${watch.state}.${watch.mode}${abilities.join('')}`;
}

/**
 * The parts of `12 hits · 41 → 42 · stops on change if $new > 3`: what hinders it, what it has seen, then what it is
 * for. A side bar of the usual width shows the first twenty letters: the icon tells the mode already.
 */
function watchFacts(watch: WatchView, t: Translate): readonly string[] {
  const { state, message, condition, hitCondition, threads } = watch;
  const isHindered = state === 'pending' || state === 'refused' || state === 'ended';
  const manner = mannerText(watch, t);
  return [
    isHindered ? `${stateText(state, t)}: ${briefly(message)}` : undefined,
    state === 'disabled' ? stateText(state, t) : undefined,
    watch.id < 0 || (isHindered && watch.hits === 0) ? undefined : hitsText(watch, t),
    valuesText(watch),
    condition === undefined ? manner : t('{0} if {1}', manner, condition),
    hitCondition === undefined ? undefined : t('hit count {0}', hitCondition),
    threads === 'all' ? undefined : t('only {0}', threadsText(threads, t)),
    watch.isExtended ? t('beyond x86’s four') : undefined,
    watch.dropped === 0 ? undefined : t('{0} dropped', watch.dropped.toLocaleString('en-US')),
  ].filter((fact) => fact !== undefined);
}

function watchTooltip(watch: WatchView, t: Translate): string {
  const type = watch.typeName === undefined ? '' : `: \`${watch.typeName}\``;
  return [
    `**${watch.label}**${type}`,
    watch.message,
    watch.isExtended
      ? t('More registers than an x86 processor has: the emulated machine lends them, real hardware would refuse.')
      : undefined,
    lastText(watch, t),
    watch.dropped === 0
      ? undefined
      : counted(t, watch.dropped, '1 entry or line was let go.', '{0} entries or lines were let go.'),
  ]
    .filter((part) => part !== undefined)
    .join('\n\n');
}

/** The newest access: `41 → 42`, and whose it was. */
function lastText(watch: WatchView, t: Translate): string | undefined {
  const writer = writerText(watch, t);
  const values = valuesText(watch);
  const quoted = values === undefined ? undefined : `\`${values.replaceAll('`', "'")}\``;
  if (writer === undefined) return quoted;
  return quoted === undefined ? t('Last: {0}', writer) : t('Last: {0}: {1}', writer, quoted);
}

type Detail = Pick<Row, 'label' | 'description' | 'icon' | 'contextValue'>;

/** What a click on them does is the view's affair: contextValue says what they are. */
function detailRows(parent: string, watch: WatchView, t: Translate): readonly Row[] {
  return details(watch, t).map((detail) => ({
    ...detail,
    id: `${parent}/${detail.contextValue}`,
    tooltip: `**${detail.label}**\n\n${detail.description}`,
    accessibilityLabel: `${detail.label}: ${detail.description}`,
    open: false,
    children: [],
    value: detail.description,
    watchId: watch.id,
  }));
}

function details(watch: WatchView, t: Translate): readonly Detail[] {
  const { condition, hitCondition, logMessage, lastWriter, address, lengthBytes, slots } = watch;
  const writer = writerText(watch, t);
  const where =
    address === undefined
      ? undefined
      : [
          address,
          lengthBytes === undefined ? '' : counted(t, lengthBytes, '1 byte', '{0} bytes'),
          watch.typeName ?? '',
          slots.map(registerName).join(', '),
        ]
          .filter((part) => part !== '')
          .join(' · ');
  const all: readonly (Detail | undefined)[] = [
    writer === undefined
      ? undefined
      : {
          label: watch.access === 'read' || watch.access === 'access' ? t('Last access') : t('Last writer'),
          description: writer,
          icon: 'watch.writer',
          contextValue: lastWriter?.path === undefined ? 'watchDetail.writer' : 'watchDetail.writer.located',
        },
    condition === undefined
      ? undefined
      : {
          label: t('Condition'),
          description: condition,
          icon: 'watch.condition',
          contextValue: 'watchDetail.condition',
        },
    hitCondition === undefined
      ? undefined
      : {
          label: t('Hit count'),
          description: hitCondition,
          icon: 'watch.condition',
          contextValue: 'watchDetail.hitCondition',
        },
    logMessage === undefined
      ? undefined
      : { label: t('Log message'), description: logMessage, icon: 'watch.log', contextValue: 'watchDetail.logMessage' },
    {
      label: t('Threads'),
      description: threadsText(watch.threads, t),
      icon: 'thread',
      contextValue: 'watchDetail.threads',
    },
    where === undefined
      ? undefined
      : { label: t('Place'), description: where, icon: 'watch.place', contextValue: 'watchDetail.place' },
    { label: t('State'), description: watch.message, icon: 'watch.state', contextValue: 'watchDetail.state' },
  ];
  return all.filter((detail) => detail !== undefined);
}

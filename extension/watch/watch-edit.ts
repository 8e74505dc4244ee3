// watch-edit.ts: changing one watch: by quick picks and input boxes, each with the present value in it.
//
// Every attribute has a command of its own; "Edit Watch…" lists them all. What the adapter refuses is shown as it says it.

import * as vscode from 'vscode';
import type { WatchChange, WatchThreadsName, WatchView } from '../../adapter/protocol/watches';
import { reasonOf, type Watches } from './watches';
import { accessChoices, modeChoices, threadName, threadsText, type Choice } from './watch-words';

const t = vscode.l10n.t;

type Attribute = 'mode' | 'access' | 'condition' | 'hitCondition' | 'threads' | 'logMessage';

/** All that can be changed, with what it is now. */
export async function editWatch(watches: Watches, watch: WatchView): Promise<void> {
  const none = t('none');
  const items: readonly (vscode.QuickPickItem & { readonly attribute: Attribute })[] = [
    item('mode', 'play-circle', t('Mode'), labelOf(modeChoices(t), watch.mode)),
    item('access', 'eye', t('Access'), labelOf(accessChoices(t), watch.access)),
    item('condition', 'filter', t('Condition'), watch.condition ?? none),
    item('hitCondition', 'symbol-number', t('Hit count'), watch.hitCondition ?? none),
    item('threads', 'git-commit', t('Threads'), threadsText(watch.threads, t)),
    item('logMessage', 'output', t('Log message'), watch.logMessage ?? none),
  ];
  const chosen = await vscode.window.showQuickPick(items, {
    title: t('Edit watch {0}', watch.label),
    placeHolder: t('What do you want to change?'),
  });
  if (chosen !== undefined) await editAttribute(watches, watch, chosen.attribute);
}

export async function editAttribute(watches: Watches, watch: WatchView, attribute: Attribute): Promise<void> {
  const change = await wishedChange(watches, watch, attribute);
  if (change !== undefined) await applyChange(watches, { id: watch.id, ...change });
}

/** The adapter's reason is told where it refuses. */
export async function applyChange(watches: Watches, change: WatchChange): Promise<WatchView | undefined> {
  try {
    return await watches.change(change);
  } catch (error) {
    void vscode.window.showErrorMessage(reasonOf(error));
    return undefined;
  }
}

async function wishedChange(
  watches: Watches,
  watch: WatchView,
  attribute: Attribute,
): Promise<Omit<WatchChange, 'id'> | undefined> {
  switch (attribute) {
    case 'mode':
      return editMode(watch);
    case 'access': {
      const access = await choose(accessChoices(t), watch.access, t('Which accesses to {0} count?', watch.label));
      return access === undefined ? undefined : { access };
    }
    case 'condition': {
      const condition = await askCondition(watch);
      return condition === undefined ? undefined : { condition: orNull(condition) };
    }
    case 'hitCondition': {
      const hitCondition = await askHitCondition(watch);
      return hitCondition === undefined ? undefined : { hitCondition: orNull(hitCondition) };
    }
    case 'threads': {
      const threads = await chooseThreads(watches, watch);
      return threads === undefined ? undefined : { threads };
    }
    case 'logMessage': {
      const logMessage = await askLogMessage(watch);
      return logMessage === undefined ? undefined : { logMessage: orNull(logMessage) };
    }
  }
}

/** Log needs its message; the others do not. */
async function editMode(watch: WatchView): Promise<Omit<WatchChange, 'id'> | undefined> {
  const mode = await choose(modeChoices(t), watch.mode, t('What happens when {0} is hit?', watch.label));
  if (mode !== 'log') return mode === undefined ? undefined : { mode };
  const logMessage = await askLogMessage(watch);
  return logMessage === undefined ? undefined : { mode, logMessage: orNull(logMessage) };
}

const orNull = (text: string): string | null => (text.trim() === '' ? null : text);

const labelOf = <T>(choices: readonly Choice<T>[], value: T): string =>
  choices.find((choice) => choice.value === value)?.label ?? '';

function item(attribute: Attribute, icon: string, label: string, description: string) {
  // Not in the label: a screen reader would read the icon's name.
  return { attribute, label, description, iconPath: new vscode.ThemeIcon(icon) };
}

/** The present one comes first in focus. */
export async function choose<T>(
  choices: readonly Choice<T>[],
  present: T | undefined,
  placeHolder: string,
): Promise<T | undefined> {
  const items = choices.map((choice) => ({
    ...choice,
    ...(choice.value === present ? { description: t('as now') } : {}),
  }));
  const chosen = await vscode.window.showQuickPick(items, { placeHolder, matchOnDetail: true });
  return chosen?.value;
}

// A stop takes the focus to the source: what is half typed stays, until Escape.

function askCondition({ label, condition }: WatchView): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    ignoreFocusOut: true,
    title: t('Condition of {0}', label),
    prompt: t(
      'Hits where this is false are passed over. Known: $old, $new, $thread, $hits, $writer, and the program’s names. Empty: no condition.',
    ),
    placeHolder: '$new > $old && $thread != 1',
    value: condition ?? '',
  });
}

function askHitCondition({ label, hitCondition }: WatchView): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    ignoreFocusOut: true,
    title: t('Hit count of {0}', label),
    prompt: t('5: the fifth hit · >= 5: from the fifth on · % 5: every fifth. Empty: every hit.'),
    placeHolder: '>= 5',
    value: hitCondition ?? '',
  });
}

export function askLogMessage({
  label,
  logMessage,
}: Pick<WatchView, 'label' | 'logMessage'>): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    ignoreFocusOut: true,
    title: t('Log message of {0}', label),
    prompt: t('Expressions in braces: {$old}, {$new}, {$location}, {$writer}, {$thread}, {$hits}, or the program’s.'),
    placeHolder: '{$old} → {$new} at {$location}',
    value: logMessage ?? '{$old} → {$new} at {$location}',
  });
}

async function chooseThreads(watches: Watches, watch: WatchView): Promise<WatchThreadsName | undefined> {
  const threads = watches.state?.map.threads ?? [];
  const names = [...new Set(threads.map(({ name }) => name))].filter((name) => name !== '');
  const choices: readonly Choice<WatchThreadsName>[] = [
    { value: 'all', label: t('All threads'), detail: t('Those that start later too.') },
    ...names.map((name) => ({
      value: { name },
      label: t('Threads named {0}', name),
      detail: t('Found again after a restart.'),
    })),
    ...threads.map(({ id, name }) => ({
      value: { id },
      label: t('Thread {0}', threadName(id, name)),
      detail: t('This one only.'),
    })),
  ];
  const present = choices.find(({ value }) => JSON.stringify(value) === JSON.stringify(watch.threads))?.value;
  return choose(choices, present, t('Whose accesses to {0} count?', watch.label));
}

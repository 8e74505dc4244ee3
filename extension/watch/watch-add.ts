// watch-add.ts: setting a watch: from the view's +, a symbol in the editor, a variable or a Watch expression.
//
// The expression is checked while it is typed (`trapline/planWatch`), so that its cost is known before it is set. What
// was set is shown in the view at once; what was refused comes with what can be done.

import * as vscode from 'vscode';
import type { WatchModeName, WatchPlan, WatchSpec, WatchView } from '../../adapter/protocol/watches';
import { applyChange, askLogMessage, choose } from './watch-edit';
import { reasonOf, type Watches } from './watches';
import { accessChoices, holdersBeside, modeChoices, plainly } from './watch-words';

const t = vscode.l10n.t;
/** A person types; the adapter is asked when they pause. */
const TYPING_PAUSE_MS = 150;

/** Shows a watch in the view, selected. */
export type Reveal = (id: number) => void;

/** The +: expression, then access, then mode. */
export async function addByAsking(watches: Watches, reveal: Reveal): Promise<void> {
  const expression = await askExpression(watches);
  if (expression !== undefined) await addWithOptions(watches, reveal, { expression, ...frameOf(watches) });
}

/** Access and mode are asked for; the expression is known. */
export async function addWithOptions(watches: Watches, reveal: Reveal, spec: WatchSpec): Promise<void> {
  const name = spec.expression ?? '';
  const access = await choose(accessChoices(t), undefined, t('Which accesses to {0} count?', name));
  if (access === undefined) return;
  const mode = await choose(modeChoices(t), undefined, t('What happens when {0} is hit?', name));
  if (mode !== undefined) await addInMode(watches, reveal, { ...spec, access }, mode);
}

/** Log asks for its message. */
export async function addInMode(watches: Watches, reveal: Reveal, spec: WatchSpec, mode: WatchModeName): Promise<void> {
  if (mode !== 'log') return addAndShow(watches, reveal, { ...spec, mode });
  const logMessage = await askLogMessage({ label: spec.expression ?? '' });
  if (logMessage === undefined) return;
  return addAndShow(watches, reveal, { ...spec, mode, ...(logMessage.trim() === '' ? {} : { logMessage }) });
}

/** Sets it; says why where it cannot be. */
export async function addAndShow(watches: Watches, reveal: Reveal, spec: WatchSpec): Promise<void> {
  let watch: WatchView;
  try {
    watch = await watches.add(spec);
  } catch (error) {
    await offerExtension(watches, reveal, spec, reasonOf(error));
    return;
  }
  const same = watches.all.find((other) => isSame(other, watch));
  if (same !== undefined) {
    // Twice would count and stop twice: the one that is there is shown.
    await watches.remove(watch.id);
    reveal(same.id);
    return;
  }
  reveal(watch.id);
  if (watch.state === 'refused') await offerHelp(watches, reveal, watch);
}

/** Says why it cannot be watched; what is only too wide for the processor can be extended. */
async function offerExtension(watches: Watches, reveal: Reveal, spec: WatchSpec, why: string): Promise<void> {
  const wider = spec.extend === true ? undefined : await extendedPlan(watches, spec);
  const extend = t('Extend Beyond Four');
  const choices = wider === undefined ? [] : [extend];
  const text = t('{0} cannot be watched: {1}', spec.expression ?? '', why);
  const answer = await vscode.window.showErrorMessage(text, ...choices);
  if (answer === extend) await addAndShow(watches, reveal, { ...spec, extend: true });
}

/** What it would cost with registers that no processor has; undefined where that does not help. */
async function extendedPlan(watches: Watches, spec: WatchSpec): Promise<WatchPlan | undefined> {
  try {
    return await watches.plan({ ...spec, extend: true });
  } catch {
    return undefined;
  }
}

/** Another that does the same at the same place, whatever it has seen. */
function isSame(other: WatchView, watch: WatchView): boolean {
  const facts = ({ label, address, access, mode, threads, condition, hitCondition, logMessage }: WatchView): string =>
    JSON.stringify([label, address, access, mode, threads, condition, hitCondition, logMessage]);
  const isOver = other.state === 'ended' || other.state === 'disabled';
  return other.id !== watch.id && !isOver && facts(other) === facts(watch);
}

/** A refused watch stays in the list; this is what can be done for it. */
export async function offerHelp(watches: Watches, reveal: Reveal, watch: WatchView): Promise<void> {
  const extend = t('Extend Beyond Four');
  const count = t('Count Instead');
  const remove = t('Remove Others…');
  const answer = await vscode.window.showWarningMessage(plainly(watch.message), extend, count, remove);
  if (answer === extend) await tryAgain(watches, { id: watch.id, extend: true });
  else if (answer === count) await tryAgain(watches, { id: watch.id, mode: 'count', extend: true });
  else if (answer === remove) await removeOthers(watches, reveal, watch);
  if (answer !== undefined) reveal(watch.id);
}

async function tryAgain(watches: Watches, change: Parameters<Watches['change']>[0]): Promise<void> {
  const changed = await applyChange(watches, change);
  if (changed?.state === 'refused') void vscode.window.showWarningMessage(plainly(changed.message));
}

/** Their slots may serve this one, which is then armed by itself; where they do not, what can be done is offered again. */
async function removeOthers(watches: Watches, reveal: Reveal, watch: WatchView): Promise<void> {
  const choices = holdersBeside(watches.all, watch, t);
  if (choices.length === 0) {
    void vscode.window.showInformationMessage(t('No other watch holds a debug register.'));
    return;
  }
  const placeHolder = t('Which watches make room for {0}?', watch.label);
  const chosen = await vscode.window.showQuickPick([...choices], { placeHolder, canPickMany: true });
  if (chosen === undefined || chosen.length === 0) return;
  for (const { id } of chosen) await watches.remove(id);
  const now = watches.get(watch.id);
  if (now?.state === 'refused') await offerHelp(watches, reveal, now);
}

/** Where locals are looked for. */
export function frameOf(watches: Watches): { readonly frameId?: number } {
  const item = vscode.debug.activeStackItem;
  if (!(item instanceof vscode.DebugStackFrame) || item.session.id !== watches.session?.id) return {};
  return { frameId: item.frameId };
}

/** Checked while it is typed; undefined where the person gave up. */
export function askExpression(watches: Watches): Promise<string | undefined> {
  const input = vscode.window.createInputBox();
  input.title = t('Watch');
  // A stop takes the focus to the source: what is half typed stays, until Escape.
  input.ignoreFocusOut = true;
  input.prompt = t('What is to be watched? A variable, a member, an element, or an address.');
  input.placeholder = t('counter · table[2] · cfg->flags · file.c:name · 0x404050');
  let latest = 0;
  let pause: NodeJS.Timeout | undefined;
  const check = async (): Promise<boolean> => {
    const mine = ++latest;
    const verdict = await verdictOn(watches, input.value);
    if (mine === latest) input.validationMessage = verdict.message;
    return verdict.isGood;
  };
  input.onDidChangeValue(() => {
    clearTimeout(pause);
    pause = setTimeout(() => void check(), TYPING_PAUSE_MS);
  });
  return new Promise((resolve) => {
    input.onDidAccept(async () => {
      clearTimeout(pause);
      if (!(await check())) return;
      resolve(input.value.trim());
      input.hide();
    });
    input.onDidHide(() => {
      clearTimeout(pause);
      resolve(undefined);
      input.dispose();
    });
    input.show();
  });
}

interface Verdict {
  readonly isGood: boolean;
  readonly message: string | vscode.InputBoxValidationMessage;
}

/** What it would cost; what cannot be watched is not taken. */
async function verdictOn(watches: Watches, text: string): Promise<Verdict> {
  const expression = text.trim();
  if (expression === '') return { isGood: false, message: '' };
  const { Info, Warning, Error: Wrong } = vscode.InputBoxValidationSeverity;
  try {
    const plan = await watches.plan({ expression, ...frameOf(watches) });
    if (plan === undefined) {
      const message = t(
        'No program runs: the watch is set when it starts. A local is named with its function: function::local.',
      );
      return { isGood: true, message: { message, severity: Info } };
    }
    const severity = plan.slotsNeeded > plan.slotsFree ? Warning : Info;
    return { isGood: true, message: { message: planText(plan), severity } };
  } catch (error) {
    const wider = await extendedPlan(watches, { expression, ...frameOf(watches) });
    const message = reasonOf(error);
    if (wider === undefined) return { isGood: false, message: { message, severity: Wrong } };
    const offer = t('{0} Or extend it beyond the four registers of x86: {1}.', message, wider.text);
    return { isGood: true, message: { message: offer, severity: Warning } };
  }
}

function planText(plan: WatchPlan): string {
  const type = plan.typeName === undefined ? '' : `${plan.typeName}, `;
  if (plan.address === undefined) return t('{0}{1} ({2} free)', type, plan.text, plan.slotsFree);
  return t('{0}{1}, {2} ({3} free)', type, plan.address, plan.text, plan.slotsFree);
}

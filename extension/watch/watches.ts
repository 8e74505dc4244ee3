// watches.ts: the watches of the folder, for everything that shows or changes them.
//
// While a program runs they are the adapter's, before and after the kept ones of watch-shelf.ts too. Changes go to
// whoever has the watch: the adapter by a custom request, or the shelf. What the adapter refuses is thrown as it says it.

import * as vscode from 'vscode';
import {
  ADD_WATCH_REQUEST,
  CHANGE_WATCH_REQUEST,
  GO_BACK_REQUEST,
  PLAN_WATCH_REQUEST,
  REMOVE_WATCH_REQUEST,
  WATCH_HISTORY_REQUEST,
  type WatchChange,
  type WatchHistory,
  type WatchPlan,
  type WatchSpec,
  type WatchView,
} from '../../adapter/protocol/watches';
import { field, isWatch, type RegisterFeed, type RegisterState } from '../view/register-feed';
import { canBeKept, specOf, storedView, type StoredWatch, type WatchShelf } from './watch-shelf';
import { firstOf, plainly } from './watch-words';

const t = vscode.l10n.t;

/** What a session has of the shelf. */
interface Bond {
  /** The adapter's id → the shelf's key. */
  readonly keys: Map<number, string>;
  /** All kept ones were asked for: what is missing now, the person took away. */
  isRestored: boolean;
}

export class Watches {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly bonds = new Map<string, Bond>();
  /** Of the last run: session and id → history. The adapter that knew it is gone. */
  private readonly lastHistories = new Map<string, WatchHistory>();
  /** Of the program that has ended: those that nobody keeps, and the person has removed from the list. */
  private readonly letGo = new Set<number>();
  private readonly subscriptions: { dispose(): unknown }[];

  readonly onDidChange = this.changed.event;

  constructor(
    private readonly feed: RegisterFeed,
    private readonly shelf: WatchShelf,
  ) {
    this.subscriptions = [
      this.changed,
      feed.onDidLoad((session) => void this.restore(session)),
      feed.onDidFinish((session) => void this.rememberHistories(session)),
      feed.onDidChange(() => {
        this.keep();
        this.changed.fire();
      }),
    ];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** The running adapter's; else what the last session left, and what waits for the next one. */
  get all(): readonly WatchView[] {
    const state = this.feed.current;
    if (state !== undefined && !state.isEnded) return state.watches;
    const left = state === undefined ? [] : state.watches.map((watch) => this.afterEnd(state, watch));
    const shown = new Set(left.flatMap((each) => (each?.key === undefined ? [] : [each.key])));
    const waiting = this.shelf.all.flatMap((entry, at) => (shown.has(entry.key) ? [] : [this.stored(entry, at)]));
    return [...left.flatMap((each) => (each === undefined ? [] : [each.watch])), ...waiting];
  }

  get(id: number): WatchView | undefined {
    return this.all.find((watch) => watch.id === id);
  }

  /** Of the program that runs. */
  get session(): vscode.DebugSession | undefined {
    const state = this.feed.current;
    return state === undefined || state.isEnded ? undefined : state.session;
  }

  get state(): RegisterState | undefined {
    return this.feed.current;
  }

  /** Without a program it is kept for the next one: then the answer is a pending watch. */
  async add(spec: WatchSpec): Promise<WatchView> {
    const session = this.session;
    if (session === undefined) {
      const key = this.shelf.add(spec.expression ?? t('watch'), { ...spec, origin: 'view' });
      this.changed.fire();
      const at = this.shelf.all.findIndex((entry) => entry.key === key);
      return this.stored(this.shelf.all[at], at);
    }
    const watch = await ask(session, ADD_WATCH_REQUEST, { ...spec, origin: 'view' }, isWatch);
    await this.feed.touch(session);
    return watch;
  }

  async change(change: WatchChange): Promise<WatchView | undefined> {
    const session = this.session;
    if (session !== undefined) {
      const watch = await ask(session, CHANGE_WATCH_REQUEST, change, isWatch);
      await this.feed.touch(session);
      return watch;
    }
    const key = this.keyOf(change.id);
    if (key === undefined) throw new Error(hasEnded());
    this.shelf.change(key, change);
    this.changed.fire();
    return this.get(change.id);
  }

  async remove(id: number): Promise<void> {
    const session = this.session;
    if (session !== undefined) {
      await session.customRequest(REMOVE_WATCH_REQUEST, { id });
      await this.feed.touch(session);
      return;
    }
    const key = this.keyOf(id);
    if (key === undefined) this.letGo.add(id);
    else this.shelf.remove(key);
    this.changed.fire();
  }

  /** Undefined where no program runs; throws with the reason where it cannot be watched. */
  async plan(spec: WatchSpec): Promise<WatchPlan | undefined> {
    const session = this.session;
    return session === undefined ? undefined : ask(session, PLAN_WATCH_REQUEST, spec, isPlan);
  }

  /** Also while the program runs, and after its end. `last`: the newest so many entries. */
  async history(session: vscode.DebugSession, id: number, last?: number): Promise<WatchHistory> {
    const remembered = this.lastHistories.get(`${session.id} ${id}`);
    if (remembered !== undefined) return remembered;
    const query = last === undefined ? { id } : { id, last };
    return ask(session, WATCH_HISTORY_REQUEST, query, isHistory);
  }

  /** Throws with the reason where it cannot be; else the program stands there. */
  async goBack(session: vscode.DebugSession, id: number, sequence: number | undefined): Promise<void> {
    await session.customRequest(GO_BACK_REQUEST, sequence === undefined ? { id } : { id, sequence });
  }

  private async rememberHistories(session: vscode.DebugSession): Promise<void> {
    this.lastHistories.clear();
    const state = this.feed.current;
    const watches = state?.session.id === session.id ? state.watches : [];
    await Promise.all(
      watches.map(async ({ id }) => {
        try {
          const history = await ask(session, WATCH_HISTORY_REQUEST, { id }, isHistory);
          this.lastHistories.set(`${session.id} ${id}`, history);
        } catch {
          // The adapter is gone already: what was shown last stays.
        }
      }),
    );
    this.changed.fire();
  }

  /** The adapter does this before the program's first instruction (register-feed.ts). */
  private async restore(session: vscode.DebugSession): Promise<void> {
    this.letGo.clear();
    const bond: Bond = { keys: new Map(), isRestored: false };
    this.bonds.set(session.id, bond);
    const troubles: string[] = [];
    await Promise.all(
      this.shelf.of(programOf(session)).map(async ({ key, label, spec }) => {
        try {
          const watch = await ask(session, ADD_WATCH_REQUEST, { ...spec, origin: 'view' }, isWatch);
          bond.keys.set(watch.id, key);
        } catch (error) {
          troubles.push(`${label}: ${reasonOf(error)}`);
        }
      }),
    );
    bond.isRestored = true;
    await this.feed.touch(session);
    if (troubles.length > 0) {
      const text = t('Kept watches that could not be set again: {0}', firstOf(troubles, t).join(' '));
      void vscode.window.showWarningMessage(text);
    }
  }

  /** Writes what the session has to the shelf: new ones, changed ones, and that some were removed. */
  private keep(): void {
    const state = this.feed.current;
    const bond = state === undefined || state.isEnded ? undefined : this.bonds.get(state.session.id);
    if (state === undefined || bond?.isRestored !== true) return;
    const program = programOf(state.session);
    for (const watch of state.watches) {
      if (!canBeKept(watch) || (watch.state === 'pending' && !bond.keys.has(watch.id))) continue;
      const key = bond.keys.get(watch.id) ?? this.shelf.add(watch.label, specOf(watch), program);
      bond.keys.set(watch.id, key);
      // One that waits may wait for another program: it stays as it was wished.
      if (watch.state !== 'pending') this.shelf.put({ key, label: watch.label, program, spec: specOf(watch) });
    }
    for (const [id, key] of bond.keys) {
      if (state.watches.some((watch) => watch.id === id)) continue;
      bond.keys.delete(id);
      this.shelf.remove(key);
    }
  }

  /** A watch of a program that has ended, as the shelf has it now; undefined where it was removed since. */
  private afterEnd(
    { session }: RegisterState,
    watch: WatchView,
  ): { readonly key?: string; readonly watch: WatchView } | undefined {
    const key = this.bonds.get(session.id)?.keys.get(watch.id);
    if (key === undefined) return this.letGo.has(watch.id) ? undefined : { watch };
    const at = this.shelf.all.findIndex((entry) => entry.key === key);
    if (at < 0) return undefined;
    const { state, message, access, mode, threads } = this.stored(this.shelf.all[at], at);
    const { condition, hitCondition, logMessage } = this.shelf.all[at].spec;
    return {
      key,
      watch: { ...watch, condition, hitCondition, logMessage, state, message, access, mode, threads },
    };
  }

  private stored(entry: StoredWatch, at: number): WatchView {
    return storedView(entry, at, t('Waits for the program. It is set before the first instruction runs.'));
  }

  private keyOf(id: number): string | undefined {
    if (id < 0) return this.shelf.all.at(-1 - id)?.key;
    const state = this.feed.current;
    return state === undefined ? undefined : this.bonds.get(state.session.id)?.keys.get(id);
  }
}

const programOf = ({ configuration }: vscode.DebugSession): string => {
  const program: unknown = configuration.program;
  return typeof program === 'string' ? program : '';
};

async function ask<T>(
  session: vscode.DebugSession,
  command: string,
  args: unknown,
  isAnswer: (answer: unknown) => answer is T,
): Promise<T> {
  const answer: unknown = await session.customRequest(command, args);
  if (!isAnswer(answer)) throw new Error(t('The debug adapter gave no answer to {0}.', command));
  return answer;
}

const isPlan = (answer: unknown): answer is WatchPlan => typeof field(answer, 'text') === 'string';
const isHistory = (answer: unknown): answer is WatchHistory =>
  Array.isArray(field(answer, 'entries')) && Array.isArray(field(answer, 'bySource'));

const hasEnded = (): string => t('The program has ended, and this watch ended with it. Start the program again.');

/** The adapter's sentence. */
export const reasonOf = (error: unknown): string => plainly(error instanceof Error ? error.message : String(error));

// code-breakpoints.ts: the breakpoints on lines and functions: where they are, and whether one stops here.
//
// Logical breakpoints come as whole lists, per source and for all functions; each has no, one or several addresses.
// Those without wait for a module. What the debug console adds is the editor's as soon as it stands in its list. Only decides; who stops the program and how is not known here.

import { evaluateCondition } from '../watch/condition';
import { actsAtHit, parseHitCondition } from '../watch/hit-condition';
import type { EvaluationContext, ProgramSymbols } from '../symbols/program-symbols';
import type { ThreadId } from '../target/target';
import { findPlace } from './breakpoint-place';
import type { BreakpointWish, CodeBreakpoint } from './code-breakpoint';

/** As the debug console makes one. */
export interface TypedBreakpoint {
  readonly target: CodeBreakpoint['target'];
  readonly wish: BreakpointWish;
  readonly thread: ThreadId | undefined;
  readonly isTemporary: boolean;
}

export interface BreakpointVerdict {
  /** Those that stop. */
  readonly stops: readonly CodeBreakpoint[];
  /** Those that only log. */
  readonly logs: readonly CodeBreakpoint[];
  /** Conditions that could not be evaluated, told once each. */
  readonly troubles: readonly string[];
}

export class CodeBreakpoints {
  private readonly lines = new Map<string, readonly CodeBreakpoint[]>();
  private functions: readonly CodeBreakpoint[] = [];
  private instructions: readonly CodeBreakpoint[] = [];
  /** Those of the debug console that no list of the editor's has. */
  private typed: readonly CodeBreakpoint[] = [];

  constructor(
    private readonly symbols: ProgramSymbols,
    private readonly nextId: () => number,
  ) {}

  setLines(path: string, wishes: readonly (BreakpointWish & { readonly line: number })[]): readonly CodeBreakpoint[] {
    const old = [...(this.lines.get(path) ?? []), ...this.typed];
    const list = wishes.map(({ line, ...wish }) => this.keepOrMake(old, { kind: 'line', path, line }, wish));
    this.lines.set(path, list);
    this.adopt(list);
    return list;
  }

  setFunctions(wishes: readonly (BreakpointWish & { readonly name: string })[]): readonly CodeBreakpoint[] {
    const old = [...this.functions, ...this.typed];
    this.functions = wishes.map(({ name, ...wish }) => this.keepOrMake(old, { kind: 'function', name }, wish));
    this.adopt(this.functions);
    return this.functions;
  }

  setInstructions(wishes: readonly (BreakpointWish & { readonly address: bigint })[]): readonly CodeBreakpoint[] {
    const old = [...this.instructions, ...this.typed];
    this.instructions = wishes.map(({ address, ...wish }) =>
      this.keepOrMake(old, { kind: 'instruction', address }, wish),
    );
    this.adopt(this.instructions);
    return this.instructions;
  }

  /** From the debug console. */
  add({ target, wish, thread, isTemporary }: TypedBreakpoint): CodeBreakpoint {
    const made = this.make(target, wish, { typed: isTemporary ? 'temporary' : 'own', thread });
    this.typed = [...this.typed, made];
    return made;
  }

  /** The editor's from now on, in its list of that source. */
  handOver(breakpoint: CodeBreakpoint): void {
    if (breakpoint.typed !== 'own' || breakpoint.path === undefined) return;
    this.lines.set(breakpoint.path, [...(this.lines.get(breakpoint.path) ?? []), breakpoint]);
    this.adopt([breakpoint]);
  }

  /** Another condition or hit count; undefined takes it away. */
  change(breakpoint: CodeBreakpoint, change: { readonly [name in keyof BreakpointWish]?: string | undefined }): void {
    const { condition, hitCondition, logMessage } = { ...breakpoint.wish, ...change };
    breakpoint.wish = {
      ...(condition === undefined ? {} : { condition }),
      ...(hitCondition === undefined ? {} : { hitCondition }),
      ...(logMessage === undefined ? {} : { logMessage }),
    };
    breakpoint.trouble = undefined;
    findPlace(breakpoint, this.symbols);
  }

  addresses(): ReadonlySet<bigint> {
    return new Set(this.all().flatMap(({ addresses, enabled }) => (enabled ? addresses : [])));
  }

  /** All of them: of lines, functions and instructions. */
  list(): readonly CodeBreakpoint[] {
    return this.all();
  }

  /** Gone until the editor's next list says it again. */
  remove(breakpoint: CodeBreakpoint): void {
    const others = (list: readonly CodeBreakpoint[]): readonly CodeBreakpoint[] =>
      list.filter((each) => each !== breakpoint);
    for (const [path, list] of this.lines) this.lines.set(path, others(list));
    this.functions = others(this.functions);
    this.instructions = others(this.instructions);
    this.typed = others(this.typed);
  }

  /** Looks for all of them again; gives those whose answer is another now. */
  resolveAgain(): readonly CodeBreakpoint[] {
    return this.all().filter((breakpoint) => {
      const before = `${breakpoint.verified} ${breakpoint.line ?? ''} ${breakpoint.addresses.join()}`;
      findPlace(breakpoint, this.symbols);
      return before !== `${breakpoint.verified} ${breakpoint.line ?? ''} ${breakpoint.addresses.join()}`;
    });
  }

  /** Counts the hit of each breakpoint there and says what it asks for. */
  decide(address: bigint, thread: ThreadId, context: () => EvaluationContext): BreakpointVerdict {
    const stops: CodeBreakpoint[] = [];
    const logs: CodeBreakpoint[] = [];
    const troubles: string[] = [];
    for (const breakpoint of this.all()) {
      if (!breakpoint.enabled || !breakpoint.addresses.includes(address)) continue;
      if (breakpoint.thread !== undefined && breakpoint.thread !== thread) continue;
      const trouble = this.passes(breakpoint, context);
      if (trouble === false) continue;
      if (trouble !== undefined) troubles.push(trouble);
      (breakpoint.wish.logMessage === undefined ? stops : logs).push(breakpoint);
    }
    return { stops, logs, troubles };
  }

  /** False: goes on. A text: stops, and the text is to be told. */
  private passes(breakpoint: CodeBreakpoint, context: () => EvaluationContext): false | string | undefined {
    const { condition, hitCondition } = breakpoint.wish;
    if (condition !== undefined) {
      const truth = evaluateCondition(this.symbols, condition, context());
      if (truth.kind === 'false') return false;
      if (truth.kind === 'error') {
        breakpoint.hits++;
        const isNew = breakpoint.trouble !== truth.why;
        breakpoint.trouble = truth.why;
        return isNew ? conditionTroubleText(condition, truth.why) : undefined;
      }
    }
    breakpoint.hits++;
    return actsAtHit(parseHitCondition(hitCondition ?? ''), breakpoint.hits) ? undefined : false;
  }

  private all(): readonly CodeBreakpoint[] {
    return [...[...this.lines.values()].flat(), ...this.functions, ...this.instructions, ...this.typed];
  }

  /** What was typed and is in a list of the editor's now belongs there: it goes when it is no longer in the list. */
  private adopt(list: readonly CodeBreakpoint[]): void {
    for (const breakpoint of list) if (breakpoint.typed === 'own') breakpoint.typed = 'adopted';
    this.typed = this.typed.filter((breakpoint) => !list.includes(breakpoint));
  }

  private keepOrMake(
    old: readonly CodeBreakpoint[],
    target: CodeBreakpoint['target'],
    wish: BreakpointWish,
  ): CodeBreakpoint {
    const same = old.find((candidate) => isSameTarget(candidate, target) && mayBe(candidate, wish));
    if (same === undefined) return this.make(target, wish, { typed: undefined, thread: undefined });
    // The editor knows nothing of what was typed with it; what it says itself wins.
    if (!isSameWish(same.asked, wish)) same.wish = wish;
    same.asked = wish;
    return same;
  }

  private make(
    target: CodeBreakpoint['target'],
    wish: BreakpointWish,
    more: Pick<CodeBreakpoint, 'typed' | 'thread'>,
  ): CodeBreakpoint {
    const place = { path: undefined, line: undefined, message: undefined, addresses: [], trouble: undefined };
    const asked = more.typed === undefined ? wish : {};
    const made: CodeBreakpoint = {
      ...{ id: this.nextId(), wish, asked, target, enabled: true, verified: false, hits: 0 },
      ...more,
      ...place,
    };
    findPlace(made, this.symbols);
    return made;
  }
}

/** One of the editor's is another one with another wish; one that was typed is the same whatever the editor says. */
function mayBe({ typed, asked }: CodeBreakpoint, wish: BreakpointWish): boolean {
  return typed === undefined ? isSameWish(asked, wish) : typed !== 'temporary';
}

export function conditionTroubleText(condition: string, why: string): string {
  return `The condition \`${condition}\` cannot be evaluated, so the program stops: ${why}`;
}

/** What was typed with a function's name is a line's to the editor, which was told where it is. */
function isSameTarget({ target: first, typed, path, line }: CodeBreakpoint, target: CodeBreakpoint['target']): boolean {
  if (typed !== undefined && target.kind === 'line') return path === target.path && line === target.line;
  if (first.kind === 'line') return target.kind === 'line' && first.path === target.path && first.line === target.line;
  if (first.kind === 'function') return target.kind === 'function' && first.name === target.name;
  return target.kind === 'instruction' && first.address === target.address;
}

function isSameWish(first: BreakpointWish, second: BreakpointWish): boolean {
  return (
    first.condition === second.condition &&
    first.hitCondition === second.hitCondition &&
    first.logMessage === second.logMessage
  );
}

// code-breakpoints.ts: the breakpoints on lines and functions: where they are, and whether one stops here.
//
// Logical breakpoints come as whole lists, per source and for all functions; each has no, one or several addresses.
// Those without wait for a module. Only decides; who stops the program and how is not known here.

import { evaluateCondition } from '../watch/condition';
import { actsAtHit, parseHitCondition } from '../watch/hit-condition';
import type { EvaluationContext, ProgramSymbols } from '../symbols/program-symbols';
import { UserError } from '../util/user-error';

export interface BreakpointWish {
  readonly condition?: string;
  readonly hitCondition?: string;
  readonly logMessage?: string;
}

export interface CodeBreakpoint {
  readonly id: number;
  readonly wish: BreakpointWish;
  readonly target:
    | { readonly kind: 'line'; readonly path: string; readonly line: number }
    | { readonly kind: 'function'; readonly name: string }
    | { readonly kind: 'instruction'; readonly address: bigint };
  verified: boolean;
  /** Where it really is. */
  path: string | undefined;
  line: number | undefined;
  message: string | undefined;
  addresses: readonly bigint[];
  hits: number;
  trouble: string | undefined;
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

  constructor(
    private readonly symbols: ProgramSymbols,
    private readonly nextId: () => number,
  ) {}

  setLines(path: string, wishes: readonly (BreakpointWish & { readonly line: number })[]): readonly CodeBreakpoint[] {
    const old = this.lines.get(path) ?? [];
    const list = wishes.map(({ line, ...wish }) => this.keepOrMake(old, { kind: 'line', path, line }, wish));
    this.lines.set(path, list);
    return list;
  }

  setFunctions(wishes: readonly (BreakpointWish & { readonly name: string })[]): readonly CodeBreakpoint[] {
    const old = this.functions;
    this.functions = wishes.map(({ name, ...wish }) => this.keepOrMake(old, { kind: 'function', name }, wish));
    return this.functions;
  }

  setInstructions(wishes: readonly (BreakpointWish & { readonly address: bigint })[]): readonly CodeBreakpoint[] {
    const old = this.instructions;
    this.instructions = wishes.map(({ address, ...wish }) =>
      this.keepOrMake(old, { kind: 'instruction', address }, wish),
    );
    return this.instructions;
  }

  addresses(): ReadonlySet<bigint> {
    return new Set(this.all().flatMap(({ addresses }) => addresses));
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
  }

  /** Looks for all of them again; gives those whose answer is another now. */
  resolveAgain(): readonly CodeBreakpoint[] {
    return this.all().filter((breakpoint) => {
      const before = `${breakpoint.verified} ${breakpoint.line ?? ''} ${breakpoint.addresses.join()}`;
      this.resolve(breakpoint);
      return before !== `${breakpoint.verified} ${breakpoint.line ?? ''} ${breakpoint.addresses.join()}`;
    });
  }

  /** Counts the hit of each breakpoint there and says what it asks for. */
  decide(address: bigint, context: () => EvaluationContext): BreakpointVerdict {
    const stops: CodeBreakpoint[] = [];
    const logs: CodeBreakpoint[] = [];
    const troubles: string[] = [];
    for (const breakpoint of this.all()) {
      if (!breakpoint.addresses.includes(address)) continue;
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
    return [...[...this.lines.values()].flat(), ...this.functions, ...this.instructions];
  }

  private keepOrMake(
    old: readonly CodeBreakpoint[],
    target: CodeBreakpoint['target'],
    wish: BreakpointWish,
  ): CodeBreakpoint {
    const same = old.find((candidate) => isSameTarget(candidate.target, target) && isSameWish(candidate.wish, wish));
    if (same !== undefined) return same;
    const place = { path: undefined, line: undefined, message: undefined, addresses: [], trouble: undefined };
    const made: CodeBreakpoint = { id: this.nextId(), wish, target, verified: false, ...place, hits: 0 };
    this.resolve(made);
    return made;
  }

  private resolve(breakpoint: CodeBreakpoint): void {
    const { target } = breakpoint;
    const wrong = wishTrouble(breakpoint.wish);
    if (wrong !== undefined) {
      place(breakpoint, [], wrong);
      return;
    }
    switch (target.kind) {
      case 'line': {
        const found = this.symbols.addressesOfLine(target.path, target.line);
        place(breakpoint, found.addresses, lineTrouble(target.path, target.line, this.symbols));
        breakpoint.path = target.path;
        breakpoint.line = found.addresses.length > 0 ? found.line : target.line;
        return;
      }
      case 'function': {
        const functions = this.symbols.functionsNamed(target.name);
        place(
          breakpoint,
          functions.map(({ afterPrologue }) => afterPrologue),
          functionTrouble(target.name),
        );
        const first = functions.at(0);
        const at = first === undefined ? undefined : this.symbols.locationOf(first.afterPrologue);
        breakpoint.path = at?.path;
        breakpoint.line = at?.line;
        return;
      }
      case 'instruction':
        place(breakpoint, [target.address], undefined);
    }
  }
}

function place(breakpoint: CodeBreakpoint, addresses: readonly bigint[], trouble: string | undefined): void {
  breakpoint.addresses = [...new Set(addresses)];
  breakpoint.verified = addresses.length > 0;
  breakpoint.message = breakpoint.verified ? undefined : trouble;
}

function wishTrouble(wish: BreakpointWish): string | undefined {
  if (wish.hitCondition === undefined) return undefined;
  try {
    parseHitCondition(wish.hitCondition);
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.message;
  }
}

function lineTrouble(path: string, line: number, symbols: ProgramSymbols): string {
  if (!symbols.hasDebugInfo) return 'The program has no debug information: compile it with -g.';
  const name = path.slice(path.lastIndexOf('/') + 1);
  const known = symbols.sourceFiles().some((file) => file.endsWith(`/${name}`) || file === name);
  if (known) return `No code was compiled for line ${line} of ${name} or a line after it.`;
  return `No loaded module was compiled from ${name}. It binds when one is loaded; else compile ${name} with -g.`;
}

function functionTrouble(name: string): string {
  return `No loaded module has a function \`${name}\`. It binds when one is loaded.`;
}

export function conditionTroubleText(condition: string, why: string): string {
  return `The condition \`${condition}\` cannot be evaluated, so the program stops: ${why}`;
}

function isSameTarget(first: CodeBreakpoint['target'], second: CodeBreakpoint['target']): boolean {
  if (first.kind === 'line') return second.kind === 'line' && first.path === second.path && first.line === second.line;
  if (first.kind === 'function') return second.kind === 'function' && first.name === second.name;
  return second.kind === 'instruction' && first.address === second.address;
}

function isSameWish(first: BreakpointWish, second: BreakpointWish): boolean {
  return (
    first.condition === second.condition &&
    first.hitCondition === second.hitCondition &&
    first.logMessage === second.logMessage
  );
}

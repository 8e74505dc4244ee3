// console.ts: a line of the debug console: a command's answer, or that of an expression.
//
// command-line.ts tells by the text which of both it is; here variables win where the line is a name alone. The caller
// (debug-session.ts) sees to it that the program stands as `need` asks.

import { UserError } from '../../util/user-error';
import { nearestName } from '../../symbols/expression/suggest';
import type { Value } from '../../symbols/program-symbols';
import { evaluate } from '../evaluation';
import type { SessionCore } from '../session-core';
import type { StackFrame } from '../stack';
import type { WatchDesk } from '../watch-desk';
import type { CommandCall, CommandNeed, ConsoleAnswer, ConsoleCommand, ConsoleContext } from './command';
import { readCommandLine } from './command-line';
import type { CommandLine } from './command-line';
import { completions } from './completion';
import type { Completion } from './completion';
import { COMMANDS, commandNamed, commandsBeginning } from './commands.table';
import { displaysText } from './commands/display-commands';
import { convenienceFor } from './convenience';
import { ChosenFrame } from './chosen-frame';
import { Displays } from './displays';
import { Finishing } from './finishing';
import { ListedLines } from './listed-lines';
import { ExamineMemory } from './examine-memory';
import { fromLldb } from './lldb.table';
import type { RunningCommands } from './command';
import { ValueHistory } from './value-history';

export interface ConsoleCall {
  readonly need: CommandNeed;
  run(frame: StackFrame | undefined): ConsoleAnswer;
}

export class Console {
  private readonly examined = new ExamineMemory();
  private readonly history = new ValueHistory();
  private readonly chosen = new ChosenFrame();
  private readonly displays = new Displays();
  private readonly finishing = new Finishing();
  private readonly listed = new ListedLines();

  constructor(
    private readonly core: SessionCore,
    private readonly desk: WatchDesk,
    private readonly running: RunningCommands,
  ) {}

  /** The frame that the lines are about: the editor's, or the one chosen here since. */
  lookedAt(editors: StackFrame | undefined): StackFrame | undefined {
    const { stoppedThread, stack } = this.core;
    const own = editors ?? (stoppedThread === undefined ? undefined : this.chosen.baseOf(stack, stoppedThread));
    return own === undefined ? undefined : this.chosen.insteadOf(own, stack);
  }

  /** Always: an expression, too, is a call. Throws UserError for a command that is none. */
  read(typed: string, frame: StackFrame | undefined): ConsoleCall {
    const [, operand = ''] = /^\s*(\w+)\s+[*&(]/.exec(typed) ?? [];
    // `e *p` multiplies where there is an `e`.
    const lldbs = operand !== '' && this.isVariable(operand, frame) ? undefined : fromLldb(typed);
    const text = lldbs === undefined ? typed : `-exec ${lldbs}`;
    const line = readCommandLine(text);
    const command = line === undefined ? undefined : this.commandOf(line, frame);
    if (line === undefined || command === undefined || this.isExpression(line, command, frame)) {
      if (line?.forced === true) throw noSuchCommand(line.word);
      return { need: 'standing', run: (chosen) => this.evaluateLine(text, line, chosen) };
    }
    const call: CommandCall = { rest: line.rest, format: line.format ?? '' };
    return { need: command.need(call), run: (chosen) => command.run(call, this.contextOf(chosen)) };
  }

  /** What is to be shown at this stop. The program stands. */
  shownAtStop(): string {
    const { stoppedThread, stack } = this.core;
    const returned = this.returnedText();
    if (stoppedThread === undefined || this.displays.list().length === 0) return returned;
    const displayed = displaysText(this.contextOf(stack.innermost(stoppedThread)));
    return [returned, displayed].filter((text) => text !== '').join('\n');
  }

  /** Of the call that `finish` has waited for; '' where it has not come to that. */
  private returnedText(): string {
    const value = this.finishing.returned(this.core);
    if (value === undefined) return '';
    const { symbols, memory } = this.core.debuggee;
    return `Value returned is $${this.history.add(value)} = ${symbols.format(value, memory)}`;
  }

  /** A beginning is a command's where only one begins so, and nothing of the program is called so. */
  private commandOf(line: CommandLine, frame: StackFrame | undefined): ConsoleCommand | undefined {
    const exact = commandNamed(line.word);
    if (exact !== undefined) return exact;
    const all = commandsBeginning(line.word);
    if (all.length === 0 || this.isVariable(line.word, frame)) return undefined;
    if (all.length > 1) throw ambiguous(line.word, all);
    return all[0];
  }

  /** A line for another command, in a frame; the answer as text. */
  private enter(text: string, frame: StackFrame | undefined): string {
    const answer = this.read(text, frame).run(frame);
    if (answer.kind === 'text') return answer.text;
    const { symbols, memory } = this.core.debuggee;
    return `${answer.lead ?? ''}${symbols.format(answer.value, memory)}`;
  }

  /** With the debugger's own values. */
  evaluate(expression: string, frame: StackFrame | undefined): Value {
    const convenience = convenienceFor(expression, this.core, frame?.thread ?? this.core.stoppedThread, this.history);
    return evaluate(expression, frame, this.core.debuggee, convenience);
  }

  completions(before: string, frame: StackFrame | undefined, isStanding: boolean): readonly Completion[] {
    return completions(before, this.contextOf(frame), isStanding);
  }

  private isExpression(line: CommandLine, command: ConsoleCommand, frame: StackFrame | undefined): boolean {
    if (line.forced) return false;
    if (line.format !== undefined && command.takesFormat !== true) return true;
    return line.rest === '' && this.isVariable(line.word, frame);
  }

  private isVariable(name: string, frame: StackFrame | undefined): boolean {
    const { symbols } = this.core.debuggee;
    if (frame !== undefined && symbols.localsAt(frame.frame).some((each) => each.name === name)) return true;
    return symbols.globalsNamed(name).length > 0;
  }

  /** Where it looks like a command, a mistyped one is told rather than two operands side by side. */
  private evaluateLine(text: string, line: CommandLine | undefined, frame: StackFrame | undefined): ConsoleAnswer {
    try {
      return { kind: 'value', expression: text, value: this.evaluate(text, frame) };
    } catch (error) {
      if (!(error instanceof UserError) || line === undefined || line.rest === '') throw error;
      const near = nearestCommand(line.word);
      if (near === undefined || this.isVariable(line.word, frame)) throw error;
      throw mistyped(line, near);
    }
  }

  private contextOf(frame: StackFrame | undefined): ConsoleContext {
    const { core, desk, examined, history, chosen, running, displays, finishing, listed } = this;
    const thread = frame?.thread ?? core.stoppedThread ?? core.debuggee.target.threads().at(0)?.id;
    return {
      core,
      desk,
      examined,
      history,
      chosen,
      running,
      displays,
      finishing,
      listed,
      frame,
      thread,
      evaluate: (expression) => this.evaluate(expression, frame),
      enter: (line, other) => this.enter(line, other),
    };
  }
}

function nearestCommand(word: string): string | undefined {
  return nearestName(
    word,
    COMMANDS.map(({ name }) => name).filter((name) => name.length > 2),
  );
}

function mistyped({ word, rest }: CommandLine, near: string): UserError {
  return new UserError(
    'console-mistyped',
    `\`${word}\` is neither a command nor a variable. Did you mean \`${near} ${rest}\`? \`help\` lists the commands.`,
  );
}

function ambiguous(word: string, all: readonly ConsoleCommand[]): UserError {
  const names = all.map(({ name }) => `\`${name}\``).join(', ');
  return new UserError('console-ambiguous', `\`${word}\` may be ${names}: write more of it.`);
}

function noSuchCommand(word: string): UserError {
  const near = nearestCommand(word);
  const advice = near === undefined ? '`help` lists the commands.' : `Did you mean \`${near}\`?`;
  return new UserError('console-no-command', `There is no command \`${word}\`. ${advice}`);
}

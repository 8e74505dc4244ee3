// command.ts: what a command of the debug console is, and what it may use.
//
// One small file per group of commands under commands/; commands.table.ts lists them. A command answers text or a
// value, throws UserError for the person's mistakes, and goes through the session's own operations, so that the editor
// is told of all it does.

import type { Value } from '../../symbols/program-symbols';
import type { ThreadId } from '../../target/target';
import { UserError } from '../../util/user-error';
import type { SessionCore } from '../session-core';
import type { StackFrame } from '../stack';
import type { WatchDesk } from '../watch-desk';
import type { StepKind } from '../stepper';
import type { ChosenFrame } from './chosen-frame';
import type { Displays } from './displays';
import type { Finishing } from './finishing';
import type { ListedLines } from './listed-lines';
import type { ExamineMemory } from './examine-memory';
import type { ValueHistory } from './value-history';

export interface ConsoleContext {
  readonly core: SessionCore;
  readonly desk: WatchDesk;
  /** The frame that the person has chosen, else the innermost one of the thread that stopped. */
  readonly frame: StackFrame | undefined;
  /** The thread that the person looks at; undefined where there is none any more. */
  readonly thread: ThreadId | undefined;
  /** What `print` has shown. */
  readonly history: ValueHistory;
  /** What `up` and `down` change. */
  readonly chosen: ChosenFrame;
  readonly running: RunningCommands;
  /** What is shown at each stop. */
  readonly displays: Displays;
  /** What `finish` waits for. */
  readonly finishing: Finishing;
  /** What `list` goes on with. */
  readonly listed: ListedLines;
  /** What `x` goes on with. */
  readonly examined: ExamineMemory;
  /** As `evaluate` of the console: with `$old`, `$dr7` and their kin; assignments write. */
  readonly evaluate: (expression: string) => Value;
  /** Another line, in a frame; its answer as text. */
  readonly enter: (line: string, frame: StackFrame | undefined) => string;
}

/** The program goes on: the editor is told. */
export interface RunningCommands {
  goOn(): void;
  /** `count`: so many, unless something else stops the program. */
  step(thread: ThreadId, kind: StepKind | 'until', byInstruction: boolean, count: number): void;
  /** Until the thread's call has returned, at the latest. */
  runTo(thread: ThreadId, addresses: readonly bigint[]): void;
  /** Back in time. */
  reverse(): void;
  stepBack(thread: ThreadId, byInstruction: boolean): void;
}

export interface CommandCall {
  readonly rest: string;
  /** After the slash, where the command takes one; '' where none was given. */
  readonly format: string;
}

export type ConsoleAnswer =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'value';
      readonly expression: string;
      readonly value: Value;
      readonly hexadecimal?: boolean;
      /** Before the value: `$1 = `. */
      readonly lead?: string;
    };

/** What is completed after the word. number: a watch's · numbered: of any, then an expression · breakpoint: of any. */
export type ArgumentKind =
  'none' | 'expression' | 'watch' | 'number' | 'numbered' | 'breakpoint' | 'location' | 'info' | 'command';

/**
 * nothing: also while the program runs, and after its end · standing: a running program is paused for it, unseen ·
 * stop: only at a stop.
 */
export type CommandNeed = 'nothing' | 'standing' | 'stop';

export interface ConsoleCommand {
  readonly name: string;
  /** Short forms, besides every beginning that no other command has. */
  readonly aliases?: readonly string[];
  /** `watch [-l] EXPRESSION [if CONDITION]`. */
  readonly usage: string;
  /** One line. */
  readonly summary: string;
  /** More, for `help NAME`. */
  readonly details?: readonly string[];
  readonly takesFormat?: boolean;
  readonly argument: ArgumentKind;
  need(call: CommandCall): CommandNeed;
  run(call: CommandCall, context: ConsoleContext): ConsoleAnswer;
}

export const always =
  (need: CommandNeed): (() => CommandNeed) =>
  () =>
    need;

export const textAnswer = (text: string): ConsoleAnswer => ({ kind: 'text', text });

export function usageError(command: Pick<ConsoleCommand, 'usage' | 'name'>, problem: string): UserError {
  return new UserError(
    'console-usage',
    `${problem} It is written \`${command.usage}\`; \`help ${command.name}\` says more.`,
  );
}

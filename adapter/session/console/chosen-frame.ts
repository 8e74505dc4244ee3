// chosen-frame.ts: the frame that `frame`, `up` and `down` have chosen in the debug console.
//
// It stands in place of the editor's until the editor chooses another one, or the program goes on: an editor cannot be
// told to choose a frame.

import type { ThreadId } from '../../target/target';
import type { Stack, StackFrame } from '../stack';

export class ChosenFrame {
  /** The editor's frame then, and the one chosen instead. */
  private choice: { readonly editors: number; readonly chosen: number } | undefined;

  choose(editors: StackFrame, chosen: StackFrame): void {
    const base = this.choice?.chosen === editors.id ? this.choice.editors : editors.id;
    this.choice = { editors: base, chosen: chosen.id };
  }

  insteadOf(editors: StackFrame, stack: Stack): StackFrame {
    if (this.choice?.editors !== editors.id) return editors;
    return stack.known(this.choice.chosen) ?? editors;
  }

  /** Where the editor names no frame: the innermost. */
  baseOf(stack: Stack, thread: ThreadId): StackFrame | undefined {
    return this.choice === undefined ? undefined : stack.innermostKnown(thread);
  }
}

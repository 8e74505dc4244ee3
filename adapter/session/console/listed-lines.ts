// listed-lines.ts: which lines `list` has shown, so that it goes on behind them, or before them.
//
// It begins anew around the frame that is looked at when that is another one.

export interface LineRange {
  readonly path: string;
  /** 1-based, both are shown. */
  readonly first: number;
  readonly last: number;
}

export class ListedLines {
  private shown: { readonly frame: number | undefined; readonly range: LineRange } | undefined;

  /** What was shown last in this frame; the first and the last line of all since then. */
  inFrame(frame: number | undefined): LineRange | undefined {
    return this.shown?.frame === frame ? this.shown?.range : undefined;
  }

  note(frame: number | undefined, range: LineRange): void {
    this.shown = { frame, range };
  }
}

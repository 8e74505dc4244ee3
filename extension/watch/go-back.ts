// go-back.ts: the program is taken back in time to an access of a watch.
//
// The adapter runs it again and tells how far that is; its `stopped` brings the editor there. Where that cannot be, the
// person is told why.

import * as vscode from 'vscode';
import { reasonOf, type Watches } from './watches';

const t = vscode.l10n.t;

/** To the access with that number; left out, to the last one before now. */
export async function goBackInTime(watches: Watches, id: number, sequence?: number): Promise<void> {
  try {
    if (watches.session === undefined)
      throw new Error(
        t(
          'No program is debugged: only one that stands can be taken back. To go back from its end, add a function breakpoint on `_exit` and start it again.',
        ),
      );
    await watches.goBack(watches.session, id, sequence);
  } catch (error) {
    void vscode.window.showInformationMessage(reasonOf(error));
  }
}

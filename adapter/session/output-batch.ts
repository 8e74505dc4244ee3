// output-batch.ts: gathers what the program writes, so that many small writes become few messages.
//
// Keeps the order of the two streams. `flush` before anything else is told, so that output stands before the stop
// that follows it.

import type { HostClock } from './engine';
import { OutputText } from './output-text';

type Stream = 'stdout' | 'stderr';

const DELAY_MS = 15;
const MOST_CHARACTERS = 16 * 1024;

export class OutputBatch {
  private readonly decoders = { stdout: new OutputText(), stderr: new OutputText() };
  private stream: Stream = 'stdout';
  private text = '';
  private cancelTimer: (() => void) | undefined;

  constructor(
    private readonly clock: HostClock,
    private readonly send: (stream: Stream, text: string) => void,
  ) {}

  push(stream: Stream, bytes: Uint8Array): void {
    this.add(stream, this.decoders[stream].push(bytes));
  }

  flush(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    const { text } = this;
    this.text = '';
    if (text !== '') this.send(this.stream, text);
  }

  /** Also what was cut within a character. */
  end(): void {
    for (const stream of ['stdout', 'stderr'] as const) this.add(stream, this.decoders[stream].end());
    this.flush();
  }

  private add(stream: Stream, text: string): void {
    if (text === '') return;
    if (stream !== this.stream) this.flush();
    this.stream = stream;
    this.text += text;
    if (this.text.length >= MOST_CHARACTERS) this.flush();
    else
      this.cancelTimer ??= this.clock.after(DELAY_MS, () => {
        this.flush();
      });
  }
}

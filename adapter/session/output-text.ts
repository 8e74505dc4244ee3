// output-text.ts: a program's output bytes as text, although a character may be cut between two chunks.
//
// One per stream. What is no UTF-8 becomes U+FFFD, as in a terminal.

export class OutputText {
  private readonly decoder = new TextDecoder('utf-8');

  /** The whole characters that are there now. */
  push(bytes: Uint8Array): string {
    return this.decoder.decode(bytes, { stream: true });
  }

  /** What is left when the stream has ended. */
  end(): string {
    return this.decoder.decode();
  }
}

// framing.ts: the base protocol of the DAP: `Content-Length: N`, a blank line, N bytes of JSON.
//
// Fed with bytes as they come, cut anywhere; gives whole messages and complaints. A damaged stream never stops it: it
// says what is wrong and goes on at the next header it can find. Knows no request and no stream.
// Truth: Debug Adapter Protocol, "Base protocol".

/** No message of an editor comes near this; a length beyond it is damage. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;
/** Longest header part: more without a blank line is damage. */
const MAX_HEADER_BYTES = 8 * 1024;

const HEADER_NAME = 'Content-Length';

export interface FramingSink {
  /** The parsed JSON of one message. */
  onMessage(message: unknown): void;
  /** Something in the stream was not the protocol; reading goes on behind it. */
  onDamage(what: string): void;
}

/** One message as bytes. `message` is anything that JSON can hold. */
export function frame(message: unknown): Uint8Array {
  const body = new TextEncoder().encode(JSON.stringify(message));
  const header = new TextEncoder().encode(`${HEADER_NAME}: ${body.length}\r\n\r\n`);
  return concat(header, body);
}

export class FrameReader {
  private pending: Uint8Array = new Uint8Array(0);
  /** Bytes of the body that is being waited for; undefined while a header is. */
  private bodyBytes: number | undefined;

  constructor(private readonly sink: FramingSink) {}

  push(bytes: Uint8Array): void {
    this.pending = this.pending.length === 0 ? bytes : concat(this.pending, bytes);
    while (this.bodyBytes === undefined ? this.takeHeader() : this.takeBody(this.bodyBytes));
  }

  /** The stream has ended: tells what was left unfinished. */
  end(): void {
    if (this.bodyBytes !== undefined) {
      this.sink.onDamage(`the stream ended after ${this.pending.length} of ${this.bodyBytes} bytes of a message`);
    } else if (this.pending.length > 0) {
      this.sink.onDamage(`the stream ended within a header: ${quote(this.pending)}`);
    }
    this.pending = new Uint8Array(0);
    this.bodyBytes = undefined;
  }

  /** True where something was consumed. */
  private takeHeader(): boolean {
    const end = blankLine(this.pending);
    if (end === undefined) return this.dropEndlessHeader();
    const text = latin1(this.pending.subarray(0, end.start));
    this.pending = this.pending.subarray(end.after);
    const length = contentLength(text);
    if (length === undefined) {
      this.sink.onDamage(`a header without a usable ${HEADER_NAME}: ${quote(text)}`);
    } else if (length > MAX_BODY_BYTES) {
      this.sink.onDamage(`a message of ${length} bytes; at most ${MAX_BODY_BYTES} are accepted`);
    } else {
      this.bodyBytes = length;
    }
    return true;
  }

  private dropEndlessHeader(): boolean {
    if (this.pending.length <= MAX_HEADER_BYTES) return false;
    this.sink.onDamage(`${this.pending.length} bytes without a header: ${quote(this.pending)}`);
    // The last bytes may hold the beginning of a header.
    this.pending = this.pending.slice(this.pending.length - HEADER_NAME.length);
    return false;
  }

  private takeBody(length: number): boolean {
    if (this.pending.length < length) return false;
    const body = this.pending.slice(0, length);
    this.pending = this.pending.subarray(length);
    this.bodyBytes = undefined;
    try {
      this.sink.onMessage(JSON.parse(new TextDecoder().decode(body)));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.resynchronize(body, error.message);
    }
    return true;
  }

  /** A body that is no JSON may have swallowed the next header (a wrong length): look for one inside. */
  private resynchronize(body: Uint8Array, why: string): void {
    this.sink.onDamage(`a message that is not JSON (${why}): ${quote(body)}`);
    const at = latin1(body).indexOf(`${HEADER_NAME}:`);
    if (at >= 0) this.pending = concat(body.subarray(at), this.pending);
  }
}

/** The last Content-Length in the header part: what stands before it on its line may be damage. */
function contentLength(header: string): number | undefined {
  const found = /Content-Length:[ \t]*(\d{1,12})[ \t]*\r?(?:\n|$)(?![\s\S]*Content-Length:)/i.exec(header);
  return found?.[1] === undefined ? undefined : Number(found[1]);
}

/** Where the first blank line starts and ends. */
function blankLine(bytes: Uint8Array): { start: number; after: number } | undefined {
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) {
    if (bytes[at + 1] === 10) return { start: at, after: at + 2 };
    if (bytes[at + 1] === 13 && bytes[at + 2] === 10) return { start: at, after: at + 3 };
  }
  return undefined;
}

function quote(damaged: Uint8Array | string): string {
  const text = typeof damaged === 'string' ? damaged : latin1(damaged.subarray(0, 80));
  return JSON.stringify(text.slice(0, 60));
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

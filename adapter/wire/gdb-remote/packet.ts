// packet.ts: the remote protocol's framing, `$data#cs`, and nothing of what the data means.
//
// Feed it bytes in any pieces; it hands out what was completed. A packet with a wrong checksum or a torn escape is
// told as `bad`, so that the caller can ask for it again. Never throws.
// Truth: the gdb manual, "Remote Protocol: Overview".

export type WireItem =
  | { readonly kind: 'packet'; readonly data: Uint8Array }
  | { readonly kind: 'bad' }
  | { readonly kind: 'ack' }
  | { readonly kind: 'nack' }
  /** Ctrl-C, outside a packet. */
  | { readonly kind: 'interrupt' };

const DOLLAR = 0x24;
const HASH = 0x23;
const ESCAPE = 0x7d;
const STAR = 0x2a;
const ESCAPE_XOR = 0x20;
const INTERRUPT = 0x03;

/** Longest packet we take; a longer one is dropped as bad. Told to the other side as PacketSize (hex). */
export const MAX_PACKET_BYTES = 0x4000;

/** Collects bytes into items. One per connection. */
export class PacketReader {
  private body: number[] | undefined;
  private checksumDigits = '';
  private inChecksum = false;
  private isTooLong = false;

  /** The items that these bytes completed, in order. */
  feed(bytes: Uint8Array): WireItem[] {
    const items: WireItem[] = [];
    for (const byte of bytes) {
      const item = this.body === undefined ? this.outside(byte) : this.inside(byte, this.body);
      if (item !== undefined) items.push(item);
    }
    return items;
  }

  private outside(byte: number): WireItem | undefined {
    if (byte === DOLLAR) this.begin();
    else if (byte === 0x2b) return { kind: 'ack' };
    else if (byte === 0x2d) return { kind: 'nack' };
    else if (byte === INTERRUPT) return { kind: 'interrupt' };
    return undefined; // Anything else between packets is line noise.
  }

  private inside(byte: number, body: number[]): WireItem | undefined {
    if (this.inChecksum) return this.checksum(byte, body);
    if (byte === HASH) this.inChecksum = true;
    else if (byte === DOLLAR)
      this.begin(); // The other side gave up on a packet and began again.
    else if (body.length < 2 * MAX_PACKET_BYTES) body.push(byte);
    else this.isTooLong = true;
    return undefined;
  }

  private begin(): void {
    this.body = [];
    this.isTooLong = false;
  }

  private checksum(byte: number, body: readonly number[]): WireItem | undefined {
    this.checksumDigits += String.fromCharCode(byte);
    if (this.checksumDigits.length < 2) return undefined;
    const told = /^[0-9a-fA-F]{2}$/.test(this.checksumDigits) ? parseInt(this.checksumDigits, 16) : -1;
    this.body = undefined;
    this.checksumDigits = '';
    this.inChecksum = false;
    if (this.isTooLong || told !== sum(body)) return { kind: 'bad' };
    const data = unescape(body);
    return data === undefined ? { kind: 'bad' } : { kind: 'packet', data };
  }
}

/** Frames text (one byte a character) or bytes. */
export function framePacket(data: string | Uint8Array): Uint8Array {
  const raw = typeof data === 'string' ? latin1(data) : data;
  const body: number[] = [];
  for (const byte of raw) {
    if (byte === DOLLAR || byte === HASH || byte === ESCAPE || byte === STAR) body.push(ESCAPE, byte ^ ESCAPE_XOR);
    else body.push(byte);
  }
  const check = sum(body).toString(16).padStart(2, '0');
  return Uint8Array.from([DOLLAR, ...body, HASH, check.charCodeAt(0), check.charCodeAt(1)]);
}

/** One byte a character, for the protocol's text. */
export function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);
}

export function fromLatin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

/** Undefined for odd lengths or anything that is not hexadecimal. */
export function fromHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return undefined;
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => parseInt(text.slice(2 * i, 2 * i + 2), 16));
}

function sum(bytes: Iterable<number>): number {
  let total = 0;
  for (const byte of bytes) total = (total + byte) & 0xff;
  return total;
}

function unescape(body: readonly number[]): Uint8Array | undefined {
  const out: number[] = [];
  for (let i = 0; i < body.length; i++) {
    if (body[i] !== ESCAPE) {
      out.push(body[i]);
      continue;
    }
    i++;
    if (i >= body.length) return undefined;
    out.push(body[i] ^ ESCAPE_XOR);
  }
  return Uint8Array.from(out);
}

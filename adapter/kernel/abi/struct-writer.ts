// struct-writer.ts: C structures as bytes, little-endian, field after field with C's alignment.
//
// Each put aligns itself as the C type does; `pad` and `at` place what does not follow the rule.

export class StructWriter {
  readonly bytes: Uint8Array;
  private readonly view: DataView;
  private position = 0;

  constructor(sizeBytes: number) {
    this.bytes = new Uint8Array(sizeBytes);
    this.view = new DataView(this.bytes.buffer);
  }

  get offset(): number {
    return this.position;
  }

  at(offset: number): this {
    this.position = offset;
    return this;
  }

  u8(value: number): this {
    this.view.setUint8(this.position, value);
    this.position += 1;
    return this;
  }

  u16(value: number): this {
    this.align(2);
    this.view.setUint16(this.position, value, true);
    this.position += 2;
    return this;
  }

  u32(value: number): this {
    this.align(4);
    this.view.setUint32(this.position, value >>> 0, true);
    this.position += 4;
    return this;
  }

  u64(value: bigint | number): this {
    this.align(8);
    this.view.setBigUint64(this.position, BigInt.asUintN(64, BigInt(value)), true);
    this.position += 8;
    return this;
  }

  put(bytes: Uint8Array): this {
    this.bytes.set(bytes, this.position);
    this.position += bytes.length;
    return this;
  }

  /** A fixed field of characters, cut and NUL-filled. */
  text(value: string, fieldBytes: number): this {
    const encoded = new TextEncoder().encode(value).subarray(0, fieldBytes - 1);
    this.bytes.set(encoded, this.position);
    this.position += fieldBytes;
    return this;
  }

  private align(bytes: number): void {
    this.position = Math.ceil(this.position / bytes) * bytes;
  }
}

/** A view for reading fields out of bytes that were copied from the guest. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

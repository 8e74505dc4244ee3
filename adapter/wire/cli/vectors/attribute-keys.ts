// attribute-keys.ts: `open` and `modify` keys (k=v) → the bytes of a perf_event_attr.
//
// Bytes, not fields, so that a vector passes through the same parser as a guest's system call.
// Truth: the recording server's line protocol ("open keys").

import { parseAddress } from './addresses';

/** The server's buffer: the structure and zeros after it, so that large sizes can be tried. */
const BUFFER_SIZE = 8192;
const FLAGS_OFFSET = 40;

/** key → [offset, bytes]. */
const NUMBERS: Readonly<Record<string, readonly [number, 4 | 8]>> = {
  len: [64, 8],
  period: [16, 8],
  stype: [24, 8],
  rfmt: [32, 8],
  wakeup: [48, 4],
  ptype: [0, 4],
  config: [8, 8],
  size: [4, 4],
  sigdata: [120, 8],
  uregs: [80, 8],
};

const FLAG_BITS: Readonly<Record<string, number>> = {
  disabled: 0,
  inherit: 1,
  pinned: 2,
  exclusive: 3,
  exclude_user: 4,
  exclude_kernel: 5,
  exclude_hv: 6,
  exclude_idle: 7,
  mmap: 8,
  comm: 9,
  freq: 10,
  inherit_stat: 11,
  enable_on_exec: 12,
  task: 13,
  watermark: 14,
  inherit_thread: 35,
  remove_on_exec: 36,
  sigtrap: 37,
};

const TYPES: Readonly<Record<string, number>> = { r: 1, w: 2, rw: 3, x: 4 };

/** What `open` starts from: W, 8 bytes at b+0, without kernel and hypervisor. */
export function defaultAttributeBytes(): Uint8Array {
  const bytes = new Uint8Array(BUFFER_SIZE);
  for (const key of ['ptype=5', 'size=128', 'type=w', 'len=8', 'addr=b', 'exclude_kernel=1', 'exclude_hv=1']) {
    applyKey(bytes, key);
  }
  return bytes;
}

/** False: no such key, or no such value. */
export function applyKey(bytes: Uint8Array, keyValue: string): boolean {
  const split = keyValue.indexOf('=');
  if (split < 0) return false;
  const key = keyValue.slice(0, split);
  const text = keyValue.slice(split + 1);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  if (key === 'type') {
    view.setUint32(52, TYPES[text] ?? Number(parseNumber(text) & 0xffffffffn), true);
    return true;
  }
  if (key === 'addr') {
    const address = parseAddress(text);
    if (address !== undefined) view.setBigUint64(56, address, true);
    return address !== undefined;
  }
  const value = parseNumber(text);
  if (Object.hasOwn(NUMBERS, key)) {
    const [offset, size] = NUMBERS[key];
    if (size === 8) view.setBigUint64(offset, value, true);
    else view.setUint32(offset, Number(value & 0xffffffffn), true);
    return true;
  }
  return applyFlag(view, key, value);
}

function applyFlag(view: DataView, key: string, value: bigint): boolean {
  const flags = view.getBigUint64(FLAGS_OFFSET, true);
  if (key === 'rsvd') {
    if (value !== 0n) view.setBigUint64(FLAGS_OFFSET, flags | (1n << 63n), true);
    return true;
  }
  if (key === 'precise') {
    view.setBigUint64(FLAGS_OFFSET, (flags & ~(3n << 15n)) | ((value & 3n) << 15n), true);
    return true;
  }
  if (!Object.hasOwn(FLAG_BITS, key)) return false;
  const bit = 1n << BigInt(FLAG_BITS[key]);
  view.setBigUint64(FLAGS_OFFSET, value === 0n ? flags & ~bit : flags | bit, true);
  return true;
}

/** C's strtoull with base 0. */
export function parseNumber(text: string): bigint {
  const match = /^(-?)(0[xX][0-9a-fA-F]+|\d+)/.exec(text);
  if (match === null) return 0n;
  const digits = /^0[0-7]+$/.test(match[2]) ? `0o${match[2].slice(1)}` : match[2];
  const value = BigInt(digits);
  return BigInt.asUintN(64, match[1] === '-' ? -value : value);
}

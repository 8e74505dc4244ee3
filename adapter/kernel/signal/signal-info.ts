// signal-info.ts: one signal on its way, as siginfo_t says it.
//
// Truth: sigaction(2), asm-generic/siginfo.h (the union's offsets).

import { StructWriter, viewOf } from '../abi/struct-writer';

export type SignalOrigin =
  | { readonly kind: 'process'; readonly pid: number; readonly uid: number; readonly value?: bigint }
  | { readonly kind: 'fault'; readonly address: bigint; readonly trap: number; readonly errorCode: number }
  | { readonly kind: 'child'; readonly pid: number; readonly uid: number; readonly status: number }
  | { readonly kind: 'timer'; readonly id: number; readonly value: bigint }
  | { readonly kind: 'poll'; readonly band: number; readonly fd: number }
  | {
      readonly kind: 'perf';
      readonly address: bigint;
      readonly data: bigint;
      readonly type: number;
      readonly flags: number;
    }
  | { readonly kind: 'kernel' };

export interface SignalInfo {
  readonly signal: number;
  /** si_code. */
  readonly code: number;
  readonly origin: SignalOrigin;
  /** A sentence for the person: "address 0x0 is not mapped (write)". */
  readonly detail?: string;
  /** As copied from the guest (rt_sigqueueinfo); then it is the truth. */
  readonly raw?: Uint8Array;
}

export const SIGINFO_BYTES = 128;

export function encodeSignalInfo(info: SignalInfo): Uint8Array {
  if (info.raw !== undefined) return info.raw;
  const writer = new StructWriter(SIGINFO_BYTES).u32(info.signal).u32(0).u32(info.code).at(16);
  const origin = info.origin;
  switch (origin.kind) {
    case 'process':
      writer
        .u32(origin.pid)
        .u32(origin.uid)
        .u64(origin.value ?? 0n);
      break;
    case 'fault':
      writer.u64(origin.address);
      break;
    case 'child':
      writer.u32(origin.pid).u32(origin.uid).u32(origin.status);
      break;
    case 'timer':
      writer.u32(origin.id).u32(0).u64(origin.value);
      break;
    case 'poll':
      writer.u64(origin.band).u32(origin.fd);
      break;
    case 'perf':
      writer.u64(origin.address).u64(origin.data).u32(origin.type).u32(origin.flags);
      break;
    case 'kernel':
      break;
  }
  return writer.bytes;
}

/** From a siginfo_t that a guest made for rt_sigqueueinfo. */
export function decodeSignalInfo(signal: number, bytes: Uint8Array): SignalInfo {
  const view = viewOf(bytes);
  const raw = bytes.slice();
  viewOf(raw).setInt32(0, signal, true);
  const origin: SignalOrigin = {
    kind: 'process',
    pid: view.getInt32(16, true),
    uid: view.getUint32(20, true),
    value: view.getBigUint64(24, true),
  };
  return { signal, code: view.getInt32(8, true), origin, raw };
}

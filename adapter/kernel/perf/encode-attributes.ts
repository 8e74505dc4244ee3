// encode-attributes.ts: PerfAttributes → the bytes of a perf_event_attr, for users of the system call inside the house.
//
// The inverse of parse-attributes.ts. Truth: perf_event_open(2).

import { FLAG_NAMES, type PerfAttributes } from './event-attributes';
import { ATTRIBUTES_SIZE } from './parse-attributes';

/** 136 bytes; `size` is set to that. */
export function encodeAttributes(attributes: PerfAttributes): Uint8Array {
  const bytes = new Uint8Array(ATTRIBUTES_SIZE);
  const view = new DataView(bytes.buffer);
  let flags = BigInt(attributes.preciseIp) << 15n;
  FLAG_NAMES.forEach((name, bit) => {
    if (name !== undefined && attributes[name]) flags |= 1n << BigInt(bit);
  });
  view.setUint32(0, attributes.type, true);
  view.setUint32(4, ATTRIBUTES_SIZE, true);
  view.setBigUint64(8, attributes.config, true);
  view.setBigUint64(16, attributes.samplePeriod, true);
  view.setBigUint64(24, attributes.sampleType, true);
  view.setBigUint64(32, attributes.readFormat, true);
  view.setBigUint64(40, flags, true);
  view.setUint32(48, attributes.wakeup, true);
  view.setUint32(52, attributes.breakpointType, true);
  view.setBigUint64(56, attributes.breakpointAddress, true);
  view.setBigUint64(64, attributes.breakpointLength, true);
  view.setBigUint64(72, attributes.branchSampleType, true);
  view.setBigUint64(80, attributes.sampleRegsUser, true);
  view.setUint32(88, attributes.sampleStackUser, true);
  view.setInt32(92, attributes.clockId, true);
  view.setBigUint64(96, attributes.sampleRegsInterrupt, true);
  view.setUint32(104, attributes.auxWatermark, true);
  view.setUint16(108, attributes.sampleMaxStack, true);
  view.setUint32(112, attributes.auxSampleSize, true);
  view.setBigUint64(120, attributes.sigData, true);
  view.setBigUint64(128, attributes.config3, true);
  return bytes;
}
